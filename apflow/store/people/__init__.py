"""People and how they are known: roles, sign-in, links without an account, and limits on trying."""
