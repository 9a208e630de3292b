"""A panel that gives its views in writing: whoever is late is asked again until enough of them are in."""

from datetime import UTC, datetime

from msgspec.structs import replace
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAVEL, PETRA, POPPY
from tests.brought import bring_to

VIEW = {"view": "visit", "comments": "Yes."}
FIRST, NEXT, LATER = (datetime(2026, 11, day, 9, 0, tzinfo=UTC) for day in (23, 25, 27))

OVER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def work(handler: Handler, reference: str) -> set[str]:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return {task.name for task in case.tasks}


def by_writing(handler: Handler) -> str:
    """An application on which members give their views by Friday 20 November."""
    reference = bring_to(handler, "panel")
    handler.fire(reference, "move_panel", {"panel_on": "2026-11-20", "why": "Snow."}, actor=OLIVE, now=MONDAY)
    return reference


def asked_again(handler: Handler, now: datetime) -> list[str]:
    """Whom the clock has asked again by then."""
    fire_due(handler, now, machine_now=lambda: now)
    query = select(messages.c.to_name).where(messages.c.notice == "provider/panel_view_late").order_by(messages.c.id)
    with handler.store.reading() as connection:
        return sorted(connection.execute(query).scalars())


def test_those_whose_view_is_missing_are_asked_again_on_the_next_working_day_and_nobody_else(handler: Handler) -> None:
    reference = by_writing(handler)
    handler.fire(reference, "give_view", VIEW, actor=PETRA, now=MONDAY)

    assert asked_again(handler, FIRST) == sorted([PAVEL.name, POPPY.name])


def test_once_enough_views_are_in_nobody_is_asked_again(handler: Handler) -> None:
    reference = by_writing(handler)
    assert len(asked_again(handler, FIRST)) == 3
    members: tuple[Actor, ...] = (PETRA, PAVEL, POPPY)
    for member in members[:2]:
        handler.fire(reference, "give_view", VIEW, actor=member, now=FIRST)
    assert asked_again(handler, NEXT).count(POPPY.name) == 2
    handler.fire(reference, "give_view", VIEW, actor=POPPY, now=NEXT)

    assert len(asked_again(handler, LATER)) == 4


def test_three_views_of_one_agency_are_not_enough_for_a_panel_so_the_officer_and_manager_hear(handler: Handler) -> None:
    reference = by_writing(handler)
    for member in (PETRA, PAVEL, POPPY):
        handler.fire(reference, "give_view", VIEW, actor=replace(member, agency=PETRA.agency), now=MONDAY)
    fire_due(handler, OVER, machine_now=lambda: OVER)

    assert "overdue_late_views_due" in work(handler, reference)


def test_three_views_of_two_agencies_are_enough(handler: Handler) -> None:
    reference = by_writing(handler)
    for member in (PETRA, PAVEL, POPPY):
        handler.fire(reference, "give_view", VIEW, actor=member, now=MONDAY)
    fire_due(handler, OVER, machine_now=lambda: OVER)

    assert "overdue_late_views_due" not in work(handler, reference)


def test_an_officer_hears_of_views_that_are_missing_and_of_none_once_everybody_has_given_theirs(
    handler: Handler,
) -> None:
    some, everybody = by_writing(handler), by_writing(handler)
    for member in (PETRA, PAVEL, POPPY):
        handler.fire(everybody, "give_view", VIEW, actor=member, now=MONDAY)
        if member != POPPY:
            handler.fire(some, "give_view", VIEW, actor=member, now=MONDAY)
    fire_due(handler, FIRST, machine_now=lambda: FIRST)

    assert "overdue_views_due" in work(handler, some)
    assert "overdue_views_due" not in work(handler, everybody)


def test_nothing_that_goes_out_says_that_such_a_panel_meets_or_keeps_its_members_from_other_meetings(
    handler: Handler,
) -> None:
    by_writing(handler)
    notices = [f"provider/{name}" for name in ("with_panel", "panel_papers_ready", "panel_moved")]
    with handler.store.reading() as connection:
        rows = connection.execute(select(messages).where(messages.c.notice.in_(notices))).all()

    assert {row.notice for row in rows} == set(notices)
    for row in rows:
        said = " ".join(f"{row.subject} {row.text} {row.html}".split())
        untrue = [words for words in ("due to meet", "panel now meets", "the panel on", "has met") if words in said]
        assert not untrue, row.notice
    entries = [row.invitation.replace("\r\n ", "") for row in rows if row.invitation]
    assert len(entries) > 5
    assert all("SUMMARY:Give your view by the end of this day: " in entry for entry in entries)
    assert all("TRANSP:TRANSPARENT" in entry for entry in entries)
