"""The public list: anybody may read it, so what it shows must be for anybody; and what an event proposes."""

from collections.abc import Iterator

from tests.mutants.judge.names import unknown
from tests.mutants.judge.raw import Flow, many, part


def wrong(flow: Flow) -> Iterator[str]:
    """Everything wrong with what the workflow shows to all."""
    said = part(flow.raw, "public_list")
    shows, checked = part(said, "shows"), part(said, "checked")
    yield from unknown("the public list", "state", part(said, "states"), flow.states)
    yield from unknown("the public list", "field", shows, flow.fields)
    yield from unknown("the public list", "field", [*many(said.get("filters")), *many(said.get("searched"))], shows)
    for state in part(said, "states"):
        if flow.states.get(state, {}).get("final"):
            yield f"cases that have ended in {state} are on no list"
    for name in shows:
        field = flow.fields.get(name, {"privacy": "public"})
        if field.get("privacy") != "public" or field.get("read"):
            yield f"the public list shows {name}, which not everybody may read"
    for name in many(said.get("filters")):
        if flow.fields.get(str(name), {"type": "many"})["type"] not in ("choice", "many"):
            yield f"the public list is filtered by {name}, which has no options"
    for name, words in part(said, "words").items():
        yield from unknown("the public list", "field", [name], shows)
        yield from unknown("the public list", "option", words, part(flow.fields.get(name, {}), "options"))
    if checked:
        yield from unknown("what is checked", "collection", [checked["collection"]], flow.collections)
        collection = flow.collections.get(checked["collection"], {"statuses": {}, "catalogue": "any"})
        yield from unknown("what is checked", "status", many(checked["statuses"]), collection["statuses"] or ())
        if not collection.get("catalogue"):
            yield "what is checked are people"
    yield from _proposals(flow)


def _proposals(flow: Flow) -> Iterator[str]:
    made = [name for name, event in flow.written_events() if event.get("proposal") == "made"]
    for _, name, event in flow.each_event():
        if event.get("proposal") in ("taken", "dropped") and not made:
            yield f"{name} settles what nobody proposes"
        if event.get("proposal") == "made" and not set(flow.form(event)) & set(flow.fields):
            yield f"{name} proposes nothing"
