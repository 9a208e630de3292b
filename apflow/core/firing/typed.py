"""What each type of question takes as its answer, and what is said where something else was given."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from apflow.core import money
from apflow.core.days.calendar import shift
from apflow.core.days.duration import Duration
from apflow.core.definition.base import is_email
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.screening import upn

TEXT_LIMIT = 200
LONG_TEXT_LIMIT = 5000
_PHONE = re.compile(r"^\+?[0-9 ()-]{9,20}( ?(x|ext\.?) ?[0-9]{1,6})?$", re.IGNORECASE)
_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
_TIME = re.compile(r"^(?P<hour>[0-9]{1,2})([:.](?P<minute>[0-9]{2}))?(?P<half>am|pm)?$")
_URN = re.compile(r"^[0-9]{5,6}$")
_NUMBER = re.compile(r"-?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FEWEST_DIGITS = 9


class Wrong(ValueError):
    """One answer cannot be read; the message says how to mend it."""


def clean(text: str) -> str:
    """The text without what no keyboard types, its line ends made one kind: databases and mail refuse the rest."""
    if text.isprintable():
        return text.strip()  # As most are: of one line, with nothing to leave out.
    lines = (_CONTROL.sub("", line) for line in text.splitlines())
    return "\n".join(lines).strip()


def missing(spec: FieldSpec) -> str:
    match spec.type:
        case FieldType.CHOICE | FieldType.YES_NO:
            return f"Choose an answer: {_lower_first(spec.label)}"
        case FieldType.MANY | FieldType.PEOPLE | FieldType.RECORDS:
            return f"Choose at least one: {_lower_first(spec.label)}"
        case FieldType.CONFIRM:
            return f"Tick to confirm: {_lower_first(spec.label)}"
        case FieldType.FILE:
            return f"Choose a file: {_lower_first(spec.label)}"
        case FieldType.PERSON:
            return f"Choose a person: {_lower_first(spec.label)}"
        case FieldType.RECORD:
            return f"Choose one: {_lower_first(spec.label)}"
        case _:
            return f"Enter an answer: {_lower_first(spec.label)}"


def _lower_first(label: str) -> str:
    keep = len(label) > 1 and label[1].isupper()
    return label if keep else label[:1].lower() + label[1:]


def _text(spec: FieldSpec, value: Any, _today: str) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{spec.label}: this must be text")
    is_long = spec.type is FieldType.LONG_TEXT
    if not is_long and "\n" in value:
        raise Wrong(f"{spec.label}: write this on one line")
    limit = spec.max_length or (LONG_TEXT_LIMIT if is_long else TEXT_LIMIT)
    if len(value) > limit:
        raise Wrong(f"{spec.label}: use {limit:,} characters or fewer; you have used {len(value):,}")
    return value


def _email(spec: FieldSpec, value: Any, today: str) -> str:
    text = _text(spec, value, today)
    if not is_email(text):
        raise Wrong(f"{spec.label}: enter an email address in the right form, like name@example.com")
    return text


def _phone(spec: FieldSpec, value: Any, today: str) -> str:
    text = _text(spec, value, today)
    if not _PHONE.match(text) or sum(letter.isdigit() for letter in text) < _FEWEST_DIGITS:
        raise Wrong(f"{spec.label}: enter a phone number, like 01225 000 000")
    return text


def _date(spec: FieldSpec, value: Any, today: str) -> str:
    try:
        read = date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Wrong(f"{spec.label}: enter a real date, like 27 3 2026") from None
    if spec.at_most_ahead is not None and read > _furthest(today, spec.at_most_ahead):
        raise Wrong(
            f"{spec.label}: this is more than {spec.at_most_ahead} from now. Check the year, or choose an earlier day"
        )
    if not "1900-01-01" <= read <= "2200-12-31":
        raise Wrong(f"{spec.label}: check the year")
    if spec.date_must_be == "today or before" and read > today:
        raise Wrong(f"{spec.label}: the date must be today or in the past")
    if spec.date_must_be == "today or after" and read < today:
        raise Wrong(f"{spec.label}: the date must be today or in the future")
    return read


@lru_cache(maxsize=64)
def _furthest(today: str, ahead: Duration) -> str:
    return shift(date.fromisoformat(today), ahead).isoformat()


def _time(spec: FieldSpec, value: Any, today: str) -> str:
    match = _TIME.match(_text(spec, value, today).lower().replace(" ", ""))
    wrong = Wrong(f"{spec.label}: enter a time, like 10:30 or 2:15pm")
    if not match or not (match["half"] or match["minute"]):
        raise wrong
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if minute > 59 or hour not in (range(1, 13) if match["half"] else range(24)):
        raise wrong
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    return f"{hour:02}:{minute:02}"


def _number(spec: FieldSpec, value: Any, _today: str) -> int:
    text = str(value)
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise Wrong(f"{spec.label}: enter a whole number")
    number = int(text.replace(",", ""))
    if spec.minimum is not None and number < spec.minimum:
        raise Wrong(f"{spec.label}: this must be {spec.minimum} or more")
    if spec.maximum is not None and number > spec.maximum:
        raise Wrong(f"{spec.label}: this must be {spec.maximum} or less")
    return number


def _choice(spec: FieldSpec, value: Any, _today: str) -> str:
    if not isinstance(value, str) or value not in spec.options:
        raise Wrong(f"{spec.label}: choose one of the answers given")
    return value


def _many(spec: FieldSpec, value: Any, _today: str) -> list[str]:
    chosen = [value] if isinstance(value, str) else value
    if not isinstance(chosen, list) or any(not isinstance(one, str) or one not in spec.options for one in chosen):
        raise Wrong(f"{spec.label}: choose from the answers given")
    return [option for option in spec.options if option in chosen]


def _yes_no(spec: FieldSpec, value: Any, _today: str) -> bool:
    known = {"yes": True, "true": True, "no": False, "false": False, "True": True, "False": False}
    if str(value) not in known:
        raise Wrong(f"{spec.label}: choose yes or no")
    return known[str(value)]


def _confirm(spec: FieldSpec, value: Any, _today: str) -> bool:
    if value is not True and value not in ("yes", "true", "on"):
        raise Wrong(missing(spec))
    return True


def _postcode(spec: FieldSpec, value: Any, today: str) -> str:
    match = _POSTCODE.match(_text(spec, value, today).upper().replace(" ", ""))
    if not match:
        raise Wrong(f"{spec.label}: enter a full postcode, like BA1 1AA")
    return f"{match[1]} {match[2]}"


def _urn(spec: FieldSpec, value: Any, _today: str) -> str:
    text = str(value)
    if not _URN.match(text):
        raise Wrong(f"{spec.label}: a URN is a number of 6 digits (a few older ones have 5)")
    return text


def _money(spec: FieldSpec, value: Any, _today: str) -> str:
    """Pounds and pence as text; a number with a fraction is refused, as computers do not keep those exactly."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    read = money.read(str(value)) if whole or isinstance(value, str) else None
    amount = money.as_number(read)
    if read is None or amount is None:
        raise Wrong(f"{spec.label}: enter an amount in pounds, like 1,250 or 1250.50")
    if spec.minimum is not None and amount < spec.minimum:
        raise Wrong(f"{spec.label}: this must be £{spec.minimum:,} or more")
    if spec.maximum is not None and amount > spec.maximum:
        raise Wrong(f"{spec.label}: this must be £{spec.maximum:,} or less")
    return read


def _upn(spec: FieldSpec, value: Any, today: str) -> str:
    number = upn.tidy(_text(spec, value, today))
    if not upn.is_upn(number):
        raise Wrong(f"{spec.label}: check the UPN. It is a letter, 11 digits, and one more digit or letter")
    return number


READERS: Mapping[FieldType, Callable[[FieldSpec, Any, str], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.EMAIL: _email,
    FieldType.PHONE: _phone,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.MANY: _many,
    FieldType.YES_NO: _yes_no,
    FieldType.CONFIRM: _confirm,
    FieldType.POSTCODE: _postcode,
    FieldType.URN: _urn,
    FieldType.MONEY: _money,
    FieldType.UPN: _upn,
    FieldType.ORGANISATION: _text,
}
