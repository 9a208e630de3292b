"""How the database is opened and spoken to: one writer or many, statements compiled once, faults in words."""
