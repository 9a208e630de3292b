"""What the council returns to others of its placements: the shape of `returns.yaml`, and the rows that follow from it.

The headings, the code sets and which placements belong stand in the file, each form of a return from its day on.
Nothing is made up: what a return asks for and nobody has recorded is told of each row, and left empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from apflow.core.checks.findings import Finding, Path, known, unclaimed
from apflow.core.compare.grammar import differences, keyed
from apflow.core.definition.base import Claim, Name, Names, Part, Said
from apflow.core.definition.calendars import CalendarDate
from apflow.core.definition.workflow import Workflow
from apflow.provision.drawn import KEPT_PLACEMENTS

Fact = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z][a-z0-9_]*$")]
Facts = Mapping[str, Any]
Words = Mapping[str, Mapping[str, str]]
RECORDED: Mapping[str, str] = {
    "pupil.upn": "Unique pupil number",
    "pupil.surname": "Surname",
    "pupil.forename": "First name",
    "pupil.middle_names": "Middle names",
    "pupil.uln": "Unique learner number",
    "pupil.sex": "Sex: F, M or U",
    "pupil.postcode": "Postcode of the pupil's home",
    "pupil.born": "Date of birth",
    "pupil.year": "Year",
    "pupil.sen": "Special needs: ehcp, sen_support or none",
    "pupil.looked_after": "Looked after: yes or no",
    "pupil.compulsory_age": "Of compulsory school age on the last day asked for: yes or no",
    "pupil.parents": "Parents and carers, as the placement's case has them",
    "pupil.parents_addresses": "Their addresses, where it has them",
    "placement.starts_on": "First day",
    "placement.ends_on": "Last day",
    "placement.hours": "Hours a week",
    "placement.sessions": "Sessions a week",
    "placement.cost": "Cost a week",
    "placement.school_days": "School days from the first to the last, or to today",
    "placement.reason": "Why it was commissioned, by its case or record, an exclusion told apart from a suspension",
    "placement.outcome": "Where the pupil went, or how it ended, in words",
    "placement.considered_by": "Who considered the duty of section 19",
    "placement.considered_on": "When that was",
    "placement.considered_evidence": "On what evidence, and what was decided",
    "site.name": "Site",
    "site.address": "Address of the site",
    "site.postcode": "Postcode of the site",
    "site.setting": "Where it is, as the attendance plan has it",
    "school.name": "Home school",
    "school.urn": "The home school's URN",
    "commissioner.name": "Commissioned by",
    "commissioner.kind": "What the commissioner is: school, service, parent or learner",
    "commissioner.urn": "The commissioner's URN",
    "provider.name": "Provider",
    "provider.ukprn": "The provider's UKPRN, by its URN in the national register",
}
MISSING = "missing"  # How conditions speak of what is not recorded, so that no row is lost by it.
NOT_KEPT, NOT_RECORDED = "not kept here", "not recorded"


class ReturnColumn(Part):
    """One column. Without a `fact` it is something that is asked for and not kept here.

    `codes` are theirs by our value; a value without one is missing. `when` leaves it out of other rows. Of the columns
    of one `either` the first that has a value is given, and the others stay empty.
    """

    heading: Said
    fact: Fact | None = None
    needed: bool = True
    codes: Mapping[str, str | None] = Field(default_factory=dict)
    when: Mapping[Fact, Names] = Field(default_factory=dict)
    either: Name | None = None


class ReturnForm(Claim):
    """A return as it is asked for from the day `since`; without one it is not asked for yet."""

    title: Said
    since: CalendarDate | None = None
    columns: tuple[ReturnColumn, ...] = Field(min_length=1)


class ReturnKind(Part):
    """One return: `only` placements of which all this is true, one row `each`, or only a pupil's `latest`."""

    title: Said
    says: Said
    rows: Literal["each", "latest"] = "each"
    only: Mapping[Fact, Names] = Field(default_factory=dict)
    forms: Mapping[Name, ReturnForm] = Field(min_length=1)

    def in_force(self, on: date) -> ReturnForm:
        """The form that holds on the day, the last to have begun; else the next to come, to see what it will ask."""
        begun = [form for form in self.forms.values() if form.since and form.since <= on]
        if begun:
            return max(begun, key=lambda form: form.since or date.min)
        return min(self.forms.values(), key=lambda form: form.since or date.max)


class Reason(Part):
    """The question why a placement was commissioned; an answer is told apart by which of other questions has one.

    `told_apart` has the new answers in order, each with the question that must be answered for it.
    """

    question: Name
    answer: str
    told_apart: Mapping[Name, Name] = Field(min_length=1)

    def of(self, said: Mapping[str, Any]) -> Any:
        """Why, by what a case says; None where it does not."""
        why = said.get(self.question)
        if why != self.answer:
            return why
        return next((reason for reason, question in self.told_apart.items() if said.get(question)), why)


class Told(Part):
    """Which questions of a placement's case the report reads: where the pupil went, and who considered section 19.

    `outcomes` says of states in which the case goes on after the placement how that ended, where no question does.
    """

    destination: Name
    considered_by: Name
    considered_on: Name
    considered_evidence: Name
    outcomes: Mapping[Name, str] = Field(default_factory=dict)
    reason: Reason | None = None

    @property
    def questions(self) -> Mapping[Path, str]:
        """Every question that is read, by where it is said."""
        asked: dict[Path, str] = {(name,): field for name, field in self if isinstance(field, str)}
        if self.reason is not None:
            asked["reason", "question"] = self.reason.question
            asked |= {("reason", "told_apart", name): field for name, field in self.reason.told_apart.items()}
        return asked


class Returns(Part):
    """A whole file of returns."""

    returns: Name
    title: Said
    report: Told
    kinds: Mapping[Name, ReturnKind] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Returned:
    """One row as it would be returned, and what is missing for it."""

    pupil: int
    called: str
    cells: tuple[Any, ...]
    missing: tuple[str, ...]


def rows_of(kind: ReturnKind, form: ReturnForm, every: Sequence[Facts], words: Words) -> list[Returned]:
    """The rows of these placements that belong in the return, in their order.

    `words` are those of a fact's values where a column has no codes for them.
    """
    belong = [facts for facts in every if _is_so(kind.only, facts)]
    if kind.rows == "latest":
        latest: dict[int, Facts] = {}
        for facts in sorted(belong, key=lambda facts: (facts["placement.starts_on"], facts["placement"])):
            latest[facts["pupil"]] = facts
        belong = [facts for facts in belong if latest[facts["pupil"]] is facts]
    return [_row(form, facts, words) for facts in belong]


def _row(form: ReturnForm, facts: Facts, words: Words) -> Returned:
    cells, missing = [], []
    given = {column.either for column in form.columns if column.either and _value(column, facts, words)[0] is not None}
    met: set[str] = set()
    for column in form.columns:
        value, lacks = _value(column, facts, words)
        if column.either in met:
            value = None
        elif column.either and value is not None:
            met.add(column.either)
        cells.append(value)
        if lacks and column.needed and column.either not in given:
            missing.append(f"{column.heading}: {lacks}")
    name = f"{facts['pupil.surname']}, {facts['pupil.forename']}"
    return Returned(facts["pupil"], name, tuple(cells), tuple(missing))


def _value(column: ReturnColumn, facts: Facts, words: Words) -> tuple[Any, str]:
    """What stands in the cell, and why it is empty where it should not be."""
    if not _is_so(column.when, facts):
        return None, ""
    if column.fact is None:
        return None, NOT_KEPT
    value = facts.get(column.fact)
    if value is None:
        return None, NOT_RECORDED
    if not column.codes:
        return words.get(column.fact, {}).get(value, value), ""
    code = column.codes.get(str(value))
    return code, "" if code else f"no code is set for “{str(value).replace('_', ' ')}”"


def _is_so(conditions: Mapping[str, Sequence[str]], facts: Facts) -> bool:
    return all(_named(facts.get(fact)) in values for fact, values in conditions.items())


def _named(value: Any) -> str:
    return MISSING if value is None else str(value)


def kept_by(workflows: Mapping[str, Workflow]) -> Workflow | None:
    """The workflow whose cases keep placements."""
    found = (one for one in workflows.values() if one.keeps and one.keeps.records == KEPT_PLACEMENTS)
    return next(found, None)


def check_returns(returns: Returns, workflows: Mapping[str, Workflow] | None) -> Iterator[Finding]:
    """What is wrong with a file of returns: questions of cases that are not asked, and records that are not kept.

    Without `workflows`, as not all of them could be read, names of their questions are not judged.
    """
    if workflows is not None:
        yield from _names_known(returns, workflows)
    for name, kind in returns.kinds.items():
        yield from _forms_claimed(kind, ("kinds", name))


def _names_known(returns: Returns, workflows: Mapping[str, Workflow]) -> Iterator[Finding]:
    placement = kept_by(workflows)
    asked = {"case": placement, "provider": workflows.get("provider")}
    facts = [*RECORDED, *(f"{name}.{field}" for name, one in asked.items() if one for field in one.fields)]
    if placement:
        for at, field in returns.report.questions.items():
            yield from known(("report", *at), "field", field, placement.fields)
        for state in returns.report.outcomes:
            yield from known(("report", "outcomes", state), "state", state, placement.states)
    for name, kind in returns.kinds.items():
        path: Path = ("kinds", name)
        for fact in kind.only:
            yield from known((*path, "only", fact), "fact", fact, facts)
        for form_name, form in kind.forms.items():
            for number, column in enumerate(form.columns):
                here = (*path, "forms", form_name, "columns", number)
                if column.fact:
                    yield from known((*here, "fact"), "fact", column.fact, facts)
                for fact in column.when:
                    yield from known((*here, "when", fact), "fact", fact, facts)


def _forms_claimed(kind: ReturnKind, path: Path) -> Iterator[Finding]:
    days: dict[date | None, str] = {}
    for name, form in kind.forms.items():
        here = (*path, "forms", name)
        if days.setdefault(form.since, name) != name:
            message = f'"{days[form.since]}" begins on this day already, and only one can be in force'
            yield Finding((*here, "title"), "said-twice", message)
        if not (form.source or form.assumed):
            yield unclaimed(here)


def returns_claims(returns: Returns) -> Iterator[tuple[Path, Claim]]:
    """Every piece that must be sourced or owned up to as assumed, with its path."""
    for name, kind in returns.kinds.items():
        yield from ((("kinds", name, "forms", form), one) for form, one in kind.forms.items())


def compare_returns(old: Returns | None, new: Returns | None) -> Iterator[str]:
    """At least one sentence for every difference in what is returned."""
    if old is None or new is None:
        if new is not None:
            yield f"“{new.title}” is added: {len(new.kinds)} returns can be made."
        if old is not None:
            yield f"“{old.title}” is taken away: returns can no longer be made."
        return
    yield from differences(new.title, old, new, {"kinds": partial(_kinds, new.title)})


def _kinds(subject: str, old: Mapping[str, ReturnKind], new: Mapping[str, ReturnKind]) -> Iterator[str]:
    return keyed(
        old,
        new,
        added=lambda _, one: [f"{subject}: {one.title} is added."],
        removed=lambda _, one: [f"{subject}: {one.title} is taken away."],
        changed=lambda _, was, now: differences(now.title, was, now, {}),
        called=lambda one: one.title,
    )
