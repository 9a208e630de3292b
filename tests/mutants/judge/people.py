"""Who is told, asked and needed: too few people, names shown to outsiders, questions nobody who reads them may read."""

from collections.abc import Iterator

from tests.mutants.judge.letters import reads
from tests.mutants.judge.raw import CLOCK, PUBLIC, START, Flow, many, part, people
from tests.mutants.judge.reading import Raw


def wrong(flow: Flow) -> Iterator[str]:
    yield from _readers(flow)
    for name, guard in flow.guards.items():
        if guard.get("override"):
            for role in many(guard["override"]["by"]):
                if role in (CLOCK, PUBLIC) or role not in part(flow.raw, "seen_by"):
                    yield f"{name} may be set aside by a {role}, who is nobody or sees no case"
        yield from (one for count in _must_be(guard["when"]) for one in _quorum(flow, name, count))
    yield from _alerts(flow)
    for state, name, event in flow.each_event():
        yield from _told(flow, state, name, event)
        yield from _kept_apart(flow, f"{name} of {state}", event)
        yield from _shows_people(flow, f"{name} of {state}", event)


def _told(flow: Flow, state: str, name: str, event: Raw) -> Iterator[str]:
    """Whoever is written to has an address there; colleagues see the case as it was, or as it then is."""
    around = {state, event.get("to") or state} - {START}
    for role in part(event, "notify"):
        mail = flow.roles[role].get("mail", "nobody")
        if mail == "nobody" or (mail == "party" and role not in flow.outsiders):
            yield f"{name} of {state} writes to a {role}, and no e-mail of the case goes to one"
        if mail in ("assigned", "everyone", "mailbox") and not any(flow.sees(role, one) for one in around):
            yield f"{name} of {state} writes to a {role}, who does not see the case"


def _alerts(flow: Flow) -> Iterator[str]:
    """Work of its own is found by those it is for, wherever the case is as it comes."""
    for name, alert in part(flow.raw, "alerts").items():
        opening = [(state, one) for state, _, one in flow.each_event() if name in many(one.get("opens"))]
        for state in {one.get("to") or state for state, one in opening} if opening else flow.states:
            if not flow.is_held(alert["for"]) or not flow.sees(alert["for"], state):
                yield f"{name} is for a {alert['for']}, who does not see the case in {state}"


def _readers(flow: Flow) -> Iterator[str]:
    questions = [*flow.fields.items()]
    for form in [*part(flow.raw, "forms").values(), *(part(event, "form") for _, event in flow.written_events())]:
        questions += [(name, one) for name, one in form.items() if one and "type" in one]
    for name, spec in questions:
        for role in many(spec.get("read")):
            if role in flow.roles and not reads(flow, role, spec) and not _reads_on_a_page(flow, role, spec):
                yield f"a {role} is said to read {name}, and never reads what is {spec.get('privacy', 'case')}"
    called = flow.fields.get(flow.raw["called"])
    for role in part(flow.raw, "seen_by"):
        if called and not reads(flow, role, called):
            yield f"a {role} sees cases and may not read what they are called by"


def _reads_on_a_page(flow: Flow, role: str, question: Raw) -> bool:
    return question.get("privacy", "case") in many(flow.roles[role].get("sees_on_pages"))


def _must_be(condition: Raw) -> Iterator[Raw]:
    """The counts without which the condition cannot hold."""
    if "count" in condition:
        yield condition
    for inner in many(condition.get("all")):
        yield from _must_be(inner)


def _quorum(flow: Flow, guard: str, count: Raw) -> Iterator[str]:
    """Count the people out: those there are at the least, without those that may be in conflict."""
    if not part(flow.collections, count["count"]).get("keyed_by"):
        return
    giving = [event for _, event in flow.written_events() if part(event, "item").get("of") == count["count"]]
    giving = [event for event in giving if _counts(event["item"]["to"], count.get("where"))]
    roles = {role for event in giving for role in people(event)}
    if any(flow.roles.get(role, {}).get("least") is None for role in roles) or not giving:
        return
    sure = sum(max(0, flow.roles[role]["least"] - flow.roles[role].get("most_conflicts", 0)) for role in roles)
    agencies = len(part(flow.policy.council, "agencies"))
    most = min(sure, agencies) if count.get("distinct") == "agency" else sure
    if most < int(count["at_least"]):
        yield f"{guard} needs {count['at_least']} and there may be no more than {most}"


def _counts(status: str, where: Raw | None) -> bool:
    """Whether an item of this status may be one that is counted."""
    if not where or where.get("fact") != "item.status":
        return True
    if "is" in where:
        return bool(where["is"] == status)
    return status in where.get("is_one_of", [status]) and where.get("is_not") != status


def _kept_apart(flow: Flow, where: str, event: Raw) -> Iterator[str]:
    """Everybody of the least staff can have done one of the things that keep them from this."""
    keeping = many(event.get("not_by"))
    if keeping and set(many(event["by"])) == {CLOCK}:
        yield f"{where} keeps the clock apart from itself"
    roles = people(event)
    if not keeping or any(flow.roles.get(role, {}).get("least") is None for role in roles):
        return
    theirs = [
        earlier
        for earlier in keeping
        if any(name == earlier and set(people(one)) & set(roles) for name, one in flow.written_events())
    ]
    if theirs and sum(flow.roles[role]["least"] for role in roles) <= len(theirs):
        yield f"everybody who may do {where} can have done {', '.join(theirs)}"


def _shows_people(flow: Flow, where: str, event: Raw) -> Iterator[str]:
    for role in people(event):
        for spec in flow.form(event).values():
            outside = role == PUBLIC or flow.roles.get(role, {}).get("audience", "staff") != "staff"
            if spec["type"] == "person" and outside and (not spec.get("write") or role in many(spec["write"])):
                yield f"{where} would show a {role} everybody who is a {spec.get('role')}"
