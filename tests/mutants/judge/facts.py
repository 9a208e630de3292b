"""What conditions read: facts there are, of types that the comparison can tell apart, where they are known."""

import re
from collections.abc import Iterator
from typing import Any

from tests.mutants.judge.drawn import drawn, kept
from tests.mutants.judge.raw import CLOCK, Flow, conditions_in, many, part
from tests.mutants.judge.reading import Raw

Kind = tuple[str, tuple[Any, ...]]  # A field's type, and what a value of it can be, where that is a list.
DATES = ("is_before", "is_after", "is_on_or_after")
NUMBERS = ("at_least", "at_most")
TRUTHS = ("yes/no", "confirm")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def wrong(flow: Flow) -> Iterator[str]:
    for name, guard in flow.guards.items():
        yield from _condition(flow, f"guard {name}", guard["when"], _all_answers(flow), _items_anywhere(flow))
        if "{which}" in guard["reason"] and not _lists(guard["when"]):
            yield f"the reason of {name} lists items, and it looks at none"
    for name, spec in part(flow.raw, "invariants").items():
        yield from _condition(flow, f"invariant {name}", spec["holds"], {}, {})
    for name, spec in _deadlines(flow):
        if where := part(spec, "among").get("where"):
            yield from _condition(flow, f"deadline {name}", where, {}, _of_items(flow, spec["among"].get("items")))
        if unless := spec.get("unless"):
            yield from _condition(flow, f"deadline {name}", unless, {}, {})
            yield from _elsewhere(flow, name, unless)
    for where, form, item in _forms(flow):
        for name, question in form.items():
            if question.get("asked_if"):
                asked = {key: (one["type"], tuple(one.get("options") or ())) for key, one in form.items()}
                at = f"question {name} of {where}"
                yield from _condition(flow, at, question["asked_if"], asked, _of_items(flow, item))
    yield from _beside(flow)
    yield from _asked(flow)


def _elsewhere(flow: Flow, name: str, unless: Raw) -> Iterator[str]:
    """What whether a deadline is wanted may not rest on: it changes, and the case is none the wiser."""
    alone = {fact for fact in reads_outside_items(unless) if fact.startswith("item.")}
    for fact in sorted(set(reads(unless))):
        if (
            fact == "today"
            or fact.startswith(("answer.", "council.", "child.", "record.", "item.case."))
            or fact in alone
        ):
            yield f"deadline {name} is not wanted by {fact}, which is not the case's own"
    for one in conditions_in(unless):
        through = [one[form] for form in ("every", "count", "majority") if form in one]
        if any(name not in flow.collections for name in through) or "today" in one.values():
            yield f"deadline {name} is not wanted by what is not the case's own"


def _beside(flow: Flow) -> Iterator[str]:
    """What flags, counted dates and words to other cases hang on."""
    for name, flag in part(flow.raw, "flags").items():
        yield from _condition(flow, f"flag {name}", flag["when"], {}, {})
    for name, field in flow.fields.items():
        if when := part(field, "counted").get("when"):
            yield from _condition(flow, f"field {name}", when, {}, {})
    for name, event in flow.written_events():
        for items, call in part(event, "calls").items():
            if call.get("where"):
                yield from _condition(flow, f"event {name}", call["where"], {}, _of_items(flow, items))


def _deadlines(flow: Flow) -> Iterator[tuple[str, Raw]]:
    yield from flow.wide.items()
    for state in flow.states.values():
        yield from part(state, "deadlines").items()


def reads(condition: Raw) -> Iterator[str]:
    """Every fact of the condition; those of items as `item.x`."""
    for one in conditions_in(condition):
        if "fact" in one:
            yield str(one["fact"])
            yield from (str(value["fact"]) for value in one.values() if isinstance(value, dict) and "fact" in value)
        if one.get("distinct"):
            yield f"item.{one['distinct']}"


def reads_outside_items(condition: Raw) -> Iterator[str]:
    """The facts it reads without looking through a collection."""
    if any(key in condition for key in ("every", "count", "majority")):
        return
    if "fact" in condition:
        yield from reads(condition)
    for inner in [*many(condition.get("all")), *many(condition.get("any")), *many(condition.get("not"))]:
        yield from reads_outside_items(inner)


def _lists(condition: Raw) -> bool:
    return "every" in condition or any(_lists(one) for one in many(condition.get("all")))


def _forms(flow: Flow) -> Iterator[tuple[str, Raw, str | None]]:
    for state, name, event in flow.each_event():
        yield f"{name} of {state}", flow.form(event), part(event, "item").get("of")


def _all_answers(flow: Flow) -> dict[str, Kind]:
    return {
        name: (question["type"], tuple(question.get("options") or ()))
        for _, form, _ in _forms(flow)
        for name, question in form.items()
    }


def _of_items(flow: Flow, collection: str | None) -> dict[str, Kind]:
    """What can be known of an item of the collection."""
    spec = flow.collections.get(collection or "")
    if spec is None:
        return {}
    statuses = (*spec["statuses"], *([] if spec.get("starts") else ["none"]))
    known: dict[str, Kind] = {
        "item.status": ("choice", statuses),
        "item.key": ("text", ()),
        "item.label": ("text", ()),
    }
    if spec.get("keyed_by") == "number" or "drawn_from" in spec:
        known |= {f"item.{key}": (one["type"], ()) for key, one in drawn(flow, collection).items()}
    elif spec.get("keyed_by") == "case":
        known["item.case.state"] = ("choice", _states_of(flow, part(spec, "cases")["workflow"]))
    elif spec.get("keyed_by"):
        known["item.agency"] = ("choice", tuple(part(flow.policy.council, "agencies")))
    else:
        items = flow.items_of(str(collection))
        known |= {"item.required": ("yes/no", ()), "item.not_applicable": ("yes/no", ())}
        known |= {"item.section": ("choice", tuple({item["section"] for item in items.values()}))}
        known |= {"item.expiry": ("choice", tuple({_expiry(item) for item in items.values()}))}
        if any(_expiry(item) == "dated" for item in items.values()):
            known["item.expires_on"] = ("date", ())
    brought = spec.get("brought") or {}
    known |= {f"item.{key}": (one["type"], tuple(one.get("options") or ())) for key, one in brought.items()}
    for _, form, of in _forms(flow):
        if of == collection:
            known |= {f"item.{key}": (one["type"], tuple(one.get("options") or ())) for key, one in form.items()}
    return known


def _states_of(flow: Flow, workflow: str) -> tuple[str, ...]:
    return tuple(state for raw in flow.policy.workflows if raw["workflow"] == workflow for state in raw["states"])


def _expiry(item: Raw) -> str:
    said = item.get("expires", "never")
    return "never" if said in ("never", "no", False, None) else "stated" if said == "on the date it states" else "dated"


def _items_anywhere(flow: Flow) -> dict[str, Kind]:
    """What can be known of an item of any collection that some event acts on."""
    acted_on = {part(event, "item").get("of") for _, _, event in flow.each_event()}
    found: dict[str, Kind] = {}
    for collection in sorted(filter(None, acted_on)):
        for name, (kind, options) in _of_items(flow, collection).items():
            found[name] = (kind, (*found.get(name, ("", ()))[1], *options))
    return found


def _condition(
    flow: Flow, where: str, condition: Raw, answers: dict[str, Kind], items: dict[str, Kind]
) -> Iterator[str]:
    for form in ("every", "count", "majority"):
        if form in condition:
            own = _of_people(flow, condition[form], answers) or _of_items(flow, condition[form])
            if not own:
                yield f"{where} looks through the collection {condition[form]}, which there is not"
                return
            if condition.get("distinct") and f"item.{condition['distinct']}" not in own:
                yield f"{where} counts by {condition['distinct']}, of which no item knows"
            for inner in ("where", "has", "of"):
                if condition.get(inner):
                    yield from _condition(flow, where, condition[inner], answers, own)
            return
    if "fact" in condition:
        yield from _comparison(flow, where, condition, answers, items)
        return
    for inner in [*many(condition.get("all")), *many(condition.get("any")), *many(condition.get("not"))]:
        yield from _condition(flow, where, inner, answers, items)


def _of_people(flow: Flow, name: str, answers: dict[str, Kind]) -> dict[str, Kind]:
    """What is known of people that a question is answered with: where they come from, and how their own items stand."""
    field = flow.fields.get(name)
    kind = answers.get(name.removeprefix("answer."), ("", ()))[0] if name.startswith("answer.") else ""
    if "people" not in (kind, field["type"] if field else ""):
        return {}
    own = {key: spec for key, spec in flow.collections.items() if spec.get("keyed_by") == "actor"}
    stands: dict[str, Kind] = {f"item.{key}": ("choice", (*spec["statuses"], "none")) for key, spec in own.items()}
    known: dict[str, Kind] = {"item.agency": ("choice", tuple(part(flow.policy.council, "agencies")))}
    return {**known, "item.person": ("person", ()), **stands}


def _kind_of(flow: Flow, fact: str, answers: dict[str, Kind], items: dict[str, Kind]) -> Kind | None:
    if fact == "today":
        return "date", ()
    if fact in ("council.applications_open", "council.reviews_decisions"):
        return "yes/no", ()
    if fact.startswith("item."):
        return items.get(fact)
    if fact.startswith("answer."):
        return answers.get(fact.removeprefix("answer."))
    if fact.startswith("child."):
        return _of_child(flow, fact)
    field = kept(flow).get(fact.removeprefix("record.")) if fact.startswith("record.") else flow.fields.get(fact)
    return (field["type"], tuple(field.get("options") or ())) if field else None


def _of_child(flow: Flow, fact: str) -> Kind | None:
    _, kind, *rest = fact.split(".")
    child = flow.children.get(kind)
    if child is None or rest not in (["open"], ["state"]):
        return None
    states = {state for raw in flow.policy.workflows if raw["workflow"] == child["workflow"] for state in raw["states"]}
    return ("number", ()) if rest == ["open"] else ("choice", tuple(sorted(states)))


def _comparison(
    flow: Flow, where: str, condition: Raw, answers: dict[str, Kind], items: dict[str, Kind]
) -> Iterator[str]:
    fact = str(condition["fact"])
    kind = _kind_of(flow, fact, answers, items)
    if kind is None:
        yield f"{where} reads {fact}, which there is not"
        return
    ((name, wanted),) = [(key, value) for key, value in condition.items() if key != "fact"]
    if isinstance(wanted, dict):
        other = _kind_of(flow, str(wanted["fact"]), answers, items)
        if other is None:
            yield f"{where} compares with {wanted['fact']}, which there is not"
        elif _sort(other[0]) != _sort(kind[0]):
            yield f"{where} compares {fact} with {wanted['fact']}, which is of another type"
        return
    if name in DATES and (kind[0] != "date" or not _is_day(wanted)):
        yield f"{where} compares {fact} with {wanted} as dates"
    if name in NUMBERS and kind[0] not in ("number", "money"):
        yield f"{where} compares {fact} as a number, and it is {kind[0]}"
    if name in ("is", "is_not", "is_one_of"):
        yield from (f"{where}: {fact} can never be {one}" for one in many(wanted) if not _can_be(kind, one))
        if name == "is_one_of" and len({str(one) for one in many(wanted)}) < len(many(wanted)):
            yield f"{where} says one value of {fact} twice"
        if kind[1] and name == "is_one_of" and set(kind[1]) <= set(many(wanted)) and len(kind[1]) > 1:
            return  # All that it can be: odd, and no mistake.


def _sort(kind: str) -> str:
    if kind in TRUTHS:
        return "truth"
    return kind if kind in ("date", "time", "number", "money", "many", "file", "person") else "text"


def _is_day(value: Any) -> bool:
    return value == "today" or bool(ISO.fullmatch(str(value)))


def _can_be(kind: Kind, value: Any) -> bool:
    name, options = kind
    if name in TRUTHS:
        return isinstance(value, bool)
    if name in ("number", "person"):
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "date":
        return isinstance(value, str) and _is_day(value)
    if name in ("choice", "many"):
        return value in options
    return isinstance(value, str) and name not in ("people", "records", "file")


def _asked(flow: Flow) -> Iterator[str]:
    """Guards that read what the event that asks them does not know, and questions that nobody is asked."""
    for state, name, event in flow.each_event():
        form, where = flow.form(event), f"{name} of {state}"
        item = part(event, "item").get("of")
        for guard in many(event.get("requires")):
            for fact in sorted(set(reads(flow.guards[guard]["when"]))) if guard in flow.guards else ():
                if fact.startswith("answer.") and fact.removeprefix("answer.") not in form:
                    yield f"{where} requires {guard}, which reads {fact}, and does not ask it"
                elif fact.startswith("answer."):
                    yield from _not_asked_of(where, guard, event, form[fact.removeprefix("answer.")], fact)
            for fact in sorted(set(reads_outside_items(flow.guards[guard]["when"]))) if guard in flow.guards else ():
                if fact.startswith("item.") and fact not in _of_items(flow, item):
                    yield f"{where} requires {guard}, which reads {fact}, and acts on no item that has it"
        for question, spec in form.items():
            writers = many(spec.get("write"))
            if writers and not set(writers) & set(many(event["by"])):
                yield f"{where} asks {question}, which none of those who may do it may answer"
        is_start = any(event is one for one in part(flow.raw, "start").values())
        if CLOCK in many(event["by"]) and form and not is_start and name not in flow.told_by_others:
            yield f"{where} is the clock's and asks {', '.join(form)}"


def _not_asked_of(where: str, guard: str, event: Raw, question: Raw, fact: str) -> Iterator[str]:
    writers = many(question.get("write"))
    kept_out = [role for role in many(event["by"]) if writers and role not in writers]
    if kept_out:
        yield f"{where} requires {guard}, which reads {fact}, and does not ask a {', '.join(kept_out)}"
