"""apflow: workflow and case management for an Alternative Learning Team, with policy kept as data."""

__version__ = "0.1.0"
