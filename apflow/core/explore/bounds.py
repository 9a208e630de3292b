"""Where following a definition stopped short of all there is, and what it took as able to come out either way."""

from collections.abc import Iterator
from dataclasses import dataclass

from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import Condition, Count, Every, Majority
from apflow.core.definition.offered import unoffered
from apflow.core.explore.domains import comparisons_in, parts_of
from apflow.core.explore.exploring import Exploration
from apflow.core.explore.framing import MOST_ANSWERS, within


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one workflow was followed.

    `some_answers` are events of which not all sets of answers were tried; `either_way` the guards, invariants and
    deadlines that rest on what no case decides; `unfollowed` the ones that ask about items of items. With more than one
    of `kinds`, how an item of one kind stands was not looked at together with how one of another does. `unasked` are
    the guards, shared forms and fields that stand in the file and that nothing asks, `unoffered` the options of fields
    that no form which asks them offers.
    """

    workflow: str
    situations: int
    is_whole: bool
    some_answers: tuple[str, ...] = ()
    either_way: tuple[str, ...] = ()
    unfollowed: tuple[str, ...] = ()
    kinds: int = 0
    unasked: tuple[str, ...] = ()
    unoffered: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [f"{'all' if self.is_whole else 'only the first'} {self.situations:,} situations followed"]
        if self.some_answers:
            said.append(f"no more than {MOST_ANSWERS} sets of answers tried to {', '.join(self.some_answers)}")
        if self.either_way:
            said.append(f"{len(self.either_way)} taken as free to come out either way ({', '.join(self.either_way)})")
        if self.kinds > 1:
            said.append(f"the {self.kinds} kinds of item each looked at by itself")
        if self.unfollowed:
            said.append(f"conditions on items within items not followed ({', '.join(self.unfollowed)})")
        if self.unasked:
            said.append(f"nothing asks {', '.join(self.unasked)}")
        if self.unoffered:
            said.append(f"no form offers {', '.join(self.unoffered)}, which is among the options of its field")
        return f"{self.workflow}: {'; '.join(said)}."


def bounds_of(exploration: Exploration) -> Bounds:
    """How far the exploration went."""
    workflow, framing = exploration.definition.workflow, exploration.steps.framing
    conditions = {name: guard.when for name, guard in workflow.guards.items()}
    conditions |= {name: invariant.holds for name, invariant in workflow.invariants.items()}
    conditions |= {name: one for unless in exploration.definition.unless.values() for name, one in unless.items()}
    free = exploration.steps.frame.free
    return Bounds(
        workflow=workflow.workflow,
        situations=len(exploration.reached),
        is_whole=exploration.is_whole,
        some_answers=tuple(sorted({event for _, event in framing.cut_short})),
        either_way=tuple(name for name, one in conditions.items() if not free.isdisjoint(comparisons_in(one))),
        unfollowed=tuple(name for name, one in conditions.items() if _asks_within(one)),
        kinds=len(exploration.steps.frame.kinds),
        unasked=tuple(_unasked(exploration.definition)),
        unoffered=tuple(f"{field}: {option}" for field, option in unoffered(workflow)),
    )


def _unasked(definition: Definition) -> Iterator[str]:
    workflow = definition.workflow
    events = [spec for offered in definition.events.values() for spec in offered.values()]
    required = {name for spec in events for name in spec.requires}
    required |= {name for taking in workflow.takes.values() for name in taking.requires}
    shared = {name for spec in events for name in spec.asks}
    filled = {*definition.taken, *definition.counted, *definition.numbers}
    filled |= {name for form in definition.forms.values() for name in form}
    for there_are, used in ((workflow.guards, required), (workflow.forms, shared), (workflow.fields, filled)):
        yield from (name for name in there_are if name not in used)


def _asks_within(condition: Condition) -> bool:
    """Whether what it asks of an item is itself about all items of a collection."""
    outer = [part for part in within(condition) if _is_about_items(part)]
    return any(_is_about_items(inner) for part in outer for each in parts_of(part) for inner in within(each))


def _is_about_items(condition: Condition) -> bool:
    return isinstance(condition, Every | Count | Majority)
