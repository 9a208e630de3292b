"""People and bodies on record: pupils, schools, colleagues, who works with a pupil, accounts, and times away."""
