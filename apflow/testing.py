"""Builders for tests, shipped so that a council can test its own workflows: `a_case(state="panel")`, people, a moment."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from apflow.core.actor import Actor
from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import Item, Snapshot, World
from apflow.loader import Library, load_library
from apflow.notices import Notices
from apflow.settings import shipped

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)  # A working morning in London, in winter time.

OLIVE = Actor(1, "Olive Officer", frozenset({"officer"}))
OSCAR = Actor(2, "Oscar Officer", frozenset({"officer"}))
MAGDA = Actor(3, "Magda Manager", frozenset({"manager"}))
PETRA = Actor(4, "Petra Panel", frozenset({"panel_member"}), agency="send")
PAVEL = Actor(5, "Pavel Panel", frozenset({"panel_member"}), agency="virtual_school")
POPPY = Actor(6, "Poppy Panel", frozenset({"panel_member"}), agency="safeguarding")
PAT = Actor(7, "Pat Provider", frozenset({"provider"}))
DAN = Actor(8, "Dan Stranger", frozenset({"provider"}))

ENQUIRY = {
    "organisation": "Made Up Farm",
    "contact_name": "Pat Provider",
    "contact_email": "pat@made-up-farm.example",
    "contact_phone": "01225 000000",
    "postcode": "BA1 1AA",
    "what_is_offered": "Animal care for ages 11 to 16, three days a week.",
    "registration": "not_needed",
}


def shipped_library() -> Library:
    """The policy as it ships, checked against the notices as they ship."""
    return load_library(shipped("workflows"), Notices(shipped("notifications")).names())


def library_from(folder: Path) -> Library:
    """A test's own policy folder, its notices unchecked."""
    return load_library(folder)


def a_world(today: date = MONDAY.date(), *, applications_open: bool = True) -> World:
    """What a decision reads beside the case."""
    return World(today, {"applications_open": applications_open})


def a_case(definition: Definition, *, state: str, **changes: Any) -> Snapshot:
    """A case of PAT's in this state since MONDAY, without tasks or deadlines unless given."""
    case = Snapshot(
        id=1,
        reference="AP-TEST-CASE",
        workflow=definition.name,
        digest=definition.digest,
        state=state,
        entered_at=MONDAY,
        version=3,
        fields=dict(ENQUIRY),
        parties=frozenset({7}),
        changed_at=MONDAY,
    )
    return replace(case, **changes)


def evidence(definition: Definition, status: str, **data: Any) -> dict[str, dict[str, Item]]:
    """Every item of the evidence catalogue in one status, as a snapshot's items."""
    keys = definition.catalogue_of("evidence")
    return {"evidence": {key: Item("evidence", key, status, data, MONDAY) for key in keys}}
