"""What would go wrong between relatives: a child that cannot begin, a refusal nobody hears of, children without end."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from apflow.core.checks.findings import Finding, Path, Subject, calls_of, copyable, meant, nearest, questions_of
from apflow.core.definition.conditions import All, AnyOf, Compare, Condition, Not
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.fields import FieldType
from apflow.core.definition.workflow import ChildSpec, Workflow
from apflow.core.heed import SIGNAL_REFUSED

Node = tuple[str, str]
Graph = Mapping[Node, set[Node]]


def check_family(subject: Subject) -> Iterator[Finding]:
    """Every finding about what passes between the workflow and its relatives, once their names lead somewhere."""
    yield from _alert(subject)
    if subject.workflows is None:
        return
    yield from _started_twice(subject)
    for kind, spec in subject.workflow.children.items():
        yield from _start(("children", kind, "start"), spec, subject.workflows)
    loops = _loops(subject.workflows) if subject.workflow.children else {}
    for path, name, event in subject.events():
        for kind in event.begins:
            yield from _copies(subject, (*path, "begins", kind), kind, event)
            yield from _endless(subject, (*path, "begins", kind), kind, name, loops)
    for name, guard in subject.workflow.guards.items():
        yield from _states_read(subject, ("guards", name, "when"), guard.when)
    for name, invariant in subject.workflow.invariants.items():
        yield from _states_read(subject, ("invariants", name, "holds"), invariant.holds)


def _started_twice(subject: Subject) -> Iterator[Finding]:
    """People begin a case at an address that has the event's name and not the workflow's."""
    for name, event in subject.workflow.start.items():
        others = (one for one in (subject.workflows or {}).values() if one.workflow != subject.workflow.workflow)
        again = next((one for one in others if name in one.start and set(one.start[name].by) != {CLOCK}), None)
        if again is not None and set(event.by) != {CLOCK}:
            message = (
                f'people begin a "{again.workflow}" by an event called "{name}" as well; call one of them otherwise'
            )
            yield Finding(("start", name), "started-twice", message, True)


def _alert(subject: Subject) -> Iterator[Finding]:
    name = subject.workflow.workflow
    others = (subject.workflows or {}).values()
    is_told = any(
        workflow.children[kind].workflow == name
        for workflow in others
        for _, event in _events(workflow)
        for kind in event.signals
        if kind in workflow.children
    )
    is_told |= any(calling.workflow == name for workflow in others for calling in calls_of(workflow))
    if SIGNAL_REFUSED not in subject.workflow.alerts and (subject.workflow.children or is_told):
        message = f"nobody would hear of it when a linked case is refused; add alerts: {{{SIGNAL_REFUSED}: …}}"
        yield Finding(("children",) if subject.workflow.children else ("workflow",), "refusal-unheard", message, True)


def _start(path: Path, spec: ChildSpec, workflows: Mapping[str, Workflow]) -> Iterator[Finding]:
    child = workflows.get(spec.workflow)
    start = child.start.get(spec.start) if child else None
    if start is not None and CLOCK not in start.by:
        yield Finding(path, "not-the-clock", f'"{spec.start}" is not by: clock in the child\'s workflow')


def _copies(subject: Subject, path: Path, kind: str, event: EventSpec) -> Iterator[Finding]:
    """The start of the child is asked of nobody, so what it needs must be copied."""
    child, start = _begun(subject, kind)
    if child is None or start is None:
        return
    asked, copied = questions_of(child, start), event.begins[kind]
    for name, spec in asked.items():
        if name not in copied and not spec.optional and spec.asked_if is None:
            yield Finding(path, "not-copied", f'the child needs "{name}" to begin, and it is not copied here', True)
    known = copyable(subject, event, kind)
    for theirs, ours in copied.items():
        field = known.get(ours)
        if theirs in child.fields and theirs not in asked:
            place = (*path, theirs)
            near = nearest(theirs, asked)
            message = f'"{theirs}" is not asked when the child begins{meant(near)}'
            yield Finding(place, "not-asked-there", message, True, near)
        if field is not None and field.type is FieldType.FILE:
            yield Finding(
                (*path, theirs), "file-copied", f'"{ours}" is a file, which stays with the case it was sent for'
            )


def _begun(subject: Subject, kind: str) -> tuple[Workflow | None, EventSpec | None]:
    spec = subject.workflow.children.get(kind)
    child = (subject.workflows or {}).get(spec.workflow) if spec else None
    return child, (child.start.get(spec.start) if child and spec else None)


def _states_read(subject: Subject, path: Path, condition: Condition) -> Iterator[Finding]:
    """Comparing where a child stands with a state it never has."""
    match condition:
        case Compare():
            yield from _state_read(subject, path, condition)
        case All():
            for number, part in enumerate(condition.all):
                yield from _states_read(subject, (*path, "all", number), part)
        case AnyOf():
            for number, part in enumerate(condition.any):
                yield from _states_read(subject, (*path, "any", number), part)
        case Not():
            yield from _states_read(subject, (*path, "not"), condition.not_)


def _state_read(subject: Subject, path: Path, condition: Compare) -> Iterator[Finding]:
    place, _, rest = condition.fact.partition(".")
    kind, _, what = rest.partition(".")
    child, _ = _begun(subject, kind)
    comparison, wanted = condition.comparison
    if place != "child" or what != "state" or child is None or comparison not in ("is", "is_not", "is_one_of"):
        return
    for state in wanted if isinstance(wanted, tuple) else (wanted,):
        if isinstance(state, str) and state not in child.states:
            near = nearest(state, child.states)
            message = f'"{condition.fact}" is never "{state}"{meant(near)}'
            yield Finding((*path, comparison), "never-true", message, suggestion=near)


def _endless(subject: Subject, path: Path, kind: str, event: str, loops: Mapping[str, Graph]) -> Iterator[Finding]:
    child, start = _begun(subject, kind)
    if child is None or start is None:
        return
    here, there = (subject.workflow.workflow, event), (child.workflow, subject.workflow.children[kind].start)
    when = next((when for when, graph in loops.items() if here in _reached(graph, there)), None)
    if when is not None:
        message = f'a "{kind}" leads to the next without end, {when}, and no person in between; let somebody begin it'
        yield Finding(path, "endless-children", message, True)


def _loops(workflows: Mapping[str, Workflow]) -> Mapping[str, Graph]:
    """The ways in which cases can bring each other about without anybody, by when they would."""
    return {"at once": _at_once(workflows), "each after a while": _by_the_clock(workflows)}


def _at_once(workflows: Mapping[str, Workflow]) -> Graph:
    """What each event brings about in other cases with neither person nor delay."""
    graph = _beginnings(workflows)
    for parent in workflows.values():
        for name, event in _events(parent):
            told = ((parent.children[kind], f.event) for kind, f in event.signals.items() if kind in parent.children)
            graph[parent.workflow, name] |= {(spec.workflow, f) for spec, f in told}
        for spec in parent.children.values():
            child = workflows.get(spec.workflow)
            for name, event in _events(child) if child else ():
                if event.to is not None and event.to in spec.ends:
                    graph[spec.workflow, name].add((parent.workflow, spec.ends[event.to]))
    return graph


def _by_the_clock(workflows: Mapping[str, Workflow]) -> Graph:
    """What lies within what without a person: an event begins a child, whose clock may fire events of its own."""
    graph = _beginnings(workflows)
    for workflow in workflows.values():
        fired = {(workflow.workflow, name) for name, event in _events(workflow) if CLOCK in event.by}
        for start in workflow.start:
            graph[workflow.workflow, start] |= fired
    return graph


def _beginnings(workflows: Mapping[str, Workflow]) -> defaultdict[Node, set[Node]]:
    graph = defaultdict[Node, set[Node]](set)
    for workflow in workflows.values():
        for name, event in _events(workflow):
            specs = (workflow.children[kind] for kind in event.begins if kind in workflow.children)
            graph[workflow.workflow, name] |= {(spec.workflow, spec.start) for spec in specs}
    return graph


def _reached(graph: Graph, start: Node) -> set[Node]:
    reached, frontier = {start}, [start]
    while frontier:
        onward = graph.get(frontier.pop(), set()) - reached
        reached |= onward
        frontier += onward
    return reached


def _events(workflow: Workflow) -> Iterator[tuple[str, EventSpec]]:
    yield from workflow.start.items()
    yield from workflow.events.items()
    for state in workflow.states.values():
        yield from state.events.items()
