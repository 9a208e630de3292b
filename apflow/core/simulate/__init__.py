"""A year of made-up cases through the real `decide`: who waits, what is late, and how many people the work needs."""
