"""Names that lead nowhere, one kind of place after the other, as the reference page lists them."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.mutants.judge.raw import CLOCK, PUBLIC, START, Flow, many, part
from tests.mutants.judge.reading import Policy, Raw

RESERVED = {"today", "clock", "public", "none", "start"}
CLAIMS = ("source", "assumed")
PROFESSIONALS = ("social_worker", "virtual_school", "sen_caseworker", "health", "other")
TRUE_OF = ("ehcp", "sen_support", "looked_after", "cp", "cin")
EXPLAINED = "neither source: nor assumed:"


def wrong_in_general(policy: Policy) -> Iterator[str]:
    """What can be said of the council and the catalogues without any workflow."""
    council = policy.council
    for name, role in part(council, "roles").items():
        if name in RESERVED - {PUBLIC}:
            yield f"a role cannot be called {name}"
        if role.get("mail") == "mailbox" and not role.get("mailbox"):
            yield f"mail for {name} goes to a mailbox that is not named"
        yield from unclaimed(f"role {name}", role)
        if role.get("least") is not None and role.get("most_conflicts", 0) > role["least"]:
            yield f"more {name}s have conflicts than there need be"
        yield from _around(f"role {name}", role)
    yield from unclaimed("the calendar", council["calendar"])
    for period in many(part(council, "applications").get("closed_periods")):
        if str(period["until"]) < str(period["start"]):
            yield f"a closed period ends on {period['until']} before it starts"
    if "school_calendar" in council:
        yield from unclaimed("the school calendar", council["school_calendar"])
    for name, catalogue in policy.catalogues.items():
        for key, item in catalogue["items"].items():
            yield from unknown(f"item {key} of {name}", "section", [item["section"]], catalogue["sections"])
            yield from unclaimed(f"item {key} of {name}", item)


def _around(where: str, role: Raw) -> Iterator[str]:
    """Those who work with a child: who they are on record, and of which children."""
    those = part(role, "works_with")
    if role.get("mail") == "works_with" or those:
        yield from unknown(where, "professional", [those.get("who")], PROFESSIONALS)
        yield from unknown(where, "status", [*many(those.get("expected_of")), *many(those.get("only_of"))], TRUE_OF)


def wrong(flow: Flow) -> Iterator[str]:
    """Every name of the workflow that leads nowhere."""
    yield from _heading(flow)
    yield from _reserved(flow)
    yield from _claims(flow)
    for state, name, event in flow.each_event():
        yield from _event(flow, state, name, event)
    for name, event in flow.written_events():
        yield from _said_twice(
            f"event {name}", event, ("by", "requires", "asks", "clears", "empties", "opens", "not_by")
        )
        yield from _questions(flow, f"event {name}", part(event, "form"))
    for name, form in part(flow.raw, "forms").items():
        yield from _questions(flow, f"form {name}", form)
    for name, states, spec in flow.each_deadline():
        yield from _deadline(flow, name, states, spec)
    for home, name, task in flow.each_task():
        yield from _task(flow, home, name, task)
    yield from _stories(flow)


def unknown(where: str, kind: str, names: Iterable[Any], known: Iterable[Any]) -> Iterator[str]:
    """A sentence for each name that leads nowhere."""
    there = set(known)
    yield from (f"{where} speaks of the {kind} {name}, which there is not" for name in names if name not in there)


def unclaimed(where: str, spec: Raw) -> Iterator[str]:
    """A sentence where neither the guidance nor anybody answers for it."""
    if not any(spec.get(key) for key in CLAIMS):
        yield f"{where} says {EXPLAINED}"


def _said_twice(where: str, spec: Raw, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        said = [str(one) for one in many(spec.get(key))]
        yield from (f"{where} says {one} twice in {key}" for one in sorted(set(said)) if said.count(one) > 1)


def _acting(flow: Flow) -> set[str]:
    return {*flow.roles, CLOCK}


def _heading(flow: Flow) -> Iterator[str]:
    raw, states = flow.raw, flow.states
    party = part(raw, "party")
    yield from unknown("called", "field", [raw["called"]], flow.fields)
    yield from unknown("party", "field", [party[one] for one in ("name", "email") if party], flow.fields)
    yield from unknown("party", "role", [party["role"] for _ in range(bool(party))], flow.roles)
    yield from unknown("the journey", "state", many(raw.get("journey")), states)
    yield from unknown("the key facts", "field", many(raw.get("key_facts")), flow.fields)
    yield from _said_twice("the workflow", raw, ("journey", "key_facts"))
    for role, seen in raw["seen_by"].items():
        yield from unknown("seen_by", "role", [role], flow.roles)
        if isinstance(seen, dict):
            yield from unknown(f"seen_by {role}", "state", many(seen.get("states")), states)
            yield from _said_twice(f"seen_by {role}", seen, ("states",))
    for name, spec in flow.collections.items():
        where = f"collection {name}"
        if spec.get("catalogue"):
            yield from unknown(where, "catalogue", [spec["catalogue"]], flow.policy.catalogues)
        if sum(bool(spec.get(key)) for key in ("catalogue", "keyed_by", "drawn_from")) != 1:
            yield f"{where} has either no items or two kinds of them"
        yield from unknown(where, "status", many(spec.get("starts")), spec["statuses"])
        yield from unknown(where, "role", many(spec.get("seen_by")), flow.roles)
        yield from _said_twice(where, spec, ("seen_by",))
    for name, guard in flow.guards.items():
        override = guard.get("override")
        if override:
            yield from unknown(f"override of {name}", "role", many(override["by"]), _acting(flow))
            yield from _notices(flow, f"override of {name}", part(override, "tell"))
    yield from _questions(flow, "fields", flow.fields)


def _reserved(flow: Flow) -> Iterator[str]:
    named: dict[str, Iterable[str]] = {
        "field": flow.fields,
        "guard": flow.guards,
        "state": flow.states,
        "event": flow.event_names,
        "form": part(flow.raw, "forms"),
        "collection": flow.collections,
        "alert": part(flow.raw, "alerts"),
        "child": flow.children,
        "status": [status for spec in flow.collections.values() for status in spec["statuses"]],
        "question": [name for _, _, event in flow.each_event() for name in flow.form(event)],
    }
    for kind, names in named.items():
        yield from (f"a {kind} cannot be called {name}" for name in sorted(RESERVED.intersection(names)))


def _claims(flow: Flow) -> Iterator[str]:
    for kind in ("guards", "alerts", "deadlines", "invariants"):
        for name, spec in part(flow.raw, kind).items():
            yield from unclaimed(f"{kind} {name}", spec)
    for name, guard in flow.guards.items():
        if guard.get("override"):
            yield from unclaimed(f"override of {name}", guard["override"])
    for state, spec in flow.states.items():
        for kind in ("tasks", "deadlines"):
            for name, one in part(spec, kind).items():
                yield from unclaimed(f"{kind} {name} of {state}", one)
    for name, event in flow.written_events():
        if event.get("extends"):
            yield from unclaimed(f"what {name} extends", event["extends"])


def _questions(flow: Flow, where: str, form: Raw | None) -> Iterator[str]:
    for name, spec in (form or {}).items():
        if not spec or "type" not in spec:
            yield from unknown(where, "field", [name], flow.fields)
            continue
        at = f"{where}, question {name}"
        yield from unknown(at, "role", many(spec.get("read")), [*flow.roles, "clock"])
        yield from unknown(at, "role", many(spec.get("write")), flow.roles)
        yield from unknown(at, "role", many(spec.get("role")), flow.roles)
        if (spec["type"] in ("person", "people")) != ("role" in spec):
            yield f"{at}: only a person is chosen from a role, and must be"
        if (spec["type"] in ("choice", "many")) != bool(spec.get("options")):
            yield f"{at}: a choice needs options, and nothing else has them"
        if spec.get("minimum") is not None and spec.get("maximum", spec["minimum"]) < spec["minimum"]:
            yield f"{at}: the least is more than the most"


def _event(flow: Flow, state: str, name: str, event: Raw) -> Iterator[str]:
    where = f"event {name} of {state}"
    yield from unknown(where, "state", many(event.get("to")), flow.states)
    said = event.get("from")
    if said is not None:
        listed = many(said["all_except"]) if isinstance(said, dict) else many(said)
        yield from unknown(where, "state", listed, flow.states)
        yield from _said_twice(where, {"from": listed}, ("from",))
    yield from unknown(where, "role", many(event["by"]), _acting(flow))
    yield from unknown(where, "guard", many(event.get("requires")), flow.guards)
    yield from unknown(where, "form", many(event.get("asks")), part(flow.raw, "forms"))
    yield from unknown(where, "alert", many(event.get("opens")), part(flow.raw, "alerts"))
    yield from unknown(where, "event", many(event.get("not_by")), flow.event_names)
    yield from unknown(where, "collection", many(event.get("clears")), flow.collections)
    yield from unknown(where, "field", many(event.get("empties")), flow.fields)
    if event.get("extends"):
        yield from unknown(where, "deadline", [event["extends"]["deadline"]], flow.deadlines(state))
    if event.get("item"):
        yield from _item(flow, where, event["item"])
    yield from _notices(flow, where, part(event, "notify"))
    after = str(event.get("to") or state)
    for use in part(event, "notify").values():
        if isinstance(use, dict):
            yield from unknown(where, "deadline", many(use.get("about")), flow.deadlines(after))
            invite = part(use, "invite")
            named = [invite[key] for key in ("on", "at", "place") if key in invite]
            yield from unknown(where, "field", named, flow.fields)
            wanted = {"on": "date", "at": "time"}
            for key, kind in wanted.items():
                if flow.fields.get(str(invite.get(key)), {}).get("type", kind) != kind:
                    yield f"{where}: the invitation's {key} is no {kind}"


def _item(flow: Flow, where: str, item: Raw) -> Iterator[str]:
    yield from unknown(where, "collection", [item["of"]], flow.collections)
    spec = flow.collections.get(item["of"])
    if spec is None:
        return
    first = [] if spec.get("starts") else ["none"]
    yield from unknown(where, "status", many(item["from"]), [*spec["statuses"], *first])
    dropped = ["none"] if spec.get("keyed_by") == "actor" else []
    yield from unknown(where, "status", [item["to"]], [*spec["statuses"], *dropped])
    yield from _said_twice(where, item, ("from",))


def _notices(flow: Flow, where: str, told: Raw) -> Iterator[str]:
    yield from unknown(where, "role", told, flow.roles)
    names = [use["notice"] if isinstance(use, dict) else use for use in told.values()]
    yield from _notice(flow, where, names)
    for role in told:
        works_with = flow.roles.get(role, {}).get("mail") == "works_with"
        if works_with and "pupil" not in part(part(flow.raw, "keeps"), "as"):
            yield f"{where} writes to {role}, and its cases are about no child"


def _notice(flow: Flow, where: str, names: Iterable[Any]) -> Iterator[str]:
    known = {name.removeprefix(f"{flow.name}/") for name in flow.policy.notices if name.startswith(f"{flow.name}/")}
    yield from unknown(where, "notice", names, known)


def _deadline(flow: Flow, name: str, states: list[str], spec: Raw) -> Iterator[str]:
    where = f"deadline {name}"
    then = spec["then"]
    yield from unknown(where, "state", states, flow.states)
    among = part(spec, "among").get("items")
    yield from unknown(where, "collection", many(among), flow.collections)
    yield from unknown(where, "field", many(spec.get("of")), flow.said_of(among) if among else flow.fields)
    yield from unknown(where, "event", many(spec.get("after")), flow.event_names)
    yield from unknown(where, "role", many(then.get("escalate")), flow.roles)
    yield from _notice(flow, where, many(then.get("notice")))
    yield from _said_twice(where, spec, ("while_in",))
    for state in states:
        yield from unknown(where, "deadline", many(spec.get("after_deadline")), flow.deadlines(state))
        event = then.get("event")
        if event is not None and event not in flow.events.get(state, {}):
            yield f"{where} ends in the event {event}, which {state} has not"
        elif event is not None and CLOCK not in many(flow.events[state][event]["by"]):
            yield f"{where} ends in the event {event}, which is not the clock's"
    if spec.get("paused_in"):
        yield from unknown(where, "state", many(spec["paused_in"]["states"]), states)
    for ladder in many(spec.get("remind")):
        yield from unknown(where, "role", [ladder["who"]], flow.roles)
        yield from _notice(flow, where, [ladder["notice"]])


def _task(flow: Flow, state: str | None, name: str, task: Raw) -> Iterator[str]:
    where = f"task {name} of {state}" if state else f"alert {name}"
    yield from unknown(where, "role", [task["for"]], flow.roles)
    yield from unknown(where, "collection", many(task.get("each")), flow.collections)
    yield from unknown(where, "field", many(task.get("person")), flow.fields)
    yield from unknown(where, "deadline", many(task.get("deadline")), flow.deadlines(state) if state else ())
    yield from unknown(where, "event", many(task.get("done_by")), flow.events[state] if state else flow.event_names)
    yield from _said_twice(where, task, ("done_by",))
    field = flow.fields.get(str(task.get("person")), {})
    if field and field["type"] != "person":
        yield f"{where} is for {task['person']}, which holds no person"
    elif field and field.get("role") != task["for"]:
        yield f"{where} is for a {task['for']} and for a {field.get('role')} at once"
    if task.get("person") and task.get("each"):
        yield f"{where} is everyone's, and one person's"


def _stories(flow: Flow) -> Iterator[str]:
    for name, spec in part(flow.raw, "invariants").items():
        yield from unknown(f"invariant {name}", "state", many(spec.get("on_entry_to")), flow.states)
        yield from _said_twice(f"invariant {name}", spec, ("on_entry_to",))
    for name, spec in part(flow.raw, "scenarios").items():
        where = f"scenario {name}"
        yield from unknown(where, "state", [spec["ends"]], flow.states)
        yield from _notice(flow, where, many(spec.get("emails")))
        for step in spec["steps"]:
            yield from _step(flow, where, step) if "does" in step else ()
    for gone, to in part(flow.raw, "migrate").items():
        yield from unknown("migrate", "state", [to], flow.states)
        if gone in flow.states:
            yield f"migrate speaks of {gone}, which is still a state"


def _step(flow: Flow, where: str, step: Raw) -> Iterator[str]:
    yield from unknown(where, "role", [step["who"]], _acting(flow))
    yield from unknown(where, "event", [step["does"]], flow.event_names)
    events = [events[step["does"]] for events in flow.events.values() if step["does"] in events]
    asked = {question for event in events for question in flow.form(event)}
    yield from unknown(where, "question", part(step, "answers"), asked)
    item = step.get("item")
    if item not in (None, "every required"):
        items = {key for event in events if event.get("item") for key in flow.items_of(event["item"]["of"])}
        collections = [part(flow.collections, event["item"]["of"]) for event in events if "item" in event]
        is_added = any(spec.get("keyed_by") in ("number", "case") or "drawn_from" in spec for spec in collections)
        if not (is_added and str(item).isdecimal()):
            yield from unknown(where, "item", [item], items)


__all__ = ["START", "unclaimed", "unknown", "wrong", "wrong_in_general"]
