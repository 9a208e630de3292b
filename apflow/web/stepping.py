"""What a step of the demo's clock did, carried over the redirect as three numbers."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Request

_NUMBERS = re.compile(r"(\d{1,5})-(\d{1,5})-(\d{1,5})")
_ONCE = ("stepped", "done", "item", "kept")  # What a page says once, and not again after the next day.


def stepped_address(back: str, *, reminders: int, escalations: int, mails: int) -> str:
    """The page to go back to, told what happened."""
    path, _, query = back.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name not in _ONCE]
    return f"{path}?{urlencode([*kept, ('stepped', f'{reminders}-{escalations}-{mails}')])}"


def stepped_words(param: str) -> str:
    """What happened in the day that passed; empty when none did."""
    found = _NUMBERS.fullmatch(param)
    if not found:
        return ""
    reminders, escalations, mails = (int(number) for number in found.groups())
    counted = [_counted(reminders, "reminder"), _counted(escalations, "escalation"), _counted(mails, "email")]
    return f"A day has passed: {counted[0]}, {counted[1]} and {counted[2]}."


def address_of(request: Request[Any, Any, Any]) -> str:
    """The page being shown, with its filters, for coming back to it."""
    query = request.url.query if request.method == "GET" else ""
    return f"{request.url.path}?{query}" if query else request.url.path


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
