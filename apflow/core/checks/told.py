"""Whether whoever is told of a case, or has work on it, is somebody who sees it, or whom it writes to at all."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.explore.exploring import Exploration
from apflow.core.machine import START
from apflow.core.people.staffing import is_held, sees

_COLLEAGUES = ("assigned", "everyone", "mailbox")


def check_told(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """Every finding about notices for those who never see the case, and about alerts that nobody would find."""
    offered, ways = subject.definition.events, sorted(exploration.fired | exploration.forced)
    for path, name, event in subject.events():
        states = [(event.to or at, at) for at, one in ways if one == name and offered[at].get(name) is event]
        for role in event.notify:
            yield from _told(subject, (*path, "notify", role), role, states)
    for guard, spec in subject.workflow.guards.items():
        asking = [(state,) for state in _asking(subject, guard)]
        for role in spec.override.tell if spec.override else ():
            yield from _told(subject, ("guards", guard, "override", "tell", role), role, asking)
    yield from _alerts(subject, exploration)


def _asking(subject: Subject, guard: str) -> list[str]:
    events = subject.definition.events.items()
    return [
        state for state, offered in events if state != START and any(guard in one.requires for one in offered.values())
    ]


def is_written_to(subject: Subject, path: Path, role: str) -> Iterator[Finding]:
    """A finding for a role that no e-mail goes to, or to none of on such a case."""
    mail = subject.definition.council.roles[role].mail
    if mail == "nobody":
        message = (
            f'council.yaml says that nobody gets the mail of "{role}" (mail: nobody); name a role that is written to'
        )
        yield Finding(path, "written-to-nobody", message)
    elif mail == "party" and role not in subject.workflow.party_roles:
        message = f'nobody is "{role}" on a case of this workflow, so nobody would be written to; look at party:'
        yield Finding(path, "written-to-nobody", message)


def _told(subject: Subject, path: Path, role: str, situations: Iterable[tuple[str, ...]]) -> Iterator[Finding]:
    """Each situation is the states that the case is in as this is sent: after it, and before."""
    yield from (replace(one, at_key=True) for one in is_written_to(subject, path, role))
    if subject.definition.council.roles[role].mail in _COLLEAGUES:
        unseen = (states for states in situations if not _sees_any(subject, role, states))
        for state, *_ in list(unseen)[:1]:
            message = f'"{role}" never sees a case in "{state}", and would be told of it; look at seen_by:'
            yield Finding(path, "told-unseen", message, at_key=True)


def _sees_any(subject: Subject, role: str, states: Iterable[str]) -> bool:
    return any(sees(subject.definition, role, state) for state in states if state != START)


def _alerts(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """An alert is work of its own: for somebody who sees the case wherever it can be opened."""
    for name, alert in subject.workflow.alerts.items():
        path, role = ("alerts", name, "for"), alert.for_
        unseen = [one for one in _opened_in(subject, exploration, name) if not sees(subject.definition, role, one)]
        if not is_held(subject.definition, role):
            yield Finding(path, "task-for-nobody", no_holder(role))
        elif unseen:
            message = f'"{role}" never sees a case in "{unseen[0]}", where this can come; look at seen_by:'
            yield Finding(path, "task-for-nobody", message)


def _opened_in(subject: Subject, exploration: Exploration, alert: str) -> list[str]:
    """Where the events that open it lead; one that none of them opens, as of an e-mail, can come in any state."""
    opening = [
        subject.definition.events[state][name].to or state
        for state, name in exploration.fired
        if alert in subject.definition.events[state][name].opens
    ]
    is_opened = any(alert in event.opens for _, _, event in subject.events())
    order = list(subject.workflow.states)
    return sorted(set(opening), key=order.index) if is_opened else order


def no_holder(role: str) -> str:
    return f"council.yaml says that there may be no {role} at all (least: 0); name a role that somebody holds"
