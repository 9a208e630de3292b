"""Officers who go on a visit together: each has it in their calendar, and hears when it changes or is off."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update

from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people
from apflow.testing import EMAILS, MONDAY, OLIVE, OSCAR, PAT, PETRA, a_handler, add_people
from tests.brought import bring_to
from tests.quality import case, do, newest

TODAY = MONDAY.date().isoformat()
THURSDAY = (MONDAY.date() + timedelta(days=3)).isoformat()
BOTH = [OLIVE.id, OSCAR.id]


class Letter(NamedTuple):
    notice: str
    text: str
    is_cancellation: bool


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def visit(handler: Handler) -> str:
    """A routine one that is still to be arranged."""
    provider = bring_to(handler, "approved")
    do(handler, provider, "plan_visit", now=MONDAY, kind="routine", visit_by=THURSDAY)
    return newest(handler, provider, "visit")


def meeting(day: str = TODAY, **who: Any) -> dict[str, Any]:
    return {"visit_on": day, "visit_time": "10:30", "visit_place": "The farm", **(who or {"going": BOTH})}


def letters(handler: Handler, reader: Actor, workflow: str = "visit") -> list[Letter]:
    """What came to the reader with something for their calendar, oldest first."""
    theirs = messages.c.to_email == EMAILS[reader]
    wanted = theirs, messages.c.invitation.is_not(None), messages.c.notice.startswith(f"{workflow}/")
    with handler.store.reading() as connection:
        rows = connection.execute(select(messages).where(*wanted).order_by(messages.c.id)).all()
    return [Letter(row.notice.partition("/")[2], row.text, "METHOD:CANCEL" in row.invitation) for row in rows]


def test_everybody_of_the_team_who_goes_has_the_visit_in_their_calendar(handler: Handler, visit: str) -> None:
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting(going=BOTH, visitors="Ursula Made-Up, Virtual School"))

    for officer in (OLIVE, OSCAR):
        (letter,) = letters(handler, officer)
        assert not letter.is_cancellation
        assert "From the team: Olive Officer, Oscar Officer" in letter.text
        assert "Who else is coming: Ursula Made-Up, Virtual School" in letter.text


def test_the_officer_who_has_the_visit_has_it_in_their_calendar_whoever_goes(handler: Handler, visit: str) -> None:
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting(going=[OSCAR.id]))

    assert [len(letters(handler, officer)) for officer in (OLIVE, OSCAR)] == [1, 1]


def test_a_provider_is_told_of_everybody_who_comes(handler: Handler, visit: str) -> None:
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting(visitors="Ursula Made-Up", going=BOTH))

    (letter,) = letters(handler, PAT)
    assert "Who is coming: Olive Officer, Oscar Officer, Ursula Made-Up" in letter.text


@pytest.mark.parametrize("nobody", [{"going": []}, {"visitors": " "}], ids=["of the team", "else"])
def test_a_visit_is_made_by_somebody(handler: Handler, visit: str, nobody: dict[str, Any]) -> None:
    with pytest.raises(Blocked, match="Say who is coming"):
        handler.fire(visit, "arrange_visit", meeting(**nobody), actor=OLIVE, now=MONDAY)


def test_who_no_longer_goes_has_it_taken_out_of_their_calendar(handler: Handler, visit: str) -> None:
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting())
    do(handler, visit, "move_visit", now=MONDAY, **meeting(THURSDAY, going=[OLIVE.id]))

    _, last = letters(handler, OSCAR)
    assert last.is_cancellation
    assert "no longer expected" in last.text
    assert [letter.is_cancellation for letter in letters(handler, OLIVE)] == [False, False]


def test_who_no_longer_goes_hears_so_once(handler: Handler, visit: str) -> None:
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting())
    for day in (THURSDAY, TODAY):
        do(handler, visit, "move_visit", now=MONDAY, **meeting(day, going=[OLIVE.id]))

    assert [letter.is_cancellation for letter in letters(handler, OSCAR)] == [False, True]


def test_everybody_hears_when_a_visit_is_called_off(handler: Handler, visit: str) -> None:
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting())
    do(handler, visit, "call_off", now=MONDAY, why_off="It snows.")

    for officer in (OLIVE, OSCAR):
        assert letters(handler, officer)[-1].is_cancellation
        assert "does not take place" in letters(handler, officer)[-1].text


def test_the_note_names_whoever_was_there(handler: Handler, visit: str) -> None:
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting())
    do(handler, visit, "took_place", now=MONDAY, visited_on=TODAY, going=[OSCAR.id])
    for key, item in handler.library.catalogues["visit_checklist"].items.items():
        if item.required:
            do(handler, visit, "find_in_order", now=MONDAY, item=key)
    do(handler, visit, "circulate", now=MONDAY, note="All in order.", no_surprise=True)

    with handler.store.reading() as connection:
        note = select(messages.c.text).where(messages.c.notice == "visit/note_of_visit")
        assert "Who visited: Oscar Officer." in connection.execute(note).scalar_one()


def test_a_visit_before_approval_leaves_every_calendar_when_the_application_is_withdrawn(handler: Handler) -> None:
    application = bring_to(handler, "visit")
    do(handler, application, "arrange_visit", now=MONDAY, **meeting(THURSDAY))
    do(handler, application, "withdraw", PAT, now=MONDAY, sure=True)

    for somebody in (OLIVE, OSCAR, PAT):
        assert [letter.is_cancellation for letter in letters(handler, somebody, "provider")] == [False, True]
    assert letters(handler, OSCAR, "provider")[-1].notice == "application_withdrawn_staff"


def test_a_withdrawal_before_any_visit_takes_nothing_out_of_a_calendar(handler: Handler) -> None:
    application = bring_to(handler, "visit")
    do(handler, application, "withdraw", PAT, now=MONDAY, sure=True)

    assert [letters(handler, somebody, "provider") for somebody in (OLIVE, OSCAR, PAT)] == [[], [], []]


def test_who_was_invited_to_the_panel_hears_nothing_of_a_visit(handler: Handler) -> None:
    """A member of the panel who is an officer as well: the same case had two meetings."""
    with handler.store.writing() as connection:
        both = update(people).where(people.c.id == PETRA.id).values(roles=["officer", "panel_member"])
        connection.execute(both)
    application = bring_to(handler, "visit")
    do(handler, application, "arrange_visit", now=MONDAY, **meeting(THURSDAY))
    do(handler, application, "withdraw", PAT, now=MONDAY, sure=True)

    theirs = {letter.notice for letter in letters(handler, PETRA, "provider")}
    assert theirs == {"panel_papers_ready"}


def test_nobody_was_there_before_approval_and_the_provider_is_asked_why(handler: Handler) -> None:
    application = bring_to(handler, "visit")
    do(handler, application, "arrange_visit", now=MONDAY, **meeting())
    do(handler, application, "nobody_was_there", now=MONDAY, what_happened="The door was locked.")

    with handler.store.reading() as connection:
        asked = select(messages.c.text).where(messages.c.notice == "provider/visit_missed")
        text = connection.execute(asked).scalar_one()
    assert "nobody could meet us" in text
    assert "locked" not in text, "what the team writes of it is the team's"
    assert case(handler, application).state == "visit"
    do(handler, application, "arrange_visit", now=MONDAY, **meeting(THURSDAY))
