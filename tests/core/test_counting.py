"""Dates that clocks count out of a case's fields, by its own school days; and flags that hold as it stands."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from apflow.core.days.school import SchoolDays
from apflow.core.deadlines.counting import counted_anew
from apflow.core.definition.compiled import Definition
from apflow.core.flags import flags_for
from apflow.core.people.actor import Actor
from apflow.core.play import Play, unborn
from apflow.loader import Library

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
SCHOOL, PROVIDER = Actor(1, "Sally School", frozenset({"commissioner"})), Actor(2, "Pat", frozenset({"provider"}))
OFFICER = Actor(7, "Olive Officer", frozenset({"officer"}))


@pytest.fixture
def definition(library: Library) -> Definition:
    return library.current("placement")


def referred(definition: Definition, kind: str = "alongside", **more: Any) -> Play:
    play = Play(definition, unborn(definition, MONDAY, "PL-TEST-CASE"), MONDAY, party=1)
    play.open(SCHOOL, "refer_a_pupil", **_answers(play, kind=kind, **more))
    return play


def _answers(play: Play, event: str = "refer_a_pupil", **given: Any) -> dict[str, Any]:
    """What there is to answer, and of the dates that are only sometimes asked those alone that are given."""
    asked = play.answers(event, **given)
    sometimes = [name for name, spec in play.definition.forms[play.case.state, event].items() if spec.optional]
    return {name: value for name, value in asked.items() if name not in sometimes or name in given} | _sometimes(given)


def _sometimes(given: dict[str, Any]) -> dict[str, Any]:
    return {"missed_from": None} | given


def planned(definition: Definition, **more: Any) -> Play:
    play = referred(definition)
    for event in ("describe", "confirm_checks", "refer"):
        play.fire(SCHOOL, event, **play.answers(event))
    play.fire(PROVIDER, "offer", **play.answers("offer"))
    play.fire(SCHOOL, "set_plan", **play.answers("set_plan", **more))
    return play


def test_it_is_counted_when_what_it_counts_from_is_known_and_again_when_that_changes(definition: Definition) -> None:
    play = referred(definition, "excluded", permanently_excluded_on="2026-11-02")
    assert play.case.fields["excluded_due_on"] == "2026-11-10"
    assert play.case.deadlines["sixth_day_excluded"].due_at.date() == date(2026, 11, 10)

    play.fire(
        SCHOOL, "change_who", **_answers(play, "change_who", kind="excluded", permanently_excluded_on="2026-10-23")
    )
    assert play.case.fields["excluded_due_on"] == "2026-11-09"
    assert play.case.deadlines["sixth_day_excluded"].due_at.date() == date(2026, 11, 9)
    assert play.outcomes[-1].entry.changed["excluded_due_on"] == "2026-11-09"


def test_it_is_gone_with_what_it_counts_from(definition: Definition) -> None:
    play = referred(definition, "excluded", permanently_excluded_on="2026-11-02")

    play.fire(SCHOOL, "change_who", **_answers(play, "change_who", kind="alongside"))

    assert "excluded_due_on" not in play.case.fields
    assert "sixth_day_excluded" not in play.case.deadlines


def test_it_goes_by_the_school_days_that_the_definition_is_given(definition: Definition) -> None:
    council = definition.calendar.school
    own = SchoolDays(council.half_terms, {**council.closures, date(2026, 11, 4): "INSET day"})
    counted = definition.counted_by(own)

    play = referred(counted, "excluded", permanently_excluded_on="2026-11-02")

    assert play.case.fields["excluded_due_on"] == "2026-11-11"
    assert definition.calendar.school is council, "others are counted as before"
    assert counted.forms is definition.forms, "what has been worked out is shared"


@pytest.mark.parametrize(
    ("sessions", "until", "said"),
    [
        (4, "2027-03-01", []),
        (5, "2027-01-24", ["more than 4 sessions"]),
        (5, "2027-01-25", ["longer than 12 weeks", "more than 4 sessions"]),
    ],
    ids=["few sessions", "the last day of twelve weeks", "the day after"],
)
def test_what_the_department_intends_is_shown_and_stops_nothing(
    definition: Definition, sessions: int, until: str, said: list[str]
) -> None:
    """Source: DfE, Voluntary national standards for non-school alternative provision (2025): intended, not law."""
    chosen = list(definition.workflow.fields["which_sessions"].options)[:sessions]
    play = planned(definition, starts_on="2026-11-02", which_sessions=chosen, until=until)
    assert play.case.fields["sessions"] == sessions

    flags = [flag for flag in flags_for(definition, play.case, SCHOOL, play.world) if "Department" in flag]
    assert [text in flag for text, flag in zip(said, flags, strict=True)] == [True] * len(said)


def test_a_flag_is_for_those_it_names(definition: Definition) -> None:
    play = planned(definition, until="2027-03-01")

    assert any("Year 11" in flag for flag in flags_for(definition, play.case, OFFICER, play.world))
    assert not any("Year 11" in flag for flag in flags_for(definition, play.case, PROVIDER, play.world))


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({}, {}),
        ({"which_sessions": ["monday am", "friday pm"]}, {"sessions": 2}),
        ({"which_sessions": ["monday am"], "sessions": 3}, {"sessions": 1}),
        ({"which_sessions": ["monday am"], "sessions": 1}, {}),
        ({"sessions": 3}, {}),
    ],
    ids=["nothing", "chosen", "chosen otherwise", "the same", "given before there was a choice"],
)
def test_how_many_were_chosen_is_worked_out(
    definition: Definition, fields: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert counted_anew(definition, fields, "2026-11-02") == changed
