"""Every page of the demo council, as everyone who can sign in: accessible, narrow enough, and without a fault."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select

from apflow.core.firing.proposals import proposed
from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_see
from apflow.demo.cast import DILYS, MAGDA, MORRIS, OLIVE, PAVEL, PETRA
from apflow.demo.clock import DemoDays
from apflow.demo.run import DATABASE, demo_site
from apflow.sending.transports import MailboxTransport
from apflow.store import demo as showing
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.people import people
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.web.site import DemoClock, Site
from tests.browser import axe, follow
from tests.journeys.crawl import Crawl
from tests.journeys.live import address_of, listening, served

pytestmark = pytest.mark.browser

STAFF = {"officer": OLIVE.email, "manager": MAGDA.email, "panel_member": PETRA.email}
STATES = (
    "enquiry",
    "gathering_evidence",
    "checking_evidence",
    "panel",
    "visit",
    "approved",
    "suspended",
    "removal_proposed",
    "declined",
    "withdrawn",
    "lapsed",
    "removed",
)
SHARED = ("running", "circulated", "to_fill_in", "to_decide")  # A plan, a note, a self-assessment, and a review.


@dataclass(frozen=True)
class Demo:
    """The demo council while it is served; where each of its cases stands."""

    address: str
    site: Site
    states: dict[str, str]

    def somebody_at(self, state: str) -> tuple[int, str]:
        """A provider whose case stands there, and its reference."""
        with self.site.store.reading() as connection:
            rows = [row for kind in self.site.library.sources for row in showing.parties(connection, kind)]
        return next((row.id, row.reference) for row in rows if row.state == state)

    def person(self, email: str) -> int:
        with self.site.store.reading() as connection:
            found = people.person_by_email(connection, email)
        assert found is not None
        return int(found.id)

    def actor(self, email: str) -> Actor:
        with self.site.store.reading() as connection:
            known = people.person(connection, self.person(email))
        assert known is not None
        return people.actor_of(known)

    def just_done_by(self, person: int) -> list[str]:
        """Where the banners are of what they did last to each case that they still see."""
        last = (
            select(func.max(history.c.id))
            .where(history.c.actor_id == person, history.c.kind == "event")
            .group_by(history.c.case_id)
        )
        query = select(history.c.name, history.c.payload, cases.c.reference)
        query = query.join(cases, cases.c.id == history.c.case_id).where(history.c.id.in_(last))
        with self.site.store.reading() as connection:
            rows = connection.execute(query).all()
        return [_banner(row.reference, row.name, row.payload) for row in rows if self._sees(person, row.reference)]

    def _sees(self, person: int, reference: str) -> bool:
        with self.site.store.reading() as connection:
            known, snapshot = people.person(connection, person), load_case(connection, reference)
            assert known is not None
            assert snapshot is not None
            definition = self.site.handler.definition_of(connection, snapshot)
        return may_see(definition, snapshot, people.actor_of(known))


def _banner(reference: str, event: str, payload: dict[str, object]) -> str:
    item = payload.get("item")
    named = {"done": event} | ({"item": item[1]} if isinstance(item, list) else {})
    return f"/cases/{reference}?{urlencode(named)}"


@pytest.fixture(scope="module")
def council(demo_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo council as `apflow demo` serves it, one for all of these, which change no case."""
    folder = Path(shutil.copytree(demo_made, tmp_path_factory.mktemp("looked_at") / "council"))
    with _serving(folder) as demo:
        yield demo


@contextmanager
def _serving(folder: Path) -> Iterator[Demo]:
    with listening() as listener:
        days = DemoDays(Store(f"sqlite:///{folder / DATABASE}"))
        site = replace(demo_site(folder, address_of(listener), days), demo=DemoClock(days.days_ahead, lambda: None))
        with served(site, listener, MailboxTransport()) as (running, _), site.store.reading() as connection:
            states = {row.reference: row.state for row in connection.execute(select(cases.c.reference, cases.c.state))}
            yield Demo(address_of(listener), running, states)
        days.store.close()


def a_crawl(council: Demo, page: Page, person: int | None) -> Crawl:
    """Signed in as this person, or as nobody."""
    if person is not None:
        page.goto(f"{council.address}/demo/as/{person}")
        follow(page.get_by_role("main").get_by_role("button"))
    return Crawl(page, council.address, council.states)


def a_case_at(council: Demo, state: str) -> str:
    return next(reference for reference, stands in council.states.items() if stands == state)


def test_the_pages_of_the_public(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, None)
    for start in ("/", "/start/enquire", "/sign-in", "/accessibility", "/privacy", "/demo", "/approved-list"):
        crawl.go(start, most=12)
    for path in ("/nowhere", "/approved-list/1000000"):
        crawl.look_at(path, answers=404)
    for query in ("?q=sailing&ages=ks3", "?ages=post_16&places=bath"):
        crawl.look_at(f"/approved-list{query}")

    assert crawl.faults() == []


def test_a_change_of_an_entry_as_both_sides_see_it(council: Demo, page: Page) -> None:
    with council.site.store.reading() as connection:
        fields = connection.execute(select(cases.c.reference, cases.c.fields)).all()
    reference = next(row.reference for row in fields if proposed(row.fields))
    crawl = a_crawl(council, page, council.person(OLIVE.email))

    crawl.look_at(f"/cases/{reference}")
    crawl.look_at(f"/cases/{reference}/do/agree_entry_change")
    crawl.look_at(f"/cases/{reference}/do/refuse_entry_change", with_forms=True)

    assert page.get_by_text("Made up").count()
    assert crawl.faults() == []


@pytest.mark.parametrize("role", ["officer", "panel_member"])
def test_the_pages_of_panel_meetings(council: Demo, page: Page, role: str) -> None:
    crawl = a_crawl(council, page, council.person(STAFF[role]))
    planned, closed = a_case_at(council, "planned"), a_case_at(council, "closed")
    for start in ("/cases?kind=panel_meeting", f"/cases/{planned}", f"/cases/{closed}", "/workflows/panel_meeting"):
        crawl.look_at(start)
    if role == "officer":
        for event in ("move_meeting", "cancel_meeting", "send_papers"):
            crawl.look_at(f"/cases/{planned}/do/{event}", with_forms=event == "move_meeting")
        crawl.look_at("/start/plan_meeting", with_forms=True)

    assert crawl.faults() == []


def test_the_page_of_a_panel_meeting_that_is_open(demo: Path, page: Page) -> None:
    with _serving(demo) as council:
        reference, olive = a_case_at(council, "planned"), council.actor(OLIVE.email)
        now = council.site.now() + timedelta(days=10)
        here = [council.person(member.email) for member in (PETRA, PAVEL)]
        council.site.handler.fire(reference, "open_meeting", {"present": here, "chair": here[0]}, actor=olive, now=now)
        crawl = a_crawl(council, page, council.person(OLIVE.email))

        crawl.look_at(f"/cases/{reference}")
        assert page.get_by_text("At least 3 members must be here").count()
        crawl.look_at(f"/cases/{reference}/do/record_attendance", with_forms=True)
        crawl.look_at(f"/cases/{reference}/do/write_minutes", answers=409)

        assert crawl.faults() == []


@pytest.mark.parametrize("role", STAFF)
def test_the_main_pages_of_staff(council: Demo, page: Page, role: str) -> None:
    person = council.person(STAFF[role])
    crawl = a_crawl(council, page, person)
    seen = (
        ("panel", "visit") if role == "panel_member" else ("enquiry", "checking_evidence", "visit", "reported", *SHARED)
    )
    forms = () if role == "panel_member" else ("/cases?kind=concern", "/start/log_concern")
    for start in ("/work", "/cases", *forms, *(f"/cases/{a_case_at(council, state)}" for state in seen)):
        crawl.look_at(start)
    for start in ("/policy", "/workflows", "/workflows/provider", f"/cases/{a_case_at(council, seen[0])}/diagram"):
        crawl.look_at(start)
    if banners := council.just_done_by(person):
        crawl.look_at(banners[0])

    assert crawl.faults() == []


def test_the_pages_of_data_protection_and_of_invoices(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person(OLIVE.email))
    crawl.look_at("/retention/cases")
    for address in (
        "/retention",
        "/emails",
        "/emails/1",
        "/emails/failed",
        "/invoices",
        "/pupils/1/held",
        "/pupils/1/copy",
    ):
        crawl.look_at(address)
    crawl.look_at("/pupils/1/kept", with_forms=True)

    assert crawl.faults() == []


def test_the_pages_of_a_breach_of_personal_data(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person(DILYS.email))
    closed, weighed = sorted(
        (one for one in council.states if one.startswith("DB-")), key=council.states.__getitem__, reverse=True
    )
    for address in ("/work", "/cases?kind=data_breach&closed=yes", f"/cases/{weighed}", f"/cases/{closed}"):
        crawl.look_at(address)
    crawl.look_at("/start/report_breach", with_forms=True)
    crawl.look_at(f"/cases/{weighed}/do/weighs_much?item=whose", with_forms=True)
    crawl.look_at(f"/cases/{weighed}/do/people_not_told", with_forms=True)

    assert crawl.faults() == []


def test_the_pages_of_a_year_of_quality_assurance(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person(OLIVE.email))
    for state in ("reviewed", "waiting_for_visit", "arranged"):
        crawl.look_at(f"/cases/{a_case_at(council, state)}")
    crawl.look_at("/visits/planned")
    crawl.look_at(f"/cases/{a_case_at(council, 'waiting_for_visit')}/do/find_sound?item=outcomes", with_forms=True)
    page.goto(f"{council.address}/visits/planned")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    follow(page.get_by_role("button", name="Plan these visits"))

    assert page.get_by_role("link", name="Tick at least one provider").count()
    assert axe(page) == []
    assert crawl.faults() == []


def test_the_pages_of_a_removal_and_a_suspension(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person(MORRIS.email))
    removed, proposed = a_case_at(council, "removed"), a_case_at(council, "removal_proposed")
    for address in (
        "/team",
        f"/cases/{removed}",
        f"/cases/{removed}/told",
        f"/cases/{removed}/told?how=not_reached",
        f"/cases/{removed}/told?q=nobody+of+this+name",
        f"/cases/{a_case_at(council, 'suspended')}",
        f"/cases/{proposed}",
        f"/cases/{a_case_at(council, 'to_decide')}",
    ):
        crawl.look_at(address)
    crawl.look_at(f"/cases/{proposed}/do/confirm_removal", with_forms=True)

    assert crawl.faults() == []


def test_a_question_of_a_self_assessment_left_empty_and_filled_in(council: Demo, page: Page) -> None:
    person, reference = council.somebody_at("to_fill_in")
    crawl = a_crawl(council, page, person)

    crawl.look_at(f"/cases/{reference}/do/answer?item=reports", with_forms=True)

    assert len(crawl.looked) == 3
    assert crawl.faults() == []


def test_the_pages_of_records(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person(OLIVE.email))
    provider = a_case_at(council, "approved")
    lists = ("/pupils", "/placements?all=yes", "/schools", "/registration", "/import")
    forms = ("/pupils/new", "/schools/new", "/pupils/1/change", "/placements/1/change", "/sites/1/change")
    ones = ("/pupils/1", "/pupils/1/looks", "/schools/1", "/pupils/1/professionals/new", "/pupils/1/placements/new")
    of_one = [f"/cases/{provider}/{part}" for part in ("registration", "placed", "sites/new")]
    attendance = (
        "/attendance",
        "/placements/1/attendance",
        "/placements/1/attendance/new",
        "/attendance-plans/1/change",
    )
    days = (f"/attendance/providers/{provider}", "/attendance/schools/2", "/reports", "/returns", "/returns/placements")
    for start in (*lists, *forms, *ones, *of_one, *attendance, *days):
        crawl.look_at(start)

    assert crawl.faults() == []
    assert crawl.titles_shared() == []


def test_the_pages_of_a_school_that_places_pupils(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person("office@otterbourne.example"))
    preparing, reviewing = a_case_at(council, "agreed"), a_case_at(council, "review")
    for start in ("/home", "/my-pupils", "/attendance", f"/cases/{preparing}", f"/cases/{reviewing}"):
        crawl.look_at(start)
    crawl.look_at(f"/cases/{preparing}/pupil")
    crawl.look_at(f"/cases/{preparing}/do/set_plan", with_forms=True)
    crawl.look_at("/start/refer_a_pupil", with_forms=True)

    assert crawl.faults() == []


def test_a_form_of_an_officer_left_empty_and_filled_in(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person(OLIVE.email))

    crawl.look_at(f"/cases/{a_case_at(council, 'visit')}/do/arrange_visit", with_forms=True)

    assert len(crawl.looked) == 3
    assert crawl.faults() == []


def test_setting_a_guard_aside_left_empty_and_filled_in(council: Demo, page: Page) -> None:
    crawl = a_crawl(council, page, council.person(MAGDA.email))

    crawl.look_at(f"/cases/{a_case_at(council, 'visit')}/set-aside/evidence_is_in_date", with_forms=True)

    assert [looked.title.partition(":")[0] for looked in crawl.looked] == [
        "Set this aside",
        "Error",
        "Check your answers",
    ]
    assert crawl.faults() == []


def test_the_page_of_a_case_on_which_a_guard_is_set_aside(demo: Path, page: Page) -> None:
    with _serving(demo) as council:
        reference = a_case_at(council, "visit")
        until = council.site.now().date() + timedelta(days=10)
        council.site.handler.set_aside(
            reference,
            "evidence_is_in_date",
            until,
            "Renewal is paid.",
            actor=council.actor(MAGDA.email),
            now=council.site.now(),
        )
        crawl = a_crawl(council, page, council.person(MAGDA.email))

        crawl.look_at(f"/cases/{reference}?guard=evidence_is_in_date")
        crawl.look_at(f"/cases/{reference}/timeline")

        assert page.get_by_text("Renewal is paid.").count()
        assert crawl.faults() == []


@pytest.mark.parametrize("state", [*STATES, *SHARED])
def test_the_tracker_of_a_provider(council: Demo, page: Page, state: str) -> None:
    person, reference = council.somebody_at(state)
    crawl = a_crawl(council, page, person)

    crawl.look_at(f"/cases/{reference}")

    assert crawl.faults() == []


def test_a_document_of_a_provider_left_empty_and_filled_in(council: Demo, page: Page) -> None:
    person, reference = council.somebody_at("gathering_evidence")
    crawl = a_crawl(council, page, person)

    crawl.look_at(f"/cases/{reference}/evidence/employers_liability", with_forms=True)

    assert crawl.faults() == []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ["public", *STAFF])
def test_every_page_that_links_lead_to(council: Demo, page: Page, role: str) -> None:
    person = council.person(STAFF[role]) if role in STAFF else None
    crawl = a_crawl(council, page, person)
    crawl.go("/" if person is None else "/work", most=400)
    for address in council.just_done_by(person) if person else []:
        crawl.go(address, most=400)

    assert crawl.faults() == []
    assert crawl.titles_shared() == []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("state", STATES)
def test_every_page_that_links_lead_a_provider_to(council: Demo, page: Page, state: str) -> None:
    person, _ = council.somebody_at(state)
    crawl = a_crawl(council, page, person)
    for address in ("/home", *council.just_done_by(person)):
        crawl.go(address, most=200)

    assert crawl.faults() == []
    assert crawl.titles_shared() == []
