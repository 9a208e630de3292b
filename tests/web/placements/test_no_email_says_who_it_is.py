"""A whole placement through its pages, with the pupil named wherever words can be typed: no e-mail does so."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.machine import START
from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT
from apflow.web.case.opened import open_case
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, plan
from tests.saying import said_in
from tests.web.browsing import Client

ClientAs = Callable[[Actor], Client]
UPN = "R201100018042"
NAMED = f"Pip Sparrow, born 4 May 2012 (2012-05-04, 4/5/2012), {UPN}, is ill. Pip's mother rang."
TOLD = ("Pip", "Sparrow", "4 May 2012", "2012-05-04", "4/5/2012", UPN)
_LINK = re.compile(r"https?://[^/]+(/for-parents/\S+)")


def typed(form: dict[str, FieldSpec], given: dict[str, Any]) -> dict[str, Any]:
    """The form as somebody fills it in who names the pupil wherever words can be typed."""
    return dict(pair for name, spec in form.items() for pair in _typed(name, spec, given.get(name)))


def _typed(name: str, spec: FieldSpec, given: Any) -> Iterator[tuple[str, Any]]:
    match spec.type:
        case FieldType.DATE:
            year, month, day = (given or MONDAY.date().isoformat()).split("-")
            yield from ((f"{name}-day", day), (f"{name}-month", month), (f"{name}-year", year))
        case FieldType.CHOICE | FieldType.MANY:
            yield name, given or next(iter(spec.options))
        case FieldType.YES_NO | FieldType.CONFIRM:
            yield name, "yes"
        case FieldType.NUMBER:
            yield name, str(given or spec.minimum or 1)
        case FieldType.TEXT | FieldType.LONG_TEXT:
            written = "Somebody." if spec.screened else NAMED[: spec.max_length]
            yield name, given or written
        case _ if given is not None:
            yield name, str(given)


class Story:
    """One placement, done through its pages by whoever it is for."""

    def __init__(self, site: Site, client_as: ClientAs) -> None:
        self.site = site
        _, self.place = a_listed_site(site.handler)
        self.school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
        self.pupil = a_pupil_of(site.handler, "Hill School", "Pip", upn=UPN)
        self.as_ = {who.name: client_as(who) for who in (self.school, PAT, OLIVE)}
        self.reference = ""

    def begin(self) -> None:
        form = dict(self.site.library.current("placement").forms[START, "refer_a_pupil"])
        said = typed(form, {"pupil": self.pupil, "site": self.place, "kind": "alongside"})
        answer = self.as_[self.school.name].post("/start/refer_a_pupil", data=said)
        self.reference = answer.headers["location"].split("/")[-1].partition("?")[0]

    def does(self, who: Actor, event: str, item: str = "", status: int = 303, **given: Any) -> None:
        opened = open_case(self.site, who, self.reference)
        form = dict(opened.definition.forms[opened.snapshot.state, event])
        address = f"/cases/{self.reference}/do/{event}" + (f"?item={item}" if item else "")
        answer = self.as_[who.name].post(address, data=typed(form, given))
        assert answer.status_code == status, (event, re.findall(r'href="#[^"]*">([^<]*)', answer.text))

    def parent(self, store: Store, client: Client, event: str) -> None:
        with store.reading() as connection:
            to_her = select(messages).where(messages.c.to_email == "ann@home.example").order_by(messages.c.id.desc())
            link = _LINK.search(connection.execute(to_her).first().text)  # type: ignore[union-attr]
        assert link is not None
        client.post(link[1])
        answer = client.post(
            f"/for-parents/page/do/{event}",
            data={"who_says": NAMED[:100], "view": NAMED, "concern": NAMED, "asked_because": NAMED},
        )
        assert answer.status_code == 303, (event, answer.text)


@pytest.fixture
def story(site: Site, client_as: ClientAs) -> Story:
    return Story(site, client_as)


def all_that_is_said(store: Store) -> dict[str, str]:
    with store.reading() as connection:
        rows = connection.execute(select(messages).where(messages.c.notice.like("placement/%"))).all()
    return {f"{row.id} {row.notice}": said_in(row.to_name, row.subject, row.text, row.html) for row in rows}


def test_no_email_of_a_placement_says_who_it_is_about(story: Story, store: Store, client: Client) -> None:
    school, aside = story.school, "/cases/{}/set-aside/agreement_is_signed"
    ahead = plan(MONDAY)
    dates = {name: ahead[name] for name in ("until", "first_review_on", "next_report_on")}
    dates["starts_on"] = "2026-11-02"
    story.begin()
    for event in ("describe", "confirm_checks", "refer"):
        story.does(school, event)
    story.does(PAT, "ask")
    story.does(school, "answer", "1")
    story.does(PAT, "offer")
    story.does(PAT, "set_programme")
    story.does(school, "set_plan", **dates, hours=6)
    story.does(school, "write_by_email", parent_email="ann@home.example")
    story.does(school, "write_by_post")
    story.does(school, "settled_by_email", "1")
    story.does(PAT, "sign")
    reason = {"reason": NAMED, "until-day": "3", "until-month": "11", "until-year": "2026", "step": "send"}
    story.as_[school.name].post(aside.format(story.reference), data=reason)
    story.does(school, "sign")
    story.does(school, "start_placement")
    for who, event in (
        (PAT, "record_induction"),
        (PAT, "report_progress"),
        (PAT, "tell_of_change"),
        (PAT, "update_risk"),
        (school, "note_contact"),
        (school, "change_hours"),
    ):
        story.does(who, event, next_report_on="2026-12-01", hours=7)
    for event in ("parent_is_worried", "parent_says", "ask_for_review"):
        story.parent(store, client, event)
    story.does(PAT, "say")
    story.does(school, "change_it", next_report_on="2026-12-01", first_review_on="2026-12-15")
    story.does(PAT, "safeguarding_matter")
    story.does(school, "decide_to_end", next_report_on="2026-12-01")
    story.does(school, "finish", ends_on="2026-11-02")
    story.does(school, "follow_up")
    story.does(school, "follow_up")
    story.does(OLIVE, "stop_contact", item="1")
    said = all_that_is_said(store)
    assert len(said) > 30
    assert {name.partition("placement/")[2] for name in said} >= {
        "guard_set_aside",
        "parent_report",
        "read_today",
    }
    assert {name: part for name, text in said.items() for part in TOLD if part in text} == {}


def test_a_reason_that_is_read_elsewhere_may_not_name_the_pupil(story: Story) -> None:
    story.begin()
    for event in ("describe", "confirm_checks", "refer"):
        story.does(story.school, event)
    for named in ("Pip is ill", "Somebody says that Pip Sparrow is ill", f"It is {UPN}"):
        story.does(story.school, "withdraw", status=422, standing_because=named)
    story.does(story.school, "withdraw", standing_because="Another place was found.")
