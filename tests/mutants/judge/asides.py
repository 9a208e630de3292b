"""What stands beside the walk of a case: its flags and documents, dates that are counted, and words to other cases."""

from collections.abc import Iterator

from tests.mutants.judge.names import unclaimed, unknown
from tests.mutants.judge.raw import Flow, many, part


def wrong(flow: Flow) -> Iterator[str]:
    """Names that lead nowhere, and what nobody answers for."""
    for name, flag in part(flow.raw, "flags").items():
        yield from unknown(f"flag {name}", "role", many(flag.get("seen_by")), flow.roles)
        yield from unclaimed(f"flag {name}", flag)
    for name, document in part(flow.raw, "documents").items():
        where = f"document {name}"
        yield from unknown(where, "role", many(document["read_by"]), flow.roles)
        yield from unknown(where, "state", many(document.get("while_in")), flow.states)
    for name, field in flow.fields.items():
        if field.get("counted"):
            yield from unclaimed(f"field {name}", field["counted"])
    for kind, taking in part(flow.raw, "takes").items():
        if taking.get("late"):
            yield from unknown(f"late {kind}", "role", many(taking["late"]["by"]), flow.roles)
            yield from unclaimed(f"late {kind}", taking["late"])
    for name, event in flow.written_events():
        yield from _event(flow, f"event {name}", event)


def _event(flow: Flow, where: str, event: dict[str, object]) -> Iterator[str]:
    only = part(event, "only")
    yield from unknown(where, "role", only, many(event["by"]))
    yield from unknown(where, "field", only.values(), flow.fields)
    for what in many(event.get("if_changed")):
        if what not in event:
            yield f"{where} has no {what} to leave out"
        if event.get("proposal") or not {*flow.form(event), *many(event.get("empties"))} & set(flow.fields):
            yield f"{where} cannot tell whether it changes anything"
    yield from _emptied(flow, where, event)
    if joins := part(event, "joins"):
        yield from unknown(where, "field", [joins["case"]], flow.fields)
    for items, call in part(event, "calls").items():
        yield from unknown(where, "collection", [items], flow.collections)
        others = {raw["workflow"]: Flow(flow.policy, raw) for raw in flow.policy.workflows}
        yield from unknown(where, "workflow", [call["workflow"]], others)
        if call["workflow"] in others:
            yield from unknown(where, "event", [call["event"]], others[call["workflow"]].event_names)


def _emptied(flow: Flow, where: str, event: dict[str, object]) -> Iterator[str]:
    empties = set(many(event.get("empties")))
    if empties and (event in part(flow.raw, "start").values() or event.get("proposal") == "made"):
        yield f"{where} empties what says nothing yet"
    if both := empties & set(flow.form(event)):
        yield f"{where} asks for what it empties: {sorted(both)}"
    followed = {name for name in empties & set(flow.fields) if _follows(part(flow.fields, name))}
    if followed:
        yield f"{where} empties what follows others: {sorted(followed)}"
    parties = [part(flow.raw, key) for key in ("party", "other_party")]
    needed = {flow.raw["called"], flow.raw.get("school_days_of"), *(one.get(key) for one in parties for key in one)}
    needed |= set() if event.get("keeps") else set(part(part(flow.raw, "keeps"), "as").values())
    if lost := empties & needed:
        yield f"{where} empties what the case cannot be without: {sorted(map(str, lost))}"


def _follows(field: dict[str, object]) -> bool:
    return any(key in field for key in ("taken_from", "counted", "number_of"))
