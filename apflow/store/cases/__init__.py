"""A case in the database: loaded as a snapshot, and everything a command does to it saved in one commit."""
