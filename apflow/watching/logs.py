"""What a log says: which case, what was done to it and how long that took, and of a failure its kind and its place.

Never a person, an answer or an address, and never the words of an error: a database's complaint quotes the row.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, Literal

import structlog

from apflow.watching.telling import Done, Mailed, Refused, Seen

Style = Literal["auto", "json", "plain"]

log = structlog.get_logger()


def fault(error: BaseException) -> dict[str, str]:
    """The error as log fields, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "apflow" in Path(frame.filename).parts] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}" if ours else "unknown"
    return {"error": type(error).__name__, "place": place}


def write(seen: Seen) -> None:
    """A watcher: a line for each command and each message. Requests are counted, and not written down."""
    match seen:
        case Done():
            # `event` is structlog's own name for the words of a line.
            said = {"case": seen.reference, "workflow": seen.workflow, "kind": seen.kind, "name": seen.event}
            _write("case changed", **said, version=seen.version, ms=_ms(seen.seconds))
        case Refused():
            _write("refused", case=seen.reference, code=seen.code, ms=_ms(seen.seconds))
        case Mailed():
            _write("message tried", message=seen.message, case=seen.reference, outcome=seen.outcome)


def configure(style: Style = "auto") -> None:
    """One line an event on standard error: JSON, or readable where somebody reads; libraries speak only of warnings."""
    plain = style == "plain" or (style == "auto" and sys.stderr.isatty())
    renderer: Any = structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_OfLibraries()])


class _OfLibraries(logging.Handler):
    """What libraries log, without the values they put into it: those can be anybody's."""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg if isinstance(record.msg, str | OSError) else type(record.msg).__name__
        failed = fault(record.exc_info[1]) if record.exc_info and record.exc_info[1] else {}
        log.log(record.levelno, str(said), logger=record.name, **failed)


def _write(what: str, **fields: Any) -> None:
    log.info(what, **{name: value for name, value in fields.items() if value is not None})


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
