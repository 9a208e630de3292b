"""What the council writes to an outsider, and goes out by e-mail, is looked through for pupils' names first."""

import re
from collections.abc import Iterator

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.labels import STAFF
from apflow.loader import Library
from apflow.settings import shipped

# Not placements and their reviews: whoever is written to about those knows which pupil it is.
WORKFLOWS = (
    "action_plan",
    "concern",
    "data_breach",
    "formal_escalation",
    "information_request",
    "invoice",
    "own_checks",
    "provider",
    "quality_review",
    "registered_provider",
    "registration_light",
    "self_assessment",
    "visit",
)
FOR_THEM = "in words for the provider"


def written_to_outsiders(definition: Definition) -> Iterator[tuple[str, str, FieldSpec]]:
    """Each event with a text that its form asks and that its e-mail to an outsider has in it."""
    for (state, event), form in definition.forms.items():
        for role, use in definition.events[state][event].notify.items():
            if definition.council.roles[role].audience != STAFF:
                template = (shipped("notifications") / definition.name / f"{use.notice}.txt").read_text("utf-8")
                told = set(re.findall(r"(?:answers|fields)\.(\w+)", template))
                yield from ((event, name, form[name]) for name in sorted(told & form.keys()))


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_long_texts_and_words_for_the_provider_are_screened(library: Library, workflow: str) -> None:
    texts = [
        (event, name, asked.screened)
        for event, name, asked in written_to_outsiders(library.current(workflow))
        if asked.type is FieldType.LONG_TEXT or (asked.type is FieldType.TEXT and FOR_THEM in asked.label)
    ]

    assert [(event, name) for event, name, is_screened in texts if not is_screened] == []


def test_there_are_such_texts(library: Library) -> None:
    assert len(list(written_to_outsiders(library.current("provider")))) > 20
