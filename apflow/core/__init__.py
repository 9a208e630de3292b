"""The pure heart: definitions, conditions, calendar, `decide`. No I/O, clock, database or alternative provision."""
