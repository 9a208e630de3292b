"""Pure rules of alternative provision, of which the engine in `core` knows nothing."""
