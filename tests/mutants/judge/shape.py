"""The shape of a workflow: states nothing leads to, nobody leaves, or where a case could be forgotten."""

from collections.abc import Iterator

from tests.mutants.judge.raw import CLOCK, START, Flow, is_final, many, part, people, signalled
from tests.mutants.judge.reading import Raw


def wrong(flow: Flow) -> Iterator[str]:
    reached = _reached(flow)
    yield from (f"nothing leads to the state {state}" for state in flow.states if state not in reached)
    for name, state in flow.states.items():
        yield from _finished(flow, name, state) if is_final(state) else _open(flow, name, state)
    for name, event in part(flow.raw, "start").items():
        if event.get("to") is None:
            yield f"{name} begins a case in no state"
    yield from _shared(flow)
    for state, name, event in flow.each_event():
        yield from _doers(flow, state, name, event)
        item = part(event, "item")
        stands = many(item.get("from"))
        if "none" in stands and len(stands) > 1 and part(flow.collections, item["of"]).get("keyed_by") == "number":
            yield f"{name} of {state} adds an item, and acts on none that is there"
    for state, name, task in flow.each_task():
        yield from _task(flow, state, name, task)
    for name, states, spec in flow.each_deadline():
        told = [ladder["who"] for ladder in many(spec.get("remind"))] + many(spec["then"].get("escalate"))
        for role in told:
            for state in states:
                if not flow.is_held(role) or not flow.sees(role, state):
                    yield f"{name} tells a {role}, whom nobody is or who does not see the case in {state}"


def _reached(flow: Flow) -> set[str]:
    """Where arrows lead, whatever the conditions say."""
    seen, frontier = set[str](), [START]
    while frontier:
        for event in flow.events.get(frontier.pop(), {}).values():
            to = event.get("to")
            if to in flow.states and to not in seen:
                seen.add(to)
                frontier.append(to)
    return seen


def _finished(flow: Flow, name: str, state: Raw) -> Iterator[str]:
    leading = [event for event, spec in flow.events[name].items() if spec.get("to") not in (None, name)]
    kept = [*part(state, "tasks"), *part(state, "deadlines"), *leading]
    if kept or any(name in many(spec.get("while_in")) for spec in flow.wide.values()):
        yield f"{name} is final and still has {', '.join(kept) or 'a deadline'}"


def _open(flow: Flow, name: str, state: Raw) -> Iterator[str]:
    events = flow.events[name]
    if not any(event.get("to") not in (None, name) and set(many(event["by"])) != {CLOCK} for event in events.values()):
        yield f"nobody can move a case out of {name}"
    awaited = state.get("awaiting")
    if awaited is None:
        yield f"{name} awaits nobody"
    elif awaited != CLOCK and not any(awaited in flow.doers(name, event) for event in events.values()):
        yield f"{name} awaits a {awaited}, who can do nothing there"
    if not flow.deadlines(name):
        yield f"no deadline runs in {name}"
    elif not _keeps_asking(flow, name, state):
        yield f"once the deadlines of {name} have passed nothing brings the case up again"


def _keeps_asking(flow: Flow, name: str, state: Raw) -> bool:
    events = flow.events[name]
    for key, spec in flow.deadlines(name).items():
        event = events.get(spec["then"].get("event") or "")
        if (spec.get("every") or (event and event.get("to"))) and flow.is_always_wanted(name, key):
            return True
    tasks = part(state, "tasks").values()
    return any(
        not task.get("each") and all(events[event].get("to") for event in many(task.get("done_by")) if event in events)
        for task in tasks
    )


def _shared(flow: Flow) -> Iterator[str]:
    for name, event in part(flow.raw, "events").items():
        if not flow.sources(event):
            yield f"{name} is possible in no state"
    for spec in flow.states.values():
        yield from (
            f"{name} says itself where it is possible" for name, one in part(spec, "events").items() if "from" in one
        )
    yield from (
        f"{name} says itself where it is possible" for name, one in part(flow.raw, "start").items() if "from" in one
    )


def _doers(flow: Flow, state: str, name: str, event: Raw) -> Iterator[str]:
    roles = people(event)
    if not many(event["by"]):
        yield f"{name} of {state} is by nobody"
    for role in roles:
        if not flow.is_held(role):
            yield f"{name} of {state} is by a {role}, whom nobody is"
        elif not any(flow.sees(role, at) for at in _places(flow, name, event)):
            yield f"{name} of {state} is by a {role}, who does not see the case there"
    if CLOCK in many(event["by"]) and name not in flow.told_by_others and not _the_clock_does(flow, state, name):
        yield f"nothing makes the clock do {name} in {state}"


def _places(flow: Flow, name: str, event: Raw) -> list[str]:
    return [state for state, events in flow.events.items() if events.get(name) is event]


def _the_clock_does(flow: Flow, state: str, name: str) -> bool:
    """Whether a deadline, the end of a child, or a parent asks for it; a parent may be in another file."""
    ends = {event for child in flow.children.values() for event in part(child, "ends").values()}
    told = {
        event
        for raw in flow.policy.workflows
        for kind, child in part(raw, "children").items()
        if child["workflow"] == flow.name
        for one in Flow(flow.policy, raw).written_events()
        for event in [signalled(one[1]).get(kind)]
    }
    begun = {
        child["start"]
        for raw in flow.policy.workflows
        for child in part(raw, "children").values()
        if child["workflow"] == flow.name
    }
    if state == START:
        return name in begun
    return any(spec["then"].get("event") == name for spec in flow.deadlines(state).values()) or name in ends | told


def _task(flow: Flow, state: str | None, name: str, task: Raw) -> Iterator[str]:
    role = task["for"]
    if not flow.is_held(role):
        yield f"{name} is for a {role}, whom nobody is"
    if state is None or not flow.is_held(role):
        return
    if not flow.sees(role, state):
        yield f"{name} is for a {role}, who does not see the case in {state}"
        return
    theirs = {key: event for key, event in flow.events[state].items() if role in flow.doers(state, event)}
    if task.get("each"):
        finishing = [key for key, event in theirs.items() if part(event, "item").get("of") == task["each"]]
    elif task.get("done_by"):
        finishing = [key for key in many(task["done_by"]) if key in theirs]
    else:
        finishing = [key for key, event in theirs.items() if event.get("to")]
    if not finishing:
        yield f"a {role} has the task {name} in {state} and can do nothing that finishes it"
