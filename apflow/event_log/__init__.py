"""What happened to cases, for process mining: an event log, and the files that tools read."""
