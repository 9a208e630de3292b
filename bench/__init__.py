"""What `make bench` runs: apflow beside raw SQL that writes the same rows, on the same disk, in turns."""
