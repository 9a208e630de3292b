"""Asking to which day work is put off: the next working days to choose from, or another."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any

from apflow.core.days.calendar import Calendar
from apflow.core.definition.conditions import Compare
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.words import day as in_words

UNTIL, DAY = "until", "day"
_ANOTHER = "another"
_OFFERED = 5
_A_DAY = timedelta(days=1)


def form_until(calendar: Calendar, today: date, last: date) -> dict[str, FieldSpec]:
    """The two questions, for days after today up to the last."""
    offered = {one.isoformat(): _called(one, today) for one in islice(_working_days(calendar, today, last), _OFFERED)}
    return {
        UNTIL: FieldSpec(type=FieldType.CHOICE, label="Until when?", options={**offered, _ANOTHER: "Another day"}),
        DAY: FieldSpec(
            type=FieldType.DATE,
            label="Which day?",
            hint=f"{in_words(last)} at the latest. For example, {last.day} {last.month} {last.year}",
            asked_if=Compare.model_validate({"fact": f"answer.{UNTIL}", "is": _ANOTHER}),
        ),
    }


def day_chosen(answers: Mapping[str, Any]) -> date | None:
    """The day that was chosen or typed; None where there is none."""
    try:
        return date.fromisoformat(str(answers.get(question_answered(answers))))
    except ValueError:
        return None


def question_answered(answers: Mapping[str, Any]) -> str:
    """Which of the two says the day, or is to say it."""
    return DAY if answers.get(UNTIL) == _ANOTHER else UNTIL


def _working_days(calendar: Calendar, today: date, last: date) -> Iterator[date]:
    after = (today + timedelta(days=number) for number in range(1, (last - today).days + 1))
    return (day for day in after if calendar.is_working(day))


def _called(day: date, today: date) -> str:
    return f"{'Tomorrow, ' if day == today + _A_DAY else ''}{in_words(day)}"
