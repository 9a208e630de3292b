"""Pupils and those who work with them as records."""

from collections.abc import Mapping, Set
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.errors import Invalid
from apflow.letters.around import is_for
from apflow.letters.contexts import Recipient
from apflow.provision.ages import school_year, usual_year
from apflow.provision.identifiers import is_uln, tidy
from apflow.records.asking import called, commissioner, day, question
from apflow.records.door import Kind, Place
from apflow.records.letters import Writing
from apflow.records.people.around import role_of, tell_who_takes_on
from apflow.records.placements.told import tell_of_school, tell_of_what_is_true
from apflow.records.placements.who_is_there import tell_of_care
from apflow.store.records.pupils import by_name, by_uln, by_upn, keep_words, pupil
from apflow.store.records.records import record, sought
from apflow.store.tables.places import commissioners
from apflow.store.tables.pupils import professionals, pupils

OLDEST = 25
TRUE_OF = {
    "ehcp": "Has an education, health and care plan (EHC plan)",
    "sen_support": "Has SEN support",
    "looked_after": "Is looked after by a council",
    "cp": "Has a child protection plan",
    "cin": "Has a child in need plan",
}
SEXES = {"F": "Female", "M": "Male", "U": "Not known"}  # The census's own letters.
_STATUSES = ("ehcp", "sen_support", "looked_after")
FORM = {
    "surname": question("text", "Surname", max_length=100),
    "forename": question("text", "First name", max_length=100),
    "middle_names": question("text", "Middle names", optional=True, max_length=100),
    "born": question("date", "Date of birth", date_must_be="today or before", hint="For example, 27 3 2012"),
    "upn": question(
        "upn", "Unique pupil number (UPN)", optional=True, hint="A letter, 11 digits, and one more digit or letter"
    ),
    "uln": question(
        "text",
        "Unique learner number (ULN)",
        optional=True,
        max_length=20,
        hint="Ten digits. Pupils have one from the age of 14",
    ),
    "sex": question("choice", "Sex", options=SEXES, optional=True, hint="As the census asks it"),
    "postcode": question("postcode", "Postcode of their home", optional=True),
    "year": question(
        "number",
        "School year",
        optional=True,
        minimum=0,
        maximum=14,
        hint="From 0 for Reception. Leave empty for the usual year of their age",
    ),
    "true_of": question("many", "What is true of them?", options=TRUE_OF, optional=True),
    "home_school": question(
        "text", "Home school", optional=True, hint="The name or URN of the school they are on the roll of"
    ),
}


def values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns; Invalid with everything that is wrong of the number, the age, the school or the name."""
    errors: dict[str, str] = {}
    born = date.fromisoformat(said["born"])
    if usual_year(born, place.today) > OLDEST - 5:
        errors["born"] = f"Check the year of birth: this is for children and for learners up to {OLDEST}"
    upn = said.get("upn")
    if upn and (known := by_upn(connection, upn)) is not None and known.id != place.id:
        errors["upn"] = "Another pupil has this UPN already"
    uln = _uln(connection, said, place, errors)
    school = _school(connection, said.get("home_school"), place, errors)
    if not errors and any(
        _is_same(row, upn, place) for row in by_name(connection, said["surname"], said["forename"], born)
    ):
        errors["surname"] = "We have a pupil of this name and date of birth. If it is another child, give both UPNs"
    if errors:
        raise Invalid(errors)
    is_true = set(said.get("true_of", ()))
    if place.id is not None:
        _tell(connection, place, place.id, is_true, school)
    return {
        "upn": upn,
        "surname": said["surname"],
        "forename": said["forename"],
        **{name: said.get(name) for name in ("middle_names", "sex", "postcode")},
        "uln": uln,
        "sought": sought(f"{said['surname']} {said['forename']} {upn or ''}"),
        "born": born,
        "years_out": said["year"] - usual_year(born, place.today) if said.get("year") is not None else None,
        **{name: name in is_true for name in _STATUSES},
        "plan": next((plan for plan in ("cp", "cin") if plan in is_true), None),
        "home_school_id": school,
    }


def _tell(connection: Connection, place: Place, number: int, is_true: Set[str], school: int | None) -> None:
    """Tell the cases that the record has to do with what it says otherwise from now on."""
    library, now, before = place.by.library, place.by.now, place.within
    was_true = {name for name in _STATUSES if before[name]} | {before["plan"]}
    if ("looked_after" in was_true) != ("looked_after" in is_true):
        tell_of_care(connection, library, number, now)
    tell_of_what_is_true(connection, library, number, was_true, is_true, now)
    if before["home_school_id"] != school:
        tell_of_school(connection, library, number, school, now)


def _words(
    connection: Connection, number: int, said: Mapping[str, Any], _values: Mapping[str, Any]
) -> Mapping[str, tuple[Any, Any]]:
    keep_words(connection, number, said["forename"], said["surname"])
    return {}


def answers_of(row: Row[Any], today: date) -> dict[str, Any]:
    """The record as its form shows it `today`."""
    is_true = [name for name in TRUE_OF if name == row.plan or (name in _STATUSES and getattr(row, name))]
    return {
        **{name: getattr(row, name) for name in ("surname", "forename", "middle_names", "upn", "uln")},
        "year": None if row.years_out is None else school_year(row.born, row.years_out, today),
        **{name: getattr(row, name) for name in ("sex", "postcode")},
        "born": row.born.isoformat(),
        "true_of": is_true,
        "home_school": called(row.school_name, row.school_urn) if row.school_name else None,
    }


def wrong_uln(text: str) -> str:
    """Why this is no number of a learner; empty where it is."""
    is_one = is_uln(tidy(text))
    said = "Unique learner number (ULN): check the number, it is ten digits of which the last fits the others"
    return "" if is_one else said


def _uln(connection: Connection, said: Mapping[str, Any], place: Place, errors: dict[str, str]) -> str | None:
    uln = tidy(said.get("uln", "")) or None
    if uln is not None and (why := wrong_uln(uln)):
        errors["uln"] = why
    elif uln is not None and (known := by_uln(connection, uln)) is not None and known.id != place.id:
        errors["uln"] = "Another pupil has this ULN already"
    return uln


def _school(connection: Connection, text: str | None, place: Place, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    try:
        return int(commissioner(connection, "home_school", text, "school", named=place.by.named).id)
    except Invalid as refusal:
        errors |= refusal.errors
        return None


def _is_same(row: Row[Any], upn: str | None, place: Place) -> bool:
    return row.id != place.id and (upn is None or row.upn is None)


def year_in_words(row: Row[Any], today: date) -> str:
    """The school year a pupil is in today: that of their age, unless the record says that they are out of it."""
    year = school_year(row.born, row.years_out, today)
    if year < 0:
        return "Not yet at school"
    return "Reception" if year == 0 else f"Year {year}"


PUPIL = Kind(
    "pupil",
    "Pupil",
    pupils,
    FORM,
    values,
    {
        "upn": "UPN",
        "surname": "Surname",
        "forename": "First name",
        "middle_names": "Middle names",
        "uln": "ULN",
        "sex": "Sex",
        "postcode": "Home postcode",
        "born": "Date of birth",
        "years_out": "School years ahead of the usual one",
        "ehcp": "EHC plan",
        "sen_support": "SEN support",
        "looked_after": "Looked after",
        "plan": "Child protection (cp) or child in need (cin) plan",
        "home_school_id": "Home school",
    },
    unique="upn",
    others={"home_school_id": (commissioners, "name")},
    beside=_words,
)

ROLES = {
    "social_worker": "Social worker",
    "virtual_school": "Virtual School",
    "sen_caseworker": "SEN caseworker",
    "health": "Health professional",
    "other": "Someone else",
}
_WHO = {
    "role": question("choice", "Who are they?", options=ROLES),
    "name": question("text", "Full name", max_length=120),
    "email": question("email", "Email address", optional=True),
    "email_checked_on": question(
        "date",
        "When was it checked that this address is theirs?",
        optional=True,
        date_must_be="today or before",
        hint="With them, or in the directory of those they work for. Until then nobody writes to it",
    ),
    "phone": question("phone", "Phone number", optional=True),
    "ended_on": question("date", "No longer works with them since", optional=True),
}


def professional_values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns of someone who works with a pupil; Invalid where the day is that of an earlier address's check."""
    asked = {name: said.get(name) for name in ("role", "name", "email", "phone")}
    days = {name: day(said, name) for name in ("email_checked_on", "ended_on")}
    checked_on = days["email_checked_on"]
    if checked_on is not None and not asked["email"]:
        raise Invalid({"email": "Give the email address that was checked, or leave the day empty"})
    row = record(connection, professionals, place.id) if place.id is not None else None
    before = {} if row is None else {name: getattr(row, name) for name in (*asked, *days)}
    is_another = bool(before.get("email")) and any(before[name] != asked[name] for name in ("name", "email"))
    if is_another and checked_on not in (None, place.today) and checked_on == before["email_checked_on"]:
        told = "This is when the earlier name and address were checked. Say when these were, or leave it empty"
        raise Invalid({"email_checked_on": told})
    was_reached = bool(before) and not is_another and _is_reached(before, place)
    if _is_reached({**asked, **days}, place) and not was_reached:
        _take_on(connection, asked, place)
    return {**asked, **days}


def _is_reached(said: Mapping[str, Any], place: Place) -> bool:
    """Whether it is somebody who can be written to today."""
    has_ended = said["ended_on"] is not None and said["ended_on"] <= place.today
    return bool(said["email"]) and said["email_checked_on"] is not None and not has_ended


def _take_on(connection: Connection, asked: Mapping[str, Any], place: Place) -> None:
    """Tell somebody who works with a pupil from now on of the placements that there are."""
    role, child = role_of(place.by.library, asked["role"]), pupil(connection, place.within["pupil_id"])
    if place.by.letters is None or role is None or role.works_with is None or child is None:
        return
    if is_for(child, role.works_with):
        writing = Writing(place.by.letters, place.by.council, place.by.now)
        person = Recipient(None, asked["name"], asked["email"].lower(), role.audience)
        tell_who_takes_on(connection, place.by.library, writing, child.id, person)


def answers_of_professional(row: Row[Any]) -> dict[str, Any]:
    """The record as its form shows it."""
    kept = {name: getattr(row, name) for name in _WHO}
    days = {name: kept[name].isoformat() if kept[name] else None for name in ("email_checked_on", "ended_on")}
    return {**kept, **days}


PROFESSIONAL = Kind(
    "professional",
    "Professional",
    professionals,
    _WHO,
    professional_values,
    {name: spec.label for name, spec in _WHO.items()},
)
