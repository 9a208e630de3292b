"""When two cases are alike: in the same state, with the same answers to all that can still be asked of them."""

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from typing import Any

from apflow.core.conditions import Facts, holds
from apflow.core.days.calendar import local_date
from apflow.core.facts import items_of
from apflow.core.firing.proposals import proposed
from apflow.core.play import Play
from apflow.core.snapshot import Snapshot
from tests.mutants.judge.ahead import Ahead, Question
from tests.mutants.judge.instance import Instance
from tests.mutants.judge.statuses import alike


class Likeness:
    """Tells the cases of one small instance apart; those that have ended with nothing more to do by their state."""

    def __init__(self, instance: Instance, ahead: Ahead) -> None:
        self.instance = instance
        self.definition = instance.definition
        self.ahead = ahead
        self._asked: dict[str, tuple[Question, ...]] = {}

    def key(self, case: Snapshot, play: Play) -> tuple[Hashable, ...]:
        """The same for two cases that go on alike; people are told apart by what they did, not by who they are."""
        asked = self._of(case.state)
        facts = Facts(fields=case.fields, today=local_date(play.now).isoformat())
        return (
            case.state,
            tuple(_answer(one, facts) for one in asked if one.kind in ("field", "date", "presence")),
            tuple(self._items(case, name, facts) for name in self.definition.workflow.collections),
            tuple(sorted(self._children(case))),
            tuple(self._doers(case)),
            Question("proposal", "") in asked and bool(proposed(case.fields)),
            frozenset(case.deadlines) - self.ahead.idle(case.state),
            frozenset(case.unwanted) - self.ahead.idle(case.state),
        )

    def _of(self, state: str) -> tuple[Question, ...]:
        if state not in self._asked:
            self._asked[state] = tuple(sorted(self.ahead.of(state), key=repr))
        return self._asked[state]

    def _doers(self, case: Snapshot) -> Iterator[tuple[str, int]]:
        people: list[int] = []
        for event in sorted(case.doers):
            if self.ahead.asks(case.state, "doer", event):
                who = case.doers[event]
                people += [] if who in people else [who]
                yield event, people.index(who)

    def _children(self, case: Snapshot) -> Iterator[tuple[str, str, bool]]:
        """Those that a condition reads about, and those that are open and may yet make a difference."""
        for one in case.children:
            if self.ahead.asks(case.state, "child", one.kind):
                yield one.kind, one.state, one.is_open
            elif one.is_open and one.kind not in self.instance.quiet_children:
                yield one.kind, "", True

    def _items(self, case: Snapshot, collection: str, facts: Facts) -> Hashable:
        """How the items stand; those of people by the groups they come from, whatever the groups are called."""
        found = items_of(self.definition, case, collection).items()
        if not self.definition.collection(collection).keyed_by:
            return tuple(self._item(case.state, collection, key, item, facts) for key, item in found)
        if not self.ahead.asks(case.state, "status", collection):
            return ()
        groups: dict[Any, list[Hashable]] = {}
        done_with = case.state not in self.instance.acting_on(collection)
        for key, item in found:
            if done_with and self.instance.does_not_count(collection, item["status"]):
                continue  # As good as not there, where nobody can change it.
            apart = tuple(item.get(name) for name in self._counted_by)
            groups.setdefault(apart or None, []).append(self._item(case.state, collection, key, item, facts))
        return tuple(sorted((tuple(sorted(group, key=repr)) for group in groups.values()), key=repr))

    def _item(self, state: str, collection: str, key: str, item: Mapping[str, Any], facts: Facts) -> Hashable:
        is_asked = self.ahead.asks(state, "status", collection, key)
        mine = facts.of(item)
        said = tuple(
            holds(one.compare, mine)
            for one in self._of(state)
            if one.compare and one.kind == "item" and one.name == collection and one.key in (None, key)
        )
        return (self._stands_as(collection, item["status"]) if is_asked else None), said

    def _stands_as(self, collection: str, status: str) -> str:
        return self._statuses.get(collection, {}).get(status, status)

    @cached_property
    def _statuses(self) -> Mapping[str, Mapping[str, str]]:
        return alike(self.instance.whole.workflow)

    @cached_property
    def _counted_by(self) -> tuple[str, ...]:
        return tuple(sorted({one.distinct for one in self.instance.counts if one.distinct}))


def _answer(question: Question, facts: Facts) -> Hashable:
    if question.compare is not None:
        return holds(question.compare, facts)
    day = facts.fields.get(question.name)
    if question.kind == "presence" or not day:
        return bool(day)
    return "to come" if day > facts.today else "today" if day == facts.today else "past"
