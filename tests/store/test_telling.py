"""What an event does to other cases is committed with it or not at all, and each case says no in its own words."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import event, func, select

from apflow.core.definition.meeting_length import Meetings
from apflow.core.errors import Blocked, NotAllowed, NotFound, NotOpen
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.reading.history import history_of
from apflow.store.reading.work import work_of
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT, PAVEL, PETRA, POPPY, a_handler
from tests.brought import bring_to
from tests.panel import a_member

MEETING: dict[str, Any] = {
    "meeting_on": MONDAY.date().isoformat(),
    "meeting_time": "14:00",
    "meeting_place": "Room 1",
    "chair": 4,
}
ALL_THREE: dict[str, Any] = {"present": [4, 5, 6]}
REASONS: dict[str, Any] = {"reasons": "A safe offer that is needed."}


@pytest.fixture
def handler(store: Store) -> Handler:
    return a_handler(store)


def case(store: Store, reference: str) -> Snapshot:
    with store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def plan(handler: Handler, **answers: Any) -> str:
    return handler.open_case("panel_meeting", "plan_meeting", {**MEETING, **answers}, actor=OLIVE, now=MONDAY).reference


def do(
    handler: Handler, reference: str, event: str, item: str | None = None, actor: Actor = OLIVE, **said: Any
) -> None:
    handler.fire(reference, event, said, actor=actor, now=MONDAY, item=item)


def held(handler: Handler, *applications: str, **here: Any) -> str:
    """A meeting that is open, with these on its agenda."""
    meeting = plan(handler)
    for reference in applications:
        do(handler, meeting, "put_on_agenda", reference)
    do(handler, meeting, "open_meeting", **{"chair": PETRA.id} | (here or ALL_THREE))
    return meeting


def sent_to(store: Store, reference: str) -> int:
    with store.reading() as connection:
        query = select(func.count()).select_from(messages).where(messages.c.case_id == case(store, reference).id)
        return int(connection.execute(query).scalar_one())


def test_an_application_that_is_put_on_an_agenda_knows_its_meeting_and_its_day(store: Store, handler: Handler) -> None:
    application, meeting = bring_to(handler, "panel"), plan(handler)
    do(handler, meeting, "put_on_agenda", application)

    known, item = case(store, application), case(store, meeting).item("agenda", application)
    assert known.fields["panel_meeting"] == meeting
    assert known.fields["panel_on"] == MEETING["meeting_on"]
    assert item is not None
    assert (item.status, item.data["label"]) == ("to_decide", "Made Up Farm")
    with store.reading() as connection:
        newest = list(history_of(connection, application))[-1]
    assert (newest.name, newest.actor_name) == ("put_on_agenda", "Olive Officer")


def test_a_decision_moves_the_application_and_the_agenda_together(store: Store, handler: Handler) -> None:
    application = bring_to(handler, "panel")
    meeting = held(handler, application)
    do(handler, meeting, "agree", application, **REASONS)

    assert case(store, application).state == "visit"
    assert case(store, application).fields["took_part"] == [5, 4, 6]  # As they are offered, by name.
    assert case(store, meeting).items["agenda"][application].status == "agreed"


def test_where_the_application_refuses_nothing_is_done_at_the_meeting_either(store: Store, handler: Handler) -> None:
    application = bring_to(handler, "panel")
    do(handler, application, "declare_conflict", actor=PETRA, conflict="My sister works there.")
    meeting = held(handler, application)
    before = case(store, application), case(store, meeting), sent_to(store, application)

    with pytest.raises(Blocked, match="Made Up Farm: At least 3 members of the panel, without a conflict"):
        do(handler, meeting, "agree", application, **REASONS)

    assert (case(store, application), case(store, meeting), sent_to(store, application)) == before


@pytest.mark.parametrize(
    ("here", "reason"),
    [
        ([4, 5], "At least 3 members must be here"),
        ([4], "Members from at least 2 agencies must be here"),
        ([4, 5], "A member from Education safeguarding must be here"),
    ],
)
def test_too_few_too_alike_or_without_safeguarding_nothing_is_decided(
    store: Store, handler: Handler, here: list[int], reason: str
) -> None:
    application = bring_to(handler, "panel")
    meeting = held(handler, application, present=here)
    for decision in ("agree", "ask", "decline"):
        with pytest.raises(Blocked, match=reason):
            do(handler, meeting, decision, application, **REASONS)
    assert case(store, application).state == "panel"


def test_nothing_that_is_told_can_be_done_by_hand(handler: Handler) -> None:
    application = bring_to(handler, "panel")
    for actor in (OLIVE, PETRA, PAT):
        with pytest.raises(NotAllowed):
            do(handler, application, "meeting_agrees", actor=actor, **REASONS)


def test_an_application_is_on_one_agenda_at_a_time(store: Store, handler: Handler) -> None:
    application, first, second = bring_to(handler, "panel"), plan(handler), plan(handler)
    do(handler, first, "put_on_agenda", application)
    with pytest.raises(Blocked, match="on the agenda of another panel meeting already"):
        do(handler, second, "put_on_agenda", application)

    do(handler, first, "take_off_agenda", application)
    assert "panel_on" not in case(store, application).fields
    do(handler, second, "put_on_agenda", application)
    assert case(store, application).fields["panel_meeting"] == second


def test_a_decision_outside_the_meeting_waits_until_it_is_off_the_agenda(handler: Handler) -> None:
    application, meeting = bring_to(handler, "panel"), plan(handler)
    do(handler, meeting, "put_on_agenda", application)
    for member in (PETRA, PAVEL, POPPY):
        do(handler, application, "give_view", actor=member, view="visit", comments="Sound.")
    decided: dict[str, Any] = {"panel_on": MEETING["meeting_on"], "chaired_by": "Petra Panel", **REASONS}
    with pytest.raises(Blocked, match="Record there what the panel decides"):
        do(handler, application, "panel_agree", **decided)

    do(handler, meeting, "take_off_agenda", application)
    do(handler, application, "panel_agree", **decided)


def test_only_what_waits_for_the_panel_goes_on_an_agenda(handler: Handler) -> None:
    meeting, enquiry = plan(handler), bring_to(handler, "checking_evidence")
    with pytest.raises(NotOpen):
        do(handler, meeting, "put_on_agenda", enquiry)
    for nothing in ("AP-0000-0000", "", "x" * 500, "\x00", meeting):
        with pytest.raises(NotFound):
            do(handler, meeting, "put_on_agenda", nothing)


def test_a_meeting_that_is_moved_or_cancelled_tells_every_application_on_it(store: Store, handler: Handler) -> None:
    applications, meeting = [bring_to(handler, "panel") for _ in range(3)], plan(handler)
    for reference in applications:
        do(handler, meeting, "put_on_agenda", reference)
    later = (MONDAY.date() + timedelta(days=7)).isoformat()
    do(handler, meeting, "take_off_agenda", applications[2])
    do(handler, meeting, "move_meeting", **{**MEETING, "meeting_on": later, "why": "The room is taken"})
    days = [case(store, reference).fields.get("panel_on") for reference in applications]
    assert days == [later, later, None]

    do(handler, meeting, "cancel_meeting", why="Two are ill")
    assert [case(store, reference).fields.get("panel_meeting") for reference in applications] == [None] * 3


def test_a_withdrawn_application_is_noted_and_stands_in_nobody_s_way(store: Store, handler: Handler) -> None:
    application, meeting = bring_to(handler, "panel"), plan(handler)
    do(handler, meeting, "put_on_agenda", application)
    with pytest.raises(Blocked, match="still with the panel"):
        do(handler, meeting, "note_gone", application)
    do(handler, application, "withdraw", actor=PAT, sure=True)
    with pytest.raises(Blocked):
        do(handler, meeting, "take_off_agenda", application)

    do(handler, meeting, "note_gone", application)
    assert case(store, meeting).items["agenda"][application].status == "gone"


def test_what_is_asked_for_again_waits_for_a_meeting_again(store: Store, handler: Handler) -> None:
    application = bring_to(handler, "panel")
    meeting = held(handler, application)
    do(handler, meeting, "ask", application, what_we_need="A newer policy.", **REASONS)

    found = case(store, application)
    assert found.state == "gathering_evidence"
    assert "panel_meeting" not in found.fields


def test_nobody_is_sent_a_cancellation_of_what_they_were_not_invited_to(store: Store, handler: Handler) -> None:
    application, meeting = bring_to(handler, "panel"), plan(handler)
    with store.writing() as connection:
        connection.execute(messages.update().where(messages.c.notice.like("provider/%")).values(invitation=None))
    do(handler, meeting, "put_on_agenda", application)
    do(handler, application, "withdraw", actor=PAT, sure=True)

    with store.reading() as connection:
        query = select(messages.c.invitation).where(messages.c.notice == "provider/panel_cancelled")
        assert set(connection.execute(query).scalars()) == {None}


def invitations(store: Store, notice: str) -> dict[str, str]:
    """Whom the last mails of this notice went to, and what each does to a calendar."""
    with store.reading() as connection:
        query = select(messages).where(messages.c.notice == f"panel_meeting/{notice}").order_by(messages.c.id)
        rows = connection.execute(query).all()
    return {row.to_name: next(line for line in row.invitation.splitlines() if "METHOD" in line) for row in rows}


def priya_of(store: Store) -> Actor:
    """A fourth member, of the same agency as Poppy, without either of whom nothing is decided."""
    return a_member(store, "Priya Panel", "p@sample.example", "safeguarding")


def told(store: Store, person: Actor) -> list[str]:
    """What they have been sent, oldest first."""
    with store.reading() as connection:
        query = select(messages.c.notice).where(messages.c.to_name == person.name).order_by(messages.c.id)
        return [notice.rpartition("/")[2] for notice in connection.execute(query).scalars()]


def test_a_meeting_stands_in_calendars_for_as_long_as_the_council_says(store: Store, handler: Handler) -> None:
    council = handler.library.council.model_copy(update={"meetings": Meetings(minutes=90, assumed="Our own rule.")})
    library = dataclasses.replace(handler.library, council=council, _pinned={})
    plan(a_handler(store, library), invited=[PETRA.id, PAVEL.id, POPPY.id])

    with store.reading() as connection:
        query = select(messages.c.invitation).where(messages.c.notice == "panel_meeting/meeting_planned")
        calendar = Calendar.from_ical(connection.execute(query).scalars().first() or "")
    (entry,) = calendar.walk("VEVENT")
    assert entry.decoded("dtend") - entry.decoded("dtstart") == timedelta(minutes=90)


def test_who_is_invited_now_and_who_no_longer_is_are_written_to_and_nobody_else(store: Store, handler: Handler) -> None:
    priya = priya_of(store)
    meeting = plan(handler, invited=[PETRA.id, PAVEL.id, priya.id])
    assert set(invitations(store, "meeting_planned")) == {PETRA.name, PAVEL.name, priya.name}

    do(handler, meeting, "change_invited", invited=[PETRA.id, POPPY.id, priya.id])
    request, cancel = "METHOD:REQUEST", "METHOD:CANCEL"
    now = {PETRA.name: request, PAVEL.name: cancel, POPPY.name: request, priya.name: request}
    assert invitations(store, "meeting_planned") == now
    assert [len(told(store, one)) for one in (PETRA, PAVEL, POPPY)] == [1, 2, 1], "for Petra nothing has changed"
    with store.reading() as connection:
        query = select(messages.c.subject, messages.c.text).where(messages.c.to_name == PAVEL.name)
        subject, text = connection.execute(query.order_by(messages.c.id.desc())).first() or ("", "")
    assert "you are no longer invited" in subject
    assert "Room 1" not in text

    do(handler, meeting, "move_meeting", **MEETING, why="The room is taken.")
    still = [PETRA.name, POPPY.name, priya.name]
    assert set(invitations(store, "meeting_moved")) == set(still)
    do(handler, meeting, "cancel_meeting", why="Nothing waits.")
    assert invitations(store, "meeting_cancelled") == dict.fromkeys(still, cancel)


def test_whoever_chairs_a_meeting_is_never_left_out_of_it(store: Store, handler: Handler) -> None:
    priya = priya_of(store)
    without_her = [PAVEL.id, POPPY.id, priya.id]
    with pytest.raises(Blocked, match="Whoever chairs the meeting is not among those you invite"):
        plan(handler, chair=PETRA.id, invited=without_her)
    meeting = plan(handler, chair=PETRA.id, invited=[PETRA.id, PAVEL.id, priya.id])

    with pytest.raises(Blocked, match="Whoever chairs the meeting is not among those you invite"):
        do(handler, meeting, "change_invited", invited=without_her)
    with pytest.raises(Blocked, match="Change who is invited first"):
        do(handler, meeting, "move_meeting", **{**MEETING, "chair": POPPY.id}, why="Petra is away.")
    do(handler, meeting, "move_meeting", **{**MEETING, "chair": PAVEL.id}, why="Petra is away.")
    do(handler, meeting, "change_invited", invited=without_her)
    assert case(store, meeting).fields["invited"] == without_her


def test_where_everybody_is_invited_anybody_may_chair(handler: Handler) -> None:
    meeting = plan(handler, chair=PETRA.id)
    do(handler, meeting, "move_meeting", **{**MEETING, "chair": POPPY.id}, why="Petra is away.")
    do(handler, meeting, "change_invited")


def asked_for_a_view(store: Store, *people: Actor) -> set[str]:
    with store.reading() as connection:
        return {
            one.name for one in people if any(row.name == "give_your_view" for row in work_of(connection, one, limit=9))
        }


def test_only_the_members_invited_to_the_meeting_are_asked_for_their_view_of_what_is_on_its_agenda(
    store: Store, handler: Handler
) -> None:
    application, everybody, priya = bring_to(handler, "panel"), (PETRA, PAVEL, POPPY), priya_of(store)
    assert asked_for_a_view(store, *everybody) == {PETRA.name, PAVEL.name, POPPY.name}

    meeting = plan(handler, invited=[PETRA.id, PAVEL.id, priya.id])
    do(handler, meeting, "put_on_agenda", application)
    assert asked_for_a_view(store, *everybody) == {PETRA.name, PAVEL.name}

    do(handler, application, "give_view", actor=PETRA, view="visit", comments="Sound.")
    do(handler, meeting, "change_invited", invited=[PETRA.id, POPPY.id, priya.id])
    assert asked_for_a_view(store, *everybody) == {POPPY.name}, "Petra has given hers, and Pavel is not invited"
    (task,) = (one for one in case(store, application).tasks if one.claimed_by == POPPY.id)
    with pytest.raises(Blocked, match="nothing to put back"):
        handler.release(application, task.id, actor=POPPY, now=MONDAY)

    do(handler, meeting, "take_off_agenda", application)
    assert asked_for_a_view(store, *everybody) == {PAVEL.name, POPPY.name}


def test_the_chair_records_a_conflict_of_another_member_and_no_other_member_does(
    store: Store, handler: Handler
) -> None:
    application = bring_to(handler, "panel")
    meeting, said = held(handler, application), {"member": POPPY.id, "conflict": "Her cousin teaches there."}

    with pytest.raises(NotAllowed):
        do(handler, meeting, "record_conflict", application, actor=PAVEL, **said)
    do(handler, meeting, "record_conflict", application, actor=PETRA, **said)

    item = case(store, application).item("panel_views", str(POPPY.id))
    assert item is not None
    assert (item.status, item.data["label"]) == ("conflicted", POPPY.name)
    with pytest.raises(Blocked, match="At least 3 members"):
        do(handler, meeting, "agree", application, **REASONS)


def test_a_second_conflict_stands_beside_the_first_and_neither_member_decides(store: Store, handler: Handler) -> None:
    application = bring_to(handler, "panel")
    priya = a_member(store, "Priya Panel", "p@sample.example", "send").id
    meeting = held(handler, application, present=[PETRA.id, PAVEL.id, POPPY.id, priya])
    do(handler, meeting, "record_conflict", application, member=PAVEL.id, conflict="His aunt works there.")
    with pytest.raises(Blocked, match="said of them already"):
        do(handler, meeting, "record_conflict", application, member=PAVEL.id, conflict="His aunt works there.")
    do(handler, meeting, "record_conflict", application, member=priya, conflict="She is a trustee.")

    item = case(store, meeting).item("agenda", application)
    assert item is not None
    assert item.data["conflict"] == "Pavel Panel: His aunt works there.\nPriya Panel: She is a trustee."
    views = case(store, application).items["panel_views"]
    assert {key for key, view in views.items() if view.status == "conflicted"} == {str(PAVEL.id), str(priya)}
    with pytest.raises(Blocked, match="At least 3 members of the panel, without a conflict"):
        do(handler, meeting, "agree", application, **REASONS)


def test_only_the_chair_agrees_the_minutes(store: Store, handler: Handler) -> None:
    application = bring_to(handler, "panel")
    meeting = held(handler, application)
    do(handler, meeting, "hold_over", application, why="Too late in the day.")
    do(handler, meeting, "write_minutes", minutes="We met.", retention="six_years")

    with pytest.raises(NotAllowed):
        do(handler, meeting, "agree_minutes", actor=PAVEL, minutes="We met.", right=True)
    do(handler, meeting, "agree_minutes", actor=PETRA, minutes="We met at two.", right=True)

    closed = case(store, meeting)
    assert (closed.state, closed.fields["minutes"]) == ("closed", "We met at two."), "she reads and corrects them there"


def test_whoever_chairs_it_is_here_and_agrees_its_minutes(store: Store, handler: Handler) -> None:
    application, meeting = bring_to(handler, "panel"), plan(handler)
    do(handler, meeting, "put_on_agenda", application)
    here: dict[str, Any] = {"present": [PAVEL.id, POPPY.id], "apologies": [PETRA.id]}
    with pytest.raises(Blocked, match="Whoever chairs the meeting is not among those who are here"):
        do(handler, meeting, "open_meeting", chair=PETRA.id, **here)

    do(handler, meeting, "open_meeting", chair=POPPY.id, **here)
    do(handler, meeting, "hold_over", application, why="Too late in the day.")
    do(handler, meeting, "write_minutes", minutes="We met.", retention="six_years")
    with pytest.raises(NotAllowed):
        do(handler, meeting, "agree_minutes", actor=PETRA, minutes="We met.", right=True)
    do(handler, meeting, "agree_minutes", actor=POPPY, minutes="We met.", right=True)


def test_while_nobody_is_chosen_every_member_is_written_to(store: Store, handler: Handler) -> None:
    plan(handler)
    assert set(invitations(store, "meeting_planned")) == {PETRA.name, PAVEL.name, POPPY.name}


def test_wherever_a_write_fails_both_cases_stand_as_they_did(store: Store, handler: Handler) -> None:
    application = bring_to(handler, "panel")
    meeting = held(handler, application)
    before, failures = (case(store, application), case(store, meeting)), 0
    for step in range(1, 400):
        left = [step]

        def fail(*_: Any, left: list[int] = left, **__: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise RuntimeError("the power is gone")

        event.listen(store.engine, "before_cursor_execute", fail)
        try:
            do(handler, meeting, "agree", application, **REASONS)
        except RuntimeError:
            failures += 1
            assert (case(store, application), case(store, meeting)) == before
        else:
            break
        finally:
            event.remove(store.engine, "before_cursor_execute", fail)

    assert failures > 10
    assert case(store, application).state == "visit"
