"""The only SQL. Tables by noun in `tables/`; one place loads a case and one saves an outcome, in `cases/`."""
