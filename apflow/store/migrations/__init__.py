"""How the tables came to be as they are: one file a step in `versions/`, run by `apflow.store.migrate`."""
