"""What one year brings a provider on the list without anybody's remembering it, as policy ships it."""

from datetime import timedelta
from typing import Any

import pytest

from apflow.core.errors import Blocked, NotFound
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.reading.history import history_of
from apflow.testing import MONDAY, PAT, PETRA, a_handler, add_people
from tests.brought import bring_to
from tests.quality import A_YEAR_ON, a_filed_visit, a_visit_made, case, do, leaves_the_list, newest, pass_to, reviewed
from tests.store.policy.test_an_approved_providers_cases import told

TWO_YEARS_ON = A_YEAR_ON + timedelta(days=366)


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    """One whose first self-assessment has just opened by itself."""
    reference = bring_to(handler, "approved")
    pass_to(handler, A_YEAR_ON)
    return reference


def kinds(handler: Handler, provider: str) -> list[tuple[str, str]]:
    return [(child.kind, child.state) for child in case(handler, provider).children]


def test_the_self_assessment_opens_by_itself_after_a_year_and_the_provider_is_told(
    handler: Handler, provider: str
) -> None:
    assessment = case(handler, newest(handler, provider, "self_assessment"))

    assert assessment.state == "to_fill_in"
    assert assessment.parties == case(handler, provider).parties
    assert told(handler, "pat@made-up-farm.example")[-1] == "self_assessment/opened"


def test_last_year_s_answers_stand_with_this_year_s_questions_and_the_history_says_whose_they_are(
    handler: Handler, provider: str
) -> None:
    first = reviewed(handler, provider, now=A_YEAR_ON, said="As it was")
    pass_to(handler, TWO_YEARS_ON)
    second = newest(handler, provider, "self_assessment")

    item = case(handler, second).items["answers"]["training"]
    assert (item.status, item.data["last_judgement"]) == ("to_answer", "partly")
    assert item.data["last_answer"].startswith("As it was: training")
    assert "answer" not in item.data
    with handler.store.reading() as connection:
        begun = history_of(connection, second)[0]
    assert begun.payload["note"] == f"With what {first} says."


def test_what_was_brought_stays_however_often_the_question_is_answered(handler: Handler, provider: str) -> None:
    reviewed(handler, provider, now=A_YEAR_ON, said="As it was")
    pass_to(handler, TWO_YEARS_ON)
    second = newest(handler, provider, "self_assessment")

    for said in ("Better now.", "Much better now."):
        do(handler, second, "answer", PAT, now=TWO_YEARS_ON, item="training", judgement="in_place", answer=said)

    data = case(handler, second).items["answers"]["training"].data
    assert data["answer"] == "Much better now."
    assert data["last_answer"].startswith("As it was")


def test_a_self_assessment_that_nobody_finished_ends_before_the_next_and_a_manager_decides(
    handler: Handler, provider: str
) -> None:
    pass_to(handler, A_YEAR_ON + timedelta(days=350))

    assert kinds(handler, provider) == [("self_assessment", "unfinished"), ("quality_review", "waiting_for_visit")]
    alerts = [(task.name, task.role) for task in case(handler, provider).tasks]
    assert ("decide_without_self_assessment", "manager") in alerts


def test_nothing_is_brought_from_one_that_was_not_reviewed(handler: Handler, provider: str) -> None:
    pass_to(handler, TWO_YEARS_ON)

    assert case(handler, newest(handler, provider, "self_assessment")).items == {}


def test_a_visit_begins_with_the_answers_that_were_reviewed_and_cannot_be_told_of_without_them(
    handler: Handler, provider: str
) -> None:
    reviewed(handler, provider, now=A_YEAR_ON)
    visit = a_visit_made(handler, provider)

    with pytest.raises(Blocked, match="Say first whether you can confirm"):
        do(handler, visit, "circulate", now=A_YEAR_ON, note="Seen.", no_surprise=True)
    with pytest.raises(Blocked, match="says nothing about this"):
        do(handler, visit, "confirm", now=A_YEAR_ON, item="onward")
    do(handler, visit, "confirm", now=A_YEAR_ON, item="training", found="The records show it.")
    do(handler, visit, "do_not_confirm", now=A_YEAR_ON, item="training", found="Two have not been trained.")

    data = case(handler, visit).items["answers"]["training"].data
    assert data["found"] == "Two have not been trained."
    assert data["answer"].startswith("We look at it every week")


def test_the_yearly_review_waits_for_a_visit_and_goes_on_when_one_is_filed(handler: Handler, provider: str) -> None:
    reviewed(handler, provider, now=A_YEAR_ON)
    review = newest(handler, provider, "quality_review")
    assert case(handler, review).state == "waiting_for_visit"

    visit = a_filed_visit(handler, provider)

    assert case(handler, visit).state == "filed"
    assert case(handler, review).state == "to_conclude"
    assert [task.name for task in case(handler, review).tasks] == ["conclude"]


def test_another_visit_that_is_filed_meanwhile_changes_nothing_and_troubles_nobody(
    handler: Handler, provider: str
) -> None:
    reviewed(handler, provider, now=A_YEAR_ON)
    review = newest(handler, provider, "quality_review")
    a_filed_visit(handler, provider)
    a_filed_visit(handler, provider)

    assert case(handler, review).state == "to_conclude"
    assert [task.name for task in case(handler, review).tasks] == ["conclude"]


def test_a_provider_that_leaves_the_list_has_nothing_more_to_complete(handler: Handler, provider: str) -> None:
    leaves_the_list(handler, provider, now=A_YEAR_ON)

    assert kinds(handler, provider) == [("self_assessment", "called_off")]
    assert told(handler, "pat@made-up-farm.example")[-2:] == ["provider/removed", "self_assessment/called_off"]


def test_a_plan_that_a_review_has_begun_ends_with_it_when_the_provider_leaves_the_list(
    handler: Handler, provider: str
) -> None:
    reviewed(handler, provider, now=A_YEAR_ON)
    review = newest(handler, provider, "quality_review")
    a_filed_visit(handler, provider)
    do(handler, review, "begin_action_plan", now=A_YEAR_ON, why="Nobody tracks progress.")
    plan = newest(handler, review, "action_plan")

    leaves_the_list(handler, provider, now=A_YEAR_ON)

    assert (case(handler, review).state, case(handler, plan).state) == ("called_off", "never_sent")


def test_any_visit_can_begin_an_action_plan(handler: Handler, provider: str) -> None:
    day = A_YEAR_ON.date().isoformat()
    do(handler, provider, "plan_visit", now=A_YEAR_ON, kind="follow_up", visit_by=day)
    visit = newest(handler, provider, "visit")
    meeting: dict[str, Any] = {"visit_on": day, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive"}
    do(handler, visit, "arrange_visit", now=A_YEAR_ON, **meeting)
    do(handler, visit, "took_place", now=A_YEAR_ON, visited_on=day, visitors="Olive Officer")
    do(handler, visit, "begin_action_plan", now=A_YEAR_ON, why="The gate does not close.")

    assert case(handler, newest(handler, visit, "action_plan")).fields["why"] == "The gate does not close."


def test_a_planned_visit_is_a_case_of_its_own_from_its_day_on(handler: Handler) -> None:
    provider, start = bring_to(handler, "approved"), MONDAY + timedelta(days=30)
    by = (start + timedelta(days=40)).date().isoformat()
    plan: dict[str, Any] = {"routine_from": start.date().isoformat(), "routine_by": by, "routine_kind": "routine"}
    do(handler, provider, "plan_routine_visit", now=MONDAY, **plan)
    pass_to(handler, start - timedelta(days=1))
    assert kinds(handler, provider) == []
    assert told(handler, "olive@council.example")[-1] == "provider/routine_visit_ahead"

    pass_to(handler, start + timedelta(days=1))

    visit = case(handler, newest(handler, provider, "visit"))
    assert (visit.state, visit.fields["kind"], visit.fields["visit_by"]) == ("to_arrange", "routine", by)


def test_a_panel_member_sees_none_of_it(handler: Handler, provider: str) -> None:
    with pytest.raises(NotFound):
        do(handler, newest(handler, provider, "self_assessment"), "hand_in", PETRA, now=A_YEAR_ON)
