"""Counting days: working days, school days, terms, and durations that keep their unit."""
