"""Whether a case could be forgotten: somebody can always act, and some clock always runs.

An overdue task stays with somebody until a person says what was done about it, and is then gone. So a deadline that
escalates once is enough only beside a task that lasts until the case moves; else the deadline must come round again.
"""

from collections.abc import Iterable, Iterator

from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.checks.told import is_written_to, no_holder
from apflow.core.definition.events import CLOCK
from apflow.core.definition.timing import DeadlineSpec, TaskSpec
from apflow.core.definition.workflow import StateSpec
from apflow.core.explore.exploring import Exploration, is_of_all
from apflow.core.explore.running import is_lasting, is_sure
from apflow.core.explore.situations import Situation
from apflow.core.explore.steps import Steps
from apflow.core.people.staffing import doers, is_held, sees


def check_standing(subject: Subject) -> Iterator[Finding]:
    """What can be said of each state by itself, whatever the conditions."""
    for name, state in subject.workflow.states.items():
        path, offered = ("states", name), subject.definition.events[name]
        if state.final:
            if any(event.to for event in offered.values()) or state.deadlines or state.tasks:
                message = f'"{name}" is final, so nothing is due in it and nothing leads on; it can only be added to'
                yield Finding(path, "final-but-open", message, True)
            continue
        if not any(event.to not in (None, name) and set(event.by) != {CLOCK} for event in offered.values()):
            message = f'nobody can move a case out of "{name}"; add an event or final: true'
            yield Finding(path, "dead-end", message, True)
        if not subject.definition.deadlines[name]:
            yield _no_deadline(path, name)
        if state.awaiting is None:
            yield Finding(path, "no-one-awaited", f'"{name}" does not say whose move it is (awaiting: …)', True)


def check_forgotten(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """What only following the conditions shows of who can act, and of which clocks run."""
    for name, state in subject.workflow.states.items():
        if not state.final and name in exploration.states:
            yield from _state(subject, exploration, name, state)
    for name, spec in subject.workflow.deadlines.items():
        found = (each for state in spec.while_in for each in _told(subject, ("deadlines", name), state, spec))
        yield from {finding.path: finding for finding in reversed(list(found))}.values()


def _state(subject: Subject, exploration: Exploration, name: str, state: StateSpec) -> Iterator[Finding]:
    path = ("states", name)
    situations, let_go = list(exploration.within(name)), set[Situation]()
    if state.awaiting and state.awaiting != CLOCK and not _may_do_something(exploration, name, state.awaiting):
        message = f'"{state.awaiting}" is awaited here and can do nothing; name who can act, or give them an event'
        yield Finding((*path, "awaiting"), "cannot-act", message)
    if not all(_is_let_go(exploration, found, let_go) for found in situations):
        message = f'there are cases in "{name}" that nobody can move on, nor the clock: no way out is open to them'
        yield Finding(path, "stuck", message, True)
    running = subject.definition.deadlines[name]
    if running and not all(_runs(subject, exploration, found) for found in situations):
        yield _no_deadline(path, name)
    elif running and not _keeps_asking(subject, exploration, name, state, situations):
        message = (
            f'once the deadlines of "{name}" have passed, nothing brings the case up again; '
            "let one come round (every: …), or add a task that lasts until the case moves"
        )
        yield Finding(path, "forgotten-later", message, True)
    for key, task in state.tasks.items():
        yield from _task(subject, exploration, (*path, "tasks", key), name, task)
    for key, spec in state.deadlines.items():
        yield from _told(subject, (*path, "deadlines", key), name, spec)


def _no_deadline(path: Path, name: str) -> Finding:
    message = f'no deadline is sure to run in "{name}", so a case there could be forgotten'
    return Finding(path, "no-deadline", message, True)


def _may_do_something(exploration: Exploration, state: str, role: str) -> bool:
    """Whether they can act, or might where nothing was tried any more."""
    offered = exploration.definition.events[state].items()
    return state in exploration.unfollowed or any(
        (state, event) in exploration.fired and role in doers(exploration.definition, state, spec)
        for event, spec in offered
    )


def _is_let_go(exploration: Exploration, found: Situation, let_go: set[Situation]) -> bool:
    """Whether somebody, or the clock, can move every case of the situation on, if need be after what is done there.

    Cases of one situation differ in how their items stand: each way for an item to stand is looked at by itself, and
    those that are `let_go` but once.
    """
    if found in exploration.let_go or _all_go(exploration, found):
        return True
    parts = {exploration.steps.settled(part) for part in _parts(found)} - let_go
    let_go |= {part for part in parts if _is_way_out(exploration, part)}
    return parts <= let_go


def _all_go(exploration: Exploration, found: Situation) -> bool:
    """Whether one way leads all cases of the situation on together, each step of it open to all of them."""
    steps, seen, ways = exploration.steps, set[Situation](), [iter([found])]
    while ways:
        at = next(ways[-1], None)
        if at is None:
            ways.pop()
        elif at in exploration.let_go or any(is_of_all(step, at) for step in steps.leading_away(at)):
            exploration.let_go.add(found)
            return True
        elif at not in seen:
            seen.add(at)
            ways.append(_together(exploration, at))
    return False


def _together(exploration: Exploration, at: Situation) -> Iterator[Situation]:
    steps = exploration.steps
    return (steps.settled(exploration.ahead.kept(one.after)) for one in steps.from_(at) if is_of_all(one, at))


def _parts(found: Situation) -> Iterator[Situation]:
    """The situation with one kind of item standing one way, or one tally come out one way, each in turn."""
    yield found
    for number, locals_ in enumerate(found.items):
        yield from (found.with_items(number, frozenset({local})) for local in locals_)
    for number, truths in enumerate(found.tallies):
        yield from (found.with_tally(number, frozenset({truth})) for truth in truths)


def _is_way_out(exploration: Exploration, settled: Situation) -> bool:
    """Whether something that can be done in the situation, or after what can, moves a case on."""
    steps, seen, ways = exploration.steps, list[Situation](), [iter([settled])]
    while ways:
        at = next(ways[-1], None)
        if at is None:
            ways.pop()
        elif not any(other.covers(at) and other.values == at.values for other in seen):
            if any(steps.leading_away(at)):
                return True
            seen.append(at)
            ways.append(_next_after(steps, at))
    return False


def _next_after(steps: Steps, at: Situation) -> Iterator[Situation]:
    """What may come of the situation, each worked out only where what came before it led nowhere."""
    yield from (steps.settled(later) for later in steps.a_day_later(at))
    yield from (steps.settled(step.after) for step in steps.from_(at) if step.after != at)


def _runs(subject: Subject, exploration: Exploration, found: Situation) -> bool:
    deadlines = subject.definition.deadlines[found.state]
    known = dict(zip(exploration.steps.frame.fields, found.values, strict=True))
    sure = (spec for spec in deadlines.values() if is_sure(spec, known, deadlines) and is_lasting(spec))
    return _is_wanted(exploration, found, sure)


def _is_wanted(exploration: Exploration, found: Situation, specs: Iterable[DeadlineSpec]) -> bool:
    """Whether of every case of the situation at least one of the deadlines is wanted."""
    frame, left = exploration.steps.frame, [found]
    for spec in specs:
        if spec.unless is None:
            return True
        # Those of which this one is not wanted, and so another must be.
        left = [each for one in left for each in frame.narrow(spec.unless, one, frame.facts(one, {}, {}))]
        if not left:
            return True
    return False


def _keeps_asking(
    subject: Subject, exploration: Exploration, name: str, state: StateSpec, situations: Iterable[Situation]
) -> bool:
    """Whether something still brings the case up once every deadline has passed and every overdue task is closed."""
    offered, lasting = subject.definition.events[name], list[DeadlineSpec]()
    for spec in subject.definition.deadlines[name].values():
        event = offered.get(spec.then.event or "")
        if spec.every is not None or (event and event.to and (name, spec.then.event) in exploration.fired):
            lasting.append(spec)
    if lasting and all(_is_wanted(exploration, found, lasting) for found in situations):
        return True
    return any(
        task.each is None and all(offered[event].to for event in task.done_by if event in offered)
        for task in state.tasks.values()
    )


def _task(subject: Subject, exploration: Exploration, path: Path, state: str, task: TaskSpec) -> Iterator[Finding]:
    definition, role = subject.definition, task.for_
    if not is_held(definition, role):
        yield Finding((*path, "for"), "task-for-nobody", no_holder(role))
    elif not sees(definition, role, state):
        yield Finding((*path, "for"), "task-for-nobody", f'"{role}" never sees a case in "{state}"; look at seen_by:')
    elif state in exploration.unfollowed:
        return
    elif not any(_does(exploration, state, event, task) for event in definition.events[state]):
        what = "do none of the events that finish this" if task.done_by else "do nothing that would finish this"
        yield Finding((*path, "for"), "task-not-theirs", f'"{role}" can {what}; give it to who can, or see done_by:')


def _does(exploration: Exploration, state: str, event: str, task: TaskSpec) -> bool:
    """Whether the event finishes the task, or the task's own part of it, and is open to its role."""
    spec = exploration.definition.events[state][event]
    if (state, event) not in exploration.fired or task.for_ not in doers(exploration.definition, state, spec):
        return False
    if task.each is not None:
        return spec.item is not None and spec.item.of == task.each
    return event in task.done_by if task.done_by else spec.to is not None


def _told(subject: Subject, path: Path, state: str, spec: DeadlineSpec) -> Iterator[Finding]:
    """Escalating to, or reminding, people who see nothing of the case or get no mail of it."""
    told: list[tuple[Path, str, bool]] = [
        ((*path, "remind", number, "who"), ladder.who, True) for number, ladder in enumerate(spec.remind)
    ]
    if spec.then.escalate:
        told.append(((*path, "then", "escalate"), spec.then.escalate, spec.then.notice is not None))
    for place, role, by_email in told:
        if not is_held(subject.definition, role):
            yield Finding(place, "task-for-nobody", no_holder(role))
        elif not sees(subject.definition, role, state):
            yield Finding(place, "task-for-nobody", f'"{role}" never sees a case in "{state}"; look at seen_by:')
        elif by_email:
            yield from is_written_to(subject, place, role)
