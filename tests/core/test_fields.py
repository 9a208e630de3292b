"""The case's own fields: what an event writes, what it empties, and what it leaves alone."""

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldUse
from apflow.core.play import Play
from apflow.testing import ENQUIRY, OLIVE, PAT
from tests.core.journey import reach

DETAILS = {name: value for name, value in ENQUIRY.items() if name != "contact_email"}


@pytest.fixture
def play(definition: Definition) -> Play:
    return reach(definition, "enquiry")


def test_only_what_is_really_different_counts_as_changed(play: Play) -> None:
    outcome = play.fire(PAT, "correct_details", **DETAILS | {"postcode": "ba2 2bb"})

    assert outcome.entry.changed == {"postcode": "BA2 2BB"}
    assert play.case.fields == ENQUIRY | {"postcode": "BA2 2BB"}


def test_an_optional_field_left_empty_is_emptied(play: Play) -> None:
    outcome = play.fire(PAT, "correct_details", **DETAILS | {"contact_phone": ""})

    assert outcome.entry.changed == {"contact_phone": None}
    assert "contact_phone" not in play.case.fields


def test_a_field_that_another_answer_rules_out_is_emptied(play: Play) -> None:
    play.fire(PAT, "correct_details", **DETAILS | {"registration": "registered", "urn": "123456"})
    assert play.case.fields["urn"] == "123456"

    play.fire(PAT, "correct_details", **DETAILS | {"registration": "not_needed"})

    assert "urn" not in play.case.fields


def test_a_field_the_form_does_not_ask_is_left_alone(play: Play) -> None:
    play.fire(OLIVE, "change_contact", contact_name="Pip", contact_email="pip@x.example", how_known="They rang.")

    assert play.case.fields == ENQUIRY | {"contact_name": "Pip", "contact_email": "pip@x.example"}
    assert "how_known" not in play.case.fields


def test_a_form_asks_for_a_field_in_its_own_way_without_changing_it_for_others() -> None:
    field = FieldSpec.model_validate({"type": "date", "label": "Day", "optional": True, "hint": "Any day"})
    use = FieldUse.model_validate({"optional": False, "label": "Which day?", "date_must_be": "today or after"})

    asked = use.of(field)

    assert (asked.optional, asked.label, asked.hint, asked.date_must_be) == (
        False,
        "Which day?",
        "Any day",
        "today or after",
    )
    assert (field.optional, field.label, field.date_must_be) == (True, "Day", None)


def test_a_use_that_says_nothing_asks_as_the_field_does() -> None:
    field = FieldSpec.model_validate(
        {"type": "date", "label": "Day", "optional": True, "date_must_be": "today or after"}
    )

    assert FieldUse().of(field) == field


def test_shared_questions_come_before_those_of_the_event_itself(definition: Definition) -> None:
    form = definition.forms["panel", "panel_decline"]

    assert list(form) == ["panel_on", "chaired_by", "reasons", "departs_because", "what_next"]
    assert form["panel_on"].date_must_be == "today or before"
    assert definition.forms["panel", "move_panel"]["panel_on"].date_must_be == "today or after"
