"""The one door to records: who may, what is refused, what is logged, and what two people at once are told."""

from typing import Any

import pytest
from sqlalchemy import Row, func, select

from apflow.core.errors import Invalid, NotFound, Stale
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import Kind, add, change, told
from apflow.records.people.commissioners import COMMISSIONER
from apflow.records.people.pupils import PROFESSIONAL, PUPIL
from apflow.records.placements.places import PLACEMENT
from apflow.records.providers.sites import SITE
from apflow.store.records.records import changes_of
from apflow.store.tables.places import proprietors
from apflow.store.tables.records import record_changes
from apflow.testing import MAGDA, MONDAY, OSCAR, PAT, PETRA
from tests.records.council import (
    HILL,
    MAIN_SITE,
    PIP,
    VALE,
    WREN,
    a_placement,
    a_provider,
    a_pupil,
    a_school,
    a_site,
    by,
    upn_of,
)
from tests.store.witness import at_once


def log_of(door: Handler, kind: Kind, record: int) -> list[Row[Any]]:
    with door.store.reading() as connection:
        return list(changes_of(connection, kind.name, record, limit=10))


def errors_of(
    door: Handler, kind: Kind, answers: dict[str, Any], within: dict[str, int] | None = None
) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        add(door.store, kind, answers, by(door), within or {})
    return refused.value.errors


def test_what_is_added_is_logged_with_who_when_and_every_value(door: Handler) -> None:
    school = a_school(door)
    pupil = a_pupil(door)

    (entry,) = log_of(door, PUPIL, pupil)

    assert (entry.action, entry.actor_name, entry.at, entry.through) == ("added", "Olive Officer", MONDAY, "On a page")
    assert entry.fields["surname"] == [None, "Sparrow"]
    assert entry.fields["born"] == [None, "2012-05-04"]
    assert entry.fields["home_school_id"] == [None, f"Hill School ({school})"]


def test_a_change_logs_only_what_differs_and_says_it_in_words(door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)

    assert change(door.store, PUPIL, pupil, 1, {**PIP, "true_of": ["ehcp"], "year": "9"}, by(door, OSCAR, days_on=1))

    newest, _ = log_of(door, PUPIL, pupil)
    assert newest.actor_name == "Oscar Officer"
    assert list(told(PUPIL, newest.fields)) == [
        ("School years ahead of the usual one", "nothing", "-1"),
        ("EHC plan", "no", "yes"),
    ]


def test_a_name_that_looks_like_a_date_is_told_as_a_name(door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)
    change(door.store, PUPIL, pupil, 1, {**PIP, "forename": "Anne-Jo-Li", "born": "2012-05-05"}, by(door))

    assert list(told(PUPIL, log_of(door, PUPIL, pupil)[0].fields)) == [
        ("First name", "Pip", "Anne-Jo-Li"),
        ("Date of birth", "4 May 2012", "5 May 2012"),
    ]


def test_several_who_add_the_same_at_once_make_one_and_the_others_are_told(door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)
    a_site(door, a_provider(door))

    results = at_once(*[lambda: a_placement(door, pupil)] * 4)

    assert sum(isinstance(result, int) for result in results) == 1
    assert {type(result) for result in results} <= {int, Invalid, Stale}


def test_the_same_answers_again_change_nothing_and_log_nothing(door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)

    assert not change(door.store, PUPIL, pupil, 1, PIP, by(door))
    assert len(log_of(door, PUPIL, pupil)) == 1


def test_whoever_saw_an_older_version_is_refused_and_told_what_changed(door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)
    change(door.store, PUPIL, pupil, 1, {**PIP, "true_of": ["ehcp"]}, by(door, OSCAR))

    with pytest.raises(Stale) as refused:
        change(door.store, PUPIL, pupil, 1, {**PIP, "forename": "Pippa"}, by(door))

    assert refused.value.changes == ("Oscar Officer changed this on 2 November 2026 at 10am: EHC plan",)


@pytest.mark.parametrize("actor", [PETRA, PAT])
def test_for_whoever_may_not_read_of_children_there_is_no_such_record(door: Handler, actor: Actor) -> None:
    a_school(door)
    pupil = a_pupil(door)

    with pytest.raises(NotFound):
        add(door.store, COMMISSIONER, VALE, by(door, actor))
    with pytest.raises(NotFound):
        change(door.store, PUPIL, pupil, 1, PIP, by(door, actor))


def test_a_manager_may(door: Handler) -> None:
    assert add(door.store, COMMISSIONER, VALE, by(door, MAGDA))


def test_a_record_that_is_not_there_is_not_found(door: Handler) -> None:
    for number in (99, 0, -1, 2**40):
        with pytest.raises(NotFound):
            change(door.store, COMMISSIONER, number, 1, VALE, by(door))


def test_what_is_refused_leaves_no_trace(door: Handler) -> None:
    a_provider(door)

    with pytest.raises(Invalid):
        a_site(door, 1, proprietor="Nobody Ltd", monday="mornings")

    with door.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(record_changes)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(proprietors)).scalar_one() == 0


def test_two_schools_of_one_name_need_a_urn_each(door: Handler) -> None:
    a_school(door)

    assert "urn" in errors_of(door, COMMISSIONER, {**HILL, "name": "Another"})
    assert "name" in errors_of(door, COMMISSIONER, {"kind": "school", "name": "hill  school"})
    assert a_school(door, urn="999903")
    assert add(door.store, COMMISSIONER, {"kind": "service", "name": "Hill School"}, by(door))


def test_a_pupil_s_number_is_checked_and_is_no_other_pupil_s(door: Handler) -> None:
    a_school(door)
    a_pupil(door, upn=upn_of(1).lower())

    assert "check the UPN" in errors_of(door, PUPIL, {**WREN, "upn": "A" + upn_of(2)[1:]})["upn"]
    assert errors_of(door, PUPIL, {**WREN, "upn": upn_of(1)}) == {"upn": "Another pupil has this UPN already"}


def test_the_same_child_is_not_entered_twice_but_a_namesake_with_another_number_is(door: Handler) -> None:
    a_school(door)
    a_pupil(door, upn=upn_of(1))

    assert "surname" in errors_of(door, PUPIL, {**PIP, "surname": "SPARROW"})
    assert a_pupil(door, upn=upn_of(2))


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({"born": "1990-01-01"}, "born"),
        ({"born": "2027-01-01"}, "born"),
        ({"home_school": "Nowhere School"}, "home_school"),
        ({"home_school": "School"}, "home_school"),
        ({"year": "15"}, "year"),
        ({"true_of": ["tall"]}, "true_of"),
        ({"surname": ""}, "surname"),
    ],
)
def test_what_cannot_be_right_of_a_pupil_is_refused_by_its_question(
    door: Handler, answers: dict[str, Any], question: str
) -> None:
    a_school(door)
    a_school(door, name="Hill Infant School", urn="999904")

    assert list(errors_of(door, PUPIL, {**PIP, **answers})) == [question]


def test_whoever_is_meant_by_several_is_asked_with_those_it_could_be(door: Handler) -> None:
    a_school(door)
    a_school(door, name="Hill Infant School", urn="999904")

    assert errors_of(door, PUPIL, {**PIP, "home_school": "hil"}) == {
        "home_school": "“hil” could be more than one school: Hill Infant School (999904); Hill School (999901). "
        "Give the one in brackets"
    }
    assert a_pupil(door, home_school="infant")


def test_a_percent_sign_in_a_name_is_no_pattern(door: Handler) -> None:
    a_school(door)

    assert "home_school" in errors_of(door, PUPIL, {**PIP, "home_school": "%"})


def test_a_placement_is_at_the_only_site_or_the_one_that_is_named(door: Handler) -> None:
    a_school(door)
    pupil, case = a_pupil(door), a_provider(door)
    first = a_site(door, case)
    a_placement(door, pupil)
    a_site(door, case, name="Annexe")

    with pytest.raises(Invalid) as refused:
        a_placement(door, pupil, starts_on="2026-10-01")

    assert refused.value.errors == {"site": "Say which site of Made Up Farm it is. It has: Annexe, Main site"}
    number = a_placement(door, pupil, starts_on="2026-10-01", site="main SITE")
    assert log_of(door, PLACEMENT, number)[0].fields["site_id"] == [None, f"Main site ({first})"]


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({"hours": "lots"}, "hours"),
        ({"hours": "0"}, "hours"),
        ({"hours": "169"}, "hours"),
        ({"hours": "NaN"}, "hours"),
        ({"hours": "1e9"}, "hours"),
        ({"ends_on": "2026-09-07"}, "ends_on"),
        ({"ends_on": "2062-09-07"}, "ends_on"),  # Nobody would look for it to end.
        ({"sessions": "11"}, "sessions"),
        ({"provider": "Nobody at all"}, "provider"),
        ({"commissioner": "Nobody at all"}, "commissioner"),
        ({"starts_on": "2026-09-07"}, "starts_on"),  # It is there already.
    ],
)
def test_what_cannot_be_right_of_a_placement_is_refused_by_its_question(
    door: Handler, answers: dict[str, Any], question: str
) -> None:
    a_school(door)
    pupil = a_pupil(door)
    a_site(door, a_provider(door))
    a_placement(door, pupil)

    with pytest.raises(Invalid) as refused:
        a_placement(door, pupil, **{"starts_on": "2026-09-08"} | answers)

    assert list(refused.value.errors) == [question]


def test_a_provider_without_a_site_is_told_to_add_one(door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)
    a_provider(door)

    with pytest.raises(Invalid, match="has no site yet"):
        a_placement(door, pupil)


def test_one_proprietor_is_known_by_one_name_however_it_is_written(door: Handler) -> None:
    case = a_provider(door)
    a_site(door, case)
    a_site(door, case, name="Annexe", proprietor="made  up farm LTD")

    with door.store.reading() as connection:
        assert connection.execute(select(proprietors.c.name)).scalars().all() == ["Made Up Farm Ltd"]


def test_a_provider_has_no_two_sites_of_one_name(door: Handler) -> None:
    case = a_provider(door)
    a_site(door, case)

    assert "name" in errors_of(door, SITE, {**MAIN_SITE, "name": "main site"}, {"case_id": case})


def test_a_social_worker_is_kept_with_the_pupil(door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)
    who = {"role": "social_worker", "name": "Saffron Worker", "email": "saffron@council.example"}

    number = add(door.store, PROFESSIONAL, who, by(door), {"pupil_id": pupil})

    assert log_of(door, PROFESSIONAL, number)[0].fields["pupil_id"] == [None, pupil]
