"""Importing files of records and extracts of the national register: whole, or not at all."""
