"""A believable council, made by firing real commands with past dates; nothing here writes a case."""
