"""What may be said of a failure in a log: its kind and its place. Its words can hold personal data."""

import logging
import sys
import traceback
from pathlib import Path

import structlog


def fault(error: BaseException) -> dict[str, str]:
    """The error as log fields, without its words: a database's complaint quotes the row."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "apflow" in Path(frame.filename).parts] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}" if ours else "unknown"
    return {"error": type(error).__name__, "place": place}


def configure() -> None:
    """One JSON line an event on standard error; libraries speak only of warnings and worse."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
