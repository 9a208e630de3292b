"""The one line that says what was just done, shown after the redirect; only of what really happened."""

from collections.abc import Callable
from urllib.parse import urlencode

from litestar.datastructures import MultiDict

from apflow.core.definition.compiled import Definition
from apflow.core.definition.words import day
from apflow.core.facts import keys_of, set_aside_on
from apflow.core.firing.overrides import in_words
from apflow.store.reading.history import HistoryView, history_of
from apflow.web.case.by_link import why_not_written_to
from apflow.web.case.opened import Opened

_LAST_FEW = 8
_NOTHING_WENT = "It is recorded, but nothing goes to them yet, and no link of theirs opens anything."


def done_address(path: str, event: str, item: str | None = None) -> str:
    """The page to go on to, with what its banner should say."""
    named = {"done": event} | ({"item": item} if item else {})
    return f"{path}?{urlencode(named)}"


def done_banner(opened: Opened, params: MultiDict[str]) -> str | None:
    """What the actor has just done to this case, in the words the workflow has for it."""
    event, item = params.get("done", ""), params.get("item", "")
    entry = just_done(opened, event.__eq__) if event in opened.definition.event_names else None
    if entry is None:
        return None
    if why := _why_nothing_went(opened, entry):
        return f"{_NOTHING_WENT} {why}"
    text = done_words(opened.definition, event, opened.audience)
    label = _item_label(opened, event, item)
    return f"{text}: {label}" if label and len(text.split()) <= 6 else text


def override_banner(opened: Opened, params: MultiDict[str]) -> str | None:
    """That the actor has just set a guard aside, or taken that back."""
    guard = params.get("guard", "")
    if guard not in opened.definition.workflow.guards:
        return None
    standing = set_aside_on(opened.snapshot, opened.world.today).get(guard)
    if standing and _has_just(opened, f"set aside {guard}"):
        return f"“{in_words(guard).capitalize()}” is set aside until {day(standing.until)}"
    if not standing and _has_just(opened, f"took back {guard}"):
        return f"“{in_words(guard).capitalize()}” counts again"
    return None


def done_words(definition: Definition, event: str, audience: str) -> str:
    """What is said once the event has happened."""
    specs = [events[event] for events in definition.events.values() if event in events]
    said = next((spec.done for spec in specs if spec.done), None)
    return said.to(audience) if said else f"Done: {specs[0].label.to(audience)}"


def just_done(opened: Opened, is_meant: Callable[[str], bool]) -> HistoryView | None:
    """The last that the actor did of what is meant, if that is among the last few things that happened here."""
    with opened.site.store.reading() as connection:
        entries = history_of(connection, opened.reference, after=opened.snapshot.version - _LAST_FEW)
    theirs = [entry for entry in entries if is_meant(entry.name) and entry.actor_id == opened.actor.id]
    return max(theirs, key=lambda entry: entry.version, default=None)


def _has_just(opened: Opened, event: str) -> bool:
    return just_done(opened, event.__eq__) is not None


def _why_nothing_went(opened: Opened, entry: HistoryView) -> str:
    """Why nothing went to the reader whom an event was about and meant to write to, if nothing did."""
    by_link, (collection, key) = opened.definition.workflow.read_by_link, entry.payload.get("item") or ("", "")
    spec = opened.definition.events.get(entry.from_state, {}).get(entry.name)
    if by_link is None or spec is None or collection != by_link.of or by_link.role not in spec.notify:
        return ""
    return why_not_written_to(opened, collection).get(key, "")


def _item_label(opened: Opened, event: str, item: str) -> str:
    for events in opened.definition.events.values():
        spec = events.get(event)
        if spec and spec.item and item in keys_of(opened.definition, opened.snapshot, spec.item.of):
            return str(opened.facts((spec.item.of, item)).item["label"])
    return ""
