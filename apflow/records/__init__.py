"""Records that are no cases: schools, pupils, sites, placements, in folders by noun. Every change goes through `door`."""
