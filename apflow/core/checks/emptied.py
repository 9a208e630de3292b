"""What is wrong with fields that an event empties: those that must stay, follow others, or are still needed by it."""

from collections.abc import Iterator, Mapping, Set

from apflow.core.checks.findings import Finding, Path, Subject, each_known, questions_of
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.machine import START
from apflow.core.people.staffing import is_by_clock


def check_emptied(subject: Subject) -> Iterator[Finding]:
    """Every finding about `empties`."""
    for path, name, event in subject.events():
        if event.empties:
            yield from each_known((*path, "empties"), "field", event.empties, subject.workflow.fields)
            yield from _to_no_end(subject, path, name, event)
            yield from _needed(subject, path, event)
            yield from _sent_on(path, event)


def missing_after(definition: Definition) -> Mapping[str, frozenset[str]]:
    """The fields that may have been emptied on the way to each state, and not been answered since."""
    arrows = [
        (state, spec, frozenset(_sure(definition, state, event, spec)))
        for state, events in definition.events.items()
        for event, spec in events.items()
    ]
    found = dict.fromkeys((START, *definition.workflow.states), frozenset[str]())
    grows = True
    while grows:
        grows = False
        for state, spec, answered in arrows:
            to = spec.to or state
            beyond = ((found[state] - answered) | set(spec.empties)) - found.get(to, frozenset())
            if beyond and to in found:
                found[to] |= beyond
                grows = True
    return found


def answered_before(definition: Definition) -> Mapping[str, frozenset[str]]:
    """The fields that have an answer in each state, whichever way a case came there."""
    everything = frozenset(definition.workflow.fields)
    found = {START: frozenset[str]()} | dict.fromkeys(definition.workflow.states, everything)
    shrinks = True
    while shrinks:
        shrinks = False
        for state, events in definition.events.items():
            for event, spec in events.items():
                to, left = spec.to or state, answered_after(definition, found[state], state, event)
                if to != START and not found[to] <= left:
                    found[to] &= left
                    shrinks = True
    return found


def never_answered(definition: Definition) -> Mapping[str, frozenset[str]]:
    """The fields that forms ask, and that no event on any way to each state has asked yet.

    What no form asks, or follows what others say, may come from elsewhere at any time.
    """
    asked = {name for form in definition.forms.values() for name in form}
    asked -= {*definition.taken, *definition.counted, *definition.numbers}
    everything = asked & definition.workflow.fields.keys()
    known = dict.fromkeys((START, *definition.workflow.states), frozenset[str]())
    reached, grows = {START}, True
    while grows:
        grows = False
        for state in (one for one in known if one in reached):
            for event, spec in definition.events[state].items():
                to, left = spec.to or state, known[state] | definition.forms[state, event].keys()
                if to not in known or (to in reached and left <= known[to]):
                    continue
                known[to], grows = known[to] | left, True
                reached.add(to)
    return {state: frozenset(everything - known[state] if state in reached else ()) for state in known}


def answered_after(definition: Definition, before: Set[str], state: str, event: str) -> frozenset[str]:
    """Those of them once the event has happened there."""
    spec = definition.events[state][event]
    return frozenset((before | set(_sure(definition, state, event, spec))) - set(spec.empties))


def _sure(definition: Definition, state: str, event: str, spec: EventSpec) -> Iterator[str]:
    """The fields that whoever does the event must answer."""
    form = {} if is_by_clock(spec) else definition.forms[state, event]
    yield from (name for name, asked in form.items() if not (asked.optional or asked.asked_if or asked.write))


def _to_no_end(subject: Subject, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
    """Emptying what says nothing yet, or what says at once again what it said."""
    if path[0] == START or event.proposal == "made":
        why = "begins a case, which says nothing yet" if path[0] == START else "makes a proposal, and changes no field"
        yield Finding((*path, "empties"), "empties-nothing", f'"{name}" {why}; leave this out')
        return
    definition, asked = subject.definition, questions_of(subject.workflow, event)
    follows = {**definition.taken, **definition.counted, **definition.numbers}
    for number, field in enumerate(event.empties):
        if field in follows:
            message = f'"{field}" is asked of nobody and follows what others say; empty what it follows'
            yield Finding((*path, "empties", number), "empties-nothing", message)
        if field in asked:
            message = f'"{name}" asks for "{field}", so the answer would be lost; leave it out of one of the two'
            yield Finding((*path, "empties", number), "asked-and-emptied", message)


def _needed(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    """Emptying what a case cannot be without."""
    workflow = subject.workflow
    needed = {workflow.called: "the case is called by it"}
    for party in workflow.parties:
        needed |= {party.name: f"the {party.role} is named by it", party.email: f"the {party.role} is written to there"}
    if workflow.school_days_of is not None:
        needed[workflow.school_days_of] = "the case counts its school days by it"
    if workflow.keeps is not None and not event.keeps:
        kept = dict.fromkeys(workflow.keeps.as_.values(), "the record that the case keeps says it too (keeps: true)")
        needed = {**kept, **needed}
    for number, field in enumerate(event.empties):
        if field in needed:
            message = f'"{field}" cannot be emptied here: {needed[field]}'
            yield Finding((*path, "empties", number), "cannot-be-empty", message)


def _sent_on(path: Path, event: EventSpec) -> Iterator[Finding]:
    """What the same event passes on, or invites to, must still be said once it is done."""
    sent = {ours for copied in event.begins.values() for ours in copied.values()}
    for passed_on in (event.signals, event.tells, event.calls):
        sent |= {ours for one in passed_on.values() for ours in one.with_.values()}
    meetings = [use.invite for use in event.notify.values() if use.invite]
    sent |= {field for meeting in meetings for field in (meeting.on, meeting.at, meeting.place) if field}
    for number, field in enumerate(event.empties):
        if field in sent:
            message = f'"{field}" is passed on, or in an invitation, by this event, which empties it first'
            yield Finding((*path, "empties", number), "emptied-and-sent", message)
