"""Long lists: the queue, the public list, the year of visits; filtered, a page at a time, or as a sheet."""
