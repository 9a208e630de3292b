"""Holding something back from erasure and erasing it, as pages do: the forms, and what becomes of one that was sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from litestar import Request, Response
from litestar.response import Redirect
from sqlalchemy import Connection

from apflow.core.conditions import Facts
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Blocked, Invalid
from apflow.core.firing.answers import read_answers
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.concurrency import in_thread
from apflow.web.forms import Submitted, answers_from, questions_of, submitted_form
from apflow.web.records.recording import Keeping, keeping

HOLD = {
    "held_because": FieldSpec(
        type=FieldType.TEXT,
        label="Why must it be kept for now?",
        hint="Such as: a claim against the council, and its number. Do not name a child",
        max_length=300,
    ),
    "ask_again_on": FieldSpec(
        type=FieldType.DATE,
        label="When is it asked again whether it must be kept?",
        hint="It is held back until somebody lets it go, also after that day",
        date_must_be="today or after",
    ),
}
ERASE = {
    "because": FieldSpec(
        type=FieldType.TEXT, label="Why is it erased now?", hint="Do not name a child", max_length=250
    ),
    "sure": FieldSpec(type=FieldType.CONFIRM, label="I have read what goes and what stays. This cannot be undone"),
}
Work = Callable[[Connection, Mapping[str, Any], Keeping], list[str]]


def asked_again_on(said: Mapping[str, Any]) -> date:
    """The day that was answered to when what is held back is asked again."""
    return date.fromisoformat(said["ask_again_on"])


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent and refused: what was typed, what is wrong with it, and the reasons against it."""

    answers: Mapping[str, Any]
    errors: Mapping[str, str]
    reasons: tuple[str, ...] = ()
    status: int = 200

    def asked(self, form: Mapping[str, FieldSpec], today: str) -> Any:
        """The questions of a form, with what was typed and what is wrong with it."""
        return questions_of(form, self.answers, Facts(fields={}, today=today), self.errors)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """For the summary of what is wrong, each with the question that it is about."""
        return [*self.errors.items(), *(("", reason) for reason in self.reasons)]


NOTHING_SENT = Sent({}, {})


class Shown(Protocol):
    """The page on which the form stands."""

    def __call__(self, keeper: Keeping, sent: Sent, /) -> Response[Any]: ...


async def send(
    request: Request[Any, Any, Any], form: Mapping[str, FieldSpec], work: Work, then: str, shown: Shown
) -> Response[Any]:
    """Do the work whole or not at all, delete the files that it names, and go on; else the page again, with why not."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    submitted = await submitted_form(request)
    return await in_thread(_sent, request, form, submitted, work, then, shown)


def _sent(
    request: Request[Any, Any, Any],
    form: Mapping[str, FieldSpec],
    submitted: Submitted,
    work: Work,
    then: str,
    shown: Shown,
) -> Response[Any]:
    keeper, answers = keeping(request), answers_from(form, submitted)
    try:
        said = read_answers(form, answers, Facts(fields={}, today=keeper.by.today.isoformat()), {})
        files = keeper.site.store.write(lambda connection: work(connection, said, keeper))
    except Invalid as refusal:
        return shown(keeper, Sent(answers, refusal.errors, status=422))
    except Blocked as refusal:
        return shown(keeper, Sent(answers, {}, tuple(refusal.reasons), status=409))
    for file in files:  # What refers to them is gone; one that stays behind for a fault is swept.
        keeper.site.uploads.delete(file)
    return Redirect(then, status_code=303)
