"""Whoever is asked to ring can: a number is given, or another way; and one that is missing or made up is told of."""

import re
from dataclasses import replace

import pytest

from apflow.core.definition.compiled import Definition
from apflow.letters.made_up import contexts
from apflow.letters.notices import Notices
from apflow.letters.remarks import remarks
from apflow.loader import Library
from apflow.testing import SHIPPED_NOTICES, shipped_library

NUMBER = "01225 000000"
_RING_US = re.compile(r"\b(?:ring|call) us\b", re.IGNORECASE)


def with_number(library: Library, number: str | None) -> Library:
    return replace(library, council=library.council.model_copy(update={"telephone": number}))


def said(definition: Definition, notices: Notices, number: str | None) -> dict[str, str]:
    """What each notice of the workflow says, by its name, where the council has this number."""
    found: dict[str, str] = {}
    for send, context in contexts(definition):
        name = f"{definition.name}/{send.notice}"
        council = context["council"] | {"telephone": number}
        one = notices.as_written(name, context | {"council": council})
        found[name] = found.get(name, "") + f"{one.subject}\n{one.text}\n{one.html}"
    return found


@pytest.mark.parametrize("workflow", ["concern", "information_request", "placement"])
def test_no_email_asks_to_ring_a_number_that_it_does_not_give(workflow: str) -> None:
    definition, notices = shipped_library().current(workflow), SHIPPED_NOTICES
    without = said(definition, notices, None)
    assert [name for name, text in without.items() if _RING_US.search(text)] == []
    for name, text in said(definition, notices, NUMBER).items():
        assert NUMBER in text or not _RING_US.search(text), name


def test_whoever_is_asked_to_speak_with_the_council_about_a_child_without_its_number_is_rung() -> None:
    text = said(shipped_library().current("concern"), SHIPPED_NOTICES, None)["concern/ring_today"]
    assert "Write to EOTAS@bathnes.gov.uk today with your telephone number and nothing else" in text


def test_that_the_team_gives_no_number_is_told_with_the_emails_that_ask_to_ring() -> None:
    library, notices = shipped_library(), SHIPPED_NOTICES
    (told,) = [one for one in remarks(with_number(library, None), notices) if "no `telephone`" in one]
    assert "concern/ring_today" in told
    assert not [one for one in remarks(with_number(library, NUMBER), notices) if "no `telephone`" in one]


def test_numbers_and_addresses_that_are_made_up_are_told_of_until_they_are_the_council_s_own() -> None:
    library, notices = shipped_library(), SHIPPED_NOTICES
    told = "\n".join(remarks(library, notices))
    for made_up in ("01632 960000", "01632 960002", "virtual_school@council.example"):
        assert made_up in told
    assert library.council.urgent is not None
    urgent = library.council.urgent.model_copy(update={"says": f"Ring {NUMBER}."})
    roles = {
        name: role.model_copy(update={"mailbox": "own@bathnes.gov.uk"}) for name, role in library.council.roles.items()
    }
    own = library.council.model_copy(update={"urgent": urgent, "roles": roles, "telephone": NUMBER})
    assert list(remarks(replace(library, council=own, documents={}), notices)) == []


@pytest.mark.parametrize(
    ("council", "role", "is_told"),
    [
        ("team@made-up.gov.uk", "eotas@bathnes.gov.uk", True),
        ("team@made-up.gov.uk", "breaches@made-up.gov.uk", False),
        ("team@made-up.gov.uk", "breaches@data.made-up.gov.uk", False),
        ("team@schools.made-up.gov.uk", "breaches@made-up.gov.uk", False),
        ("team@made-up.gov.uk", "breaches@not-made-up.gov.uk", True),
        ("team@made-up.gov.uk", None, False),
    ],
)
def test_an_address_that_another_council_s_people_read_is_told_with_the_role_it_is_of(
    council: str, role: str | None, is_told: bool
) -> None:
    library = shipped_library()
    officer = library.council.roles["officer"].model_copy(update={"mailbox": role})
    changed = library.council.model_copy(update={"mailbox": council, "roles": {"officer": officer}})

    told = [one for one in remarks(replace(library, council=changed), SHIPPED_NOTICES) if "addresses of others" in one]

    assert [f"{role} (officer)" in one for one in told] == ([True] if is_told else [])


def test_who_changes_the_mailbox_of_the_shipped_policy_has_changed_the_officers_too() -> None:
    assert shipped_library().council.roles["officer"].mailbox is None


def test_what_the_privacy_notice_leaves_to_be_filled_in_is_told_of_until_it_is() -> None:
    library, notices = shipped_library(), SHIPPED_NOTICES
    told = "\n".join(remarks(library, notices))
    assert "“privacy_notice” leaves to be filled in: [postal address]" in told
    assert "“privacy_notice” has what is made up, and reaches nobody: data.protection@council.example" in told

    notice = library.documents["privacy_notice"]
    sections = [one.model_copy(update={"points": (), "text": "Guildhall"}) for one in notice.sections]
    filled_in = {"privacy_notice": notice.model_copy(update={"sections": tuple(sections)})}
    assert "privacy_notice" not in "\n".join(remarks(replace(library, documents=filled_in), notices))
