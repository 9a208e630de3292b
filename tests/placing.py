"""Schools with an account, a provider with a site, and a placement brought as far as a test needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.demo.placed import CHECKS
from apflow.handler import Handler
from apflow.records.door import By, add
from apflow.records.people.commissioners import COMMISSIONER
from apflow.records.people.pupils import PUPIL
from apflow.records.providers.sites import SITE
from apflow.store.cases.loading import load_case
from apflow.store.people import people
from apflow.testing import MONDAY, OLIVE, PAT
from apflow.web.site import Site
from tests.brought import again, bring_to

REFERRAL = {"kind": "alongside"}
DESCRIBED: dict[str, Any] = {"needs": "To be with animals.", "why_it_suits": "It has goats."}
CHECKED: dict[str, Any] = {
    **dict.fromkeys((*CHECKS, "staff_checked", "assured"), True),
    "visited": "online",
    "checks_confirmed_by": "Sally School",
}
PROGRAMME = {
    "programme": "Care of animals, with maths in it.",
    "progression": "Back to school in the spring.",
    "delivery": "group",
    "named_at_provider": "Pat Provider",
}
ANOTHER_PROGRAMME = {**PROGRAMME, "programme": "Care of horses, with maths in it."}


def a_school_with_an_account(handler: Handler, name: str, urn: str, email: str) -> Actor:
    """A school among the records, and the person at its address."""
    who = {"kind": "school", "name": name, "urn": urn, "email": email}
    add(handler.store, COMMISSIONER, who, By(OLIVE, MONDAY, handler.library))
    with handler.store.writing() as connection:
        number = people.add_person(
            connection, name=f"Sally at {name}", email=email, roles=["commissioner"], agency=None, now=MONDAY
        )
    return Actor(number, f"Sally at {name}", frozenset({"commissioner"}))


def a_pupil_of(handler: Handler, school: str, forename: str, **more: Any) -> int:
    said = {"surname": "Sparrow", "forename": forename, "born": "2012-05-04", "home_school": school, **more}
    return add(handler.store, PUPIL, said, By(OLIVE, MONDAY, handler.library))


def a_listed_site(handler: Handler, *, proprietor: str = "Made Up Farm Ltd", **answers: Any) -> tuple[str, int]:
    """The reference of a provider on the list, whose enquiry had these answers, and the number of its site."""
    reference = bring_to(handler, "approved", **answers)
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    site = {"name": "Main site", "proprietor": proprietor, "monday": "9:30am to 2:30pm"}
    within = {"case_id": case.id or 0}
    return reference, add(handler.store, SITE, site, By(OLIVE, MONDAY, handler.library), within)


def plan(now: datetime = MONDAY, **more: Any) -> dict[str, Any]:
    """The commissioner's plan of a placement that begins a week later."""
    first = now.date() + timedelta(days=7)
    return {
        "starts_on": first.isoformat(),
        "until": (first + timedelta(weeks=10)).isoformat(),
        "hours": 15,
        "has_breaks": True,
        "which_sessions": ["monday am", "tuesday am", "wednesday am", "thursday am"],
        "setting": "provider",
        "is_supervised": True,
        "authorised": "Pat Provider, tutor",
        "is_full_time": True,
        "plan": "To read for an hour a day.",
        "linked_plans": ["unlinked"],
        "english_and_maths": "At school.",
        "risk_assessment": "Goats kick.",
        "attendance_plan": "Ring by 10am.",
        "named_at_school": "Sally School",
        "afterwards": "Back to school.",
        "first_review_on": (first + timedelta(weeks=4)).isoformat(),
        "next_report_on": (first + timedelta(weeks=3)).isoformat(),
        "reports_every": "week",
        **more,
    }


def changed(**more: Any) -> dict[str, Any]:
    """What is asked when the hours or sessions change, all as the plan has it but what is said."""
    said = plan()
    asked = {name: said[name] for name in ("which_sessions", "hours", "has_breaks", "is_full_time")}
    return {**asked, "sessions_from": said["starts_on"], **more}


def refer(handler: Handler, school: Actor, pupil: int, site: int, *, now: datetime = MONDAY, **more: Any) -> str:
    """A referral that is sent; its reference."""
    answers = {**REFERRAL, "pupil": pupil, "site": site, **more}
    reference = handler.open_case("placement", "refer_a_pupil", answers, actor=school, now=now).reference
    handler.fire(reference, "describe", DESCRIBED, actor=school, now=now)
    handler.fire(reference, "confirm_checks", CHECKED, actor=school, now=now)
    handler.fire(reference, "refer", {}, actor=school, now=now)
    return reference


def prepare(
    handler: Handler, reference: str, school: Actor, *, now: datetime = MONDAY, provider: Actor = PAT, **more: Any
) -> None:
    """All that comes before the start, both signatures included."""
    first: Mapping[str, Any] = {"can_meet": True, "offered_from": now.date().isoformat()}
    handler.fire(reference, "offer", first, actor=provider, now=now)
    handler.fire(reference, "set_programme", PROGRAMME, actor=provider, now=now)
    handler.fire(reference, "set_plan", plan(now, **more), actor=school, now=now)
    for who in (provider, school):
        handler.fire(reference, "sign", {"signed_as": who.name, "agrees": True}, actor=who, now=now)


@dataclass(frozen=True)
class Between:
    """A placement between a school and PAT's provider."""

    site: Site
    reference: str
    school: Actor
    pupil: int

    def fire(self, actor: Actor, event: str, item: str | None = None, **answers: Any) -> None:
        self.site.handler.fire(self.reference, event, answers, actor=actor, now=self.site.now(), item=item)

    def case(self) -> Snapshot:
        with self.site.store.reading() as connection:
            found = load_case(connection, self.reference)
        assert found is not None
        return found


def a_prepared_placement(site: Site) -> Between:
    """Pip of Hill School, whose placement both sides have signed."""
    return Between(site, *again(site.handler, _prepared))


def a_running_placement(site: Site) -> Between:
    """One that has started, with the induction given."""
    one = a_prepared_placement(site)
    one.fire(one.school, "start_placement")
    inducted: dict[str, Any] = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat", "health_and_safety": True}
    one.fire(PAT, "record_induction", **inducted, who_to_tell=True)
    return one


def _prepared(handler: Handler) -> tuple[str, Actor, int]:
    _, place = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, school, pupil, place)
    prepare(handler, reference, school)
    return reference, school, pupil
