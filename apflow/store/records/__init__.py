"""Records that are no cases: schools, pupils, sites, placements, attendance, and who read them."""
