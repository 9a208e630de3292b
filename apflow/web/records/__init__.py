"""What the pages of records and of attendance share."""
