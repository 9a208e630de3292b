"""Counting one case anew, of many that a change elsewhere may move: what refuses stays as it is, and is logged."""

from typing import Any

import structlog

from apflow.core.errors import NotOpen, Refusal
from apflow.handler import Handler

log = structlog.get_logger()


def recounted(handler: Handler, reference: str, note: str, **how: Any) -> bool:
    """Whether it changed; `how` is what `Handler.recount` is given besides."""
    try:
        handler.recount(reference, note, **how)
    except NotOpen:
        return False
    except Refusal as refusal:
        log.warning("dates could not be counted anew", case=reference, reason=refusal.code)
        return False
    return True
