"""Firing an event, step by step: guards, answers, and everything that it changes."""
