"""The deadlines of a case: starting, changing and ringing them, and the dates that are counted out."""
