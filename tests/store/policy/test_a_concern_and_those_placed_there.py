"""A concern about safeguarding, and the pupils who are at the provider meanwhile: who is told, and who is not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.store.tables.places import commissioners
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, PAT, a_handler, add_people
from tests.quality import case, do, newest, pass_to
from tests.records.council import a_placement, a_pupil
from tests.removal import SUSPENDED, a_provider_with_pupils, a_register

SCHOOLS = tuple(f"Invented School {number:03}" for number in range(2, 10))
TODAY = MONDAY.date().isoformat()
TOLD: dict[str, Any] = {"what_happened": "He drove her home alone.", "told_by": "school", "how_told": "By telephone"}
SAFEGUARDING: dict[str, Any] = {"category": "safeguarding", "organisation": "Made Up Farm", "in_care": False}
MEANWHILE: dict[str, Any] = {"meanwhile_why": "The LADO says so.", "meanwhile_until": TODAY}
LADO: dict[str, Any] = {"lado_contacted_on": TODAY, "lado_advice": "Say nothing there yet."}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    """One on the list, with a pupil of each of eight schools."""
    a_register(handler, 12)
    return a_provider_with_pupils(handler, *SCHOOLS)


@pytest.fixture
def concern(handler: Handler, provider: str) -> str:
    """One about this provider, logged a minute ago."""
    do(handler, provider, "log_concern_here", now=MONDAY, **TOLD)
    return newest(handler, provider, "concern")


def decide(handler: Handler, concern: str, meanwhile: str, by: Actor = MAGDA) -> None:
    do(handler, concern, "decide_meanwhile", by, now=MONDAY, meanwhile=meanwhile, **MEANWHILE)


def sent(handler: Handler, notice: str) -> list[Any]:
    with handler.store.reading() as connection:
        return list(connection.execute(select(messages).where(messages.c.notice == notice).order_by(messages.c.id)))


def tasks(handler: Handler, reference: str, role: str) -> set[str]:
    return {task.name for task in case(handler, reference).tasks if task.role == role}


def test_a_manager_decides_on_the_day_how_those_placed_there_are_kept_safe(handler: Handler, concern: str) -> None:
    do(handler, concern, "triage_safeguarding", now=MONDAY, **SAFEGUARDING)
    assert "those_placed_there" in tasks(handler, concern, "manager")
    assert [mail.to_email for mail in sent(handler, "concern/to_decide_today")] == [EMAILS[MAGDA]]
    there = case(handler, concern).items["placed_there"].values()
    assert sorted(item.data["commissioner"] for item in there) == sorted(SCHOOLS)
    do(handler, concern, "record_lado", now=MONDAY, **LADO)
    with pytest.raises(Blocked) as refusal:
        do(handler, concern, "close_concern", now=MONDAY, outcome="unfounded", outcome_reasons="Nothing.")
    assert any("those placed there are kept safe" in reason for reason in refusal.value.reasons)

    decide(handler, concern, "stay")
    assert "those_placed_there" not in tasks(handler, concern, "manager")
    do(handler, concern, "close_concern", now=MONDAY, outcome="unfounded", outcome_reasons="Nothing.")


def test_whoever_placed_pupils_there_is_asked_to_ring_and_neither_told_why_nor_the_provider_told_anything(
    handler: Handler, concern: str
) -> None:
    do(handler, concern, "triage_safeguarding", now=MONDAY, **SAFEGUARDING)
    to_pat = sum(mail.to_email == EMAILS[PAT] for mail in every_message(handler))
    decide(handler, concern, "schools")
    do(handler, concern, "ask_them_to_ring", MAGDA, now=MONDAY, sure=True)

    mail = sent(handler, "concern/ring_today")
    assert [one.to_email for one in mail] == [f"office{number}@schools.example" for number in range(2, 10)]
    for one in mail:
        letter = f"{one.subject} {one.text} {one.html}".lower()
        assert not any(word in letter for word in ("made up farm", "drove", "lado", "safeguarding", "concern", "pip"))
    assert sum(one.to_email == EMAILS[PAT] for one in every_message(handler)) == to_pat
    number = next(iter(case(handler, concern).items["placed_there"]))
    said: dict[str, Any] = {"told_on": TODAY, "spoke_with": "The DSL", "they_decided": "She stays at school today."}
    do(handler, concern, "was_told", now=MONDAY, item=number, **said)
    assert case(handler, concern).items["placed_there"][number].status == "told"


def test_a_school_that_is_at_the_provider_as_well_is_rung_and_not_written_to(
    handler: Handler, concern: str, provider: str
) -> None:
    with handler.store.writing() as connection:
        whose = update(commissioners).where(commissioners.c.name == SCHOOLS[0])
        connection.execute(whose.values(email=EMAILS[PAT].upper(), phone="01632 960009"))
    to_pat = sum(mail.to_email.lower() == EMAILS[PAT] for mail in every_message(handler))
    do(handler, concern, "triage_safeguarding", now=MONDAY, **SAFEGUARDING)
    decide(handler, concern, "schools")
    do(handler, concern, "ask_them_to_ring", MAGDA, now=MONDAY, sure=True)

    assert sum(mail.to_email.lower() == EMAILS[PAT] for mail in every_message(handler)) == to_pat
    kept = [mail for mail in sent(handler, "concern/ring_today") if mail.status == "failed"]
    assert [mail.to_email for mail in kept] == [""]
    send_due(handler.store, MailboxTransport(), handler, lambda: MONDAY, lambda: MONDAY)
    (task,) = (task for task in case(handler, concern).tasks if task.name == "not_reached")
    assert "also somebody at the provider" in task.note
    assert "01632 960009" in task.note
    assert EMAILS[PAT] not in task.note.lower()


def test_a_manager_is_asked_each_day_to_ring_whoever_has_not_rung_until_all_have_been_spoken_with(
    handler: Handler, concern: str
) -> None:
    later = {**MEANWHILE, "meanwhile_until": (MONDAY + timedelta(weeks=6)).date().isoformat()}
    end: dict[str, Any] = {"outcome": "unfounded", "outcome_reasons": "Nothing."}
    do(handler, concern, "triage_safeguarding", now=MONDAY, **SAFEGUARDING)
    do(handler, concern, "record_lado", now=MONDAY, **LADO)
    do(handler, concern, "decide_meanwhile", MAGDA, now=MONDAY, meanwhile="schools", **later)
    do(handler, concern, "ask_them_to_ring", MAGDA, now=MONDAY, sure=True)
    with pytest.raises(Blocked) as refusal:
        do(handler, concern, "close_concern", now=MONDAY, **end)
    assert any("placement by placement" in reason for reason in refusal.value.reasons)
    pass_to(handler, MONDAY + timedelta(hours=20))
    assert "overdue_told_today" not in tasks(handler, concern, "manager"), "they have this day and the next to ring"

    wednesday = MONDAY + timedelta(days=2)
    pass_to(handler, wednesday)
    assert "overdue_told_today" in tasks(handler, concern, "manager")
    (asked,) = (task.id for task in case(handler, concern).tasks if task.name == "overdue_told_today")
    handler.complete(concern, asked, "I rang three.", actor=MAGDA, now=wednesday)
    first, *others = case(handler, concern).items["placed_there"]
    said: dict[str, Any] = {"told_on": TODAY, "spoke_with": "The DSL", "they_decided": "She stays at school today."}
    do(handler, concern, "was_told", now=wednesday, item=first, **said)
    pass_to(handler, wednesday + timedelta(days=1))
    assert "overdue_told_today" in tasks(handler, concern, "manager"), "seven of eight still wait"

    thursday = wednesday + timedelta(days=1)
    for item in others:
        do(handler, concern, "was_told", now=thursday, item=item, **said)
    assert "overdue_told_today" not in tasks(handler, concern, "manager")
    do(handler, concern, "close_concern", now=thursday, **end)


def test_nobody_is_told_against_the_lado_s_advice_and_a_manager_is_asked_again(handler: Handler, concern: str) -> None:
    do(handler, concern, "triage_safeguarding", now=MONDAY, **SAFEGUARDING)
    decide(handler, concern, "wait")
    with pytest.raises(Blocked):
        do(handler, concern, "ask_them_to_ring", MAGDA, now=MONDAY, sure=True)
    assert not sent(handler, "concern/ring_today")
    do(handler, concern, "record_lado", now=MONDAY, **LADO)
    pass_to(handler, MONDAY + timedelta(days=1))
    assert "overdue_meanwhile_again" in tasks(handler, concern, "manager")


def test_what_turns_out_to_be_about_safeguarding_goes_to_the_lado_however_it_began(
    handler: Handler, concern: str
) -> None:
    do(handler, concern, "triage_other", now=MONDAY, **{**SAFEGUARDING, "category": "quality"})
    later = MONDAY + timedelta(days=2)
    found: dict[str, Any] = {"category": "safeguarding", "why_safeguarding": "She told her teacher today."}
    do(handler, concern, "turns_out_safeguarding", now=later, **found)
    seen = case(handler, concern)
    assert (seen.state, "lado_due" in seen.deadlines) == ("contact_lado", True)
    assert seen.deadlines["lado_due"].due_at.date() == later.date() + timedelta(days=1)
    pass_to(handler, later + timedelta(days=2))
    assert "overdue_lado_due" in tasks(handler, concern, "manager")


def test_children_in_care_whom_the_records_know_of_are_not_answered_away(handler: Handler, provider: str) -> None:
    pupil = a_pupil(handler, forename="Ada", home_school=SCHOOLS[0], true_of=["looked_after"])
    a_placement(handler, pupil, commissioner=SCHOOLS[0])
    do(handler, provider, "log_concern_here", now=MONDAY, **TOLD)
    concern = newest(handler, provider, "concern")
    do(handler, concern, "triage_other", now=MONDAY, **{**SAFEGUARDING, "category": "quality"})
    assert [one.data["children"] for one in case(handler, concern).items["in_care_there"].values()] == [1]
    end: dict[str, Any] = {"outcome": "unfounded", "outcome_reasons": "Nothing."}
    for event, said in (("begin_spot_check", {"visit_by": TODAY}), ("close_concern", end)):
        with pytest.raises(Blocked) as refusal:
            do(handler, concern, event, now=MONDAY, **said)
        assert any("Children in care are on record" in reason for reason in refusal.value.reasons)
    do(handler, concern, "correct_in_care", now=MONDAY, in_care=True)
    do(handler, concern, "begin_spot_check", now=MONDAY, visit_by=TODAY)
    assert case(handler, newest(handler, concern, "spot_check")).fields["in_care"] is True


def test_a_concern_of_a_provider_s_own_reaches_a_manager_while_its_officer_is_away(
    handler: Handler, concern: str
) -> None:
    assert [mail.to_email for mail in sent(handler, "concern/to_triage")] == [EMAILS[OLIVE]]
    assert [mail.to_email for mail in sent(handler, "concern/to_see_read")] == [EMAILS[MAGDA]]


@pytest.mark.parametrize(
    ("event", "said", "notice"),
    [
        ("known_already", {"same_as": "CO-7K2M-9QXD", "noted_there": True, "outcome": "twice"}, "looked_into_already"),
        ("set_down", {"child_at_risk": "none", "outcome": "no_concern"}, "not_about_a_provider"),
    ],
)
def test_nobody_is_told_that_it_is_dealt_with_while_it_is_not(
    handler: Handler, event: str, said: dict[str, Any], notice: str
) -> None:
    told = {**TOLD, "organisation": "The farm", "reporter_email": "ann@home.example"}
    reference = handler.open_case("concern", "log_concern", told, actor=OLIVE, now=MONDAY).reference
    do(handler, reference, event, now=MONDAY, outcome_reasons="As it says.", **said)
    assert not sent(handler, "concern/dealt_with")
    assert [mail.to_email for mail in sent(handler, f"concern/{notice}")] == ["ann@home.example"]


def test_a_suspension_is_not_lifted_while_a_concern_is_open_unless_a_manager_says_why(
    handler: Handler, provider: str, concern: str
) -> None:
    do(handler, provider, "suspend", MAGDA, now=MONDAY, **SUSPENDED)
    lift: dict[str, Any] = {"what_has_changed": "The new insurance has come."}
    with pytest.raises(Blocked) as refusal:
        do(handler, provider, "lift_suspension", MAGDA, now=MONDAY, **lift)
    assert any("concern about this provider is still open" in reason for reason in refusal.value.reasons)

    until = MONDAY.date() + timedelta(days=7)
    handler.set_aside(provider, "no_concern_is_open", until, "He has left.", actor=MAGDA, now=MONDAY)
    do(handler, provider, "lift_suspension", MAGDA, now=MONDAY, **lift)
    assert case(handler, provider).state == "approved"
    (mail,) = sent(handler, "provider/set_aside_for_safety")
    assert not any(word in f"{mail.subject} {mail.text}" for word in ("He has left", "concern", "Made Up Farm"))


def every_message(handler: Handler) -> list[Any]:
    with handler.store.reading() as connection:
        return list(connection.execute(select(messages)))
