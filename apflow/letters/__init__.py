"""What is written to people: from an outcome to messages, by notices and what each may speak of; nothing is sent."""
