"""Whose time is over: records and closed cases, what holds them back, and erasing them by a decision."""
