"""A provider marks on a phone: the connection goes, marks wait on the device and are sent when it returns, once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store.people import sign_in
from apflow.store.tables.cases import cases
from apflow.testing import OLIVE, PAT
from apflow.web.identity import SESSION_COOKIE
from tests.browser import axe
from tests.journeys.live import Live, a_new_council
from tests.records.attendance import a_placed_pupil, a_plan, kept, letters, own_dates
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.smtp import Inbox

pytestmark = pytest.mark.browser
WIDE = 320


@pytest.fixture
def live(tmp_path: Path, inbox: Inbox) -> Iterator[Live]:
    """A council with a provider that has two pupils, in the middle of a Monday morning."""
    with a_new_council(tmp_path, inbox) as council:
        a_placed_pupil(council.site.handler)
        a_plan(council.site.handler, a_placement(council.site.handler, a_pupil(council.site.handler, **WREN)))
        yield council


@pytest.fixture
def phone_of(live: Live, chromium: Browser) -> Iterator[Callable[[Actor], Page]]:
    """The marking page on a person's phone."""
    with live.site.store.reading() as connection:
        reference = connection.execute(select(cases.c.reference).where(cases.c.workflow == "provider")).scalar_one()
    with ExitStack() as phones:

        def open_page(person: Actor) -> Page:
            assert person.id is not None
            with live.site.store.writing() as connection:
                token = sign_in.start_session(connection, person.id, machine_now())
            context = chromium.new_context(
                locale="en-GB", timezone_id="Europe/London", viewport={"width": WIDE, "height": 640}
            )
            phones.callback(context.close)
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
            page = context.new_page()
            page.goto(f"{live.address}/attendance/providers/{reference}")
            return page

        yield open_page


def session(page: Page, name: str, half: str = "am") -> Locator:
    return page.locator(f'[data-half="{half}"] fieldset', has_text=name)


def choice(page: Page, name: str, mark: str) -> Locator:
    return session(page, name).get_by_role("radio", name=mark)


def leave_it_without_a_reason(page: Page) -> None:
    page.get_by_role("heading", level=1).click()


def test_an_absence_waits_for_its_reason_so_that_no_school_is_alarmed_for_nothing(
    live: Live, phone_of: Callable[[Actor], Page]
) -> None:
    page = phone_of(PAT)
    choice(page, "Pip", "Absent").check()
    expect(page.locator("[data-status]")).to_contain_text("Choose the reason, if they gave one")
    assert axe(page) == []
    session(page, "Pip").get_by_role("combobox").select_option("ill")
    expect(session(page, "Pip")).to_contain_text("Absent: saved")
    assert len(kept(live.site.handler)) == 1
    assert letters(live.site.handler, "unexplained_absence") == []


def test_an_absence_that_nobody_explains_is_sent_by_itself_and_at_once_when_another_is_marked(
    live: Live, phone_of: Callable[[Actor], Page]
) -> None:
    page = phone_of(PAT)
    choice(page, "Pip", "Absent").check()
    choice(page, "Wren", "Absent").check()
    expect(session(page, "Pip")).to_contain_text("Absent: saved")
    expect(session(page, "Wren")).to_contain_text("Absent: saved", timeout=8000)
    assert len(letters(live.site.handler, "unexplained_absence")) == 2


def test_marks_by_the_arrow_keys_alarm_nobody_on_their_way(live: Live, phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    choice(page, "Pip", "Present").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    expect(choice(page, "Pip", "Absent")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(session(page, "Pip")).to_contain_text("Late: saved")
    assert letters(live.site.handler, "unexplained_absence") == []


def test_a_device_that_keeps_nothing_holds_the_marks_on_the_page(live: Live, phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    page.context.set_offline(True)
    choice(page, "Pip", "Late").check()
    expect(page.locator("[data-status]")).to_contain_text("1 mark kept on this page alone, so do not close it")
    page.context.set_offline(False)
    expect(session(page, "Pip")).to_contain_text("Late: saved")


def test_what_is_changed_while_it_is_being_sent_is_sent_again(live: Live, phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    slow: list[Route] = []
    page.route("**/marks", lambda route: route.continue_() if slow else slow.append(route))
    choice(page, "Pip", "Present").check()
    expect(page.locator("[data-status]")).to_contain_text("Sending 1 mark")
    choice(page, "Pip", "Late").check()
    slow[0].continue_()
    expect(session(page, "Pip")).to_contain_text("Late: saved")
    expect(choice(page, "Pip", "Late")).to_be_checked()


def test_marks_made_without_a_connection_are_sent_when_it_returns(
    live: Live, phone_of: Callable[[Actor], Page]
) -> None:
    page = phone_of(PAT)
    assert axe(page) == []
    page.context.set_offline(True)
    choice(page, "Pip", "Absent").check()
    session(page, "Pip").get_by_role("combobox").select_option("ill")
    choice(page, "Wren", "Late").check()
    expect(page.locator("[data-status]")).to_contain_text("No connection. 2 marks kept on this device")
    expect(session(page, "Pip")).to_contain_text("Absent: not sent yet")
    assert axe(page) == []
    assert kept(live.site.handler) == []
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert not [name for name in ("Pip", "Sparrow", "Wren", "Thistle") if name in stored]

    page.context.set_offline(False)

    expect(page.locator("[data-status]")).to_have_text("Everything you marked is saved")
    expect(session(page, "Wren")).to_contain_text("Late: saved")
    assert sorted(row[4] for row in kept(live.site.handler)) == ["absent", "late"]
    assert page.evaluate("localStorage.length") == 0


def test_who_comes_on_an_inset_day_of_the_school_is_marked_too_and_nobody_else_is(
    live: Live, phone_of: Callable[[Actor], Page]
) -> None:
    handler = live.site.handler
    a_school(handler, **VALE)
    robin = a_placement(handler, a_pupil(handler, surname="Reed", forename="Robin", home_school="Vale Academy"))
    a_plan(handler, robin)
    own_dates(handler, inset="2/11/2026")
    page = phone_of(PAT)
    expect(page.locator('[data-half="am"] [data-left]')).to_have_text("1 of 1 not marked")
    page.get_by_text("Not asked for, as their school is closed: 2 pupils").click()
    assert axe(page) == []

    page.locator('[data-all="am"]').click()
    pip = page.locator("details fieldset", has_text="Pip").first
    pip.get_by_role("radio", name="Late").check()

    expect(pip).to_contain_text("Late: saved")
    assert sorted(row[4] for row in kept(handler)) == ["late", "present"]


def test_marks_wait_through_closing_the_page(live: Live, phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    page.context.set_offline(True)
    choice(page, "Pip", "Present").check()
    expect(page.locator("[data-status]")).to_contain_text("1 mark kept on this device")
    address = page.url
    page.close()

    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(address)

    expect(session(page, "Pip")).to_contain_text("Present: saved")
    assert len(kept(live.site.handler)) == 1


def test_an_answer_that_is_lost_on_the_way_doubles_nothing(live: Live, phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    page.route("**/marks", lambda route: (route.fetch(), route.abort()))
    choice(page, "Pip", "Absent").check()
    leave_it_without_a_reason(page)
    expect(page.locator("[data-status]")).to_contain_text("No connection")
    page.unroute("**/marks")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(session(page, "Pip")).to_contain_text("Absent: saved")
    assert len(kept(live.site.handler)) == 1
    assert len(letters(live.site.handler, "unexplained_absence")) == 1


def test_one_press_marks_everybody_who_is_left(live: Live, phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    choice(page, "Pip", "Late").check()
    expect(session(page, "Pip")).to_contain_text("Late: saved")
    page.get_by_role("button", name="All present in the morning").click()

    expect(session(page, "Wren")).to_contain_text("Present: saved")
    expect(page.locator('[data-half="am"] [data-left]')).to_have_text("All marked")
    expect(page.locator('[data-half="am"] [data-all]')).to_be_hidden()
    assert sorted(row[4] for row in kept(live.site.handler)) == ["late", "present"]


def test_what_somebody_else_marked_meanwhile_is_shown_in_its_place(
    live: Live, phone_of: Callable[[Actor], Page]
) -> None:
    pat, olive = phone_of(PAT), phone_of(OLIVE)
    choice(olive, "Pip", "Late").check()
    expect(session(olive, "Pip")).to_contain_text("Late: saved")

    choice(pat, "Pip", "Present").click()

    expect(session(pat, "Pip")).to_contain_text("Olive Officer marked the morning of 2 Nov 2026 as late meanwhile.")
    expect(choice(pat, "Pip", "Late")).to_be_checked()
    assert len(kept(live.site.handler)) == 1


def test_on_a_narrow_phone_nothing_runs_out_of_the_page(phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    choice(page, "Pip", "Absent").check()

    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE


def test_the_reasons_are_not_under_the_status_at_the_foot_of_a_phone(phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    offered = choice(page, "Pip", "Absent").bounding_box()
    assert offered is not None
    page.set_viewport_size({"width": WIDE, "height": round(offered["y"] + offered["height"]) + 60})
    choice(page, "Pip", "Absent").check()
    expect(page.locator("[data-status]")).to_contain_text("Choose the reason, if they gave one")

    reasons = session(page, "Pip").get_by_role("combobox").bounding_box()
    status = page.locator("[data-status]").bounding_box()
    assert reasons is not None
    assert status is not None
    assert reasons["y"] + reasons["height"] <= status["y"]


def test_a_mark_of_another_day_that_is_not_kept_is_told(live: Live, phone_of: Callable[[Actor], Page]) -> None:
    page = phone_of(PAT)
    page.context.set_offline(True)
    choice(page, "Pip", "Late").check()
    page.evaluate(
        """() => {
            const [name] = Object.keys(localStorage);
            localStorage[name] = localStorage[name].replaceAll("2026-11-02", "2026-10-31");
        }"""
    )
    page.context.set_offline(False)

    status = page.locator("[data-status]")
    expect(status).to_contain_text("A mark of 2026-10-31 was not kept. No session is planned here then.")
    assert kept(live.site.handler) == []
