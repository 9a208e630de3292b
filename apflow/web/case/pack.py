"""What the papers of a meeting say, each section as far as the reader may read the case it is made of."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from apflow.core.definition import words
from apflow.core.definition.linked import Pack
from apflow.core.errors import NotFound
from apflow.core.facts import items_of
from apflow.core.people.permission import hidden_of_items, may_see_collection, readable
from apflow.web.case.agenda import panels_of
from apflow.web.case.item_views import views_on, who
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.panel import View

Said = dict[str, Any]


def pack_of(opened: Opened, pack: Pack) -> Said:
    """Everything the layout shows; nothing in it is markup."""
    council = opened.site.council
    return {
        "title": pack.title,
        "which": opened.title,
        "council": f"{council.council}, {council.team}",
        "marking": f"{opened.reference}. In confidence.",
        "about": list(_facts(opened, opened.definition.workflow.fields)),
        "members": [member for panel in panels_of(opened) for member in panel.members],
        "sections": [_section(opened, pack, key, label) for key, label in _listed(opened, pack)],
    }


def _listed(opened: Opened, pack: Pack) -> list[tuple[str, str]]:
    """The cases in the pack by reference, each with what it is called."""
    items = items_of(opened.definition, opened.snapshot, pack.of).items()
    return [(key, str(item["label"])) for key, item in items if item["status"] in pack.those]


def _section(opened: Opened, pack: Pack, reference: str, label: str) -> Said:
    item = opened.snapshot.items[pack.of][reference]
    status = opened.definition.collection(pack.of).statuses[item.status].label.staff
    section: Said = {"title": label, "reference": reference, "state": status, "is_hidden": True}
    try:
        found = open_case(opened.site, opened.actor, reference)
    except NotFound:
        return section
    views = views_on(found, pack)
    return section | {
        "title": found.title,
        "is_hidden": False,
        "facts": list(_facts(found, pack.shows)),
        "aside": list(views.aside),
        "views": [_said_by(view) for view in views.given],
        "evidence": list(_evidence(found, pack)),
    }


def _facts(opened: Opened, names: Iterable[str]) -> Iterator[Said]:
    """Those of the fields that are known and that the reader is told."""
    fields = readable(opened.definition, opened.definition.workflow.fields, opened.actor)
    said = words.all_in_words(fields, opened.snapshot.fields, opened.names)
    yield from ({"label": fields[name].label, "words": said[name]} for name in names if said.get(name))


def _said_by(view: View) -> Said:
    return {"who": who(view), "said": [{"label": said.label, "words": said.words} for said in view.said]}


def _evidence(found: Opened, pack: Pack) -> Iterator[Said]:
    """Every item of the case's evidence: how it stands, its dates, and what an officer noted of it."""
    if pack.evidence is None or not may_see_collection(found.definition, pack.evidence, found.actor):
        return
    hidden = hidden_of_items(found.definition, pack.evidence, found.actor)
    statuses = found.definition.collection(pack.evidence).statuses
    for facts in items_of(found.definition, found.snapshot, pack.evidence).values():
        told = {name: value for name, value in facts.items() if name not in hidden}
        status = statuses.get(facts["status"])
        yield {
            "label": told["label"],
            "status": status.label.staff if status else "",
            "dated": _day(told, "dated_on"),
            "until": _day(told, "expires_on"),
            "note": str(told.get("check_note") or told.get("why") or ""),
        }


def _day(told: Mapping[str, Any], name: str) -> str:
    return words.short_day(date.fromisoformat(told[name])) if told.get(name) else ""
