"""With the last case that names them goes the account of somebody outside the council, and nobody else's."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Row, delete, event, insert, select, update

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.retention.closed_cases import erase_closed
from apflow.records.retention.records import erase
from apflow.store.cases.save_party import person_in_role
from apflow.store.cases.unit import PartyDetails
from apflow.store.people import sign_in
from apflow.store.people.people import person_by_email
from apflow.store.reading.history import broken_chains
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.messages import messages
from apflow.store.tables.people import api_tokens, colleagues, people, sessions, sign_in_links
from apflow.store.tables.pupils import placements
from apflow.store.tables.records import record_changes, record_reads
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, PAT, enquire
from tests.breaches import report
from tests.colleagues import TOM, let_act
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import a_pupil, a_school, by
from tests.store.witness import at_once

REFUSED = {"reasons": "Out of scope.", "what_next": "Nothing."}
WHY = "Its time is over."
YEAR = 366
JO = "jo@another-farm.example"
SALLY = "sally@hill-school.example"


def closed_enquiry(door: Handler, **answers: Any) -> str:
    reference = enquire(door, **answers)
    door.fire(reference, "close_enquiry", REFUSED, actor=OLIVE, now=MONDAY)
    all_is_sent(door)
    return reference


def all_is_sent(door: Handler) -> None:
    with door.store.writing() as connection:
        of_cases = update(messages).where(messages.c.case_id.is_not(None))
        connection.execute(of_cases.values(status="sent", sent_at=MONDAY))


def erase_it(door: Handler, reference: str, *, years: int = 2) -> None:
    with door.store.writing() as connection:
        erase_closed(connection, reference, WHY, by(door, MAGDA, days_on=years * YEAR))


def account(door: Handler, number: int | None) -> Row[Any]:
    with door.store.reading() as connection:
        return connection.execute(select(people).where(people.c.id == number)).one()


def is_gone(door: Handler, number: int | None) -> bool:
    row = account(door, number)
    return (row.name, row.roles, row.is_active) == ("Erased", [], False)


def number_of(door: Handler, email: str) -> int:
    with door.store.reading() as connection:
        row = person_by_email(connection, email)
    assert row is not None
    return int(row.id)


@pytest.fixture
def jo(door: Handler) -> int:
    """The account of somebody whose only case was closed; it came to nothing."""
    closed_enquiry(door, contact_name="Jo Judd", contact_email=JO)
    return number_of(door, JO)


@pytest.fixture
def hers(door: Handler, jo: int) -> str:
    with door.store.reading() as connection:
        query = select(cases.c.reference).join(case_parties, case_parties.c.case_id == cases.c.id)
        return str(connection.execute(query.where(case_parties.c.person_id == jo)).scalar_one())


def everything(connection: Connection) -> str:
    tables = (people, messages, record_changes, cases)
    return str([connection.execute(select(table)).all() for table in tables])


def test_whose_only_case_was_erased_cannot_sign_in_any_more_and_their_name_and_address_are_nowhere(
    door: Handler, jo: int, hers: str
) -> None:
    now = machine_now()
    with door.store.writing() as connection:
        session, token = sign_in.start_session(connection, jo, now), sign_in.issue_api_token(connection, jo, "x", now)
        issued = sign_in.issue_link(connection, jo, now)
        letter = {
            "notice": "sign_in/link",
            "message_id": "<1@x>",
            "to_person": jo,
            "to_name": "Jo Judd",
            "to_email": JO,
        }
        said = {"subject": "Sign in, Jo", "text": "Jo Judd", "html": "Jo Judd", "queued_at": now, "next_at": now}
        sign_in.queue_letter(connection, {**letter, **said, "status": "queued"})
    assert issued is not None

    erase_it(door, hers)

    assert is_gone(door, jo)
    with door.store.writing() as connection:
        assert "Judd" not in everything(connection)
        assert JO not in everything(connection)
        assert person_by_email(connection, JO) is None
        assert sign_in.session_person(connection, session, now) is None
        assert sign_in.token_person(connection, token) is None
        assert sign_in.link(connection, issued.token, now) is None
        for table in (sessions, api_tokens, sign_in_links):
            assert connection.execute(select(table).where(table.c.person_id == jo)).all() == []
        assert (
            connection.execute(select(messages.c.status).where(messages.c.message_id == "<1@x>")).scalar() == "failed"
        )
        assert list(broken_chains(connection)) == []


def test_who_comes_again_is_somebody_new(door: Handler, jo: int, hers: str) -> None:
    erase_it(door, hers)

    enquire(door, contact_name="Jo Judd", contact_email=JO)

    assert number_of(door, JO) != jo
    assert is_gone(door, jo)


def test_whom_another_case_names_keeps_the_account(door: Handler, jo: int, hers: str) -> None:
    other = closed_enquiry(door, organisation="Another Farm", contact_name="Jo Judd", contact_email=JO)

    erase_it(door, hers)
    assert not is_gone(door, jo)

    erase_it(door, other)
    assert is_gone(door, jo)


def test_who_did_something_on_a_case_that_is_kept_keeps_it_until_that_goes_too(door: Handler) -> None:
    first = closed_enquiry(door)
    kept = enquire(door, organisation="Another Farm")
    door.fire(kept, "withdraw", {"sure": True}, actor=PAT, now=MONDAY)
    all_is_sent(door)
    with door.store.writing() as connection:  # As when the case names somebody else by then.
        number = select(cases.c.id).where(cases.c.reference == kept).scalar_subquery()
        connection.execute(delete(case_parties).where(case_parties.c.case_id == number))
        connection.execute(update(messages).where(messages.c.case_id == number).values(to_person=None))

    erase_it(door, first)
    assert not is_gone(door, PAT.id)

    erase_it(door, kept)
    assert is_gone(door, PAT.id)


def test_nobody_of_the_staff_loses_theirs(door: Handler) -> None:
    from_olive = report(door, about_managers=[])
    all_is_sent(door)
    with door.store.writing() as connection:
        closed = update(cases).where(cases.c.reference == from_olive)
        connection.execute(closed.values(state="not_a_breach", is_open=False))
        connection.exec_driver_sql("UPDATE tasks SET closed_at = '2026-11-02', closed_how = 'cancelled'")

    erase_it(door, from_olive, years=6)

    row = account(door, OLIVE.id)
    assert (row.name, row.is_active, "officer" in row.roles) == (OLIVE.name, True, True)


def test_a_colleague_of_whom_it_was_goes_with_them_and_nothing_says_so_any_more(door: Handler) -> None:
    ended = closed_enquiry(door)
    _, tom = let_act(door, PAT, TOM, "Tom Tutor")

    erase_it(door, ended)

    assert is_gone(door, PAT.id)
    assert is_gone(door, tom.id)
    with door.store.reading() as connection:
        (row,) = connection.execute(select(colleagues)).all()
        assert row.ended_by == MAGDA.id
        assert "Tom Tutor" not in everything(connection)
        assert "Pat Provider" not in everything(connection)


def test_a_colleague_who_acts_for_another_too_stays_and_acts_for_that_one_alone(
    door: Handler, jo: int, hers: str
) -> None:
    enquire(door)
    named = Actor(jo, "Jo Judd", frozenset({"provider"}))
    _, tom = let_act(door, named, TOM, "Tom Tutor")
    let_act(door, PAT, TOM, "Tom Tutor")

    erase_it(door, hers)

    assert is_gone(door, jo)
    assert account(door, tom.id).roles == ["provider"]
    with door.store.reading() as connection:
        now = connection.execute(select(colleagues.c.person_id).where(colleagues.c.ended_at.is_(None))).scalars().all()
    assert now == [PAT.id]


def test_whom_the_record_of_a_school_names_keeps_the_account_without_the_role_that_is_over(
    door: Handler, jo: int, hers: str
) -> None:
    a_school(door, email=JO)
    with door.store.writing() as connection:
        connection.execute(update(people).where(people.c.id == jo).values(roles=["provider", "commissioner"]))

    erase_it(door, hers)

    row = account(door, jo)
    assert (row.name, row.roles, row.is_active) == ("Hill School", ["commissioner"], True)


def test_who_looked_at_a_record_that_is_kept_can_still_be_told(door: Handler, jo: int, hers: str) -> None:
    a_school(door)
    pip = a_pupil(door)
    with door.store.writing() as connection:
        connection.execute(insert(record_reads).values(pupil_id=pip, person_id=jo, page="A look", at=MONDAY))

    erase_it(door, hers)

    assert account(door, jo).name == "Jo Judd"
    assert account(door, jo).roles == []


def test_with_a_pupil_s_record_go_the_accounts_that_its_cases_alone_named(door: Handler) -> None:
    school = a_school_with_an_account(door, "Hill School", "999901", SALLY)
    _, place = a_listed_site(door)
    zoe = a_pupil_of(door, "Hill School", "Zoë")
    placement = refer(door, school, zoe, place)
    prepare(door, placement, school)
    all_is_sent(door)
    with door.store.writing() as connection:
        closed = update(cases).where(cases.c.reference == placement)
        connection.execute(closed.values(state="withdrawn", is_open=False))
        connection.execute(update(placements).values(ends_on=date(2026, 11, 20)))
        connection.exec_driver_sql("UPDATE commissioners SET email = 'office@hill-school.example'")

    with door.store.writing() as connection:
        erase(connection, zoe, WHY, by(door, MAGDA, days_on=7 * YEAR))

    assert is_gone(door, school.id)
    assert account(door, PAT.id).name == PAT.name, "the provider's own case still names them"
    with door.store.reading() as connection:
        parties = select(case_parties).join(cases, cases.c.id == case_parties.c.case_id)
        assert connection.execute(parties.where(cases.c.reference == placement)).all() == []


def test_a_case_that_begins_at_the_same_moment_names_somebody_who_is_there(door: Handler) -> None:
    ended = closed_enquiry(door)

    at_once(lambda: erase_it(door, ended), lambda: enquire(door, organisation="Another Farm"))

    number = number_of(door, EMAILS[PAT])
    with door.store.reading() as connection:
        mine = connection.execute(select(case_parties.c.case_id).where(case_parties.c.person_id == number)).scalars()
        assert len(list(mine)) == 1
    assert account(door, number).is_active


def test_an_account_that_is_erased_while_somebody_looks_for_it_is_begun_anew(door: Handler, jo: int, hers: str) -> None:
    looked = list[str]()

    def erase_meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not looked and not door.store.is_sqlite and "FOR NO KEY UPDATE" in statement:
            looked.append(statement)
            erase_it(door, hers)

    event.listen(door.store.engine, "before_cursor_execute", erase_meanwhile)
    try:
        with door.store.writing() as connection:  # On SQLite nobody else writes meanwhile.
            number = person_in_role(connection, PartyDetails("provider", "Jo Judd", JO), MONDAY, door.library.council)
    finally:
        event.remove(door.store.engine, "before_cursor_execute", erase_meanwhile)

    assert account(door, number).email == JO
    assert (number == jo) is door.store.is_sqlite
