"""Several tasks at once: each is named before, done by itself, and undone where nobody has been at it since."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from apflow.core.errors import Invalid, NotOpen
from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, StoppedClock, enquire
from apflow.web.case.several import Wanted, What, do
from apflow.web.site import Site
from tests.away import say_away
from tests.brought import bring_to
from tests.store.witness import at_once, case_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[..., Client]
THURSDAY = {"until": "2026-11-05"}


@pytest.fixture
def barns(site: Site) -> list[str]:
    """Three enquiries that nobody has taken on."""
    return [enquire(site.handler, organisation=f"Barn {number}") for number in (1, 2, 3)]


@pytest.fixture
def officer(client_as: ClientAs) -> Client:
    return client_as(OLIVE)


def task_of(site: Site, reference: str) -> int:
    return case_of(site.store, reference).tasks[0].id


def holders(site: Site, references: list[str]) -> list[int | None]:
    return [case_of(site.store, reference).tasks[0].claimed_by for reference in references]


def ask(officer: Client, what: str, tasks: list[int]) -> Page:
    """The page that names those ticked, as the form of the queue asks for it."""
    return Page(officer.get("/work/several", params={"what": what, "tasks": tasks}))


def tick(site: Site, officer: Client, what: str, references: list[str]) -> Page:
    return ask(officer, what, [task_of(site, reference) for reference in references])


def test_each_row_has_a_tick_of_one_form_that_needs_no_script(site: Site, officer: Client, barns: list[str]) -> None:
    text = officer.get("/work").text
    assert '<form id="several"' in text
    for reference in barns:
        assert f'form="several" name="tasks" id="tick-{task_of(site, reference)}"' in text
    assert "Tick: Answer the enquiry, Barn 1" in Page(officer.get("/work")).text


def test_those_ticked_are_named_and_taken_on_and_it_is_undone(site: Site, officer: Client, barns: list[str]) -> None:
    page = tick(site, officer, "take", barns)
    assert page.heading == "Take on: 3 tasks"
    assert "Answer the enquiry, Barn 2" in page.text
    assert holders(site, barns) == [None, None, None]

    done = Page(page.form("Take them on").send(officer, "Take them on"))
    assert done.heading == "Taken on: 3 of 3"
    assert holders(site, barns) == [OLIVE.id] * 3

    undone = Page(done.form("Undo").send(officer, "Undo"))
    assert undone.heading == "Undone: 3 of 3"
    assert holders(site, barns) == [None, None, None]
    assert [case_of(site.store, reference).assigned_to for reference in barns] == [None, None, None]


def test_what_cannot_be_done_is_named_with_why_and_stops_none_of_the_others(
    site: Site, officer: Client, barns: list[str]
) -> None:
    mine, theirs, free = barns
    site.handler.claim(mine, task_of(site, mine), actor=OLIVE, now=MONDAY)
    site.handler.claim(theirs, task_of(site, theirs), actor=OSCAR, now=MONDAY)

    page = tick(site, officer, "take", barns)

    said = page.below("Cannot be taken on")
    assert page.heading == "Take on: 1 task"
    assert "Barn 1" in said
    assert "You have this already." in said
    assert "Barn 2" in said
    assert "Someone else has taken this task." in said
    page.form("Take it on").send(officer, "Take it on")
    assert holders(site, barns) == [OLIVE.id, OSCAR.id, OLIVE.id]
    assert free


def test_what_a_colleague_took_between_the_two_pages_is_theirs_and_is_said_to_be(
    site: Site, officer: Client, barns: list[str]
) -> None:
    form = tick(site, officer, "take", barns).form("Take them on")
    site.handler.claim(barns[1], task_of(site, barns[1]), actor=OSCAR, now=MONDAY)
    site.handler.fire(barns[2], "invite", {}, actor=OSCAR, now=MONDAY)

    done = Page(form.send(officer, "Take them on"))

    assert done.heading == "Taken on: 1 of 3"
    left = done.below("Not done")
    assert "Barn 2" in left
    assert "Someone else has taken this task." in left
    assert "Barn 3" in left
    assert "finished or is no longer needed" in left
    assert holders(site, barns[:2]) == [OLIVE.id, OSCAR.id]


def test_what_has_moved_on_since_is_not_undone(site: Site, officer: Client, barns: list[str]) -> None:
    page = tick(site, officer, "take", barns)
    done = Page(page.form("Take them on").send(officer, "Take them on"))
    task = task_of(site, barns[0])
    site.handler.pass_on(barns[0], task, OSCAR, held_by=OLIVE.id, actor=MAGDA, now=MONDAY)
    site.handler.fire(barns[1], "invite", {}, actor=OLIVE, now=MONDAY)
    third = task_of(site, barns[2])
    site.handler.put_off(barns[2], third, (MONDAY + timedelta(days=2)).date(), actor=OLIVE, now=MONDAY)

    undone = Page(done.form("Undo").send(officer, "Undo"))

    assert undone.heading == "Undone: 0 of 3"
    left = undone.below("Left as it is")
    assert "It has changed hands since." in left
    assert "finished or is no longer needed" in left
    assert "It has moved on since." in left
    assert holders(site, [barns[0], barns[2]]) == [OSCAR.id, OLIVE.id]


def test_several_are_passed_to_somebody_and_come_back(site: Site, officer: Client, barns: list[str]) -> None:
    for reference in barns[:2]:
        site.handler.claim(reference, task_of(site, reference), actor=OLIVE, now=MONDAY)
    page = tick(site, officer, "pass", barns)
    form = page.form("Pass them on")
    refused = form.send(officer, "Pass them on", to="")
    assert refused.status_code == 422
    assert Page(refused).errors == {"to": "Choose who should have them"}

    done = Page(form.send(officer, "Pass them on", to=str(OSCAR.id)))

    assert done.heading == "Passed to Oscar Officer: 3 of 3"
    assert holders(site, barns) == [OSCAR.id] * 3
    undone = Page(done.form("Undo").send(officer, "Undo"))
    assert undone.heading == "Undone: 3 of 3"
    assert holders(site, barns) == [OLIVE.id, OLIVE.id, None]
    assert [case_of(site.store, reference).assigned_to for reference in barns] == [OLIVE.id, OLIVE.id, None]


def test_two_that_nobody_had_on_one_case_are_nobody_s_again(site: Site, officer: Client) -> None:
    reference = bring_to(site.handler, "visit")
    tasks = [task for task in case_of(site.store, reference).tasks if task.role == "officer"]
    assert len(tasks) > 1
    for task in tasks:
        if task.claimed_by:
            site.handler.release(reference, task.id, actor=OLIVE, now=MONDAY)

    page = ask(officer, "pass", [task.id for task in tasks])
    done = Page(page.form("Pass them on").send(officer, "Pass them on", to=str(OSCAR.id)))
    undone = Page(done.form("Undo").send(officer, "Undo"))

    assert undone.heading == f"Undone: {len(tasks)} of {len(tasks)}"
    assert {task.claimed_by for task in case_of(site.store, reference).tasks} == {None}
    assert case_of(site.store, reference).assigned_to is None


def test_that_somebody_is_away_is_said_before_and_after_their_work_is_passed_to_them(
    site: Site, officer: Client, barns: list[str]
) -> None:
    say_away(site.handler, OSCAR, MONDAY, MONDAY + timedelta(days=3), by=MAGDA)
    page = tick(site, officer, "pass", barns)
    assert "Oscar Officer (away until 5 Nov 2026; nobody covers)" in page.text

    done = Page(page.form("Pass them on").send(officer, "Pass them on", to=str(OSCAR.id)))

    assert "Oscar Officer is away until 5 Nov 2026; nobody covers." in done.text


def test_two_tasks_of_one_case_go_and_come_back_together(site: Site, officer: Client) -> None:
    reference = bring_to(site.handler, "visit")
    tasks = [task.id for task in case_of(site.store, reference).tasks if task.claimed_by == OLIVE.id]
    assert len(tasks) > 1

    page = ask(officer, "pass", tasks)
    done = Page(page.form("Pass them on").send(officer, "Pass them on", to=str(OSCAR.id)))

    assert done.heading == f"Passed to Oscar Officer: {len(tasks)} of {len(tasks)}"
    assert {task.claimed_by for task in case_of(site.store, reference).tasks} == {OSCAR.id}
    (button,) = (one.text for one in done.form("Undo").buttons)
    Page(done.form("Undo").send(officer, button))
    assert {task.claimed_by for task in case_of(site.store, reference).tasks} == {OLIVE.id}
    assert case_of(site.store, reference).assigned_to == OLIVE.id


def test_several_are_put_off_to_a_day_and_brought_back(
    site: Site, officer: Client, barns: list[str], clock: StoppedClock
) -> None:
    site.handler.claim(barns[0], task_of(site, barns[0]), actor=OLIVE, now=MONDAY)
    panel = bring_to(site.handler, "panel")
    page = tick(site, officer, "put-off", barns)
    form = page.form("Put them off")
    assert form.send(officer, "Put them off").status_code == 422
    too_far = Page(form.send(officer, "Put them off", until="another", day__day="1", day__month="12", day__year="2026"))
    assert "or an earlier day" in too_far.errors["day-day"]

    done = Page(form.send(officer, "Put them off", **THURSDAY))

    assert done.heading == "Put off until Thursday 5 November 2026: 3 of 3"
    assert "Put off 3" in Page(officer.get("/work")).text
    undone = Page(done.form("Undo").send(officer, "Undo"))
    assert undone.heading == "Undone: 3 of 3"
    assert holders(site, barns) == [OLIVE.id, None, None]
    assert "Put off until" not in Page(officer.get("/work")).text
    assert panel


def test_none_is_put_off_until_a_day_on_which_nobody_works(site: Site, officer: Client, barns: list[str]) -> None:
    form = tick(site, officer, "put-off", barns).form("Put them off")

    refused = Page(form.send(officer, "Put them off", until="another", day__day="8", day__month="11", day__year="2026"))

    assert refused.errors == {"day-day": "Nobody works on Sunday 8 November 2026. Choose a working day."}
    with pytest.raises(Invalid, match="Nobody works"):
        site.handler.put_off(
            barns[0], task_of(site, barns[0]), (MONDAY + timedelta(days=6)).date(), actor=OLIVE, now=MONDAY
        )


def test_what_is_due_before_the_day_that_was_chosen_stays_and_says_why(
    site: Site, officer: Client, barns: list[str]
) -> None:
    later = enquire(site.handler, organisation="Late Barn", now=MONDAY + timedelta(days=3))
    page = tick(site, officer, "put-off", [*barns, later])
    on = {"until": "another", "day__day": "11", "day__month": "11", "day__year": "2026"}

    done = Page(page.form("Put them off").send(officer, "Put them off", **on))

    assert done.heading == "Put off until Wednesday 11 November 2026: 1 of 4"
    assert "Choose Monday 9 November 2026 or an earlier day: it is due then." in done.below("Not done")
    again = Page(officer.get(done.link("Choose another day for these 3")))
    assert again.heading == "Put off: 3 tasks"
    assert "Late Barn" not in again.text


def test_sending_the_form_twice_does_it_once(site: Site, officer: Client, barns: list[str]) -> None:
    form = tick(site, officer, "take", barns).form("Take them on")

    first, second = (Page(form.send(officer, "Take them on")) for _ in range(2))

    assert first.heading == second.heading == "Taken on: 3 of 3"
    assert case_of(site.store, barns[0]).version == 2


def test_nothing_ticked_and_too_much_ticked_are_refused_in_words(site: Site, officer: Client) -> None:
    nothing = officer.get("/work/several", params={"what": "take"})
    assert nothing.status_code == 422
    assert "Tick the tasks first" in nothing.text
    many = officer.get("/work/several", params={"what": "take", "tasks": list(range(1, 102))})
    assert many.status_code == 422
    assert officer.get("/work/several", params={"what": "vanish"}).status_code == 404
    assert officer.get("/work/several", params={"what": "take", "tasks": ["tosh", "9" * 40]}).status_code == 422
    spoilt = officer.post("/work/several/undo", data={"what": "take", "tasks": "1", "before-1": "tosh"})
    assert spoilt.status_code in (200, 404)


def test_two_who_take_the_same_tasks_on_at_once_have_each_one_of_them(site: Site, barns: list[str]) -> None:
    numbers = [task_of(site, reference) for reference in barns]

    def take(actor: Actor, order: list[int]) -> None:
        for number in order:
            with suppress(NotOpen):
                do(site, actor, Wanted(What.TAKE), number, actor.name)

    at_once(lambda: take(OLIVE, numbers), lambda: take(OSCAR, numbers[::-1]))

    assert set(holders(site, barns)) <= {OLIVE.id, OSCAR.id}
    assert [case_of(site.store, reference).version for reference in barns] == [2, 2, 2]
    assert [case_of(site.store, reference).assigned_to for reference in barns] == holders(site, barns)


def test_nobody_reads_or_does_anything_of_work_that_is_not_theirs(
    site: Site, client_as: ClientAs, barns: list[str]
) -> None:
    task = task_of(site, barns[0])
    for stranger in (PETRA, PAT):
        there = client_as(stranger).get("/work/several", params={"what": "take", "tasks": [task]})
        assert "Barn 1" not in there.text
    manager = client_as(MAGDA)
    assert "This is not yours to do." in ask(manager, "take", [task]).text
    manager.post("/work/several", data={"what": "take", "tasks": [str(task)]})
    assert holders(site, barns) == [None, None, None]
