"""How messages leave: the outbox drained, and the ways to send."""
