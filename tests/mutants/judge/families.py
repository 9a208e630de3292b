"""Child cases: names that lead into another workflow, what is copied, and who hears of it when something is refused."""

from collections.abc import Iterator

from tests.mutants.judge.drawn import said_of
from tests.mutants.judge.letters import reads
from tests.mutants.judge.raw import CLOCK, Flow, is_final, many, part, signalled
from tests.mutants.judge.reading import Raw


def wrong(flow: Flow) -> Iterator[str]:
    others = {raw["workflow"]: Flow(flow.policy, raw) for raw in flow.policy.workflows}
    begun = {kind for _, event in flow.written_events() for kind in part(event, "begins")}
    for kind, child in flow.children.items():
        yield from _kind(flow, others, kind, child)
        if kind not in begun:
            yield f"nothing begins a {kind}"
    for name, event in flow.written_events():
        for kind, copied in part(event, "begins").items():
            yield from _begins(flow, others, name, event, kind, copied or {})
        for kind, told in signalled(event).items():
            yield from _signals(flow, others, name, kind, told)
    is_told = any(
        child["workflow"] == flow.name and any(kind in part(event, "signals") for _, event in other.written_events())
        for other in others.values()
        for kind, child in other.children.items()
    )
    if (flow.children or is_told) and "signal_refused" not in part(flow.raw, "alerts"):
        yield "nobody hears of it when a linked case refuses something"
    yield from _endless(flow, others)


def _kind(flow: Flow, others: dict[str, Flow], kind: str, child: Raw) -> Iterator[str]:
    for state, event in part(child, "ends").items():
        theirs = [events[event] for events in flow.events.values() if event in events]
        if not theirs:
            yield f"the end {state} of a {kind} fires {event}, which there is not"
        elif not any(CLOCK in many(one["by"]) for one in theirs):
            yield f"the end {state} of a {kind} fires {event}, which is not the clock's"
    other = others.get(child["workflow"])
    if other is None:
        yield f"a {kind} runs the workflow {child['workflow']}, which there is not"
        return
    start = other.events["start"].get(child["start"])
    if start is None:
        yield f"a {kind} begins by {child['start']}, which there is not"
    elif CLOCK not in many(start["by"]):
        yield f"a {kind} begins by {child['start']}, which is not the clock's"
    for state in part(child, "ends"):
        if not is_final(other.states.get(state, {})):
            yield f"a {kind} is said to end in {state}, where it does not end"


def _begins(flow: Flow, others: dict[str, Flow], name: str, event: Raw, kind: str, copied: Raw) -> Iterator[str]:
    child = flow.children.get(kind)
    if child is None:
        yield f"{name} begins a {kind}, which there is not"
        return
    other = others.get(child["workflow"])
    asked = other.form(other.events["start"].get(child["start"], {})) if other else {}
    for theirs, ours in copied.items():
        answered = {f"answer.{question}": spec for question, spec in flow.form(event).items()}
        known = flow.fields | answered | said_of(flow, child.get("each")) | {"case.reference": {"type": "text"}}
        here, there = known.get(ours), other.fields.get(theirs) if other else None
        if here is None or there is None or theirs not in asked:
            yield f"{name} copies {ours} to {theirs} of a {kind}, and one of them is not there"
        elif here["type"] != there["type"] or here["type"] == "file":
            yield f"{name} copies {ours} to {theirs} of a {kind}, which is of another type or a file"
        else:
            assert other is not None
            open_to = [role for role in flow.roles if reads(other, role, there) and not reads(flow, role, here)]
            yield from (f"{name} copies {ours} to where a {role} reads it" for role in open_to)
    for question, spec in asked.items():
        if question not in copied and not spec.get("optional") and not spec.get("asked_if"):
            yield f"{name} begins a {kind} without {question}, which it must have"


def _signals(flow: Flow, others: dict[str, Flow], name: str, kind: str, told: str) -> Iterator[str]:
    child = flow.children.get(kind)
    other = others.get(child["workflow"]) if child else None
    if other is None:
        yield f"{name} tells a {kind}, which there is not"
        return
    theirs = [events[told] for state, events in other.events.items() if told in events and state != "start"]
    if not any(CLOCK in many(one["by"]) for one in theirs):
        yield f"{name} tells a {kind} to {told}, which is not there or not the clock's"


def _endless(flow: Flow, others: dict[str, Flow]) -> Iterator[str]:
    """A start that begins a child whose start begins a child, and so on round."""
    for name, event in part(flow.raw, "start").items():
        seen, frontier = set[tuple[str, str]](), [(flow, event)]
        while frontier:
            at, begun = frontier.pop()
            for kind in part(begun, "begins"):
                child = at.children.get(kind, {})
                to = (str(child.get("workflow")), str(child.get("start")))
                if to == (flow.name, name):
                    yield f"{name} begins a case that begins a case, without end"
                    return
                if to not in seen and to[0] in others:
                    seen.add(to)
                    frontier.append((others[to[0]], others[to[0]].events["start"].get(to[1], {})))
