"""A closed case is erased whole or not at all, and not while something leans on it, on either database."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from apflow.core.commands import Fire
from apflow.core.errors import Blocked, NotFound
from apflow.handler import Handler
from apflow.records.retention.closed_cases import closed_of, erase_closed, hold_back, let_go_of, over_by, weighed
from apflow.records.retention.records import due_of, erase
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.cases.save import save_outcome
from apflow.store.cases.unit import Conflict
from apflow.store.reading.history import broken_chains, history_of
from apflow.store.records.erased_cases import erased_case
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.messages import messages
from apflow.store.tables.pupils import placements
from apflow.store.tables.records import case_holds, erased_cases
from apflow.store.tables.work import signals, tasks
from apflow.testing import MAGDA, MONDAY, OLIVE, enquire
from tests.breaches import HAPPENED, a_data_protection_officer, report
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import a_placement, a_pupil, a_school, a_site, by
from tests.removal import a_second_manager

REFUSED = {"reasons": "Quentin Quill told us that the farm is closed.", "what_next": "Nothing."}
WORRY = {"organisation": "The farm", "what_happened": "It was cold.", "told_by": "school", "how_told": "By telephone"}
YEAR = 366
WHY = "Its time is over."


def all_is_sent(door: Handler) -> None:
    with door.store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))


def close(door: Handler, reference: str, state: str = "closed", **said: Any) -> None:
    """The case as if it had been closed on the day it began, with these answers."""
    with door.store.writing() as connection:
        row = connection.execute(select(cases).where(cases.c.reference == reference)).one()
        values = {"state": state, "is_open": False, "fields": {**row.fields, **said}}
        connection.execute(update(cases).where(cases.c.id == row.id).values(values))
        work = update(tasks).where(tasks.c.case_id == row.id, tasks.c.closed_at.is_(None))
        connection.execute(work.values(closed_at=MONDAY, closed_how="cancelled"))
    all_is_sent(door)


def why_not(connection: Connection, door: Handler, reference: str, years: int) -> str:
    closed = closed_of(connection, by(door, MAGDA, days_on=years * YEAR), reference)
    assert closed is not None
    return " ".join(closed.held_back)


@pytest.fixture
def ended(door: Handler) -> str:
    """An enquiry that came to nothing."""
    reference = enquire(door)
    door.fire(reference, "close_enquiry", REFUSED, actor=OLIVE, now=MONDAY)
    all_is_sent(door)
    return reference


def test_it_is_due_the_day_after_its_last_and_is_erased_with_its_history_whole(door: Handler, ended: str) -> None:
    later = by(door, MAGDA, days_on=2 * YEAR)
    with door.store.writing() as connection:
        assert over_by(connection, later, date(2028, 11, 2)) == []
        (due,) = weighed(connection, later, over_by(connection, later, date(2028, 11, 3)))
        assert (due.row.reference, due.kept.day, due.held_back) == (ended, date(2028, 11, 2), ())
        before = [(entry.name, entry.at) for entry in history_of(connection, ended)]
        assert erase_closed(connection, ended, WHY, later) == []

    with door.store.reading() as connection:
        assert over_by(connection, later, date(2099, 1, 1)) == []
        assert [(entry.name, entry.at) for entry in history_of(connection, ended)] == before
        assert list(broken_chains(connection)) == []
        assert connection.execute(select(case_parties)).all() == []
        stub = erased_case(connection, ended)
        assert stub is not None
        assert (stub.erased_by, stub.because, stub.rule.startswith("2 years after")) == ("Magda Manager", WHY, True)
        assert "Quentin" not in str(connection.execute(select(cases)).all())


def test_what_stops_halfway_leaves_everything_as_it_was(door: Handler, ended: str) -> None:
    def everything(connection: Connection) -> str:
        return str([connection.execute(select(table)).all() for table in (cases, messages, case_parties, erased_cases)])

    with door.store.reading() as connection:
        before = everything(connection)

    def halfway(connection: Connection) -> None:
        erase_closed(connection, ended, WHY, by(door, MAGDA, days_on=2 * YEAR))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        door.store.write(halfway)

    with door.store.reading() as connection:
        assert everything(connection) == before


def test_the_second_is_told_who_was_first_and_only_who_decides_erases(door: Handler, ended: str) -> None:
    later = by(door, MAGDA, days_on=2 * YEAR)
    with door.store.writing() as connection:
        with pytest.raises(NotFound):
            erase_closed(connection, ended, WHY, by(door, OLIVE, days_on=2 * YEAR))
        erase_closed(connection, ended, WHY, later)

    with door.store.writing() as connection:
        for work in (
            lambda: erase_closed(connection, ended, "Again.", later),
            lambda: hold_back(connection, ended, "A claim.", date(2030, 1, 1), later),
            lambda: let_go_of(connection, ended, later),
        ):
            with pytest.raises(Blocked, match="Magda Manager erased it on"):
                work()


def test_a_hold_blocks_until_it_is_let_go_and_both_are_kept(door: Handler, ended: str) -> None:
    later = by(door, MAGDA, days_on=2 * YEAR)
    with door.store.writing() as connection:
        hold_back(connection, ended, "A claim.", date(2028, 1, 1), later)
        with pytest.raises(Blocked, match="A claim"):
            erase_closed(connection, ended, WHY, later)
        assert let_go_of(connection, ended, later) == 1
        erase_closed(connection, ended, WHY, later)
        (hold,) = connection.execute(select(case_holds)).all()
        assert (hold.held_by, hold.ended_by) == ("Magda Manager", "Magda Manager")


def test_what_was_decided_before_the_erasure_is_not_written_after_it(door: Handler) -> None:
    dora = a_data_protection_officer(door.store)
    breach = report(door)
    door.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    all_is_sent(door)
    said = {"what_came_out": "More of it.", "more_on": "2026-11-02", "more_at": "08:00"}
    command = Fire("was_one", dora, said)
    with door.store.writing() as connection:
        snapshot = load_case(connection, breach)
        assert snapshot is not None
        definition = door.definition_of(connection, snapshot)
        unit = door.decided(connection, definition, snapshot, command, MONDAY + timedelta(days=1))
        erase_closed(connection, breach, WHY, by(door, MAGDA, days_on=6 * YEAR))

    with pytest.raises(Conflict), door.store.writing() as connection:
        save_outcome(connection, unit)

    with pytest.raises(Blocked, match="was erased on"):
        door.fire(breach, "was_one", said, actor=dora, now=MONDAY + timedelta(days=6 * YEAR))
    with door.store.reading() as connection:
        assert HAPPENED not in str(connection.execute(select(cases)).all())


def test_an_open_case_that_names_it_holds_it_back_and_is_named_only_to_who_sees_it(door: Handler, ended: str) -> None:
    a_second_manager(door)
    breach = report(door, about_case=ended)
    all_is_sent(door)
    with door.store.reading() as connection:
        assert why_not(connection, door, ended, 2) == f"{breach}, which is open, still needs it."

    hidden = report(door, about_case=ended, about_managers=[MAGDA.id])
    all_is_sent(door)
    close(door, breach)
    with door.store.writing() as connection:
        assert why_not(connection, door, ended, 2) == "Another case, which is open, still needs it."
        with pytest.raises(Blocked, match="Another case"):
            erase_closed(connection, ended, WHY, by(door, MAGDA, days_on=2 * YEAR))
    close(door, hidden)
    with door.store.reading() as connection:
        assert why_not(connection, door, ended, 2) == ""


def test_work_that_is_still_open_on_it_holds_it_back(door: Handler, ended: str) -> None:
    door.alert(ended, "mail_failed", "It came back.", now=MONDAY)
    all_is_sent(door)

    with door.store.reading() as connection:
        assert "Work on it is still open" in why_not(connection, door, ended, 2)


def test_a_provider_is_kept_while_a_pupil_who_was_placed_there_is_on_record(door: Handler) -> None:
    a_school(door)
    provider = enquire(door)
    all_is_sent(door)
    with door.store.reading() as connection:
        (number,) = connection.execute(select(cases.c.id).where(cases.c.reference == provider)).scalars()
    a_site(door, number)
    close(door, provider, "removed")
    pip = a_pupil(door)
    with door.store.writing() as connection:
        assert why_not(connection, door, provider, 9) == ""
    with door.store.writing() as connection:
        connection.execute(update(cases).where(cases.c.id == number).values(state="approved", is_open=True))
    a_placement(door, pip, ends_on="2026-11-20", destination="school")
    hear_all(door, machine_now=lambda: MONDAY)  # That it begins is told to what is open there.
    close(door, provider, "removed")

    with door.store.writing() as connection:
        assert why_not(connection, door, provider, 9) == "Pupils who were placed there are still on record."
        erase(connection, pip, WHY, by(door, MAGDA, days_on=9 * YEAR))
        assert why_not(connection, door, provider, 9) == ""


def a_concern_of_a_placement(door: Handler) -> tuple[int, str, str]:
    """Zoë's number, her placement and the concern that was logged on its page, both closed."""
    school = a_school_with_an_account(door, "Hill School", "999901", "sally@hill-school.example")
    _, place = a_listed_site(door)
    zoe = a_pupil_of(door, "Hill School", "Zoë")
    placement = refer(door, school, zoe, place)
    prepare(door, placement, school)
    told = {"what_happened": "He was left alone.", "told_by": "school", "how_told": "By telephone"}
    door.fire(placement, "log_concern_here", told, actor=OLIVE, now=MONDAY)
    hear_all(door, machine_now=lambda: MONDAY)
    with door.store.reading() as connection:
        (concern,) = connection.execute(select(cases.c.reference).where(cases.c.workflow == "concern")).scalars()
    close(door, concern, category="safeguarding")
    close(door, placement, "withdrawn")
    all_is_sent(door)
    with door.store.writing() as connection:
        connection.execute(update(placements).values(ends_on=date(2026, 11, 20)))
    return zoe, placement, concern


def test_a_record_is_kept_as_long_as_a_concern_about_safeguarding_that_came_of_it(door: Handler) -> None:
    zoe, placement, concern = a_concern_of_a_placement(door)
    later = by(door, MAGDA, days_on=7 * YEAR)

    with door.store.writing() as connection:
        due = due_of(connection, door.library, zoe, MONDAY.date())
        assert due.kept.day == date(2051, 11, 2)
        assert due.kept.because.startswith(f"With {concern}, which came of it: 25 years after")
        assert "It goes with the record of a pupil" in why_not(connection, door, concern, 26)
        with pytest.raises(Blocked, match=concern):
            erase(connection, zoe, WHY, later)
        erase(connection, zoe, WHY, by(door, MAGDA, days_on=26 * YEAR))
        for reference in (placement, concern):
            stub = erased_case(connection, reference)
            assert stub is not None
            assert stub.erased_by == "Magda Manager"
        assert "He was left alone." not in str(connection.execute(select(cases)).all())


def test_what_one_case_told_another_to_begin_it_goes_with_it(door: Handler) -> None:
    dora = a_data_protection_officer(door.store)
    breach = report(door)
    door.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    said = {"what_came_out": "More of it.", "more_on": "2026-11-02", "more_at": "08:00"}
    door.fire(breach, "was_one", said, actor=dora, now=MONDAY)
    hear_all(door, machine_now=lambda: MONDAY)
    with door.store.reading() as connection:
        (again,) = connection.execute(select(cases.c.reference).where(cases.c.parent_id.is_not(None))).scalars()
        assert f"{again}, which is open, still needs it." in why_not(connection, door, breach, 7)
    close(door, again)

    with door.store.writing() as connection:
        assert HAPPENED in str(connection.execute(select(signals)).all())
        erase_closed(connection, again, WHY, by(door, MAGDA, days_on=7 * YEAR))
        assert HAPPENED not in str(connection.execute(select(signals)).all())


def test_it_waits_for_an_open_case_that_it_belongs_to_but_not_for_a_provider_that_is_on_the_list(door: Handler) -> None:
    breach, other, provider = report(door), report(door), enquire(door)
    close(door, breach)
    with door.store.writing() as connection:
        numbers = {row.reference: row.id for row in connection.execute(select(cases))}
        below = update(cases).where(cases.c.reference == breach)
        connection.execute(below.values(parent_id=numbers[other]))
        assert why_not(connection, door, breach, 7) == f"{other}, which is open, still needs it."

        connection.execute(below.values(parent_id=numbers[provider]))
        row = connection.execute(select(cases).where(cases.c.reference == provider)).one()
        named = update(cases).where(cases.c.reference == provider)
        connection.execute(named.values(fields={**row.fields, "meeting": breach}))
        assert why_not(connection, door, breach, 7) == ""
