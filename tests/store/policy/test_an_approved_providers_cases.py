"""What begins from a provider on the list, as policy ships it: who is told what, and what removal ends."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from apflow.core.errors import Blocked, NotAllowed
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.people.permission import may_see
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.letters.notices import Notices
from apflow.rounds.signals import hear_all
from apflow.settings import shipped
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, PAT, a_handler, add_people
from tests.brought import bring_to
from tests.quality import pass_to
from tests.removal import remove

TODAY = MONDAY.date().isoformat()


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    return bring_to(handler, "approved")


def do(handler: Handler, reference: str, event: str, actor: Actor = OLIVE, **answers: Any) -> None:
    handler.fire(reference, event, answers, actor=actor, now=MONDAY)
    hear_all(handler, machine_now=lambda: MONDAY)


def child(handler: Handler, provider: str, kind: str) -> str:
    with handler.store.reading() as connection:
        case = load_case(connection, provider)
    assert case is not None
    return next(one.reference for one in case.children if one.kind == kind)


def state_of(handler: Handler, reference: str) -> str:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return case.state


def alerts_on(handler: Handler, reference: str) -> list[str]:
    """The open tasks, but for the one that its approval has opened."""
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return [task.name for task in case.tasks if task.name != "record_sites"]


def told(handler: Handler, email: str) -> list[str]:
    with handler.store.reading() as connection:
        rows = connection.execute(select(messages.c.notice).where(messages.c.to_email == email).order_by(messages.c.id))
        return [row.notice for row in rows]


def arranged(handler: Handler, provider: str) -> str:
    do(handler, provider, "plan_visit", kind="routine", visit_by=TODAY)
    visit = child(handler, provider, "visit")
    meeting: dict[str, Any] = {"visit_on": TODAY, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive"}
    do(handler, visit, "arrange_visit", **meeting)
    return visit


def test_removal_stops_its_visits_and_plans_and_tells_the_provider(handler: Handler, provider: str) -> None:
    visit = arranged(handler, provider)
    do(handler, provider, "begin_action_plan", why="Staff are not trained.")
    plan = child(handler, provider, "action_plan")
    remove(handler, provider)
    hear_all(handler, machine_now=lambda: MONDAY)
    assert (state_of(handler, visit), state_of(handler, plan)) == ("called_off", "never_sent")
    assert told(handler, EMAILS[PAT])[-2:] == ["provider/removed", "visit/visit_called_off"]


def test_removal_also_ends_a_plan_that_a_filed_visit_led_to_and_leaves_a_concern_to_an_officer(
    handler: Handler, provider: str
) -> None:
    visit = arranged(handler, provider)
    do(handler, visit, "took_place", visited_on=TODAY, visitors="Olive")
    do(handler, visit, "begin_action_plan", why="Staff are not trained.")
    end(handler.store, visit, "filed")
    plan = child(handler, visit, "action_plan")
    said: dict[str, Any] = {"what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
    do(handler, provider, "log_concern_here", **said)
    do(handler, provider, "escalate", which="underperforming", reasons="Three late reports.")
    concern, meeting = child(handler, provider, "concern"), child(handler, provider, "formal_escalation")

    remove(handler, provider)
    hear_all(handler, machine_now=lambda: MONDAY)

    assert (state_of(handler, visit), state_of(handler, plan)) == ("filed", "never_sent")
    for reference, state in ((concern, "reported"), (meeting, "to_arrange")):
        assert state_of(handler, reference) == state
        assert "provider_has_gone" in alerts_on(handler, reference)


def test_removal_calls_off_a_plan_that_the_provider_has_and_says_so_and_one_it_has_not_seen_silently(
    handler: Handler, provider: str
) -> None:
    for why in ("Staff are not trained.", "The fence is open."):
        do(handler, provider, "begin_action_plan", why=why)
    plans = [one.reference for one in case(handler, provider).children if one.kind == "action_plan"]
    action: dict[str, Any] = {"what": "Train them", "owner": "The head", "by_when": TODAY, "how_shown": "A list"}
    do(handler, plans[0], "add_action", **action)
    do(handler, plans[0], "ask_for_update", due_on=TODAY)
    do(handler, plans[0], "propose", why="Staff are not trained.")

    remove(handler, provider)
    hear_all(handler, machine_now=lambda: MONDAY)

    assert [state_of(handler, plan) for plan in plans] == ["called_off", "never_sent"]
    definition = handler.library.current("action_plan")
    assert [may_see(definition, case(handler, plan), PAT) for plan in plans] == [True, False]
    assert told(handler, EMAILS[PAT]).count("action_plan/plan_called_off") == 1


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def end(store: Store, reference: str, state: str) -> None:
    """It has long ended so; how is told elsewhere."""
    with store.writing() as connection:
        connection.execute(update(cases).where(cases.c.reference == reference).values(state=state, is_open=False))


def test_the_virtual_school_is_asked_by_a_request_of_its_own_and_sees_no_visit_and_nothing_of_the_concern(
    handler: Handler, provider: str
) -> None:
    said: dict[str, Any] = {"what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
    do(handler, provider, "log_concern_here", **said)
    concern = child(handler, provider, "concern")
    do(handler, concern, "triage_other", category="attendance", organisation="Made Up Farm", in_care=True)
    do(handler, concern, "begin_spot_check", visit_by=TODAY)
    visit = child(handler, concern, "spot_check")

    def ask(item: str) -> None:
        asked = {"asked_on": TODAY, "what_to_tell": "How do reviews go there?"}
        handler.fire(visit, "ask_virtual_school", asked, actor=OLIVE, now=MONDAY, item=item)
        hear_all(handler, machine_now=lambda: MONDAY)

    with pytest.raises(Blocked, match="yourself"):
        ask("social_workers")
    ask("virtual_school")

    request = child(handler, visit, "virtual_school_request")
    with handler.store.reading() as connection:
        query = select(messages).where(messages.c.notice == "information_request/virtual_school_asked")
        mail = connection.execute(query).one()
        case, asked = load_case(connection, visit), load_case(connection, request)
    assert (mail.to_name, mail.to_email) == ("Virtual School", "virtual_school@council.example")
    assert mail.text.startswith("Dear Virtual School")
    assert "How do reviews go there?" in mail.text
    assert f"/cases/{request}" in mail.text
    assert not any(word in mail.text for word in ("concern", "attendance", "No register", "spot check"))
    assert case is not None
    assert asked is not None
    assert case.items["beforehand"]["virtual_school"].status == "asked"
    assert [task.name for task in asked.tasks] == ["see_it_answered"]
    vera = Actor(77, "Vera Virtual", frozenset({"virtual_school"}))
    assert may_see(handler.library.current("information_request"), asked, vera)
    assert not may_see(handler.library.current("visit"), case, vera)

    do(handler, visit, "leave_it", why_not="It closed.")
    assert state_of(handler, request) == "dropped"


def test_a_visit_that_began_before_there_were_such_requests_can_still_send_its_email() -> None:
    assert "visit/in_care_asked" in Notices(shipped("notifications")).names(), "cases keep to the text they began under"


def test_the_virtual_school_is_reminded_and_its_answer_is_read(handler: Handler, provider: str) -> None:
    asked: dict[str, Any] = {"organisation": "Made Up Farm"}
    request = handler.open_case(
        "information_request", "begin_with_virtual_school", asked, actor=THE_CLOCK, now=MONDAY
    ).reference
    pass_to(handler, MONDAY + timedelta(days=4))
    chased = told(handler, "virtual_school@council.example")
    assert chased == [f"information_request/virtual_school_{what}" for what in ("asked", "reminder", "reminder")]
    assert "information_request/work_overdue" in told(handler, EMAILS[MAGDA])

    vera, answer = Actor(77, "Vera Virtual", frozenset({"virtual_school"})), "Reviews are held on time."
    with pytest.raises(NotAllowed):
        do(handler, request, "not_needed", vera, why_not="We are busy.")
    do(handler, request, "give_answer", answer=answer)
    assert alerts_on(handler, request) == ["read_it"]
    with handler.store.reading() as connection:
        case = load_case(connection, request)
    assert case is not None
    definition = handler.library.current("information_request")
    assert not may_see(definition, case, vera), "once answered it is where a social worker's answer is, too"


def test_a_concern_begun_here_keeps_what_was_said_and_leaves_nothing_on_the_case(
    handler: Handler, provider: str
) -> None:
    before = told(handler, EMAILS[PAT])
    said: dict[str, Any] = {"what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
    do(handler, provider, "log_concern_here", **said)
    with handler.store.reading() as connection:
        concern, case = load_case(connection, child(handler, provider, "concern")), load_case(connection, provider)
    assert concern is not None
    assert case is not None
    assert concern.fields["what_happened"] == "No register."
    assert concern.fields["contact_email"] == EMAILS[PAT]
    assert concern.parties == frozenset(), "the provider is no party to it"
    assert "what_happened" not in case.fields
    assert told(handler, EMAILS[PAT]) == before


def test_continual_underperformance_goes_to_an_urgent_meeting_without_a_plan(handler: Handler, provider: str) -> None:
    do(handler, provider, "escalate", which="underperforming", reasons="Three late reports.")
    meeting = child(handler, provider, "formal_escalation")
    do(handler, meeting, "arrange_meeting", MAGDA, meeting_on=TODAY, meeting_time="14:00", meeting_place="Room 1")
    do(handler, meeting, "decide_to_stop", MAGDA, decision_reasons="No more for now.", who_was_there="Magda")
    assert state_of(handler, meeting) == "placements_stopped"
    assert state_of(handler, provider) == "suspended"
    assert alerts_on(handler, provider) == ["read_decision", "suspension_to_review"]
    assert told(handler, EMAILS[PAT])[-2:] == ["formal_escalation/decided", "provider/suspended_after_meeting"]


def an_escalated_plan(handler: Handler, provider: str) -> tuple[str, str]:
    """An action plan that was agreed and not followed, and the urgent meeting about it."""
    do(handler, provider, "begin_action_plan", why="Staff are not trained.")
    plan = child(handler, provider, "action_plan")
    action: dict[str, Any] = {"what": "Train them", "owner": "The head", "by_when": TODAY, "how_shown": "A certificate"}
    do(handler, plan, "add_action", **action)
    do(handler, plan, "ask_for_update", due_on=TODAY)
    do(handler, plan, "propose", why="Staff are not trained.")
    do(handler, plan, "agree", PAT, agreed=True)
    do(handler, plan, "judge_not_followed", which="not_followed", reasons="Nobody was trained.")
    return plan, child(handler, plan, "formal_escalation")


def test_what_a_meeting_about_a_plan_decides_reaches_the_provider_above_the_plan(
    handler: Handler, provider: str
) -> None:
    plan, meeting = an_escalated_plan(handler, provider)
    do(handler, meeting, "arrange_meeting", MAGDA, meeting_on=TODAY, meeting_time="14:00", meeting_place="Room 1")
    do(handler, meeting, "decide_to_remove", MAGDA, decision_reasons="It is extreme.", who_was_there="Magda")

    assert (state_of(handler, plan), state_of(handler, provider)) == ("running", "suspended")
    assert alerts_on(handler, provider) == ["propose_the_removal"]


def test_a_meeting_that_stops_nothing_leaves_the_provider_where_it_is(handler: Handler, provider: str) -> None:
    do(handler, provider, "escalate", which="underperforming", reasons="Three late reports.")
    meeting = child(handler, provider, "formal_escalation")
    do(handler, meeting, "arrange_meeting", MAGDA, meeting_on=TODAY, meeting_time="14:00", meeting_place="Room 1")
    do(handler, meeting, "decide_to_go_on", MAGDA, decision_reasons="It is better.", who_was_there="Magda")

    assert (state_of(handler, provider), alerts_on(handler, provider)) == ("approved", ["read_decision"])


def test_a_plan_that_is_called_off_leaves_the_urgent_meeting_to_a_manager_and_the_provider_hears_of_both(
    handler: Handler, provider: str
) -> None:
    plan, meeting = an_escalated_plan(handler, provider)
    do(handler, plan, "call_off", why_off="They are trained.")
    assert alerts_on(handler, meeting) == ["arrange", "plan_has_gone"]
    do(handler, meeting, "call_off", MAGDA, why_off="They are trained.")

    assert (state_of(handler, plan), state_of(handler, meeting)) == ("called_off", "called_off")
    assert told(handler, EMAILS[PAT])[-2:] == ["action_plan/plan_called_off", "formal_escalation/meeting_called_off"]
