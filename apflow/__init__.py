"""apflow: workflow and case management for an Alternative Learning Team, with policy kept as data."""
