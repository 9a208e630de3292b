"""What a changed rule would have done to a case whose history is known: played anew by the same `decide`."""
