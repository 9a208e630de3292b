"""Changing the policy: made live as an edition, and live cases moved to another text."""
