"""Lengths of time in a simulation, where a day is a day of the week and not a working one: seconds, as numbers."""

Length = float
SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}
PATTERN = r"(\d{1,5}(?:\.\d+)?) (minute|hour|day|week)s?"


def said(seconds: float) -> str:
    """A length of time in its largest whole unit but weeks, to a tenth."""
    for unit in ("day", "hour"):
        if seconds >= SECONDS[unit]:
            return f"{seconds / SECONDS[unit]:.1f} {unit}s"
    return f"{seconds / SECONDS['minute']:.0f} minutes"
