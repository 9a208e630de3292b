"""Records that are no cases, such as schools, pupils, sites: in folders by noun. Every change goes through `door`."""
