"""A panel meeting to come: whoever is invited finds it in their work, can say no, and is let go once it is over."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.clock import machine_now
from apflow.core.errors import Blocked, NotAllowed
from apflow.core.people.actor import Actor
from apflow.scheduler import fire_due
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks
from apflow.testing import MAGDA, MONDAY, OLIVE, PAVEL, PETRA, POPPY, StoppedClock
from apflow.web.site import Site
from tests.brought import bring_to
from tests.panel import a_member
from tests.web.reading import Page

ClientAs = Callable[..., Any]
WEDNESDAY = MONDAY + timedelta(days=2)
MEETING: dict[str, Any] = {
    "meeting_on": WEDNESDAY.date().isoformat(),
    "meeting_time": "14:00",
    "meeting_place": "Room 1",
    "chair": PETRA.id,
}
COME = "Read the papers, give your views, and come to the meeting"
VIEW = "Read the papers and give your view"


@pytest.fixture
def meeting(site: Site) -> str:
    return plan(site)


def plan(site: Site, *invited: Actor) -> str:
    answers = MEETING | {"invited": [actor.id for actor in invited]}
    return site.handler.open_case("panel_meeting", "plan_meeting", answers, actor=OLIVE, now=MONDAY).reference


@pytest.fixture
def priya(site: Site) -> Actor:
    """A fourth member, of the same agency as Poppy."""
    return a_member(site.store, "Priya Panel", "priya@council.example", "safeguarding")


def do(site: Site, reference: str, event: str, item: str | None = None, actor: Actor = OLIVE, **said: Any) -> None:
    site.handler.fire(reference, event, said, actor=actor, now=site.now(), item=item)


def pass_to(site: Site, clock: StoppedClock, at: Any) -> None:
    clock.at = at
    fire_due(site.handler, at, machine_now=machine_now)


def write_minutes(site: Site, clock: StoppedClock, meeting: str) -> None:
    """Hold the meeting on its day, with Poppy in the chair, and leave its minutes for her to agree."""
    do(site, meeting, "put_on_agenda", application := bring_to(site.handler, "panel"))
    clock.at = WEDNESDAY
    do(site, meeting, "open_meeting", chair=POPPY.id, present=[PAVEL.id, POPPY.id])
    do(site, meeting, "hold_over", application, why="No time.")
    do(site, meeting, "write_minutes", minutes="We met.", retention="six_years")


def finds_it(client_as: ClientAs, actor: Actor) -> bool:
    return COME in client_as(actor).get("/work").text


def letters(site: Site, notice: str) -> Sequence[tuple[str, str]]:
    with site.store.reading() as connection:
        sent = select(messages.c.to_name, messages.c.text).where(messages.c.notice == f"panel_meeting/{notice}")
        return [tuple(row) for row in connection.execute(sent.order_by(messages.c.id))]


def test_every_member_finds_it_in_their_work_with_its_day_time_and_place(
    site: Site, client_as: ClientAs, meeting: str
) -> None:
    for member in (PETRA, PAVEL, POPPY):
        said = Page(client_as(member).get("/work")).text
        assert COME in said
        for words in ("Wednesday 4 November 2026", "time it begins 2pm", "where it meets Room 1", meeting):
            assert words in said


def test_only_whoever_is_invited_finds_it_and_can_say_that_they_cannot_come(
    site: Site, client_as: ClientAs, priya: Actor
) -> None:
    meeting = plan(site, PETRA, PAVEL, priya)
    assert [finds_it(client_as, member) for member in (PETRA, PAVEL, POPPY)] == [True, True, False]
    with pytest.raises(NotAllowed):
        do(site, meeting, "send_apologies", actor=POPPY)

    form = Page(client_as(OLIVE).get(f"/cases/{meeting}/do/change_invited")).text
    assert "An email goes to the panel members." in form
    do(site, meeting, "change_invited", invited=[PETRA.id, POPPY.id, priya.id])
    assert [finds_it(client_as, member) for member in (PETRA, PAVEL, POPPY)] == [True, False, True]
    page = Page(client_as(OLIVE).get(f"/cases/{meeting}")).below("Panel members")
    assert ["Petra" in page, "Pavel" in page, "Poppy" in page] == [True, False, True]


def test_whoever_cannot_come_is_let_go_and_the_officer_hears_who_it_is(
    site: Site, client_as: ClientAs, clock: StoppedClock, meeting: str
) -> None:
    petra = client_as(PETRA)
    form = Page(petra.get(f"/cases/{meeting}/do/send_apologies")).form("Say that you cannot come")
    form.send(petra, "Say that you cannot come", message="Ask Poppy to chair it.")

    assert not finds_it(client_as, PETRA)
    assert finds_it(client_as, PAVEL)
    ((name, text),) = letters(site, "apologies_came")
    assert name == OLIVE.name
    assert "- Petra Panel, who was to chair it\n\nWhoever wrote just now adds: Ask Poppy to chair it.\n" in text
    assert "Sent apologies" in Page(client_as(OLIVE).get(f"/cases/{meeting}")).below("Who cannot come")

    do(site, meeting, "record_apologies", member=PAVEL.id)
    assert not finds_it(client_as, PAVEL)
    do(site, meeting, "put_on_agenda", bring_to(site.handler, "panel"))
    clock.at = WEDNESDAY
    form = Page(client_as(OLIVE).get(f"/cases/{meeting}/do/open_meeting")).form("Open the meeting")
    assert {value for name, value in form.values if name == "apologies"} == {str(PETRA.id), str(PAVEL.id)}


@pytest.mark.parametrize(
    ("invited", "refusal"),
    [
        (("send", "virtual_school", "send"), "Invite a member from Education safeguarding"),
        (("send", "safeguarding"), "Invite at least 3 members"),
        (("safeguarding", "safeguarding", "safeguarding"), "Invite members from at least 2 agencies"),
    ],
)
def test_those_who_could_decide_nothing_cannot_be_invited_alone(
    site: Site, client_as: ClientAs, meeting: str, invited: tuple[str, ...], refusal: str
) -> None:
    olive, chosen = client_as(OLIVE), list[Actor]()
    for number, agency in enumerate(invited):
        chosen.append(a_member(site.store, f"Member {number}", f"member-{number}@council.example", agency))

    form = Page(olive.get(f"/cases/{meeting}/do/change_invited")).form("Change who is invited")
    assert refusal in Page(form.send(olive, "Change who is invited", invited=[str(one.id) for one in chosen])).text
    with pytest.raises(Blocked, match=refusal):
        plan(site, *chosen)


def test_whoever_can_come_after_all_takes_their_apologies_back(site: Site, client_as: ClientAs, meeting: str) -> None:
    do(site, meeting, "send_apologies", actor=PETRA)
    do(site, meeting, "send_apologies", actor=PAVEL)

    petra = client_as(PETRA)
    form = Page(petra.get(f"/cases/{meeting}/do/come_after_all")).form("Say that you can come after all")
    form.send(petra, "Say that you can come after all")
    assert [finds_it(client_as, member) for member in (PETRA, PAVEL)] == [True, False]
    ((name, text),) = letters(site, "can_come_after_all")
    assert (name, "Apologies that still stand:\n\n- Pavel Panel\n\n" in text) == (OLIVE.name, True)
    assert PETRA.name not in Page(client_as(OLIVE).get(f"/cases/{meeting}")).below("Who cannot come")

    do(site, meeting, "take_back_apologies", member=PAVEL.id)
    assert finds_it(client_as, PAVEL)
    do(site, meeting, "send_apologies", actor=PETRA)
    assert not finds_it(client_as, PETRA), "and they can send them again"


def test_what_somebody_has_done_of_their_part_is_not_said_to_be_not_possible_yet(
    site: Site, client_as: ClientAs, meeting: str
) -> None:
    petra = client_as(PETRA)
    assert "Not possible yet" not in Page(petra.get(f"/cases/{meeting}")).text, "to come after all"
    do(site, meeting, "send_apologies", actor=PETRA)

    page = Page(petra.get(f"/cases/{meeting}"))
    assert "Say that you can come after all" in page.text
    assert "Not possible yet" not in page.text


def test_the_chair_alone_is_reminded_of_the_minutes(
    site: Site, client_as: ClientAs, clock: StoppedClock, meeting: str
) -> None:
    write_minutes(site, clock, meeting)

    pass_to(site, clock, WEDNESDAY + timedelta(days=8))
    ((name, text),) = letters(site, "minutes_wait")
    assert name == POPPY.name
    assert "The minutes of the panel on Wednesday 4 November 2026, which Poppy Panel chaired, are not agreed" in text


def page_offers(manager: Any, application: str) -> bool:
    """Whether a conflict can be taken back there."""
    return "Take back a conflict of interest" in Page(manager.get(f"/cases/{application}")).text


def test_a_manager_takes_back_a_conflict_of_the_wrong_member_who_gives_their_view_again(
    site: Site, client_as: ClientAs
) -> None:
    application = bring_to(site.handler, "panel")
    do(site, application, "give_view", actor=PAVEL, view="visit", comments="A good offer.")
    assert not page_offers(client_as(MAGDA), application)
    do(site, application, "record_conflict", member=PAVEL.id, conflict="An aunt works there.")
    assert VIEW not in client_as(PAVEL).get("/work").text
    with pytest.raises(NotAllowed):
        do(site, application, "take_back_conflict", member=PAVEL.id, why="It was Poppy.")

    magda = client_as(MAGDA)
    assert page_offers(magda, application)
    label = "Take back a conflict of interest that was recorded by mistake"
    form = Page(magda.get(f"/cases/{application}/do/take_back_conflict")).form(label)
    refused = Page(form.send(magda, label, member=str(POPPY.id), why="It was Poppy."))
    assert "Nothing of the kind is recorded of them" in refused.text
    form.send(magda, label, member=str(PAVEL.id), why="It was Poppy.")

    assert VIEW in client_as(PAVEL).get("/work").text
    page = Page(client_as(OLIVE).get(f"/cases/{application}"))
    assert "Declared a conflict of interest" not in page.below("Views of the panel")
    assert "It was Poppy." in Page(client_as(OLIVE).get(f"/cases/{application}/timeline")).text
    do(site, application, "give_view", actor=PAVEL, view="visit", comments="Still good.")


def test_a_meeting_on_another_day_asks_those_who_could_not_come_again(
    site: Site, client_as: ClientAs, meeting: str
) -> None:
    do(site, meeting, "send_apologies", actor=PETRA)
    do(site, meeting, "move_meeting", **MEETING, why="The heating is mended.")
    assert not finds_it(client_as, PETRA), "it is on the same day in the same place"

    another = MEETING | {"meeting_on": (WEDNESDAY + timedelta(days=7)).date().isoformat()}
    do(site, meeting, "move_meeting", **another, why="The room is taken.")
    assert finds_it(client_as, PETRA)


def test_nobody_finds_a_meeting_that_is_open_or_cancelled(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    opened, cancelled = plan(site), plan(site)
    do(site, opened, "put_on_agenda", bring_to(site.handler, "panel"))
    do(site, cancelled, "cancel_meeting", why="Nothing waits.")
    clock.at = WEDNESDAY
    do(site, opened, "open_meeting", chair=PETRA.id, present=[PETRA.id, PAVEL.id, POPPY.id])

    assert not finds_it(client_as, PETRA)


def test_a_meeting_whose_day_is_over_is_gone_from_the_members_work_until_it_is_moved(
    site: Site, client_as: ClientAs, clock: StoppedClock, meeting: str
) -> None:
    pass_to(site, clock, WEDNESDAY + timedelta(days=1))

    assert [finds_it(client_as, member) for member in (PETRA, PAVEL, POPPY)] == [False] * 3
    ((name, text),) = letters(site, "day_is_over")
    assert (name, "If it met, open it and record who was there" in text) == (OLIVE.name, True)
    another = MEETING | {"meeting_on": (WEDNESDAY + timedelta(days=7)).date().isoformat()}
    do(site, meeting, "move_meeting", **another, why="Nobody came.")
    assert [finds_it(client_as, member) for member in (PETRA, PAVEL, POPPY)] == [True] * 3
    pass_to(site, clock, WEDNESDAY + timedelta(days=8))
    assert not finds_it(client_as, PETRA)


def test_whoever_decides_reads_beside_each_application_who_would_have_what_and_who_has_yet_to_say(
    site: Site, client_as: ClientAs, clock: StoppedClock, priya: Actor
) -> None:
    meeting, application = plan(site, PETRA, PAVEL, priya), bring_to(site.handler, "panel")
    do(site, meeting, "put_on_agenda", application)
    do(site, application, "give_view", actor=PETRA, view="more", comments="Who drives the minibus?")

    agenda = Page(client_as(PAVEL).get(f"/cases/{meeting}")).below("The agenda")
    assert "Petra Panel: Ask for more information" in agenda
    assert "Views still to come Pavel Panel, Priya Panel" in " ".join(agenda.split())
    clock.at = WEDNESDAY
    do(site, meeting, "open_meeting", chair=PETRA.id, present=[PETRA.id, PAVEL.id, POPPY.id])
    form = Page(client_as(OLIVE).get(f"/cases/{meeting}/do/agree?item={application}")).below("What has been said")
    assert "Who drives the minibus?" in form


def test_a_day_of_its_own_leaves_the_members_calendars_once_a_meeting_considers_the_application(
    site: Site, meeting: str
) -> None:
    application = bring_to(site.handler, "panel")
    for event in ("put_on_agenda", "take_off_agenda", "put_on_agenda"):
        do(site, meeting, event, application)

    with site.store.reading() as connection:
        sent = select(messages.c.to_name, messages.c.invitation).where(messages.c.notice == "provider/now_at_a_meeting")
        letters_sent = [(row.to_name, str(row.invitation)) for row in connection.execute(sent)]
    assert sorted(name for name, _ in letters_sent) == sorted(member.name for member in (PETRA, PAVEL, POPPY))
    assert all("METHOD:CANCEL" in invitation for _, invitation in letters_sent)


def test_the_minutes_are_the_chairs_to_agree_and_nobody_elses_to_have(
    site: Site, client_as: ClientAs, clock: StoppedClock, meeting: str
) -> None:
    write_minutes(site, clock, meeting)

    poppy = client_as(POPPY)
    for address in ("/work", f"/cases/{meeting}"):
        page = Page(poppy.get(address))
        assert "Agree the minutes, or have them corrected" in page.text
        assert "Pass to a colleague" not in page.text
        assert "Put back" not in page.text
    with site.store.reading() as connection:
        (task,) = connection.execute(select(tasks.c.id).where(tasks.c.name == "agree_minutes")).scalars()
    with pytest.raises(Blocked, match="Only the person whom the case names can do this"):
        site.handler.release(meeting, task, actor=POPPY, now=site.now())
    assert poppy.get(f"/tasks/{task}/pass").status_code == 403


def test_an_application_that_waits_for_another_meeting_is_overdue_for_no_member(
    site: Site, client_as: ClientAs, clock: StoppedClock, meeting: str
) -> None:
    application = bring_to(site.handler, "panel")
    do(site, meeting, "put_on_agenda", application)
    pass_to(site, clock, WEDNESDAY + timedelta(days=1))
    assert "Nothing in: Overdue" not in Page(client_as(PETRA).get("/work")).text

    do(site, meeting, "cancel_meeting", why="It did not meet.")
    said = Page(client_as(PETRA).get("/work")).text
    assert "Read the papers and give your view" in said
    assert "Nothing in: Overdue" in said
