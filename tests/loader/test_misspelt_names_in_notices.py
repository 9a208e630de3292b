"""A name in a notice that stands for nothing is found, though no sample data would ever come to it."""

import shutil
from pathlib import Path

import pytest

from apflow.core.errors import Problem
from apflow.letters import made_up, rehearsal
from apflow.letters.contexts import OF_AN_ITEM, SPOKEN_OF
from apflow.settings import shipped
from apflow.testing import SHIPPED_NOTICES, shipped_library
from tests.loader.folder import place_of, rewrite
from tests.loader.test_privacy import of_provider


def misspelt(tmp_path: Path, notice: str, old: str, new: str) -> tuple[Path, list[Problem]]:
    notifications = Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))
    file = notifications / "provider" / notice
    rewrite(file, (old, new))
    return file, of_provider(notifications)


@pytest.mark.parametrize(
    ("notice", "old", "new", "said"),
    [
        (
            "declined.txt",
            "answers.what_next is",
            "answers.wha_tnext is",
            'nothing that sends this notice asks for "wha_tnext"; did you mean "what_next"?',
        ),
        (
            "evidence_reminder.txt",
            "due by {{ deadline.time",
            "due by {{ deadline.tmie",
            'there is no "deadline.tmie"; did you mean "deadline.time"?',
        ),
        ("evidence_reminder.html", "{{ case.title }} were", "{{ csae.title }} were", 'there is nothing called "csae"'),
        ("more_information_needed.txt", "{{ item.reason", "{{ item.resaon", 'nothing here has a "resaon"'),
        ("more_information_needed.txt", "{% if returned %}", "{% if retruned %}", 'nothing called "retruned"'),
        (
            "more_information_needed.html",
            'selectattr("required")',
            'selectattr("requierd")',
            'nothing here has a "requierd"; did you mean "required"?',
        ),
    ],
)
def test_a_misspelt_name_is_found_at_its_line(tmp_path: Path, notice: str, old: str, new: str, said: str) -> None:
    file, found = misspelt(tmp_path, notice, old, new)

    (problem,) = found
    assert (problem.file, problem.code) == (str(file), "unknown-value")
    assert problem.line == place_of(file, new)[0]
    assert said.replace("deadline.time", "time") in problem.message


def test_a_name_is_also_unknown_where_it_is_asked_for_only_by_events_that_send_other_notices(tmp_path: Path) -> None:
    _, found = misspelt(tmp_path, "more_time.txt", "{{ answers.why }}", "{{ answers.reasons }}")

    assert [problem.code for problem in found] == ["unknown-value"]


def test_a_layout_may_speak_of_what_one_of_its_notices_has(tmp_path: Path) -> None:
    notifications = Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))
    layout = notifications / "layout.txt"
    layout.write_text(layout.read_text(encoding="utf-8") + "{% if answers.panel_on is defined %}Panel{% endif %}\n")
    assert of_provider(notifications) == []

    layout.write_text(layout.read_text(encoding="utf-8") + "{% if answers.panle_on is defined %}Panel{% endif %}\n")
    assert [problem.code for problem in of_provider(notifications)] == ["unknown-value"]


def test_what_may_be_spoken_of_is_what_a_notice_is_given() -> None:
    definition = shipped_library().current("provider")
    contexts = [context for _, context in made_up.contexts(definition)]
    assert len({context["link"] for context in contexts}) == 1

    for place, names in SPOKEN_OF.items():
        given = [context[place] for context in contexts if context[place] is not None]
        assert all(set(one) == set(names) for one in given), place
        assert given or place == "override"


def test_an_item_has_what_is_said_of_items(tmp_path: Path) -> None:
    every = " ".join(f"{{{{ item.{name} }}}}" for name in OF_AN_ITEM)
    _, found = misspelt(tmp_path, "more_information_needed.txt", "- {{ item.label }}\n", f"- {every}\n")

    assert found == []


def test_every_notice_that_is_shipped_speaks_of_what_there_is() -> None:
    assert rehearsal.rehearse(shipped_library(), SHIPPED_NOTICES) == []
