"""The only SQL. Tables by noun in `tables/`; one place loads a case (`cases`), one saves an outcome (`save`)."""
