"""What is wrong with a workflow's shape: states and events nobody comes to, clocks that contradict or never rest."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Path, Subject, nearest
from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.explore.exploring import Exploration
from apflow.core.explore.situations import IS_BROKEN, Situation
from apflow.core.machine import START
from apflow.core.people.staffing import clock_fires, is_held, sees

_NO_CONDITION = {"requires": ()}


def check_arrows(subject: Subject) -> Iterator[Finding]:
    """States that no event leads to, whatever its conditions; a misspelt one counts as the one that was meant."""
    states = subject.workflow.states
    reached, frontier = set[str](), [START]
    while frontier:
        events = subject.definition.events[frontier.pop()].values()
        onward = {to if to in states else nearest(to, states) for event in events if (to := event.to)}
        if None in onward:
            return  # There is no telling which state that is, nor which others follow.
        found = {to for to in onward if to} - reached
        frontier += found
        reached |= found
    for name in states:
        if name not in reached:
            yield Finding(("states", name), "unreachable", f'no event leads to "{name}"', True)


def check_shape(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """What only following the conditions shows; nothing is said to be impossible that was not all looked at."""
    if exploration.is_whole:
        yield from _states(subject, exploration)
        yield from _events(subject, exploration)
    for state in sorted(exploration.states - {START}):
        yield from _same_instant(subject, exploration, state)
    yield from _endless(subject, exploration)


def _states(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    no_arrow = {finding.path[1] for finding in check_arrows(subject)}
    for name in subject.workflow.states:
        if name not in exploration.states and name not in no_arrow:
            message = f'no case can come to "{name}": the conditions on the way there never hold together'
            yield Finding(("states", name), "unreachable", message, True)


def _events(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    for path, name, spec in subject.events():
        open_in = [state for state, events in subject.definition.events.items() if events.get(name) is spec]
        reached = [state for state in open_in if state in exploration.states]
        if not reached:
            continue
        yield from _by_nobody(subject, path, name, spec, reached)
        if any((state, name) in exploration.fired for state in reached):
            continue
        if any(exploration.steps.ways.by_whom[state, name] for state in reached):
            yield from _never(exploration, path, name, spec, reached)


def _by_nobody(subject: Subject, path: Path, name: str, spec: EventSpec, states: list[str]) -> Iterator[Finding]:
    """Each role the event names whose people could never do it."""
    for number, role in enumerate(spec.by):
        place = (*path, "by", number)
        if role == CLOCK:
            here = [state for state in states if state != START]  # What begins a case, only a parent's clock does.
            if subject.is_told(name) or any(clock_fires(subject.definition, state, name) for state in here):
                continue
            mend = f"let a deadline end in it (then: {{event: {name}}})" if here else "let a parent case begin it"
            message = f'nothing makes the clock do "{name}"; {mend}'
            yield Finding(place, "never-happens", message)
        elif not is_held(subject.definition, role):
            yield Finding(place, "nobody-may", f"council.yaml says that there may be no {role} at all (least: 0)")
        elif not any(sees(subject.definition, role, state) for state in states):
            message = f'"{role}" never sees a case in which "{name}" is possible; look at seen_by:'
            yield Finding(place, "nobody-may", message)


def _never(exploration: Exploration, path: Path, name: str, spec: EventSpec, states: list[str]) -> Iterator[Finding]:
    if not _is_possible(exploration, name, spec.model_copy(update=_NO_CONDITION), states):
        message = f'"{name}" can never happen: no item ever stands so that it could be done to it'
        yield Finding((*path, "item", "from") if spec.item else path, "never-happens", message)
        return
    is_forced = any((state, name) in exploration.forced for state in states)
    never = f'"{name}" happens only with a guard set aside' if is_forced else f'"{name}" can never happen'
    for number, guard in enumerate(spec.requires):
        if not _is_possible(exploration, name, spec.model_copy(update={"requires": (guard,)}), states):
            if _holds_nowhere(exploration, guard):
                message = f"this never holds where it is asked, so {never}"
                yield Finding(("guards", guard, "when"), "never-happens", message)
            else:
                message = f'"{guard}" never holds when this is possible, so {never}'
                yield Finding((*path, "requires", number), "never-happens", message)
            return
    message = f"these never hold together when this is possible, so {never}"
    yield Finding((*path, "requires"), "never-happens", message)


def _is_possible(exploration: Exploration, name: str, spec: EventSpec, states: list[str]) -> bool:
    situations = (found for state in states for found in exploration.within(state))
    return any(True for found in situations for _ in exploration.steps.of(found, name, spec))


def _holds_nowhere(exploration: Exploration, guard: str) -> bool:
    """Whether no event that asks the guard has ever passed it, even if it were all that is asked."""
    for state, events in exploration.definition.events.items():
        for name, spec in events.items():
            alone = spec.model_copy(update={"requires": (guard,)})
            if guard in spec.requires and _is_possible(exploration, name, alone, [state]):
                return False
    return True


def _same_instant(subject: Subject, exploration: Exploration, state: str) -> Iterator[Finding]:
    """Two deadlines that end at one moment in different events: which came first would be chance."""
    ending = [(name, spec) for name, spec in subject.definition.deadlines[state].items() if spec.then.event]
    for place, (name, spec) in enumerate(ending):
        for other, first in ending[:place]:
            at_once = _moment(spec) == _moment(first) and spec.then.event != first.then.event
            if at_once and any(_both(subject, exploration, one, spec, first) for one in exploration.within(state)):
                message = f'this ends at the same moment as "{other}", and in another event; give one of them longer'
                own = name in subject.workflow.states[state].deadlines
                path: Path = ("states", state, "deadlines", name) if own else ("deadlines", name)
                yield Finding(path, "same-moment", message, True)


def _moment(spec: DeadlineSpec) -> tuple[object, ...]:
    return (spec.of, spec.among, spec.after, spec.after_deadline, spec.while_in, _plain(spec.span))


def _plain(span: Duration) -> Duration:
    """The span in the smallest unit that is exactly the same."""
    match span.unit:
        case Unit.WEEK:
            return Duration(span.count * 7, Unit.CALENDAR_DAY)
        case Unit.YEAR:
            return Duration(span.count * 12, Unit.MONTH)
        case _:
            return span


def _both(
    subject: Subject, exploration: Exploration, found: Situation, spec: DeadlineSpec, other: DeadlineSpec
) -> bool:
    events = subject.definition.events[found.state]
    one, two = events[spec.then.event or ""], events[other.then.event or ""]
    both = one.model_copy(update={"requires": (*one.requires, *two.requires)})
    frame = exploration.steps.frame
    left = exploration.steps.ways.guarded(both, found, frame.facts(found, {}, {}))
    for unless in (one for one in (spec.unless, other.unless) if one):
        left = [each for one in left for each in frame.narrow(unless, one, frame.facts(one, {}, {}), IS_BROKEN)]
    return bool(left)


def _endless(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """Clock events that lead round and round without anybody, and without any time in between."""
    at_once: dict[str, dict[str, str]] = {}
    for state in exploration.states - {START}:
        for name, spec in subject.definition.deadlines[state].items():
            event = subject.definition.events[state].get(spec.then.event or "")
            is_at_once = spec.of is not None or (spec.is_sure and spec.span.count == 0)
            if event and event.to and is_at_once and (state, spec.then.event) in exploration.fired:
                at_once.setdefault(state, {})[event.to] = name
    for state in sorted(at_once):
        looping = next((name for to, name in at_once[state].items() if _comes_back(state, to, at_once)), None)
        if looping is not None:
            message = f'from "{state}" the clock leads back to "{state}" by itself, without anybody or any time between'
            own = looping in subject.workflow.states[state].deadlines
            path: Path = ("states", state, "deadlines", looping) if own else ("deadlines", looping)
            yield Finding(path, "endless", message, True)


def _comes_back(state: str, first: str, arrows: dict[str, dict[str, str]]) -> bool:
    seen, frontier = set[str](), [first]
    while frontier:
        at = frontier.pop()
        if at == state:
            return True
        if at not in seen:
            seen.add(at)
            frontier += arrows.get(at, {})
    return False
