"""Records that are not cases, such as schools, pupils, sites and placements, in folders. Every change goes through `door`."""
