"""The sets of items of a case that have no page of their own: actions of a plan, lines of a checklist, requests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from litestar.datastructures import MultiDict

from apflow.core.definition.fields import FieldType
from apflow.core.facts import items_of
from apflow.core.firing.offers import Offer
from apflow.core.people.permission import may_see_collection
from apflow.core.snapshot import Upload
from apflow.store.reading.files import files_of
from apflow.web.case.by_link import why_not_written_to
from apflow.web.case.item_views import item_views
from apflow.web.case.opened import Opened
from apflow.web.case.panel import asked_of_items
from apflow.web.case.papers import EVIDENCE
from apflow.web.case.registers import unreached_in
from apflow.web.case.related import Related, named
from apflow.web.case.timeline import Said, Told

_NOTHING_GOES = "Nothing goes to them, and their links open nothing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: how it stands, what was said of it, and what the reader can do to it now."""

    set: str
    key: str
    label: str
    section: str
    status: str
    is_untouched: bool
    colour: str
    said: tuple[Said, ...]
    offers: tuple[Offer, ...]
    is_case: bool = False
    case: Related | None = None
    blocked: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemSet:
    """One collection, under its heading."""

    name: str
    label: str
    entries: tuple[Entry, ...]
    is_of_cases: bool = False


def sets_of(opened: Opened) -> list[ItemSet]:
    """Those the reader may see, without the items that nobody touched and that the reader can do nothing to."""
    files: Mapping[str, Upload] = {}
    names = [name for name in opened.definition.workflow.collections if is_shown(opened, name)]
    if names:
        with opened.site.store.reading() as connection:
            files = files_of(connection, opened.snapshot.id or 0)
    sets = (_set(opened, name, files) for name in names)
    return [one for one in sets if one.entries]


def next_of(sets: Sequence[ItemSet], params: MultiDict[str]) -> Entry | None:
    """After something was done to an item, the next that nobody has touched, from the top once at its end."""
    key = params.get("item", "")
    entries = next((one.entries for one in sets if any(entry.key == key for entry in one.entries)), ())
    place = next((number for number, entry in enumerate(entries, start=1) if entry.key == key), 0)
    return _first_untouched((*entries[place:], *entries[:place]))


def to_begin_with(sets: Sequence[ItemSet]) -> Entry | None:
    """The first item that nobody has touched and to which the reader can do something."""
    return _first_untouched(entry for one in sets for entry in one.entries)


def _first_untouched(entries: Iterable[Entry]) -> Entry | None:
    return next((entry for entry in entries if entry.is_untouched and entry.offers), None)


def is_shown(opened: Opened, name: str) -> bool:
    """Whether a case's page shows the collection as a set, and the actor may see it."""
    elsewhere = name in (EVIDENCE, unreached_in(opened.definition))  # These have pages of their own.
    is_set = not elsewhere and opened.definition.collection(name).keyed_by != "actor"
    return is_set and may_see_collection(opened.definition, name, opened.actor)


def _set(opened: Opened, name: str, files: Mapping[str, Upload]) -> ItemSet:
    touched, found = opened.snapshot.items.get(name, {}), []
    told = Told(opened.definition, opened.actor, files=files, names=opened.names)
    every_asked = asked_of_items(opened, name)
    not_written_to = why_not_written_to(opened, name)
    asked = {one: spec for one, spec in every_asked.items() if spec.type is not FieldType.CONFIRM}
    for key, facts in items_of(opened.definition, opened.snapshot, name).items():
        every = opened.item_offers((name, key))
        offers = tuple(offer for offer in every if offer.is_possible)
        if offers or key in touched:
            called = opened.definition.collection(name).called
            said = tuple(told.answer(spec, facts[one]) for one, spec in asked.items() if one in facts and one != called)
            said += tuple(item_views(opened, key).in_short) if name in opened.definition.of_cases else ()
            said = (*((Said(_NOTHING_GOES, not_written_to[key]),) if key in not_written_to else ()), *said)
            entry = _entry(opened, name, key, facts, said, offers)
            found.append(replace(entry, blocked=_blocked(opened, facts, every)) if entry.is_case else entry)
    label = opened.definition.collection(name).label.to(opened.audience)
    return ItemSet(name, label, tuple(found), name in opened.definition.of_cases)


def _blocked(
    opened: Opened, facts: Mapping[str, Any], offers: Sequence[Offer]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What could be done to the item as it stands were something else so: by the reasons, what they stand against."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for offer in offers:
        is_meant = offer.spec.item is not None and facts["status"] in offer.spec.item.from_
        if is_meant and not offer.is_possible and offer.spec.emphasis != "quiet":
            found[offer.reasons] = (*found.get(offer.reasons, ()), offer.spec.label.to(opened.audience))
    return found


def _entry(
    opened: Opened, name: str, key: str, facts: Mapping[str, Any], said: tuple[Said, ...], offers: tuple[Offer, ...]
) -> Entry:
    collection = opened.definition.collection(name)
    catalogue = opened.definition.catalogues.get(collection.catalogue or "")
    status = collection.statuses[facts["status"]]
    return Entry(
        set=name,
        key=key,
        label=str(facts["label"]),
        section=catalogue.sections[facts["section"]] if catalogue else "",
        status=status.label.to(opened.audience),
        is_untouched=facts["status"] == collection.starts,
        colour=status.colour,
        said=said,
        offers=offers,
        is_case=name in opened.definition.of_cases,
        case=named(opened, key) if name in opened.definition.of_cases else None,
    )
