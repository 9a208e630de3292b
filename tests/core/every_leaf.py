"""Every smallest change that can be made to a definition: each leaf of it altered, once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from enum import Enum
from typing import Any

from pydantic import BaseModel

from apflow.core.days.duration import Duration
from apflow.core.definition.by_link import ByLink, Elsewhere, Settled
from apflow.core.definition.calendars import ClosedPeriod, Closure, SchoolCalendar, Term
from apflow.core.definition.clocks import Counted
from apflow.core.definition.conditions import Compare
from apflow.core.definition.council import ReviewOfDecisions, Urgent
from apflow.core.definition.events import EventSpec, IfHolds, InConfidence, ItemMove, Meeting
from apflow.core.definition.fields import FieldSpec, FieldType, PrivacyClass
from apflow.core.definition.keeping import ClosedCases, CopyOfRecord, KeptFor, Retention
from apflow.core.definition.labels import Label
from apflow.core.definition.linked import Beside, Calling, Joining, OtherCases, Pack, Signalling, Telling
from apflow.core.definition.made import MadeDocument, MadeSection
from apflow.core.definition.promises import Does, Invariant, Scenario, Wait
from apflow.core.definition.records import AboutPlacement, Kept, Late, Paused, Taking
from apflow.core.definition.roles import WorksWith
from apflow.core.definition.timing import Among, Extension, Override, Pause, Reminder, TaskSpec
from apflow.core.definition.workflow import Checked, ChildSpec, Each, Flag, Party, PublicList

WORD = "zanzibar"
Changes = Iterable[tuple[str, Any]]
_DAY, _WEEK = date(2027, 3, 1), Duration.parse("1 week")
_WHICH = re.compile(r"\[[^\]]*\]")
_KNOWN = Compare(fact=WORD, is_present=True)
_LABEL = Label(staff=WORD)

# What could be said where a definition says nothing, by the name of the key.
_GIVEN: Mapping[str, Any] = {
    **dict.fromkeys(("due", "within", "every", "after_warning"), _WEEK),
    **dict.fromkeys(("done", "step", "help"), _LABEL),
    **dict.fromkeys(("asked_if", "unless", "where"), _KNOWN),
    **dict.fromkeys(("least", "max_length", "minimum", "maximum"), 7),
    "begins": {},
    "notify": {},
    **{key: {WORD: WORD} for key in ("migrate", "agencies", "options", "answered")},
    "item of a step": WORD,
    "optional": True,
    "among": Among(items=WORD),
    "each of a child": Each(items=WORD),
    "takes": {WORD: Taking(while_in=(WORD,))},
    "only": {WORD: WORD},
    "joins": Joining.model_validate({"case": WORD, "as": WORD}),
    "late": Late(by=("officer",), assumed=WORD),
    "review_of_decisions": ReviewOfDecisions(by=WORD, within=_WEEK, assumed=WORD),
    "copy_of_record": CopyOfRecord(gives=(PrivacyClass.CHILD,), instead=WORD, assumed=WORD),
    "retention": Retention(years=7, until_age=30, decided_by=("officer",), assumed=WORD),
    "closed_cases": ClosedCases(decided_by=("officer",), rules={WORD: KeptFor(of=WORD, keep=_WEEK, assumed=WORD)}),
    "urgent": Urgent(says=WORD, assumed=WORD),
    "override": Override(by=("officer",), at_most=_WEEK, assumed=WORD),
    "paused_in": Pause(states=(WORD,), at_most=_WEEK),
    "remind": (Reminder(at=(_WEEK,), who="officer", notice=WORD),),
    "invite": Meeting(on=WORD, title=WORD),
    "item": ItemMove.model_validate({"of": WORD, "from": WORD, "to": WORD}),
    "extends": Extension(deadline=WORD, by=_WEEK, at_most=2, assumed=WORD),
    **dict.fromkeys(("closed", "inset"), (Closure(on=_DAY, until=_DAY, because=WORD),)),
    "closed_periods": (ClosedPeriod(start=_DAY, until=_DAY, because=WORD),),
    "school_calendar": SchoolCalendar(terms=(Term(name=WORD, first_day=_DAY, last_day=_DAY),), assumed=WORD),
    "form": {WORD: FieldSpec(type=FieldType.TEXT, label=WORD)},
    "tasks": {WORD: TaskSpec.model_validate({"title": WORD, "for": "officer"})},
    "beside": Beside(title=WORD, shows=(WORD,)),
    "children": {WORD: ChildSpec(label=_LABEL, workflow=WORD, start=WORD)},
    "invariants": {WORD: Invariant(says=WORD, holds=_KNOWN, always=True, assumed=WORD)},
    "public_list": PublicList(title=WORD, states={WORD: WORD}, shows={WORD: WORD}),
    "checked": Checked(collection=WORD, statuses=(WORD,)),
    "cases": OtherCases(workflow=WORD, states=(WORD,)),
    "documents": {WORD: MadeDocument(title=WORD, read_by=(WORD,), sections=(MadeSection(heading=WORD),))},
    "works_with": WorksWith(who=WORD, expected_of=(WORD,), only_of=(WORD,)),
    "read_by_link": ByLink(
        role=WORD,
        of=WORD,
        by_email=(WORD,),
        email=WORD,
        letter=WORD,
        document=WORD,
        link_lasts=_WEEK,
        code_lasts=_WEEK,
        after_the_end=_WEEK,
        assumed=WORD,
    ),
    "settled": Settled(says=WORD, of=("looked_after",), assumed=WORD),
    "elsewhere": Elsewhere(says=WORD, alert=WORD, assumed=WORD),
    "if_holds": IfHolds(when=_KNOWN, does=("notify",)),
    "in_confidence": InConfidence(without=WORD, known_to=("officer",), assumed=WORD),
    "pack": Pack(title=WORD, of=WORD, those=(WORD,), shows=(WORD,)),
    "party": Party(role=WORD, name=WORD, email=WORD),
    "other_party": Party(role=WORD, name=WORD, email=WORD),
    "paused": Paused(begins_in=(WORD,), ends_in=(WORD,), assumed=WORD),
    "keeps": Kept.model_validate({"records": "placements", "as": {WORD: WORD}, "pupil_seen_by": {WORD: WORD}}),
    "about_placement": AboutPlacement(number=WORD, pupil_seen_by={WORD: (WORD,)}),
    "tells": {WORD: Telling(event=WORD)},
    "calls": {WORD: Calling(workflow=WORD, event=WORD)},
    "signals": {WORD: Signalling(event=WORD)},
    "drafted_from": (WORD,),
    "sees_on_pages": (PrivacyClass.CHILD,),
    "flags": {WORD: Flag(when=_KNOWN, says=WORD, assumed=WORD)},
    "counted": Counted.model_validate({"clock": WORD, "from": {WORD: WORD}, "span": _WEEK, "assumed": WORD}),
    "scenarios": {WORD: Scenario(says=WORD, steps=(Wait(wait=_WEEK),), ends=WORD)},
}


# Keys that another part has as well, for something else.
_OTHERWISE: Mapping[tuple[type[BaseModel], str], str] = {
    (Does, "item"): "item of a step",
    (ChildSpec, "each"): "each of a child",
    (EventSpec, "keeps"): "keeps of an event",
    (Kept, "records"): "records of a case",
    (Counted, "when"): "where",
}


def one_of_each_kind(changes: Changes) -> Iterator[tuple[str, Any]]:
    """Of the leaves that differ only in which entry of a collection they stand in, the first, in all its changes."""
    first: dict[str, str] = {}
    for where, changed in changes:
        if first.setdefault(_WHICH.sub("[]", where), where) == where:
            yield where, changed


def altered(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one leaf altered, for every leaf, each with the path to it; entries are dropped and moved too."""
    match value:
        case Compare():
            yield from _compared(value, path)
        case BaseModel():
            for name in type(value).model_fields:
                key = _OTHERWISE.get((type(value), name), name)
                for where, part in _of_key(key, getattr(value, name), f"{path}.{name}"):
                    yield where, value.model_copy(update={name: part})
        case Mapping():
            yield from _mapped(dict(value), path)
        case tuple():
            yield from _in_a_row(value, path)
        case _:
            yield from ((path, other) for other in _leaf(value))


def _of_key(name: str, value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if (value is None or value in ((), {})) and name in _GIVEN:
        if _GIVEN[name]:
            yield path, _GIVEN[name]
    else:
        yield from altered(value, path)


def _compared(value: Compare, path: str) -> Iterator[tuple[str, Any]]:
    yield f"{path}.fact", value.model_copy(update={"fact": WORD})
    (key,) = value.model_fields_set - {"fact"}
    for where, other in altered(getattr(value, key), f"{path}.{key}"):
        yield where, value.model_copy(update={key: other})


def _mapped(value: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, part in value.items():
        yield f"{path}[{key}] dropped", {name: one for name, one in value.items() if name != key}
        yield f"{path}[{key}] renamed", {(WORD if name == key else name): one for name, one in value.items()}
        for where, other in altered(part, f"{path}[{key}]"):
            yield where, {**value, key: other}


def _in_a_row(value: tuple[Any, ...], path: str) -> Iterator[tuple[str, Any]]:
    for number, part in enumerate(value):
        yield f"{path}[{number}] dropped", (*value[:number], *value[number + 1 :])
        for where, other in altered(part, f"{path}[{number}]"):
            yield where, (*value[:number], other, *value[number + 1 :])
    if not value:
        yield path, (WORD,)


def _leaf(value: Any) -> Iterator[Any]:
    match value:
        case None:
            yield WORD
        case bool():
            yield not value
        case int():
            yield value + 1
        case Duration():
            yield Duration(value.count + 1, value.unit)
        case date():
            yield value + timedelta(days=1)
        case time():
            yield time((value.hour + 1) % 24, value.minute)
        case Enum():  # Of a closed list every other member.
            yield from (other for other in type(value) if other != value)
        case str():
            yield f"{value} {WORD}"
