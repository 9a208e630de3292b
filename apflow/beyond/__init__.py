"""What a command reads and does beyond what is decided of its own case, and what is committed with it."""
