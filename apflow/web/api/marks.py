"""Sending attendance: a provider's marks of sessions, a school's reasons for absences. Each is taken by itself."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Literal

from litestar import Request, Response, post
from litestar.params import JSONBody
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from apflow.beyond.keys import receipt_of
from apflow.core.errors import Invalid, Stale
from apflow.provision.attendance import Mark
from apflow.provision.sessions import session_words
from apflow.records.attendance.marking import MOST_AT_ONCE, Became, Said, Taken
from apflow.store.records.attendance import Attending, Session, placed
from apflow.web.api.asking import IdempotencyKey, Reference, key_of, takes_json
from apflow.web.api.problems import documented
from apflow.web.api.registers import SchoolNumber
from apflow.web.asking.filling import new_key
from apflow.web.records.attending import Attends, attending

_SENDING = documented(400, 401, 404, 409, 412, 413, 415, 422, 503)
_MOST = 2**31 - 1
_TAKEN = {Became.KEPT.value, Became.KNOWN.value}

PlacementNumber = Annotated[int, Field(ge=1, le=_MOST, description="As a register has it.")]
Half = Annotated[Literal["am", "pm"], Field(description="The morning or the afternoon.")]


class MarkIn(BaseModel):
    """What is said of one session."""

    model_config = ConfigDict(extra="forbid")

    placement: PlacementNumber
    day: date
    half: Half
    mark: Mark
    reason: str | None = Field(
        default=None, max_length=60, description="Of an absence, if one was given: a name from `/attendance/codes`."
    )
    seen: int = Field(
        default=0,
        ge=0,
        le=_MOST,
        description="The `number` of the mark that this one is to stand instead of, as you read it; 0 where there was "
        "none. What somebody else has said since stands.",
    )
    marked_at: AwareDatetime | None = Field(
        default=None, description="When it was marked, if not now: of one person's own marks the last made stands."
    )


class Marks(BaseModel):
    """What is said of some sessions, of one day or of several."""

    model_config = ConfigDict(extra="forbid")

    marks: list[MarkIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ReasonIn(BaseModel):
    """Why a pupil was absent from one session."""

    model_config = ConfigDict(extra="forbid")

    placement: PlacementNumber
    day: date
    half: Half
    reason: str = Field(min_length=1, max_length=60, description="A name from `/attendance/codes`.")
    seen: int = Field(ge=1, le=_MOST, description="The `number` of the absence, as you read it.")


class Reasons(BaseModel):
    """Why pupils were absent."""

    model_config = ConfigDict(extra="forbid")

    reasons: list[ReasonIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class TakenOut(BaseModel):
    """What became of one entry."""

    placement: int
    pupil: int | None = Field(description="The number of the pupil's record; null where there is no such placement.")
    day: date
    half: str
    became: Literal["kept", "known", "changed", "refused"] = Field(
        description="kept; known: it was so already, or was sent before; changed: somebody else has said otherwise "
        "since, and theirs stands; refused."
    )
    number: int = Field(description="That of the mark that stands now; 0 where none does, or the entry is refused.")
    stands: str | None = Field(description="The mark that stands now, where this is known.")
    message: str = Field(description="Why it was not taken; empty where it was.")


class Answer(BaseModel):
    """What became of each entry, in the order in which they were sent."""

    all_stand: bool = Field(description="Whether every entry stands as it was sent.")
    items: list[TakenOut]


@post(
    "/attendance/providers/{reference:str}/marks",
    sync_to_thread=True,
    status_code=200,
    guards=[takes_json],
    responses=_SENDING,
)
def send_marks(
    request: Request[Any, Any, Any],
    data: JSONBody[Marks],
    reference: Reference,
    idempotency_key: IdempotencyKey = None,
) -> Response[Answer]:
    """Mark sessions at one provider, each by itself: what cannot be taken stops none of the others.

    Where nothing can be taken it is refused: 412 where somebody else has marked all of it otherwise, 422 else.
    """
    who = attending(request)
    with who.site.store.reading() as connection:
        case = who.provider(connection, reference).id
    said = [
        Said(one.placement, one.day, one.half, one.mark, one.reason or None, "", one.seen, one.marked_at)
        for one in data.marks
    ]
    return Response(_take(who, _of(said, case_id=case), said, idempotency_key))


@post(
    "/attendance/schools/{number:int}/reasons",
    sync_to_thread=True,
    status_code=200,
    guards=[takes_json],
    responses=_SENDING,
)
def send_reasons(
    request: Request[Any, Any, Any],
    data: JSONBody[Reasons],
    number: SchoolNumber,
    idempotency_key: IdempotencyKey = None,
) -> Response[Answer]:
    """Say why a school's pupils were absent, each by itself; the codes follow from that. Refused as marks are."""
    who = attending(request)
    with who.site.store.reading() as connection:
        who.school(connection, number)
    said = [Said(one.placement, one.day, one.half, Mark.ABSENT, one.reason, "", one.seen) for one in data.reasons]
    return Response(_take(who, _of(said, school_id=number), said, idempotency_key))


def _of(said: Sequence[Said], *, case_id: int | None = None, school_id: int | None = None) -> Attending:
    days = [one.day for one in said]
    return Attending(min(days), max(days), case_id=case_id, school_id=school_id)


def _take(who: Attends, of: Attending, said: Sequence[Said], header: str | None) -> Answer:
    """Take what is said: of a provider's sessions its marks, of a school's pupils its reasons."""
    name, teller = ("marks", "provider") if of.case_id is not None else ("reasons", "school")
    _refuse_twice(name, said)
    key = key_of(header)
    own = sha256(key.value.encode()).hexdigest()[:32] if key else new_key()
    keyed = [replace(one, key=f"{own}-{one.placement}-{one.day.isoformat()}-{one.half}") for one in said]
    receipt = receipt_of(who.actor, key, name, of.case_id or of.school_id, [astuple(one) for one in said])
    taken = who.marking.mark(of, keyed, teller, receipt)
    who.site.wake()
    with who.site.store.reading() as connection:
        pupils = {row.id: row.pupil_id for row in placed(connection, replace(of, first=date.min, last=who.today))}
    items = [_item(one, became, pupils.get(one.placement)) for one, became in zip(said, taken, strict=True)]
    _refuse_where_nothing_was_taken(name, items)
    return Answer(all_stand=all(_stands(one, item) for one, item in zip(said, items, strict=True)), items=items)


def _refuse_twice(name: str, said: Sequence[Said]) -> None:
    """Refuse a list that says two things of one session: which of them is meant cannot be told."""
    first: dict[Session, int] = {}
    errors = {}
    for number, one in enumerate(said):
        before = first.setdefault((one.placement, one.day, one.half), number)
        if before != number:
            errors[f"{name}.{number}"] = f"{name}.{before} is about the same session: send one of them."
    if errors:
        raise Invalid(errors)


def _item(said: Said, taken: Taken, pupil: int | None) -> TakenOut:
    return TakenOut(
        placement=said.placement,
        pupil=pupil,
        day=said.day,
        half=said.half,
        became=taken.became.value,
        number=taken.number,
        stands=taken.stands or None,
        message=taken.message,
    )


def _stands(said: Said, item: TakenOut) -> bool:
    return item.became in _TAKEN and item.stands == said.mark


def _refuse_where_nothing_was_taken(name: str, items: Sequence[TakenOut]) -> None:
    """What is refused has changed nothing: so only a list of which nothing is kept, and nothing was known, can be."""
    became = {item.became for item in items}
    if not became.isdisjoint(_TAKEN):
        return
    if became == {Became.CHANGED.value}:
        raise Stale([f"{_called(item)}: {item.message}" for item in items])
    raise Invalid(
        {
            f"{name}.{number}": f"{_called(item)}, {session_words(item.day, item.half)}: {item.message}"
            for number, item in enumerate(items)
        }
    )


def _called(item: TakenOut) -> str:
    return f"Placement {item.placement}" if item.pupil is None else f"Record {item.pupil}"


ROUTES = [send_marks, send_reasons]
