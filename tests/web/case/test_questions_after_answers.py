"""Questions that are asked only after an answer: each stands on its page, or whoever has to answer it could not."""

from collections.abc import Callable
from datetime import date
from typing import Any

from apflow.core.conditions import Facts
from apflow.core.definition.conditions import reads_answers
from apflow.core.definition.fields import FieldSpec
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.store.cases.loading import load_case
from apflow.testing import MONDAY, OLIVE, PAT
from apflow.web.forms import questions_of
from apflow.web.site import Site
from tests.placing import PROGRAMME, a_listed_site, a_pupil_of, a_school_with_an_account, plan, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
WHY = "Mornings first.\n\n- Full-time from 1 February.\n  If all goes well."
AGREED = {"part_time_agreed": "The mother, and the head", "part_time_until": "2027-01-29"}
NOTHING = Facts(fields={}, today=MONDAY.date().isoformat())


def test_every_question_that_an_answer_brings_is_on_its_page(library: Library) -> None:
    for workflow in library.sources:
        for (state, event), form in library.current(workflow).forms.items():
            wanted = {name for name, spec in form.items() if spec.asked_if and reads_answers(spec.asked_if)}
            offered = {spec.chosen_from: {1: "Somebody, or something"} for spec in form.values()}
            shown = {question.name for question in questions_of(form, {}, NOTHING, people=offered)}
            assert wanted <= shown, (workflow, state, event)


def test_what_depends_on_several_answers_is_shown_as_nothing_else_could_ask_it() -> None:
    either = {"any": [{"fact": "answer.one", "is": True}, {"fact": "answer.two", "is": True}]}
    form = {
        "one": FieldSpec.model_validate({"type": "yes/no", "label": "One?"}),
        "two": FieldSpec.model_validate({"type": "yes/no", "label": "Two?"}),
        "why": FieldSpec.model_validate({"type": "text", "label": "Why?", "asked_if": either}),
    }
    assert [(question.name, question.shown_when) for question in questions_of(form, {}, NOTHING)] == [
        ("one", None),
        ("two", None),
        ("why", None),
    ]


def test_a_part_time_plan_is_set_out_on_its_page(site: Site, client_as: ClientAs) -> None:
    """Source: guidance: on a part-time timetable, a clearly defined plan and timeline back to full-time education."""
    reference, school = offered(site)
    client, address = client_as(school), f"/cases/{reference}/do/set_plan"

    asked = Page(client.get(address))
    assert "why_part_time" in asked.ids
    refused = Page(asked.form("Set out the plan").send(client, **typed(is_full_time="no")))
    assert list(refused.errors) == ["why_part_time", "part_time_agreed", "part_time_until-day"]
    sent = refused.form("Set out the plan").send(client, **typed(is_full_time="no", why_part_time=WHY, **AGREED))
    assert sent.status_code == 303

    case = case_of(site, reference)
    assert case.fields["why_part_time"] == WHY
    assert (case.fields["part_time_until"], case.fields["sessions"]) == ("2027-01-29", 4)
    assert WHY in client_as(OLIVE).get(f"/cases/{reference}").text


def test_a_part_time_plan_that_is_sent_as_its_page_has_it_changes_nothing(site: Site, client_as: ClientAs) -> None:
    reference, school = offered(site)
    client, address = client_as(school), f"/cases/{reference}/do/set_plan"
    first = Page(client.get(address)).form("Set out the plan")
    assert first.send(client, **typed(is_full_time="no", why_part_time=WHY, **AGREED)).status_code == 303
    for who in (PAT, school):
        site.handler.fire(reference, "sign", {"signed_as": who.name, "agrees": True}, actor=who, now=MONDAY)
    before = case_of(site, reference)

    assert Page(client.get(address)).form("Set out the plan").send(client, "Set out the plan").status_code == 303
    after = case_of(site, reference)
    assert after.version == before.version + 1
    assert after.fields == before.fields
    assert after.items["signatures"] == before.items["signatures"]


def offered(site: Site) -> tuple[str, Actor]:
    """A placement that the provider has offered, with its programme; its reference and the school."""
    _, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(site.handler, school, a_pupil_of(site.handler, "Hill School", "Pip"), place)
    offer = {"can_meet": True, "offered_from": MONDAY.date().isoformat()}
    site.handler.fire(reference, "offer", offer, actor=PAT, now=MONDAY)
    site.handler.fire(reference, "set_programme", PROGRAMME, actor=PAT, now=MONDAY)
    return reference, school


def case_of(site: Site, reference: str) -> Snapshot:
    with site.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def typed(**more: Any) -> dict[str, Any]:
    """The plan as it is typed into its page."""
    said: dict[str, Any] = {}
    for name, value in plan(**more).items():
        if name.endswith(("_on", "until")):
            day = date.fromisoformat(value)
            said |= {f"{name}__day": str(day.day), f"{name}__month": str(day.month), f"{name}__year": str(day.year)}
        else:
            said[name] = value if isinstance(value, list | str) else "yes" if value is True else str(value)
    return said
