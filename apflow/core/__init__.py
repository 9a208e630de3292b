"""The pure heart: definitions, conditions, calendar and `decide`. No I/O, no clock, no database, no alternative provision."""
