"""The public list as its policy describes it: entries in words, and what is looked for as the address has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from litestar.datastructures import MultiDict
from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.definition.fields import FieldType
from apflow.core.definition.workflow import PublicList, Workflow
from apflow.core.errors import NotFound
from apflow.store.reading.listed import Listed, Wanted, listed, listed_one
from apflow.web.site import Site

_TEXT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter: how the address calls it, its words, and the answers that it stands for."""

    key: str
    label: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Filter:
    """One question that the list can be filtered by."""

    name: str
    heading: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Listing:
    """The list of one workflow, and how it is to be read."""

    workflow: Workflow
    public_list: PublicList

    @property
    def wanted(self) -> Wanted:
        """What the store is asked for: nothing but what the list may show."""
        checked = self.public_list.checked
        return Wanted(
            self.workflow.workflow,
            tuple(self.public_list.states),
            tuple(self.public_list.shows),
            checked.collection if checked else "",
            checked.statuses if checked else (),
        )

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """Options that read the same are one choice."""
        return tuple(
            Filter(name, self.public_list.shows[name], tuple(self._choices(name))) for name in self.public_list.filters
        )

    def _choices(self, name: str) -> Iterator[Choice]:
        answers: dict[str, list[str]] = {}
        for answer in self.workflow.fields[name].options:
            answers.setdefault(self.label(name, answer), []).append(answer)
        return (Choice(meant[0], label, frozenset(meant)) for label, meant in answers.items())

    def label(self, name: str, answer: str) -> str:
        """An answer in the list's own words."""
        said = self.public_list.words.get(name, {}).get(answer)
        return said or self.workflow.fields[name].options.get(answer, answer)


@dataclass(frozen=True)
class Entry:
    """One case as the list shows it."""

    listing: Listing
    row: Listed

    @property
    def id(self) -> int:
        return self.row.id

    @cached_property
    def name(self) -> str:
        return self.said(next(iter(self.listing.public_list.shows))) or "Not yet named"

    @property
    def status(self) -> str:
        return self.listing.public_list.states[self.row.state]

    @property
    def takes_placements(self) -> bool:
        """Whether it stands where the list has it as usual, which is the first state that it names."""
        return self.row.state == next(iter(self.listing.public_list.states))

    @property
    def colour(self) -> str:
        """Green where the list has its usual state; any other is to be noticed."""
        return "green" if self.takes_placements else "orange"

    @property
    def since(self) -> date:
        return local_date(self.row.since)

    @property
    def last_checked_on(self) -> date | None:
        return local_date(self.row.last_checked_at) if self.row.last_checked_at else None

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Each field after the name that says something: its name, heading and words."""
        _, *names = self.listing.public_list.shows.items()
        return [(name, heading, text) for name, heading in names if (text := self.said(name))]

    def said(self, name: str) -> str:
        """A field in words; nothing when it is empty."""
        spec, value = self.listing.workflow.fields[name], self.row.fields.get(name)
        if spec.type in (FieldType.CHOICE, FieldType.MANY):
            return "; ".join(self.labels(name))  # Some labels have commas of their own.
        return words.in_words(spec, value) or ""

    def plain(self, name: str) -> str:
        """A field for a file: choices by their words, a date as a program reads it."""
        value = self.row.fields.get(name)
        is_chosen = self.listing.workflow.fields[name].type in (FieldType.CHOICE, FieldType.MANY)
        return "; ".join(self.labels(name)) if is_chosen else "" if value is None else str(value)

    def labels(self, name: str) -> list[str]:
        """The words of each answer that was chosen."""
        return [self.listing.label(name, answer) for answer in self.answers(name)]

    def answers(self, name: str) -> list[str]:
        value = self.row.fields.get(name)
        return value if isinstance(value, list) else [str(value)] if value is not None else []

    def has(self, text: str) -> bool:
        """Whether each word looked for is in what the list searches."""
        searched = " ".join(map(self.said, self.listing.public_list.searched)).casefold()
        return all(word in searched for word in text.casefold().split())


@dataclass(frozen=True)
class Sought:
    """What the reader looks for: words, and of each filter any of these choices."""

    listing: Listing
    text: str = ""
    chosen: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """As an address carries it; empty when nothing is looked for."""
        pairs = [("q", self.text)] if self.text else []
        return urlencode(pairs + [(name, choice.key) for name, some in self.chosen.items() for choice in some])

    def address(self, path: str) -> str:
        return f"{path}?{self.query}" if self.query else path

    def narrower(self) -> list[tuple[str, "Sought"]]:
        """Each thing looked for in words, and what is left without it."""
        found = [(f"“{self.text}”", replace(self, text=""))] if self.text else []
        for name, some in self.chosen.items():
            for choice in some:
                rest = tuple(kept for kept in some if kept != choice)
                others = {key: value for key, value in {**self.chosen, name: rest}.items() if value}
                found.append((choice.label, replace(self, chosen=others)))
        return found

    def among(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those of the entries that fit."""
        return [entry for entry in entries if self._fits(entry)]

    def _fits(self, entry: Entry) -> bool:
        for name, some in self.chosen.items():
            if not any(not choice.answers.isdisjoint(entry.answers(name)) for choice in some):
                return False
        return not self.text or entry.has(self.text)


def listing_of(site: Site) -> Listing:
    """The public list of providers as its policy has it today; NotFound when there is none."""
    workflow = site.current().workflow
    if workflow.public_list is None:
        raise NotFound
    return Listing(workflow, workflow.public_list)


def entries_of(connection: Connection, listing: Listing) -> list[Entry]:
    """Everything on the list, by name."""
    entries = [Entry(listing, row) for row in listed(connection, listing.wanted)]
    return sorted(entries, key=lambda entry: (entry.name.casefold(), entry.id))


def entry_of(connection: Connection, listing: Listing, case_id: int) -> Entry | None:
    """One entry; None when it is not, or no longer, on the list."""
    row = listed_one(connection, listing.wanted, case_id)
    return Entry(listing, row) if row else None


def sought(listing: Listing, params: MultiDict[str]) -> Sought:
    """What the address looks for; what makes no sense is left out."""
    chosen = {
        each.name: some
        for each in listing.filters
        if (some := tuple(choice for choice in each.choices if choice.key in params.getall(each.name, [])))
    }
    text = " ".join(params.get("q", "").split())[:_TEXT_LIMIT]
    return Sought(listing, text, chosen)
