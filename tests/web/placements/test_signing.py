"""Signing the agreement of a placement: once for each side, said with who and when, and again when it has changed."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from apflow.core.errors import Blocked, NotOpen
from apflow.core.people.actor import Actor
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, OSCAR, PAT
from apflow.web.site import Site
from tests.placing import ANOTHER_PROGRAMME, PROGRAMME, Between, a_prepared_placement, plan
from tests.registered import a_register, offered_there
from tests.web.api.client import ApiAs
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
SIGN = "Sign the service level agreement"


@pytest.fixture
def signed(site: Site) -> Between:
    return a_prepared_placement(site)


def test_who_has_signed_is_said_with_the_day_and_is_not_asked_again(signed: Between, client_as: ClientAs) -> None:
    for who in (PAT, signed.school):
        page = Page(client_as(who).get(f"/cases/{signed.reference}"))

        assert not page.has_button(SIGN)
        assert f"{SIGN}: you can do this once" not in page.text
        assert f"Service level agreement: signed for you by {who.name} on Monday 2 November 2026." in page.text
        with pytest.raises(NotOpen):
            signed.fire(who, "sign", signed_as=who.name, agrees=True)


def test_a_program_is_not_offered_it_again(signed: Between, api_as: ApiAs) -> None:
    offers = api_as(PAT).get(f"/api/v1/cases/{signed.reference}").json()["offers"]

    assert [offer["is_possible"] for offer in offers if offer["event"] == "sign"] == [False]


def test_what_has_changed_since_is_signed_anew_by_both_and_the_page_says_so(
    signed: Between, client_as: ClientAs
) -> None:
    signed.fire(signed.school, "set_plan", **plan(MONDAY, plan="To read for two hours a day."))
    changed = (
        "it has changed since Sally at Hill School signed it on Monday 2 November 2026, so both sides sign it anew."
    )

    for who in (PAT, signed.school):
        page = Page(client_as(who).get(f"/cases/{signed.reference}"))
        assert page.has_button(SIGN), who.name
        assert changed in page.text, who.name
        signed.fire(who, "sign", signed_as=who.name, agrees=True)
        assert changed not in Page(client_as(who).get(f"/cases/{signed.reference}")).text
    assert signed.case().items["signatures"].keys() == {str(PAT.id), str(signed.school.id)}


def test_what_was_changed_and_by_whom_stands_beside_it_for_either_side(signed: Between, client_as: ClientAs) -> None:
    longer = plan(MONDAY, plan="To read for two hours a day.", hours=12)
    signed.fire(signed.school, "set_plan", **longer)
    signed.fire(signed.school, "set_plan", **longer)  # Which changes nothing more.
    signed.fire(PAT, "set_programme", **ANOTHER_PROGRAMME)

    for who in (PAT, signed.school):
        said = Page(client_as(who).get(f"/cases/{signed.reference}")).below("Do now").partition("sign it anew.")[2]
        plan_part, _, programme_part = said.partition("Set out the programme, Pat Provider, Monday 2 November 2026:\n")
        assert plan_part.strip().startswith("Set out the plan, Sally at Hill School, Monday 2 November 2026:\n")
        assert [line.split(",")[0] for line in plan_part.strip().splitlines()[1:]] == [
            "Hours a week",
            "The personal plan: objectives",
        ], who.name
        assert programme_part.startswith("What is the programme"), who.name


def test_what_was_taken_out_since_is_said_to_be(signed: Between, client_as: ClientAs) -> None:
    signed.fire(signed.school, "set_plan", **plan(MONDAY, cost="250.00"))
    signed.fire(PAT, "sign", signed_as="Pat", agrees=True)
    signed.fire(signed.school, "set_plan", **plan(MONDAY))

    said = Page(client_as(PAT).get(f"/cases/{signed.reference}")).below("Do now").partition("sign it anew.")[2]
    assert "\nAgreed cost a week (taken out)\n" in said
    entry = client_as(OLIVE).get(f"/cases/{signed.reference}/timeline").text.partition("Agreed cost a week</dt>")[2]
    assert 'class="govuk-tag govuk-tag--grey"' in entry.partition("</dd>")[0], "not to be taken for what was typed"


def test_what_is_set_out_again_as_it_was_stays_signed_and_nobody_is_written_to(
    site: Site, signed: Between, client_as: ClientAs
) -> None:
    before, sent = signed.case(), letters(site)
    known = {"your_name": "Sally at Hill School", "your_email": "sally@hill-school.example"}
    signed.fire(signed.school, "set_plan", **plan(MONDAY))
    signed.fire(PAT, "set_programme", **PROGRAMME)
    signed.fire(OLIVE, "commissioner_changes", **known)

    assert signed.case().items["signatures"] == before.items["signatures"]
    assert letters(site) == sent
    for who in (PAT, signed.school):
        page = Page(client_as(who).get(f"/cases/{signed.reference}"))
        assert not page.has_button(SIGN)
        assert f"Service level agreement: signed for you by {who.name} on Monday 2 November 2026." in page.text
    newest = Page(client_as(OLIVE).get(f"/cases/{signed.reference}")).below("Timeline")
    assert newest.count("Nothing was changed by this.") == 3
    signed.fire(signed.school, "start_placement")


def test_another_contact_signs_for_their_side_anew(signed: Between) -> None:
    signed.fire(OLIVE, "commissioner_changes", your_name="Sid", your_email="sally@hill-school.example")

    assert "signatures" not in signed.case().items


def test_the_history_says_nothing_of_the_kind_where_something_was_changed(signed: Between, client_as: ClientAs) -> None:
    signed.fire(signed.school, "set_plan", **plan(MONDAY, plan="To read for two hours a day."))

    for who in (OLIVE, signed.school):
        assert "Nothing was changed" not in client_as(who).get(f"/cases/{signed.reference}/timeline").text


def letters(site: Site) -> int:
    with site.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(messages)).scalar_one())


def test_whoever_has_to_sign_reads_so_at_home_and_above_the_case_though_it_waits_for_the_other(
    signed: Between, client_as: ClientAs
) -> None:
    def listed(heading: str) -> bool:
        home = client_as(PAT).get("/home", follow_redirects=True)
        return signed.reference in Page(home).below(heading)

    assert listed("Waiting for others")
    signed.fire(signed.school, "set_plan", **plan(MONDAY, plan="To read for two hours a day."))

    assert listed("Do now")
    assert f"Next: {SIGN}" in Page(client_as(PAT).get("/home")).below("Do now")
    assert Page(client_as(PAT).get(f"/cases/{signed.reference}")).below("Do now")
    signed.fire(PAT, "sign", signed_as="Pat", agrees=True)
    assert listed("Waiting for others")
    assert "Waiting for Hill School" in Page(client_as(PAT).get(f"/cases/{signed.reference}")).text


def test_before_anybody_has_signed_nothing_is_said_to_have_changed(
    site: Site, signed: Between, client_as: ClientAs
) -> None:
    a_register(site.handler)
    reference = offered_there(site.handler, signed.school)

    page = Page(client_as(signed.school).get(f"/cases/{reference}"))

    assert page.has_button(SIGN)
    assert "it has changed since" not in page.text


def test_two_officers_do_not_sign_for_both_sides(site: Site, signed: Between) -> None:
    handler = site.handler
    a_register(handler)
    reference = offered_there(handler, signed.school)
    held = {"signed_as": "Ona Oaks", "is_held": True}
    handler.fire(reference, "record_signature", held, actor=OLIVE, now=MONDAY)

    with pytest.raises(NotOpen):
        handler.fire(reference, "record_signature", held, actor=OSCAR, now=MONDAY)
    with pytest.raises(Blocked, match="not signed by both sides"):
        handler.fire(reference, "start_placement", {}, actor=signed.school, now=MONDAY)
    handler.fire(reference, "sign", {"signed_as": "Sally", "agrees": True}, actor=signed.school, now=MONDAY)
    handler.fire(reference, "start_placement", {}, actor=signed.school, now=MONDAY)
