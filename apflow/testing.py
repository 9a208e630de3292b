"""Builders for tests, shipped so that a council can test its own policy: people, a moment, `a_case(state="panel")`."""

import dataclasses
import secrets
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from apflow.clock import Clock
from apflow.core.definition.calendars import Applications
from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import THE_PUBLIC, Actor
from apflow.core.snapshot import Item, Snapshot, World
from apflow.handler import Handler
from apflow.letters.messages import Letters, message_id
from apflow.letters.notices import Notices
from apflow.loader import Library, load_library, read_library
from apflow.settings import shipped
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.people import people

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)  # A working morning in London, in winter time.
TODAY = MONDAY.date()

OLIVE = Actor(1, "Olive Officer", frozenset({"officer"}))
OSCAR = Actor(2, "Oscar Officer", frozenset({"officer"}))
MAGDA = Actor(3, "Magda Manager", frozenset({"manager"}))
PETRA = Actor(4, "Petra Panel", frozenset({"panel_member"}), agency="send")
PAVEL = Actor(5, "Pavel Panel", frozenset({"panel_member"}), agency="virtual_school")
POPPY = Actor(6, "Poppy Panel", frozenset({"panel_member"}), agency="safeguarding")
PAT = Actor(7, "Pat Provider", frozenset({"provider"}))
DAN = Actor(8, "Dan Stranger", frozenset({"provider"}))
EMAILS = {
    OLIVE: "olive@council.example",
    OSCAR: "oscar@council.example",
    MAGDA: "magda@council.example",
    PETRA: "petra@council.example",
    PAVEL: "pavel@council.example",
    POPPY: "poppy@council.example",
    PAT: "pat@made-up-farm.example",
    DAN: "dan@elsewhere.example",
}

ENQUIRY = {
    "organisation": "Made Up Farm",
    "contact_name": "Pat Provider",
    "contact_email": "pat@made-up-farm.example",
    "contact_phone": "01225 000000",
    "postcode": "BA1 1AA",
    "what_is_offered": "Animal care for ages 11 to 16, three days a week.",
    "registration": "not_needed",
}

# What Pat would have people read about the farm on the approved list.
ENTRY: dict[str, Any] = {
    "description": "Goats.",
    "ages": ["ks3"],
    "places": ["bath"],
    "subjects": ["animals"],
    "needs": ["anxiety"],
    "days": ["monday"],
}


SHIPPED_NOTICES = Notices(shipped("notifications"))  # Shared, so that each template is compiled once.


@cache
def shipped_library() -> Library:
    """The policy as it ships, read once in a process; that its check finds nothing is a test of its own."""
    return read_library(shipped("workflows"))


def library_from(folder: Path) -> Library:
    """A test's own policy folder, its notices unchecked."""
    return load_library(folder)


def taking(library: Library, applications: Applications) -> Library:
    """The same policy of a council that takes applications like this."""
    council = library.council.model_copy(update={"applications": applications})
    return dataclasses.replace(library, council=council, _pinned={})


def a_handler(store: Store, library: Library | None = None, *, notifications: Path | None = None) -> Handler:
    """The one door to this store, with the policy and the notices as they ship unless given."""
    notices = Notices(notifications) if notifications else SHIPPED_NOTICES
    letters = Letters(notices, "https://apflow.example", "team@council.example")
    return Handler(store, library or shipped_library(), letters)


def add_people(store: Store) -> None:
    """Give everyone above an account in this empty database, under the ids they have above."""
    with store.writing() as connection:
        for actor, email in EMAILS.items():
            added = people.add_person(
                connection, name=actor.name, email=email, roles=sorted(actor.roles), agency=actor.agency, now=MONDAY
            )
            if added != actor.id:
                raise ValueError(f"{actor.name} has the id {added} here: people were added before")


def enquire(handler: Handler, *, now: datetime = MONDAY, **answers: Any) -> str:
    """Open a case by PAT's enquiry, or one that differs from it in these answers; its reference."""
    saved = handler.open_case("provider", "enquire", {**ENQUIRY, **answers}, actor=THE_PUBLIC, now=now)
    return saved.reference


def bring_to(handler: Handler, state: str, *, now: datetime = MONDAY, **answers: Any) -> str:
    """A case brought to this state of its journey by the people above, through the one door; its reference."""
    reference = enquire(handler, now=now, **answers)
    for left in _JOURNEY[: _JOURNEY.index(state)]:
        leave(handler, reference, left, now=now)
    return reference


def leave(handler: Handler, reference: str, state: str, *, now: datetime = MONDAY) -> None:
    """Do all that takes a case from this state to the next of its journey."""
    today = now.date().isoformat()

    def fire(actor: Actor, event: str, item: str | None = None, **answers: Any) -> None:
        handler.fire(reference, event, answers, actor=actor, now=now, item=item)

    required = [key for key, item in handler.library.catalogues["evidence"].items.items() if item.required]
    match state:
        case "enquiry":
            fire(OLIVE, "invite")
        case "gathering_evidence":
            for key in required:
                fire(PAT, "supply", key, **a_document(handler, PAT, key, now=now))
            fire(PAT, "submit", declaration=True)
        case "checking_evidence":
            for key in required:
                fire(OLIVE, "accept", key)
            fire(OLIVE, "refer_to_panel", panel_on=today, summary="Animal care, well run.")
        case "panel":
            for member in (PETRA, PAVEL, POPPY):
                fire(member, "give_view", view="visit", comments="Well prepared.")
            fire(OLIVE, "panel_agree", panel_on=today, chaired_by="Magda Manager", reasons="The papers are in order.")
        case "visit":
            visit: dict[str, Any] = {
                "visit_on": today,
                "visit_time": "10:30",
                "visit_place": "The farm",
                "visitors": "Olive Officer",
            }
            fire(OLIVE, "arrange_visit", **visit)
            found: dict[str, Any] = {"visited_on": today, "seen": "Goats.", "visit_outcome": "satisfied"}
            fire(OLIVE, "record_visit", **found, no_surprise=True)
            fire(PAT, "describe_entry", **ENTRY)
            fire(OLIVE, "approve", ready=True)


_JOURNEY = ("enquiry", "gathering_evidence", "checking_evidence", "panel", "visit", "approved")


def a_document(handler: Handler, actor: Actor, item: str, *, now: datetime = MONDAY) -> dict[str, Any]:
    """What the actor answers to supply this item of evidence: a file they have staged, and its dates."""
    dates = {
        "never": {},
        "stated": {"expires_on": (now + timedelta(days=300)).date().isoformat()},
        "dated": {"dated_on": (now - timedelta(days=30)).date().isoformat()},
    }
    kind = handler.library.catalogues["evidence"].items[item].expiry_kind
    return {"file": a_staged_file(handler.store, actor, now=now), **dates[kind]}


def a_staged_file(store: Store, actor: Actor, *, now: datetime = MONDAY) -> str:
    """The id of a file the actor has sent; its row only, as no test of cases reads its bytes."""
    row = {
        "id": secrets.token_hex(16),
        "name": "policy.pdf",
        "media_type": "application/pdf",
        "size": 1234,
        "sha256": "0" * 64,
        "staged_by": actor.id,
        "staged_at": now,
    }
    with store.writing() as connection:
        beside.stage_upload(connection, row)
    return str(row["id"])


def a_message(**changes: Any) -> dict[str, Any]:
    """A row for the outbox: a notice to PAT of no case, due since MONDAY."""
    values = {
        "notice": "provider/enquiry_received",
        "message_id": message_id("team@council.example"),
        "to_name": "Pat Provider",
        "to_email": "pat@made-up-farm.example",
        "subject": "Your enquiry: we have received it",
        "text": "Dear Pat Provider\n\nWe have received your enquiry.\n",
        "html": "<p>Dear Pat Provider</p><p>We have received your enquiry.</p>",
        "queued_at": MONDAY,
        "next_at": MONDAY,
    }
    return {**values, **changes}


def a_world(today: date = TODAY, *, applications_open: bool = True) -> World:
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


class StoppedClock(Clock):
    """Policy time that stands still until a test moves it."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at
