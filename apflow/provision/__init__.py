"""Pure rules of alternative provision, kept out of `core`: none is needed yet, since the first workflow is all data."""
