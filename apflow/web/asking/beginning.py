"""What it takes to begin a case from a form: who may, what has been typed so far, and whether it was sent already."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request
from msgspec import structs

from apflow.beyond.cases import with_people, with_pupils_to_screen
from apflow.beyond.units import unborn
from apflow.core.conditions import Facts
from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType, PrivacyClass
from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotAllowed, NotFound
from apflow.core.firing.answers import is_asked
from apflow.core.firing.guards import reasons_against
from apflow.core.machine import START
from apflow.core.people.actor import PUBLIC, THE_PUBLIC, Actor
from apflow.core.people.permission import asked_of, may_see
from apflow.core.snapshot import People, Snapshot, World
from apflow.records.of_cases.offered import with_records
from apflow.store.cases.loading import load_case
from apflow.store.cases.receipts import find_receipt
from apflow.store.cases.unit import Receipt
from apflow.store.people.people import agencies_of
from apflow.web.forms import Submitted, answers_from, one, with_agencies
from apflow.web.identity import SignedIn, SignInNeeded
from apflow.web.site import Site

_SUGGESTED = 200
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Beginning:
    """One way to begin a case, open to whoever asks."""

    site: Site
    definition: Definition
    event: str
    spec: EventSpec
    actor: Actor

    @property
    def audience(self) -> str:
        return self.definition.audience(self.spec.by[0])

    @property
    def form(self) -> Mapping[str, FieldSpec]:
        return asked_of(self.definition.forms[START, self.event], self.actor)

    def world(self, answers: Mapping[str, Any]) -> World:
        """The world with those whom the form offers, what it finds by a number that was typed, and names to screen."""
        definition, now = self.definition, self.site.now()
        world, begun = self.site.handler.world(now), unborn(self.definition, now)
        is_screened = any(spec.screened for spec in self.form.values())
        if not (definition.chosen_roles or definition.chosen_records or is_screened):
            return world
        with self.site.store.reading() as connection:
            world = with_people(connection, definition, world)
            if is_screened:
                world = with_pupils_to_screen(connection, definition, begun, self.actor, answers, world)
            return with_records(connection, self.site.library, definition, begun, self.actor, world, answers)

    def offered(self, answers: Mapping[str, Any]) -> People:
        """Those to choose from, each with where they come from where that may matter."""
        people = self.world(answers).people
        if not self.definition.asks_for_people:
            return people
        with self.site.store.reading() as connection:
            return with_agencies(people, agencies_of(connection, people), self.site.council)

    @property
    def facts(self) -> Facts:
        world = self.site.handler.world(self.site.now())
        return Facts(fields={}, today=world.today.isoformat(), council=world.facts, time=world.time)

    def reasons_against(self) -> tuple[str, ...]:
        """Why a case cannot begin this way today, before anything is asked."""
        return reasons_against(self.definition, self.spec, self.facts, reading_answers=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What has been typed so far; `key` stays the same until it is sent."""

    beginning: Beginning
    answers: Mapping[str, Any]
    key: str

    @property
    def path(self) -> str:
        return f"/start/{self.beginning.event}"


def beginning_of(request: Request[Any, Any, Any], event: str) -> Beginning:
    """The start event, as it is open to whoever asks."""
    site: Site = request.app.state.site
    definition = site.started_by(event)
    if definition is None:
        raise NotFound
    spec = definition.workflow.start[event]
    user = request.scope.get("user")
    if user is not None and user.actor.has_any(spec.by):
        return Beginning(site, definition, event, spec, user.actor)
    if PUBLIC in spec.by:
        return Beginning(site, definition, event, spec, THE_PUBLIC)
    raise SignInNeeded if user is None else NotAllowed


def sheet_of(beginning: Beginning, submitted: Submitted) -> Sheet:
    key = one(submitted, "key")
    return Sheet(beginning, answers_from(beginning.form, submitted), key if _KEY.fullmatch(key) else new_key())


def known_already(beginning: Beginning, user: SignedIn | None) -> dict[str, str]:
    """Who an outsider is, or whoever begins a case as its party: they are signed in, and can still write it otherwise.

    A form that asks for a name and not for its address asks for somebody else's.
    """
    is_theirs = beginning.audience != STAFF or beginning.spec.as_party
    if user is None or not is_theirs or beginning.actor is THE_PUBLIC:
        return {}
    workflow = beginning.definition.workflow
    known = {workflow.party_name: user.actor.name, workflow.party_email: user.email}
    return known if known.keys() <= beginning.form.keys() else {}


def sees(beginning: Beginning, reference: str) -> bool:
    """Whether whoever began the case sees it; of some that they tell us, nobody outside learns what comes of it."""
    with beginning.site.store.reading() as connection:
        case = load_case(connection, reference)
    if case is None:
        return False
    actor = beginning.actor  # They may have come to a role by it just now.
    held = frozenset(role for role, person in case.party_roles.items() if person == actor.id)
    return may_see(beginning.definition, case, structs.replace(actor, roles=actor.roles | held))


def suggested(beginning: Beginning, params: Mapping[str, str]) -> dict[str, str]:
    """What the link that led to the form says already: texts that anybody may read, such as which provider it is,
    and which record is meant of those they may choose from."""
    form = beginning.form
    asked = {name: form[name] for name in params if name in form}
    return {
        name: params[name]
        for name, spec in asked.items()
        if (spec.type is FieldType.RECORD or (spec.type is FieldType.TEXT and spec.privacy is PrivacyClass.PUBLIC))
        and len(params[name]) <= _SUGGESTED
    }


def new_key() -> str:
    return secrets.token_urlsafe(18)


def made_with(beginning: Beginning, key: str) -> Snapshot | None:
    """The case that was begun under this key, by this actor."""
    with beginning.site.store.reading() as connection:
        receipt = find_receipt(connection, Receipt(str(beginning.actor.id), key, ""))
        return load_case(connection, receipt.reference) if receipt else None


def said(sheet: Sheet, answers: Mapping[str, Any]) -> list[tuple[str, FieldSpec, str]]:
    """What was answered, question by question, in words; as typed where it cannot be read."""
    form = sheet.beginning.form
    people = sheet.beginning.world(sheet.answers).people
    return [(name, form[name], _in_words(form[name], answers[name], people)) for name in form if name in answers]


def all_said(sheet: Sheet, clean: Mapping[str, Any]) -> list[tuple[str, FieldSpec, str]]:
    """The same with what was left empty, so that it can be filled in after all."""
    people = sheet.beginning.world(sheet.answers).people
    form, facts = sheet.beginning.form, structs.replace(sheet.beginning.facts, answers=clean)
    asked = {name: spec for name, spec in form.items() if is_asked(spec, facts)}
    return [
        (name, spec, _in_words(spec, clean[name], people) if name in clean else "Not given")
        for name, spec in asked.items()
    ]


def _in_words(spec: FieldSpec, value: Any, people: People) -> str:
    offered = people.get(spec.chosen_from, {})
    if spec.records:
        called = {str(number): name for number, name in offered.items()}
        return "; ".join(called.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value]))
    try:
        return words.in_words(spec, value, offered) or ""
    except ValueError:
        return str(value)
