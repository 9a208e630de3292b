"""Questions of every later kind on pages and in the API, and answers that only some may read."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from apflow.core.commands import Fire
from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.letters import contexts
from apflow.loader import Library
from apflow.settings import shipped
from apflow.store.cases.loading import load_case
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, a_handler, enquire
from apflow.web.site import Site
from tests.versions import shipped_with
from tests.web.api.client import fire
from tests.web.browsing import Client

SignInTo = Callable[[Site, Actor], Client]
PHONE = "  contact_phone: {type: phone, label: Phone number, optional: true, privacy: personal}\n"
ASKED = {"budget": "£1,234.50", "lead": "2", "pupil": "r2011 0001 8042", "school": "Made Up Academy"}
SECRETS = ("R201100018042", "01225 000 123")
FIELDS = """\
  contact_phone: {type: phone, label: Phone number, optional: true, privacy: personal, read: [officer, manager]}
  budget: {type: money, label: What it may cost, optional: true}
  lead: {type: person, role: officer, label: Who leads}
  pupil: {type: upn, label: Pupil number, privacy: child, optional: true, write: officer}
  school: {type: organisation, label: Which school, optional: true}
"""


@pytest.fixture(scope="module")
def policy() -> Library:
    """A policy whose invitation asks for money, a person, a pupil and an organisation."""
    return shipped_with(
        (PHONE, FIELDS),
        (
            "        by: officer\n        to: gathering_evidence\n        emphasis: main\n        form:\n",
            "        by: [officer, manager]\n        to: gathering_evidence\n        emphasis: main\n        form:\n"
            "          budget:\n          lead:\n          pupil:\n          school:\n",
        ),
        ("  panel_member: {states: [panel, visit, approved]}\n", "  panel_member: all\n"),
    )


@pytest.fixture
def asking(site: Site, policy: Library) -> Site:
    """The installation under that policy."""
    return replace(site, library=policy, handler=a_handler(site.store, policy))


@pytest.fixture
def invited(asking: Site) -> str:
    reference = enquire(asking.handler, contact_phone=SECRETS[1])
    asking.handler.fire(reference, "invite", ASKED, actor=OLIVE, now=MONDAY)
    return reference


def test_a_form_offers_the_officers_to_choose_from_and_nobody_first(asking: Site, sign_in_to: SignInTo) -> None:
    page = sign_in_to(asking, OLIVE).get(f"/cases/{enquire(asking.handler)}/do/invite").text

    offered = page[page.index('<select class="govuk-select" id="lead"') :]
    offered = offered[: offered.index("</select>")]
    assert [offered.count(name) for name in ("Choose a person", OLIVE.name, OSCAR.name, MAGDA.name)] == [1, 1, 1, 0]
    assert offered.index("Choose a person") < offered.index(OLIVE.name)
    assert 'class="govuk-input__prefix" aria-hidden="true">£<' in page


def test_a_form_sent_wrong_comes_back_as_it_was_typed(asking: Site, sign_in_to: SignInTo) -> None:
    browser = sign_in_to(asking, OLIVE)
    path = f"/cases/{enquire(asking.handler)}/do/invite"

    answer = browser.post(path, data={"budget": "lots", "lead": "2", "pupil": "A801200005001"})

    assert answer.status_code == 422
    assert "What it may cost: enter an amount in pounds, like 1,250 or 1250.50" in answer.text
    assert "Pupil number: check the UPN." in answer.text
    assert 'value="lots"' in answer.text
    assert '<option value="2" selected>Oscar Officer</option>' in answer.text


def test_what_was_answered_is_shown_in_words(asking: Site, sign_in_to: SignInTo, invited: str) -> None:
    page = sign_in_to(asking, OLIVE).get(f"/cases/{invited}").text

    assert all(words in page for words in ("£1,234.50", "Oscar Officer", "R201100018042", "Made Up Academy"))


def test_somebody_who_has_left_is_still_named_and_no_longer_offered(
    asking: Site, sign_in_to: SignInTo, invited: str
) -> None:
    with asking.store.writing() as connection:
        connection.execute(people.update().where(people.c.id == OSCAR.id).values(is_active=False))
    browser = sign_in_to(asking, OLIVE)

    assert "Oscar Officer" in browser.get(f"/cases/{invited}").text
    assert "Oscar Officer" not in browser.get(f"/cases/{enquire(asking.handler)}/do/invite").text


def test_the_api_offers_people_by_their_ids_and_keeps_the_sum_as_text(asking: Site, sign_in_to: SignInTo) -> None:
    api, reference = sign_in_to(asking, OLIVE), enquire(asking.handler)

    asked = {one["name"]: one for one in api.get(f"/api/v1/cases/{reference}/events/invite").json()["questions"]}
    fire(api, reference, "invite", ASKED | {"lead": 2})
    told = {one["name"]: one for one in api.get(f"/api/v1/cases/{reference}").json()["fields"]}

    assert asked["lead"]["choices"] == [
        {"value": "1", "label": "Olive Officer"},
        {"value": "2", "label": "Oscar Officer"},
    ]
    assert (told["budget"]["value"], told["budget"]["text"]) == ("1234.50", "£1,234.50")
    assert (told["lead"]["value"], told["lead"]["text"]) == (2, "Oscar Officer")


def test_a_question_is_not_asked_of_somebody_who_may_not_answer_it(asking: Site, sign_in_to: SignInTo) -> None:
    browser, reference = sign_in_to(asking, MAGDA), enquire(asking.handler)

    page = browser.get(f"/cases/{reference}/do/invite").text
    refused = fire(browser, reference, "invite", ASKED)
    questions = browser.get(f"/api/v1/cases/{reference}/events/invite").json()["questions"]

    assert "Who leads" in page
    assert "Pupil number" not in page
    assert "pupil" not in [question["name"] for question in questions]
    assert refused.json()["errors"] == {"pupil": 'This form does not ask for "pupil".'}


@pytest.mark.parametrize(
    "path", ["/cases/{}", "/cases/{}/timeline", "/api/v1/cases/{}", "/api/v1/cases/{}/history?limit=200"]
)
@pytest.mark.parametrize(("actor", "reads"), [(OLIVE, True), (MAGDA, True), (PETRA, False), (PAT, False)])
def test_what_somebody_may_not_read_is_nowhere(
    asking: Site, sign_in_to: SignInTo, invited: str, path: str, actor: Actor, reads: bool
) -> None:
    answer = sign_in_to(asking, actor).get(path.format(invited))

    assert [secret in answer.text for secret in SECRETS] == [reads, reads]
    assert actor is PAT or "Made Up Academy" in answer.text


def test_a_form_shows_no_value_that_its_reader_may_not_read(asking: Site, sign_in_to: SignInTo) -> None:
    reference = enquire(asking.handler, contact_phone="01225 000 123")

    assert "01225 000 123" in sign_in_to(asking, OLIVE).get(f"/cases/{reference}/do/correct_details").text
    assert "01225 000 123" not in sign_in_to(asking, PAT).get(f"/cases/{reference}/do/correct_details").text


def test_an_email_has_nothing_in_it_that_its_reader_may_not_read(asking: Site, tmp_path: Path) -> None:
    notices = Path(shutil.copytree(shipped("notifications"), tmp_path / "notices"))
    notice = notices / "provider" / "invited_to_apply.txt"
    said = "{% block happened %}{{ fields.school }}, {{ fields.lead }}: {{ fields.pupil }} {{ answers.pupil }}"
    notice.write_text(notice.read_text(encoding="utf-8").replace("{% block happened %}", said), encoding="utf-8")
    handler = a_handler(asking.store, asking.library, notifications=notices)

    handler.fire(enquire(handler), "invite", ASKED, actor=OLIVE, now=MONDAY)

    with asking.store.reading() as connection:
        (text,) = connection.scalars(select(messages.c.text).where(messages.c.notice == "provider/invited_to_apply"))
    assert "Made Up Academy, Oscar Officer: None None" in text
    assert SECRETS[0] not in text


def test_an_officer_who_looks_at_an_email_first_reads_in_it_only_what_they_may(asking: Site) -> None:
    reference = enquire(asking.handler)
    with asking.store.reading() as connection:
        case = load_case(connection, reference)
        assert case is not None
        definition = asking.handler.definition_of(connection, case)
        play = Play(definition, case, MONDAY, 0)
        outcome = play.decide(Fire("invite", OLIVE, ASKED | {"lead": 900}))
        own, others = (
            contexts.told(definition, "officer", reader, definition.workflow.fields, outcome.fields)
            for reader in (OLIVE, PETRA)
        )

    assert ("pupil" in own, "pupil" in others) == (True, False)
