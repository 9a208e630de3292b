"""Who is told what became of each command, message and request: metrics, the log, traces."""
