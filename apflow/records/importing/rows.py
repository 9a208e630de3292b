"""What is done with one row of each kind of file: a form is answered with it, and the record added or changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.errors import Invalid
from apflow.core.screening.upn import tidy
from apflow.provision.opening import WEEKDAYS
from apflow.records import asking
from apflow.records.attendance.school_years import SCHOOL_YEAR, answers_of_year, read_year
from apflow.records.door import By, Kind, added, changed
from apflow.records.files.columns import Column, as_date, as_yes, one_of
from apflow.records.people import commissioners, pupils
from apflow.records.people.commissioners import COMMISSIONER
from apflow.records.people.pupils import PUPIL
from apflow.records.placements import places
from apflow.records.placements.form import DESTINATIONS, REASONS
from apflow.records.placements.places import PLACEMENT
from apflow.records.providers.sites import SITE, answers_of_site
from apflow.store.records.commissioners import named_so, of_name
from apflow.store.records.pauses import pauses_of
from apflow.store.records.placements import placement, same_placement
from apflow.store.records.pupils import by_name, by_upn, pupil
from apflow.store.records.records import sought
from apflow.store.records.school_years import year_of
from apflow.store.records.sites import sites_of
from apflow.store.records.weekly import agreed_of

SCHOOL_COLUMNS = (
    Column("name", "Name", ("School", "School name", "EstablishmentName", "Commissioner"), is_needed=True),
    Column("kind", "Kind", ("Type",), about="School (taken when empty), council service, parent or learner"),
    Column("urn", "URN"),
    Column("contact_name", "Contact", ("Contact name", "Who to ask for")),
    Column("email", "Email", ("Email address", "E-mail")),
    Column("phone", "Phone", ("Phone number", "Telephone", "TelephoneNum")),
    Column("postcode", "Postcode"),
    Column("ended_on", "Closed on", ("CloseDate", "Closed"), as_date),
)
SITE_COLUMNS = (
    Column("provider", "Provider", ("Provider name", "Organisation"), is_needed=True, about="Its name or reference"),
    Column("name", "Site", ("Site name",), is_needed=True),
    Column("proprietor", "Proprietor", ("Run by",), about="Who runs it; the provider itself when empty"),
    Column("address", "Address"),
    Column("postcode", "Postcode"),
    *(Column(day, day.title(), (day[:3],), about="Like 9:30am to 2:30pm") for day in WEEKDAYS),
    Column("ended_on", "Closed on", ("Given up on",), as_date),
)
PLACEMENT_COLUMNS = (
    Column("upn", "UPN"),
    Column("surname", "Surname", ("Last name", "Legal surname"), is_needed=True),
    Column("forename", "First name", ("Forename", "Legal forename"), is_needed=True),
    Column("middle_names", "Middle names", ("Middle name", "Legal middle names")),
    Column("born", "Date of birth", ("DOB", "Born"), as_date, is_needed=True),
    Column("sex", "Sex", ("Gender",), one_of(pupils.SEXES), about="F, M or U"),
    Column("postcode", "Home postcode", ("Pupil postcode", "Postcode of home")),
    Column("uln", "ULN", ("Unique learner number",)),
    Column("year", "Year", ("School year", "Year group", "NC year")),
    Column("ehcp", "EHCP", ("EHC plan",), as_yes),
    Column("sen_support", "SEN support", ("SEN",), as_yes),
    Column("looked_after", "Looked after", ("LAC", "CLA", "In care"), as_yes),
    Column("cp", "Child protection plan", ("CP", "CP plan"), as_yes),
    Column("cin", "Child in need plan", ("CIN", "CIN plan"), as_yes),
    Column("home_school", "Home school", ("School",), about="Its name or URN"),
    Column("provider", "Provider", ("Provider name",), is_needed=True, about="Its name or reference"),
    Column("site", "Site", ("Site name",), about="Only needed when the provider has more than one"),
    Column("commissioner", "Commissioner", ("Commissioned by",), about="The home school when empty"),
    Column("hours", "Hours a week", ("Hours", "Hours per week", "Weekly hours"), is_needed=True),
    Column("has_breaks", "Breaks included", ("Hours include breaks",), as_yes, about="Taken as yes when empty"),
    Column("sessions", "Sessions a week", ("Sessions", "Sessions per week")),
    Column("cost", "Cost a week", ("Cost", "Weekly cost", "Cost per week")),
    Column(
        "sessions_from",
        "These hours since",
        ("Hours since", "Cost since"),
        as_date,
        about="The day on which hours, sessions or cost changed; until then, what was on record goes on",
    ),
    Column("starts_on", "First day", ("Start", "Start date", "Entry date"), as_date, is_needed=True),
    Column("ends_on", "Last day", ("End", "End date", "Leaving date"), as_date),
    Column(
        "destination",
        "Destination",
        ("Where the pupil went", "Outcome"),
        one_of(DESTINATIONS),
        about=f"one of: {'; '.join(DESTINATIONS.values())}",
    ),
    Column(
        "reason",
        "Reason",
        ("Why commissioned", "Primary reason"),
        one_of(REASONS),
        about=f"one of: {'; '.join(REASONS.values())}",
    ),
    Column("paused_on", "Paused since", ("Paused on",), as_date, about="The latest pause, from its first day"),
    Column("resumed_on", "Goes on since", ("Resumed on",), as_date, about="Empty while it is paused"),
    Column("never_began", "Never began", (), as_yes, about="Called off before the first day, or nobody came"),
    Column("late_because", "Why so late", about="Where the provider takes no new placements now; a manager imports it"),
)
OF_PUPIL = (
    *("surname", "forename", "middle_names", "born", "sex", "postcode", "upn", "uln", "year"),
    "home_school",
)
OF_PLACEMENT = (
    *("provider", "site", "commissioner", "hours", "has_breaks", "sessions", "cost", "sessions_from"),
    *("starts_on", "ends_on", "destination", "reason", "paused_on", "resumed_on", "never_began", "late_because"),
)


@dataclass
class Rows:
    """The rows of one file so far: by whom, the present one's number, and what earlier ones said of each pupil."""

    by: By
    number: int = 0
    said_of: dict[int, dict[str, tuple[int, str]]] = field(default_factory=dict)


def school_row(connection: Connection, said: Mapping[str, str], rows: Rows) -> str:
    """Add or change a school or other commissioner."""
    kind = _kind(said.get("kind", "school"))
    found = named_so(connection, said["urn"], limit=1) if said.get("urn") else ()
    known = next((row for row in found if row.urn == said["urn"]), None) or _same_school(connection, kind, said)
    before = commissioners.answers_of(known) if known else {}
    return _kept(connection, COMMISSIONER, known, _over(before, {**said, "kind": kind}), rows.by)[0]


def site_row(connection: Connection, said: Mapping[str, str], rows: Rows) -> str:
    """Add or change a site of a provider."""
    case = asking.provider(connection, said["provider"])
    own = [row for row in sites_of(connection, case.id) if row.name.casefold() == said["name"].casefold()]
    before = answers_of_site(own[0]) if own else {"proprietor": case.title}
    answers = {name: value for name, value in said.items() if name != "provider"}
    known = own[0] if own else None
    return _kept(connection, SITE, known, _over(before, answers), rows.by, {"case_id": case.id})[0]


def placement_row(connection: Connection, said: Mapping[str, str], rows: Rows) -> str:
    """Add or change a placement, and the pupil whom it is for."""
    known = known_pupil(connection, said)
    before = pupils.answers_of(known, rows.by.today) if known else {}
    answers = _over(before, {name: said[name] for name in OF_PUPIL if name in said})
    answers["true_of"] = _true_of(before.get("true_of", ()), said)
    done, pupil_id = _kept(connection, PUPIL, known, answers, rows.by)
    _refuse_otherwise(said, pupil_id, rows)
    placed, _ = _placed(connection, said, pupil_id, rows.by)
    return max(done, placed, key=("same", "changed", "added").index)


def year_row(connection: Connection, said: Mapping[str, str], rows: Rows) -> str:
    """Add or change a school's own dates of one school year; what the row leaves empty stays as it is."""
    school = asking.commissioner(connection, "school", said["school"], named=rows.by.named)
    year = read_year(said["year"])
    known = year_of(connection, school.id, year)
    before = answers_of_year(known, rows.by.library, year) if known else {}
    answers = {name: value for name, value in said.items() if name not in ("school", "year")}
    within = {"commissioner_id": school.id, "year": year}
    return _kept(connection, SCHOOL_YEAR, known, _over(before, answers), rows.by, within)[0]


def _placed(connection: Connection, said: Mapping[str, str], pupil_id: int, by: By) -> tuple[str, int]:
    answers: dict[str, Any] = {name: said[name] for name in OF_PLACEMENT if name in said}
    if "commissioner" not in answers:
        if "home_school" not in said:
            raise Invalid({"commissioner": "say who commissions it, as no home school is given either"})
        answers["commissioner"] = said["home_school"]
    site = asking.site(connection, answers["provider"], answers.get("site", ""), by.named)
    who = asking.commissioner(connection, "commissioner", answers["commissioner"], named=by.named)
    same = same_placement(connection, pupil_id, site.id, who.id, date.fromisoformat(answers["starts_on"]))
    known = placement(connection, same.id) if same is not None else None
    before = _placed_before(connection, known) if known else {"has_breaks": "yes"}
    if answers.get("paused_on", before.get("paused_on")) != before.get("paused_on"):
        before = {**before, "resumed_on": None}  # What ended the pause before ends no other.
    return _kept(connection, PLACEMENT, known, _over(before, answers), by, {"pupil_id": pupil_id})


def _placed_before(connection: Connection, known: Row[Any]) -> dict[str, Any]:
    pauses, agreed = pauses_of(connection, [known.id]), agreed_of(connection, [known])
    return places.answers_of_placement(known, pauses.get(known.id, ()), agreed[known.id].since)


def _kept(
    connection: Connection,
    kind: Kind,
    known: Row[Any] | None,
    answers: Mapping[str, Any],
    by: By,
    within: Mapping[str, int] | None = None,
) -> tuple[str, int]:
    """What was done, and the number of the record it was done to."""
    if known is None:
        return "added", added(connection, kind, answers, by, within or {})
    return "changed" if changed(connection, kind, known.id, answers, by) else "same", known.id


def _over(before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says with a row laid over it; what neither says is left out."""
    return {name: value for name, value in {**before, **said}.items() if value not in (None, "")}


def _kind(text: str) -> str:
    said = text.casefold()
    kind = next((kind for kind in ("service", "parent", "learner", "school") if kind in said), None)
    if kind is None:
        raise Invalid({"kind": f"“{text}” is not known: write school, council service, parent or learner"})
    return kind


def _same_school(connection: Connection, kind: str, said: Mapping[str, str]) -> Row[Any] | None:
    same = of_name(connection, kind, said["name"])
    fitting = [row for row in same if not (said.get("urn") and row.urn)]
    return fitting[0] if len(fitting) == 1 else None


def known_pupil(connection: Connection, said: Mapping[str, str]) -> Row[Any] | None:
    """The pupil of this number, else the only one of this name and birthday whose number is not another."""
    upn, born = tidy(said.get("upn", "")), date.fromisoformat(said["born"])
    found = by_upn(connection, upn) if upn else None
    if found is not None and found.born != born and sought(found.surname) != sought(said["surname"]):
        raise Invalid({"upn": "a pupil with another surname and date of birth has this UPN here; check all three"})
    if found is None:
        same = by_name(connection, said["surname"], said["forename"], born)
        fitting = [row for row in same if not (upn and row.upn)]
        found = fitting[0] if len(fitting) == 1 else None
    return pupil(connection, found.id) if found else None


def _true_of(before: Any, said: Mapping[str, str]) -> list[str]:
    return [name for name in pupils.TRUE_OF if said.get(name, "yes" if name in before else "no") == "yes"]


def _refuse_otherwise(said: Mapping[str, str], pupil_id: int, rows: Rows) -> None:
    """Two rows that say different things of one pupil would each undo the other."""
    heard = rows.said_of.setdefault(pupil_id, {})
    for name in (*OF_PUPIL, *pupils.TRUE_OF):
        if name in said:
            first, earlier = heard.setdefault(name, (rows.number, said[name]))
            if earlier != said[name]:
                raise Invalid({name: f"row {first} says otherwise of the same pupil; make them the same"})
