"""Playing a story with made-up people, answers and dates: for scenarios, and to date the way to a broken invariant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from msgspec.structs import replace

from apflow.core.commands import Fire
from apflow.core.days.calendar import Calendar
from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.machine import START
from apflow.core.outcome import Outcome
from apflow.core.people.actor import PUBLIC, THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.people.permission import asked_of
from apflow.core.play import Play, unborn

_PARTY = 1
_FIRST_ID = 100
_AT_ANOTHER = 99
_BEFORE_THE_END = timedelta(days=600)  # Long enough for any story, while the holidays are still known.


@dataclass
class Cast:
    """Made-up people: as many of each role as a story needs, those of one role from different agencies."""

    definition: Definition
    _ids: dict[tuple[str, int], int] = field(default_factory=dict)

    def person(self, role: str, number: int = 0) -> Actor:
        """The person of this number who holds the role; the party of the case is always the same one."""
        if role == PUBLIC:
            return THE_PUBLIC
        if role == THE_CLOCK.name or role in THE_CLOCK.roles:
            return THE_CLOCK
        known = self.definition.council.roles.get(role)
        title = known.title if known else role
        parties = [party.role for party in self.definition.workflow.parties]
        if role in parties:
            return Actor(_PARTY + parties.index(role), title, frozenset({role}))
        agencies = list(self.definition.council.agencies)
        agency = agencies[number % len(agencies)] if agencies else None
        id = self._ids.setdefault((role, number), _FIRST_ID + len(self._ids))
        return Actor(id, f"{title} {number + 1}", frozenset({role}), agency)

    def anybody(self, play: Play, role: str, event: str) -> Actor:
        """Somebody of the role who has not done what keeps them from this event; whom the case names, if it must.

        Of those who read it by a link it is the first whom the case has.
        """
        by_link = play.definition.workflow.read_by_link
        if by_link is not None and by_link.role == role:
            return replace(self.person(role), id=None, by_link=(play.case.reference, "1"))
        spec = play.definition.events[play.case.state].get(event)
        named = play.case.fields.get(spec.only.get(role, "")) if spec else None
        if isinstance(named, list):
            named = next(iter(named), None)
        if isinstance(named, int):
            return replace(self.person(role), id=named)
        kept_out = {play.case.doers.get(earlier) for earlier in spec.not_by} if spec else set()
        people = (self.person(role, number) for number in range(len(kept_out) + 1))
        return next((person for person in people if person.id not in kept_out), self.person(role))


def a_play(definition: Definition) -> Play:
    """A case nobody has begun, on a working morning for which the holidays are known."""
    now = first_morning(definition.calendar)
    return Play(definition, unborn(definition, now), now, _PARTY)


def first_morning(calendar: Calendar) -> datetime:
    """Ten o'clock on the day that stories begin."""
    day = calendar.known_until - _BEFORE_THE_END
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(10), UTC)


def does(play: Play, actor: Actor, event: str, item: str | None = None, **given: Any) -> Outcome:
    """The actor does the event with these answers, the others made up; Refusals are the caller's."""
    known = event in play.definition.events[play.case.state]
    asked = play.definition.forms[play.case.state, event] if known else {}
    if actor is THE_CLOCK and play.case.state != START:
        return _told(play, event, item, given) if asked else play.fire(actor, event, item)
    made_up = play.answers(event, **given) if asked else {}
    answers = dict(given) | {name: made_up[name] for name in asked_of(asked, actor)}
    if play.case.state == START:
        return play.open(actor, event, **answers)
    return play.fire(actor, event, item, **answers)


def _told(play: Play, event: str, item: str | None, given: Mapping[str, Any]) -> Outcome:
    """Another case tells this one, which only then asks something of the clock: somebody of the staff did it there."""
    roles = play.definition.council.roles
    staff = frozenset(role for role in roles if play.definition.audience(role) == STAFF)
    form = play.definition.forms[play.case.state, event]
    made_up = {
        name: one for name, one in play.answers(event, **given).items() if name in given or not form[name].optional
    }
    actor = Actor(_AT_ANOTHER, "Somebody at another case", staff)
    return play.do(Fire(event, actor, {**given, **made_up}, item, told_by="another case"))


def items_for(play: Play, event: str, *, required_only: bool) -> Iterator[str]:
    """The items of a catalogue that the event can be done to, or those of them that are required."""
    spec = play.definition.events[play.case.state].get(event)
    if spec is not None and spec.item is not None:
        for key, entry in play.definition.catalogue_of(spec.item.of).items():
            if entry.required or not required_only:
                yield key
