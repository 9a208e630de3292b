"""Every route as everyone: as docs/who-may-open-what.md says, and another's looks as what is not there."""

import shutil
from pathlib import Path

import pytest

from tests.permissions.table import Answers, asked_everything, read, rows, served_in_memory
from tests.permissions.who import MISSING, OTHERS


@pytest.fixture(scope="module")
def answers(demo_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    folder = Path(shutil.copytree(demo_made, tmp_path_factory.mktemp("permissions") / "council"))
    with served_in_memory(folder) as asking:
        return asked_everything(asking)


def test_every_address_has_been_decided_on_and_no_other_is_written_down(answers: Answers) -> None:
    assert sorted(rows(answers)) == sorted(read()), "decide who may open the new address, and write the table anew"


def test_everybody_is_answered_as_the_table_says(answers: Answers) -> None:
    told, meant = rows(answers), read()

    assert {route: cells for route, cells in told.items() if meant.get(route) != cells} == {}


def test_what_is_another_s_looks_as_what_is_not_there(answers: Answers) -> None:
    differ = [
        (route, role)
        for (route, which), told in answers.items()
        if which == OTHERS
        for role, asked in told.items()
        if role in answers[route, MISSING] and asked != answers[route, MISSING][role]
    ]

    assert differ == []


def test_nobody_is_ever_answered_with_a_fault(answers: Answers) -> None:
    faults = {
        (*route, which, role): asked.word
        for (route, which), told in answers.items()
        for role, asked in told.items()
        if asked.word.startswith("answers ")
    }

    assert faults == {}
