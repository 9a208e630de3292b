"""What of a case's history somebody is told: staff all that their roles see; an outsider their own side and no more.

Of those who read it by a link each is a side of their own: nobody learns of another, or of what another wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apflow.core.definition.events import EventSpec
from apflow.core.definition.labels import STAFF
from apflow.core.definition.workflow import Seen
from apflow.core.people.names import named
from apflow.store.reading.history import HistoryView
from apflow.web.case.by_link import spec_of
from apflow.web.case.opened import Opened
from apflow.web.case.timeline import Line
from apflow.web.case.unseen import is_unseen

_OF_OURS = (STAFF, "clock")


def reads_as_staff(opened: Opened) -> bool:
    """Whether a role of the council's own shows the actor this case, in its present state."""
    rules = opened.definition.workflow.seen_by
    return any(
        opened.definition.audience(role) == STAFF and _sees(rules[role], opened.snapshot.state)
        for role in opened.actor.roles
        if role in rules
    )


def _sees(rule: Seen, state: str) -> bool:
    return not rule.own and (not rule.states or state in rule.states)


def audience_of(opened: Opened) -> str:
    """Whose words to use."""
    return STAFF if reads_as_staff(opened) else opened.definition.audience(opened.definition.workflow.party_role)


def is_told(opened: Opened, entry: HistoryView) -> bool:
    """Whether the actor reads this line of history at all."""
    if is_unseen(opened, entry):
        return False
    if reads_as_staff(opened) or is_own(opened, entry):
        return True
    if entry.kind != "event" or not _was_in_sight(opened, entry):
        return False
    spec = _event_of(opened, entry)
    was_written_to = spec is not None and not opened.actor.roles.isdisjoint(spec.notify)
    is_other_side = entry.actor_audience not in _OF_OURS
    return is_other_side or was_written_to or entry.from_state != entry.to_state


def by_reader(entry: HistoryView) -> bool:
    """Whether somebody did it who came by a link, and so is no person with an account."""
    return entry.actor_id is None and entry.actor_audience not in _OF_OURS


def is_own(opened: Opened, entry: HistoryView) -> bool:
    """Whether someone on the actor's own side of the case did this; of two outsiders each has only their own."""
    if opened.actor.by_link is not None:
        return by_reader(entry) and entry.actor_name == opened.actor.name
    if entry.actor_audience != audience_of(opened):
        return False
    could_have = _outsiders_by(opened, entry)
    if could_have and could_have.isdisjoint(opened.actor.roles):
        return False
    return could_have <= opened.actor.roles or entry.actor_id in _people_beside(opened)


def as_told(opened: Opened, entry: HistoryView) -> HistoryView:
    """The line of history with what was said in it, if the actor reads that, and else without, and without a name."""
    if reads_as_staff(opened) or is_own(opened, entry):
        return entry
    told = replace(entry, payload={"item": entry.payload.get("item")})
    return replace(told, actor_name=_other_side(opened, entry)) if entry.actor_audience not in _OF_OURS else told


def _was_in_sight(opened: Opened, entry: HistoryView) -> bool:
    """Whether it left or reached a state in which the actor sees the case: a draft was never theirs to read."""
    rules = [opened.definition.workflow.seen_by[role] for role in _roles_that_see(opened)]
    seen = {state for rule in rules for state in rule.states}
    called = opened.definition.now_called
    return any(not rule.states for rule in rules) or not seen.isdisjoint(
        (called(entry.from_state), called(entry.to_state))
    )


def _roles_that_see(opened: Opened) -> frozenset[str]:
    return opened.actor.roles & opened.definition.workflow.seen_by.keys()


def _event_of(opened: Opened, entry: HistoryView) -> EventSpec | None:
    return opened.definition.events.get(entry.from_state, {}).get(entry.name) if entry.kind == "event" else None


def _outsiders_by(opened: Opened, entry: HistoryView) -> frozenset[str]:
    """The sides of a case between several of which one did this; empty where there is only one side."""
    by_link = opened.definition.workflow.read_by_link
    sides = opened.definition.workflow.party_roles | ({by_link.role} if by_link else set())
    if len(sides) < 2:
        return frozenset()
    spec = _event_of(opened, entry)
    return (sides.intersection(spec.by) if spec else sides) or sides


def _people_beside(opened: Opened) -> set[int]:
    """Whom the case names on the actor's side, and their colleagues."""
    snapshot = opened.snapshot
    named = {person for role, person in snapshot.party_roles.items() if role in opened.actor.roles}
    beside = {one for role in opened.actor.roles for one in snapshot.colleagues.get(role, ())}
    return named | beside


def _other_side(opened: Opened, entry: HistoryView) -> str:
    """Who it was, without a name: a parent's is not for everybody on the case."""
    others = _outsiders_by(opened, entry) - opened.actor.roles
    roles = opened.definition.council.roles
    return roles[next(iter(others))].title if len(others) == 1 else "Somebody else"


@dataclass(frozen=True)
class OneOfSeveral:
    """Whoever came by a link, among all who do: each finds their own words, and nothing of the others.

    `known_since` is the version in which their item was given the name that it has now: before, it was somebody else.
    """

    opened: Opened
    known_since: int

    def line(self, entry: HistoryView, line: Line) -> Line | None:
        """The line as they are told it: theirs as their own, and what another of them may have done without a hint."""
        if is_own(self.opened, entry) and entry.version > self.known_since:
            return replace(line, who="You")
        if entry.from_state != entry.to_state and (by_reader(entry) or self._could_be_another(entry)):
            return replace(line, title=f"It is now: {line.moved_to}", moved_to=None, who="", said=())
        return None if by_reader(entry) else line

    def _could_be_another(self, entry: HistoryView) -> bool:
        """Whether one of them could have moved the case so: that somebody else is named would say that they did not."""
        role = spec_of(self.opened).role
        events = self.opened.definition.events.get(entry.from_state, {}).values()
        return any(role in spec.by and spec.to == entry.to_state for spec in events)


def one_of_several(opened: Opened, entries: Sequence[HistoryView]) -> OneOfSeveral | None:
    """The reader among the others who come by a link; None for whoever has an account."""
    if opened.actor.by_link is None:
        return None
    of, key = spec_of(opened).of, opened.actor.by_link[1]
    called = opened.definition.collection(of).called or ""
    titles = opened.definition.council.titles
    said = [
        (entry.version, sorted(named(str(name), titles).words))
        for entry in entries
        if entry.payload.get("item") == [of, key] and (name := (entry.payload.get("answers") or {}).get(called))
    ]
    changed = (one for one, before in zip(said[1:], said, strict=False) if one[1] != before[1])
    return OneOfSeveral(opened, max((version for version, _ in changed), default=0))
