"""What anybody can do in a state at any time and which keeps nobody from anything: as good as done already.

A case with it can do all that the same case without it can, and the one becomes the other whenever somebody likes, so
only the one is played: each such event would double the cases, and tell nothing more.
"""

from dataclasses import dataclass, field

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.firing.proposals import proposed
from apflow.core.people.actor import CLOCK
from apflow.core.play import Play
from tests.mutants.judge.ahead import Ahead, named
from tests.mutants.judge.instance import Instance


@dataclass(frozen=True)
class Free:
    """The free events of each state: those that only begin a child that may end, or set a date of which an event comes
    that leads nowhere, or make a proposal that can be dropped as freely.
    """

    instance: Instance
    ahead: Ahead
    _found: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        return self.instance.definition

    def to_do(self, play: Play) -> list[str]:
        """The free events of the case's state that would still change it."""
        state = play.case.state
        if state not in self._found:
            events = self.definition.events[state].items()
            self._found[state] = tuple(name for name, spec in events if self._is_free(state, name, spec))
        return [name for name in self._found[state] if not self._is_done(play, name)]

    def mail_that_can_be_lost(self, state: str) -> list[str]:
        """Sources of items of lost mail that events here act on, and that nothing else looks at."""
        acted_on = {one.item.of for one in self.definition.events[state].values() if one.item}
        sources = [self.definition.source_name(name) for name in sorted(acted_on - self.instance.looked_through)]
        known = self.definition.records
        return [name for name in sources if name in known and not known[name].by_event]

    def _is_free(self, state: str, event: str, spec: EventSpec) -> bool:
        acts = spec.to or spec.item or spec.clears or spec.empties or spec.draws or spec.extends
        if (
            acts
            or self.instance.starts(state, event)
            or not self._is_open_to_all(spec)
            or event in self.definition.watched_events
        ):
            return False
        if self.instance.counted_children & spec.begins.keys() or spec.proposal in ("taken", "dropped"):
            return False
        if spec.proposal == "made":
            others = self.definition.events[state].values()
            return any(one.proposal == "dropped" and self._is_open_to_all(one) for one in others)
        written = self._written(state, event)
        return all(self._is_idle_date(state, name) for name in written) and bool(written or self._loud(spec))

    def _is_open_to_all(self, spec: EventSpec) -> bool:
        return not spec.requires and not spec.not_by and spec.by != (CLOCK,)

    def _written(self, state: str, event: str) -> frozenset[str]:
        """The fields it asks for that are still asked about."""
        return frozenset(self.definition.forms[state, event].keys() & self.ahead.names(state))

    def _loud(self, spec: EventSpec) -> set[str]:
        return {kind for kind in spec.begins if kind not in self.instance.quiet_children}

    def _is_idle_date(self, state: str, name: str) -> bool:
        """Whether all that is asked of it is when it comes, and what happens then leaves the case where it is."""
        asked = [one for one in self.ahead.of(state) if name in named(one)]
        events = self.definition.events[state]
        ends = [one.then.event for one in self.definition.deadlines[state].values() if one.of == name]
        stays = all(end in events and events[end].to is None for end in ends if end)
        return bool(ends) and stays and all(one.kind == "date" for one in asked)

    def _is_done(self, play: Play, event: str) -> bool:
        """Whether the case stands already as the event would leave it."""
        spec = self.definition.events[play.case.state][event]
        if spec.proposal:
            return bool(proposed(play.case.fields))
        today = play.world.today.isoformat()
        is_today = all(play.case.fields.get(name) == today for name in self._written(play.case.state, event))
        return is_today and self._loud(spec) <= {one.kind for one in play.case.children if one.is_open}
