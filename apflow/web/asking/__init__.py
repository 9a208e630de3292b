"""Forms that people fill in: begun, kept as drafts, previewed, sent, and read into commands."""
