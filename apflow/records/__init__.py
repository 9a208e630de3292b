"""Records that are not cases: who commissions, pupils, sites and placements. Every change goes through `door`."""
