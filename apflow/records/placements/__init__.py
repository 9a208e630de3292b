"""Placements as records: what is asked and kept of them, their attendance plans, and who is told of a change."""
