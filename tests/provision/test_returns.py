"""The rows of a return: codes as the file has them, one of several columns, the latest, and what is missing."""

from datetime import date
from typing import Any

import pytest

from apflow.loader import Library
from apflow.provision.returns import (
    Reason,
    Returned,
    ReturnForm,
    ReturnKind,
    Returns,
    check_returns,
    compare_returns,
    rows_of,
)

PIP: dict[str, Any] = {
    "pupil": 1,
    "placement": 1,
    "pupil.surname": "Sparrow",
    "pupil.forename": "Pip",
    "pupil.sen": "ehcp",
    "placement.starts_on": date(2026, 9, 7),
}


def a_kind(*columns: dict[str, Any], **more: Any) -> ReturnKind:
    form = {"title": "A form", "since": "2026-01-01", "columns": list(columns), "assumed": "x"}
    return ReturnKind.model_validate({"title": "A return", "says": "Who.", "forms": {"one": form}, **more})


def rows(kind: ReturnKind, *facts: dict[str, Any]) -> list[Returned]:
    return rows_of(kind, kind.in_force(date(2026, 11, 2)), facts, {})


def row(*columns: dict[str, Any], **facts: Any) -> Returned:
    (found,) = rows(a_kind(*columns), PIP | facts)
    return found


def test_a_value_becomes_its_code_and_one_without_a_code_is_missing_and_empty() -> None:
    sen = {"heading": "SEN", "fact": "pupil.sen", "codes": {"ehcp": "E", "none": None}}

    assert row(sen).cells == ("E",)
    assert row(sen, **{"pupil.sen": "none"}).cells == (None,)
    assert row(sen, **{"pupil.sen": "none"}).missing == ("SEN: no code is set for “none”",)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, None),
        ({"kind": "health"}, "health"),
        ({"kind": "health", "permanent_on": "2026-10-05"}, "health"),
        ({"kind": "excluded"}, "excluded"),
        ({"kind": "excluded", "suspended_on": "2026-10-05"}, "suspended"),
        ({"kind": "excluded", "permanent_on": "2026-10-05"}, "permanently_excluded"),
        ({"kind": "excluded", "permanent_on": "2026-10-05", "suspended_on": "2026-09-28"}, "permanently_excluded"),
    ],
)
def test_an_exclusion_is_told_apart_by_the_dates_that_were_given_the_permanent_one_first(
    said: dict[str, str], why: str | None
) -> None:
    apart = {"permanently_excluded": "permanent_on", "suspended": "suspended_on"}

    assert Reason(question="kind", answer="excluded", told_apart=apart).of(said) == why


def test_what_is_not_recorded_or_not_kept_at_all_is_missing_where_it_is_needed() -> None:
    found = row(
        {"heading": "UPN", "fact": "pupil.upn"},
        {"heading": "Sex"},
        {"heading": "Middle names", "needed": False},
    )

    assert found.cells == (None, None, None)
    assert found.missing == ("UPN: not recorded", "Sex: not kept here")


def test_exactly_one_of_the_columns_of_one_choice_is_given_and_they_are_missing_only_together() -> None:
    urn = {"heading": "URN", "fact": "school.urn", "either": "setting"}
    ukprn = {"heading": "UKPRN", "fact": "provider.ukprn", "either": "setting"}

    assert row(urn, ukprn, **{"school.urn": "999901", "provider.ukprn": "10000001"}).cells == ("999901", None)
    only_second = row(urn, ukprn, **{"provider.ukprn": "10000001"})
    assert (only_second.cells, only_second.missing) == ((None, "10000001"), ())
    assert row(urn, ukprn).missing == ("URN: not recorded", "UKPRN: not recorded")


def test_a_column_is_left_out_of_rows_that_it_is_not_for() -> None:
    urn = {"heading": "URN", "fact": "school.urn", "when": {"pupil.sen": "none"}}

    assert row(urn).missing == ()
    assert row(urn, **{"pupil.sen": "none"}).missing == ("URN: not recorded",)


def test_only_what_belongs_is_returned_and_of_each_pupil_the_latest_where_that_is_asked() -> None:
    surname = {"heading": "Surname", "fact": "pupil.surname"}
    later = PIP | {"placement": 2, "placement.starts_on": date(2026, 10, 5), "pupil.surname": "Later"}
    other = PIP | {"pupil": 2, "placement": 3, "pupil.sen": "none"}

    latest = rows(a_kind(surname, rows="latest"), PIP, later, other)
    only = rows(a_kind(surname, only={"pupil.sen": ["ehcp"]}), PIP, later, other)

    assert [(one.pupil, one.cells) for one in latest] == [(1, ("Later",)), (2, ("Sparrow",))]
    assert [one.pupil for one in only] == [1, 1]
    unknown = PIP | {"pupil.sen": None}
    assert len(rows(a_kind(surname, only={"pupil.sen": ["none", "missing"]}), PIP, unknown)) == 1


@pytest.mark.parametrize(("on", "title"), [("2025-06-01", "Old"), ("2026-01-01", "New"), ("2020-01-01", "Old")])
def test_the_form_is_the_last_to_have_begun_or_the_first_to_come(on: str, title: str) -> None:
    column = {"heading": "Surname", "fact": "pupil.surname"}
    forms = {
        name: {"title": name.title(), "since": since, "columns": [column], "assumed": "x"}
        for name, since in (("old", "2024-01-01"), ("new", "2026-01-01"))
    }
    kind = ReturnKind.model_validate({"title": "A return", "says": "Who.", "forms": forms})

    assert kind.in_force(date.fromisoformat(on)).title == title


def test_a_form_without_a_day_is_only_there_until_another_is_in_force() -> None:
    column = {"heading": "Surname", "fact": "pupil.surname"}
    coming = ReturnForm.model_validate({"title": "Coming", "columns": [column], "assumed": "x"})
    kind = ReturnKind(title="A return", says="Who.", forms={"coming": coming})

    assert kind.in_force(date(2026, 11, 2)) is coming


def shipped_with(library: Library, **changed: Any) -> Returns:
    assert library.returns
    return library.returns.model_copy(update=changed)


def found(library: Library, returns: Returns) -> list[str]:
    workflows = {name: source.workflow for name, source in library.sources.items()}
    return [finding.code for finding in check_returns(returns, workflows)]


def test_a_return_that_reads_what_nobody_asks_is_found_with_the_rest_that_is_wrong(library: Library) -> None:
    wrong = a_kind(
        {"heading": "Kind", "fact": "case.knid"},
        {"heading": "URN", "fact": "school.urn", "when": {"provider.nothing": "x"}},
        only={"pupil.shoe_size": "nine"},
    )
    assert library.returns
    nobody_s = library.returns.report.model_copy(update={"destination": "went_to"})
    form = wrong.forms["one"].model_copy(update={"assumed": None})
    twice = wrong.model_copy(update={"forms": {"one": form, "two": form}})

    assert found(library, library.returns) == []
    assert found(library, shipped_with(library, kinds={"wrong": wrong})) == ["unknown-fact"] * 3
    assert found(library, shipped_with(library, report=nobody_s)) == ["unknown-field"]
    said = found(library, shipped_with(library, kinds={"twice": twice}))
    assert {"said-twice", "unsourced"} <= set(said)


def test_every_difference_of_two_files_is_a_sentence(library: Library) -> None:
    old = library.returns
    assert old
    fewer = {name: kind for name, kind in old.kinds.items() if name != "placements"}
    kept = old.kinds["placements"].model_copy(update={"rows": "latest"})

    assert list(compare_returns(old, old)) == []
    assert list(compare_returns(None, old)) == ["“Returns” is added: 4 returns can be made."]
    assert list(compare_returns(old, None)) == ["“Returns” is taken away: returns can no longer be made."]
    assert list(compare_returns(old, shipped_with(library, kinds=fewer))) == ["Returns: Every placement is taken away."]
    assert len(list(compare_returns(old, shipped_with(library, kinds={**old.kinds, "placements": kept})))) == 1
