"""A breach of personal data: whose it is, its 72 hours, who learns of it, and what is asked when they have passed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, Invalid
from apflow.core.people.actor import Actor
from apflow.core.people.permission import acting_on, may_see, readable
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, a_handler, add_people
from tests.breaches import DECIDED, DORA_S_EMAIL, HAPPENED, REPORT, TOLD_ICO, a_data_protection_officer, report, weigh
from tests.quality import pass_to

NOTICED = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def dora(handler: Handler) -> Actor:
    return a_data_protection_officer(handler.store)


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def told(handler: Handler, email: str) -> list[tuple[str, datetime]]:
    """Each notice to this address, with when it was written."""
    query = select(messages).where(messages.c.to_email == email).order_by(messages.c.id)
    with handler.store.reading() as connection:
        rows = connection.execute(query).all()
    return [(row.notice.removeprefix("data_breach/"), row.queued_at) for row in rows]


def after(hours: int) -> datetime:
    return NOTICED + timedelta(hours=hours)


def test_the_72_hours_run_from_when_it_was_noticed_over_the_weekend(handler: Handler, dora: Actor) -> None:
    friday = datetime(2026, 11, 6, 17, tzinfo=UTC)

    reference = report(handler, now=friday, aware_on="2026-11-06", aware_at="15:00")

    assert case(handler, reference).deadlines["ico_due"].due_at == datetime(2026, 11, 9, 15, tzinfo=UTC)


def test_the_officer_is_reminded_and_a_manager_hears_of_it_at_a_third_and_two_thirds(
    handler: Handler, dora: Actor
) -> None:
    reference = report(handler)
    handler.fire(reference, "take_on", {}, actor=dora, now=MONDAY)

    pass_to(handler, after(71))

    reminded = [at for notice, at in told(handler, DORA_S_EMAIL) if notice == "hours_left"]
    escalated = told(handler, EMAILS[MAGDA])
    assert reminded == [after(24), after(48), after(66)]
    assert escalated == [("work_overdue", after(24)), ("work_overdue", after(48)), ("hours_left", after(66))]


def test_until_somebody_takes_it_on_the_mailbox_is_written_to_by_whose_it_is(handler: Handler) -> None:
    """Not as the Alternative Learning Team, which does not read it."""
    report(handler)

    query = select(messages).where(messages.c.notice == "data_breach/to_take_on")
    with handler.store.reading() as connection:
        mail = connection.execute(query).one()
    assert (mail.to_name, mail.to_email) == ("Data protection officer", "data.protection@council.example")
    assert mail.text.startswith("Dear Data protection officer")


def test_it_is_with_whoever_takes_it_on_and_not_with_whoever_reported_it(handler: Handler, dora: Actor) -> None:
    reference = report(handler)
    before = case(handler, reference).assigned_to
    handler.fire(reference, "take_on", {}, actor=dora, now=MONDAY)

    assert (before, case(handler, reference).assigned_to) == (None, dora.id)
    assert told(handler, "data.protection@council.example") == [("to_take_on", MONDAY)]


def test_nobody_takes_it_and_a_manager_can_see_it_through(handler: Handler) -> None:
    reference = report(handler)

    pass_to(handler, MONDAY + timedelta(hours=5))
    handler.fire(reference, "take_on", {}, actor=MAGDA, now=MONDAY + timedelta(hours=5))

    assert told(handler, EMAILS[MAGDA]) == [("work_overdue", MONDAY + timedelta(hours=4))]
    assert case(handler, reference).state == "assessing"


def test_when_the_72_hours_pass_the_reasons_for_the_delay_are_asked_for(handler: Handler, dora: Actor) -> None:
    reference = report(handler)
    handler.fire(reference, "take_on", {}, actor=dora, now=MONDAY)
    pass_to(handler, after(72))
    weigh(handler, reference, dora, now=after(73))

    late = {**DECIDED, **TOLD_ICO, "ico_sent_on": "2026-11-05"}
    with pytest.raises(Invalid) as refusal:
        handler.fire(reference, "ico_told_late", late, actor=dora, now=after(73))
    handler.fire(reference, "ico_told_late", late | {"delay_reasons": "We had no hands."}, actor=dora, now=after(73))

    assert list(refusal.value.errors) == ["delay_reasons"]
    assert ("time_is_up", after(72)) in told(handler, DORA_S_EMAIL)
    assert ("time_is_up", after(72)) in told(handler, EMAILS[MAGDA])
    assert case(handler, reference).state == "following"


def test_one_that_was_noticed_later_than_was_thought_gets_its_time_back(handler: Handler, dora: Actor) -> None:
    reference = report(handler, aware_on="2026-10-30")
    pass_to(handler, MONDAY)
    assert case(handler, reference).state == "late"

    right = {"aware_on": "2026-11-02", "aware_at": "07:00", "why_corrected": "Nobody of the council knew before."}
    handler.fire(reference, "aware_later", right, actor=dora, now=MONDAY)

    assert case(handler, reference).deadlines["ico_due"].due_at == after(71)


def test_a_manager_has_one_task_about_what_is_late_however_often_it_comes_up(handler: Handler, dora: Actor) -> None:
    reference = report(handler)
    handler.fire(reference, "take_on", {}, actor=dora, now=MONDAY)
    pass_to(handler, after(72 + 24 * 7))
    while_late = overdue(handler, reference)
    weigh(handler, reference, dora, now=after(72 + 24 * 7))
    decided = {**DECIDED, **TOLD_ICO, "ico_sent_on": "2026-11-11", "delay_reasons": "We had no hands."}
    handler.fire(reference, "ico_told_late", decided, actor=dora, now=after(72 + 24 * 7))
    pass_to(handler, after(72 + 24 * 7 * 14))

    assert while_late == ["overdue_late_due"]
    assert overdue(handler, reference) == ["overdue_closed_due"]


def overdue(handler: Handler, reference: str) -> list[str]:
    """What is asked of the managers as something has passed."""
    tasks = case(handler, reference).tasks
    return [task.name for task in tasks if task.role == "manager" and task.name.startswith("overdue_")]


@pytest.mark.parametrize("who", [OSCAR, PETRA, PAT])
def test_nobody_but_who_handles_it_and_who_reported_it_sees_it(handler: Handler, dora: Actor, who: Actor) -> None:
    reference = report(handler)
    definition, snapshot = handler.library.current("data_breach"), case(handler, reference)

    assert not may_see(definition, snapshot, who)
    assert all(may_see(definition, snapshot, one) for one in (dora, MAGDA, _as_reporter(OLIVE)))


def _as_reporter(actor: Actor) -> Actor:
    """The same, as the next sign-in finds them: who reports one becomes a reporter."""
    return Actor(actor.id, actor.name, actor.roles | {"reporter"}, actor.agency)


@pytest.mark.parametrize(("who", "event"), [(OLIVE, "report_breach"), (PAT, "tell_of_breach")])
def test_whoever_reported_it_reads_their_report_and_nothing_of_what_comes_of_it(
    handler: Handler, dora: Actor, who: Actor, event: str
) -> None:
    from_them = {"reporter_name": who.name, "reporter_email": EMAILS[who]}
    reference = handler.open_case("data_breach", event, REPORT | from_them, actor=who, now=MONDAY).reference
    definition, snapshot = handler.library.current("data_breach"), case(handler, reference)

    actor = acting_on(definition, snapshot, _as_reporter(who))
    reads = readable(definition, definition.workflow.fields, actor)

    assert may_see(definition, snapshot, _as_reporter(who))
    assert {"kind", "what_happened", "aware_on"} <= reads.keys()
    assert reads.keys().isdisjoint({"risk", "ico", "ico_reasons", "delay_reasons", "lessons", "what_came_out"})
    assert all(kept.seen_by for kept in definition.workflow.collections.values()), "of all that is done about it"


def test_no_email_says_what_happened_or_to_whom(handler: Handler, dora: Actor) -> None:
    reference = report(handler, about_case="PL-2ABC-3DEF")
    handler.fire(reference, "take_on", {"first_steps": "Rang Sedge Farm."}, actor=dora, now=MONDAY)
    handler.fire(reference, "add_recipient", {"who": "Sedge Farm"}, actor=dora, now=MONDAY)
    pass_to(handler, after(100))

    with handler.store.reading() as connection:
        rows = connection.execute(select(messages)).all()
    assert len(rows) > 8
    for secret in (HAPPENED, "Wren", "Hollis", "Sedge", "wrong", "PL-2ABC-3DEF"):
        assert not [row.notice for row in rows if secret in row.subject + row.text + (row.html or "")], secret


def test_at_a_high_risk_people_are_told_unless_the_law_has_another_reason(handler: Handler, dora: Actor) -> None:
    reference = report(handler)
    handler.fire(reference, "take_on", {}, actor=dora, now=MONDAY)
    weigh(handler, reference, dora)
    handler.fire(reference, "decide_to_tell_ico", DECIDED, actor=dora, now=MONDAY)

    not_told = {"whom": "The parents", "not_told_because": "low", "not_told_reasons": "They would be upset."}
    with pytest.raises(Blocked, match="The risk is high, so they are told"):
        handler.fire(reference, "people_not_told", not_told, actor=dora, now=MONDAY)
    handler.fire(reference, "people_not_told", not_told | {"not_told_because": "unreadable"}, actor=dora, now=MONDAY)

    assert case(handler, reference).items["people"]["1"].status == "not_told"


def test_what_comes_out_of_a_closed_one_is_a_case_of_its_own_with_its_own_72_hours(
    handler: Handler, dora: Actor
) -> None:
    reference = report(handler)
    why = {"no_breach_because": "It was a made-up report."}
    handler.fire(reference, "no_breach", why, actor=dora, now=MONDAY)

    later = {"what_came_out": "It was a real one.", "more_on": "2026-11-20", "more_at": "10:00"}
    then = datetime(2026, 11, 20, 11, tzinfo=UTC)
    handler.fire(reference, "was_one", later, actor=dora, now=then)
    hear_all(handler, machine_now=lambda: then)

    (again,) = case(handler, reference).children
    begun = case(handler, again.reference)
    assert (begun.state, begun.fields["what_came_out"]) == ("reported", "It was a real one.")
    assert begun.deadlines["ico_due"].due_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert case(handler, reference).fields["aware_on"] == "2026-11-02", "the register keeps the first"
