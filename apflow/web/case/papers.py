"""The documents of a case as pages list them: by section, how far each got, and what was said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apflow.core.days.calendar import local_date
from apflow.core.days.duration import Duration
from apflow.core.definition.catalogue import CatalogueItem
from apflow.core.definition.labels import STAFF
from apflow.core.facts import items_of
from apflow.core.people.permission import hidden_of_items
from apflow.web.case.opened import Opened

EVIDENCE = "evidence"
RETURNED = "returned"
_SUPPLY = "supply"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: what is asked for, its status in the reader's words, and what was last said of it."""

    key: str
    entry: CatalogueItem
    section: str
    status: str
    status_label: str
    colour: str
    said: Mapping[str, Any]
    is_untouched: bool
    has_run_out: bool

    @property
    def label(self) -> str:
        return self.entry.label

    @property
    def is_sent_back(self) -> bool:
        return self.status == RETURNED

    @property
    def is_to_do(self) -> bool:
        """Whether it never came, or was sent back."""
        return self.is_untouched or self.is_sent_back


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the documents that must be sent have been, and have not run out since."""

    sent: int
    of: int


def papers_of(opened: Opened) -> list[Paper]:
    """Every document asked for, in catalogue order; none in a workflow that asks for none."""
    definition = opened.definition
    if EVIDENCE not in definition.workflow.collections:
        return []
    hidden = hidden_of_items(definition, EVIDENCE, opened.actor)
    items = {
        key: {name: value for name, value in facts.items() if name not in hidden}
        for key, facts in items_of(definition, opened.snapshot, EVIDENCE).items()
    }
    return [_paper(opened, key, as_known(opened, items[key])) for key in definition.catalogue_of(EVIDENCE)]


def as_known(opened: Opened, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A document as the reader may know it by now."""
    is_told = opened.audience == STAFF or can_be_sent(opened)
    return facts if is_told else _before_it_is_told(opened, facts)


def can_be_sent(opened: Opened) -> bool:
    """Whether the provider can send documents at the present stage."""
    spec = opened.definition.events[opened.snapshot.state].get(_SUPPLY)
    return spec is not None and opened.definition.workflow.party_role in spec.by


def item_path(case: str, item: tuple[str, str]) -> str:
    """Where one item is looked at: a document has a page of its own, others are on their case's."""
    collection, key = item
    return f"{case}/{collection}/{key}" if collection == EVIDENCE else f"{case}#{collection}"


def by_section(papers: list[Paper]) -> dict[str, list[Paper]]:
    """The papers under their section's title, in catalogue order."""
    sections: dict[str, list[Paper]] = {}
    for paper in papers:
        sections.setdefault(paper.section, []).append(paper)
    return sections


def progress_of(papers: list[Paper]) -> Progress:
    required = [paper for paper in papers if paper.entry.required]
    return Progress(sum(not (paper.is_to_do or paper.has_run_out) for paper in required), len(required))


def wants_doing(paper: Paper) -> bool:
    """Whether it was sent back, or has run out since it came."""
    return paper.is_sent_back or (paper.has_run_out and not paper.is_to_do)


def to_renew(opened: Opened, papers: list[Paper]) -> list[Paper]:
    """Those that have run out, or whose provider is being reminded by now that they will: the soonest first."""
    deadlines = opened.definition.deadlines[opened.snapshot.state].values()
    counted = [spec for spec in deadlines if spec.among is not None and spec.among.items == EVIDENCE]
    ahead = [left for spec in counted for ladder in spec.remind for left in ladder.at]
    calendar, today = opened.definition.calendar, opened.world.today
    dated = [(date.fromisoformat(paper.said["expires_on"]), paper) for paper in papers if paper.said.get("expires_on")]
    soon = [
        (day, paper)
        for day, paper in dated
        if any(local_date(calendar.before(day, left)) <= today for left in ahead) and not paper.is_to_do
    ]
    return [paper for _, paper in sorted(soon, key=lambda pair: (pair[0], pair[1].label))]


def neighbours(papers: list[Paper], key: str) -> tuple[Paper | None, Paper | None]:
    """The papers before and after one of them."""
    place = next(number for number, paper in enumerate(papers) if paper.key == key)
    before = papers[place - 1] if place else None
    return before, papers[place + 1] if place + 1 < len(papers) else None


def rule_of(entry: CatalogueItem) -> str:
    """How old the document may be, in words."""
    match entry.expires:
        case "never":
            return "It does not run out."
        case Duration() as good_for:
            return f"It must be dated within the last {good_for}."
        case _:
            return "It must be in force: tell us the date it expires, and send us the next one by then."


def _before_it_is_told(opened: Opened, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item as an outsider knows it while the council still checks: what is sent back is told all at once, later."""
    if facts["status"] != RETURNED:
        return facts
    supply, starts = opened.spec_of(_SUPPLY), opened.definition.collection(EVIDENCE).starts
    sent = supply.item.to if supply and supply.item and facts.get("file") else starts
    return {name: value for name, value in facts.items() if name != "reason"} | {"status": sent}


def _paper(opened: Opened, key: str, facts: Mapping[str, Any]) -> Paper:
    collection = opened.definition.collection(EVIDENCE)
    catalogue = opened.definition.catalogues[collection.catalogue or ""]
    entry, known = catalogue.items[key], collection.statuses.get(facts["status"])
    expires_on = facts.get("expires_on")
    return Paper(
        key=key,
        entry=entry,
        section=catalogue.sections[entry.section],
        status=facts["status"],
        status_label=known.label.to(opened.audience) if known else "",
        colour=known.colour if known else "grey",
        said=facts,
        is_untouched=facts["status"] == collection.starts,
        has_run_out=bool(expires_on) and str(expires_on) < opened.world.today.isoformat(),
    )
