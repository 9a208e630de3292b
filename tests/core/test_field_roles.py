"""Who is asked a question, and who reads its answer: a question is not asked of whoever may not write it."""

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Invalid
from apflow.core.people.permission import asked_of, hidden_of_items, may_read, readable
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import ENQUIRY, MAGDA, OLIVE, PAT, PETRA
from tests.core.journey import reach, reworded

PHONE = "contact_phone: {type: phone, label: Phone number, optional: true, privacy: personal"
DETAILS = {name: value for name, value in ENQUIRY.items() if name not in ("contact_email", "contact_phone")}


@pytest.fixture(scope="module")
def kept_by_officers(library: Library) -> Definition:
    """The shipped workflow, where only officers change a telephone number."""
    return reworded(library, (f"{PHONE}}}", f"{PHONE}, write: [officer, public]}}"))


@pytest.fixture(scope="module")
def hidden_from_providers(library: Library) -> Definition:
    """The shipped workflow, where only officers read a telephone number."""
    return reworded(library, (f"{PHONE}}}", f"{PHONE}, read: officer}}"))


@pytest.fixture
def play(kept_by_officers: Definition) -> Play:
    return reach(kept_by_officers, "enquiry")


def test_a_question_is_asked_only_of_those_who_may_answer_it(kept_by_officers: Definition) -> None:
    form = kept_by_officers.forms["enquiry", "correct_details"]

    assert "contact_phone" in asked_of(form, OLIVE)
    assert form.keys() - asked_of(form, PAT).keys() == {"contact_phone"}


def test_an_answer_sent_by_somebody_who_is_not_asked_is_refused(play: Play) -> None:
    with pytest.raises(Invalid) as refusal:
        play.fire(PAT, "correct_details", **DETAILS, contact_phone="01225 000 009")

    assert refusal.value.errors == {"contact_phone": 'This form does not ask for "contact_phone".'}


def test_what_somebody_is_not_asked_is_left_as_it_is(play: Play) -> None:
    before = play.case.fields["contact_phone"]

    play.fire(PAT, "correct_details", **DETAILS | {"postcode": "BA2 2BB"})

    assert (play.case.fields["contact_phone"], play.case.fields["postcode"]) == (before, "BA2 2BB")


def test_somebody_who_is_asked_changes_it(play: Play) -> None:
    play.fire(OLIVE, "correct_details", **DETAILS, contact_phone="01225 000 009")

    assert play.case.fields["contact_phone"] == "01225 000 009"


def test_what_somebody_was_not_shown_they_do_not_empty(hidden_from_providers: Definition) -> None:
    play = reach(hidden_from_providers, "enquiry")

    play.fire(PAT, "correct_details", **DETAILS)
    assert "contact_phone" in play.case.fields

    play.fire(OLIVE, "correct_details", **DETAILS)
    assert "contact_phone" not in play.case.fields


def test_an_answer_is_read_only_by_the_roles_it_is_for(hidden_from_providers: Definition) -> None:
    phone = hidden_from_providers.workflow.fields["contact_phone"]

    assert [may_read(hidden_from_providers, phone, who) for who in (OLIVE, MAGDA, PAT)] == [True, False, False]
    assert "contact_phone" not in readable(hidden_from_providers, hidden_from_providers.workflow.fields, PAT)


@pytest.mark.parametrize(
    ("privacy", "who_reads"),
    [
        ("public", [True, True, True]),
        ("personal", [True, True, True]),
        ("child", [True, False, False]),
        ("safeguarding", [True, False, False]),
    ],
)
def test_a_class_is_read_only_by_the_roles_that_see_it(library: Library, privacy: str, who_reads: list[bool]) -> None:
    definition = reworded(library, (f"{PHONE}}}", f"{PHONE.replace('personal', privacy)}}}"))
    phone = definition.workflow.fields["contact_phone"]

    assert [may_read(definition, phone, who) for who in (OLIVE, PETRA, PAT)] == who_reads


def test_a_question_about_a_document_is_kept_from_those_who_may_not_read_it(library: Library) -> None:
    note = "note: {type: long text, label: Anything we should know about it, optional: true, max_length: 1000"
    definition = reworded(library, (f"{note}}}", f"{note}, read: [officer, manager]}}"))

    assert hidden_of_items(definition, "evidence", PETRA) == {"note", "why_again"}
    assert hidden_of_items(definition, "evidence", OLIVE) == frozenset()
