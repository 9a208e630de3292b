"""A slip in one branch of a notice is found before anybody's answer, or a missing one, leads there."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from apflow.core.errors import Problem
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import rehearse
from apflow.loader import Library
from apflow.settings import shipped
from apflow.testing import shipped_library
from tests.loader.folder import rewrite
from tests.versions import changed


def problems(tmp_path: Path, notice: str, said: str, library: Library) -> list[Problem]:
    """What is found with this said in a shipped notice."""
    notifications = Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))
    workflow, happened = notice.split("/", maxsplit=1)[0], "{% block happened %}\n"
    rewrite(notifications / f"{notice}.txt", (happened, f"{happened}{said}\n"))
    return rehearse(replace(library, sources={workflow: library.sources[workflow]}), Notices(notifications))


RING = "Ring {{ fields.contact_phone.strip() }}."
ENQUIRY, REMINDER, PLAN = "provider/enquiry_received", "provider/evidence_reminder", "action_plan/plan_escalated"
FOUND = {
    "a choice that is compared with": (
        ENQUIRY,
        f'{{% if fields.registration == "We are not sure" %}}{RING}{{% endif %}}',
    ),
    "one of several": (ENQUIRY, f'{{% if fields.registration in ["We are not sure"] %}}{RING}{{% endif %}}'),
    "one that is set first": (
        ENQUIRY,
        f'{{% set sure = "We are not sure" %}}{{% if fields.registration == sure %}}{RING}{{% endif %}}',
    ),
    "any other choice": (REMINDER, f'{{% if fields.registration != "Yes, we are registered" %}}{RING}{{% endif %}}'),
    "an answer that is missing alone": (
        ENQUIRY,
        f"{{% if fields.postcode and not fields.contact_phone %}}{RING}{{% endif %}}",
    ),
    "items that are all in one status": (
        PLAN,
        '{% if items.actions %}{{ (items.actions|selectattr("status", "equalto", "open")|first).label }}{% endif %}',
    ),
    "a deadline that is over": (
        REMINDER,
        '{% if deadline and "overdue" in deadline.left %}{{ fields.organisation > 3 }}{% endif %}',
    ),
    "a text as long as it can be": (
        ENQUIRY,
        "{% for a in fields.what_is_offered|list %}{% for b in fields.what_is_offered|list %}{% endfor %}{% endfor %}",
    ),
}


@pytest.mark.parametrize("slip", FOUND)
def test_a_slip_is_found_behind(tmp_path: Path, slip: str) -> None:
    notice, said = FOUND[slip]
    (problem,) = problems(tmp_path, notice, said, shipped_library())

    assert (problem.code, Path(problem.file).stem) == ("notice", notice.split("/")[1])


def test_what_is_asked_because_of_a_choice_is_there_where_it_is_made(tmp_path: Path) -> None:
    because = "asked_if: {fact: answer.registration, is: %s}"
    asked = (because % "registered", because % "not_sure")
    said = '{% if fields.registration == "We are not sure" %}{{ fields.urn.strip() }}{% endif %}'

    assert problems(tmp_path, ENQUIRY, said, changed(shipped_library(), asked, is_next=False)) == []
