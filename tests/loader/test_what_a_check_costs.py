"""Asking for a check costs no more than it must: each thing is read and followed once, however much is asked of it."""

import cProfile
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import CodeType

import pytest
import yaml

from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_reading
from apflow.loader import read_folder
from apflow.loader.reports import followed
from apflow.settings import shipped
from tests.lending import a_council
from tests.loader.folder import rewrite

COPIED = "own_checks"
WATCHED = """
import os
import sys
from apflow.cli import main
# Written at once, as the copy that a check makes of its process would print only what fills its buffer.
sys.addaudithook(lambda name, given: name == "open" and os.write(1, f"opened {given[0]}\\n".encode()))
try:
    main(["check"])
finally:
    print("loaded", *sys.modules)
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What a check opens and what it has loaded in the end, in words."""
    folder = tmp_path_factory.mktemp("nowhere")
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=folder, capture_output=True, text=True, check=True)
    return [line.split() for line in done.stdout.splitlines()]


def test_each_policy_file_is_read_once(watched: list[list[str]]) -> None:
    opened = Counter(line[1] for line in watched if line[0] == "opened")

    assert {opened[str(path)] for path in shipped("workflows").glob("*.yaml")} == {1}


def test_what_a_check_does_not_need_is_not_loaded(watched: list[list[str]]) -> None:
    (loaded,) = (set(line) for line in watched if line[0] == "loaded")

    assert loaded.isdisjoint({"sqlalchemy", "litestar", "requests"})


def calls_of_a_check(folder: Path) -> Counter[tuple[str, str]]:
    """How often each function was called, by its file and name."""
    notices = Notices(folder / "notifications")
    with cProfile.Profile() as profile:
        reading = read_folder(folder / "workflows", notices.names())
        problems = check_reading(reading, notices)
        bounds = followed(reading, problems)
    assert (problems, len(bounds)) == ([], len(reading.workflows))
    calls = Counter[tuple[str, str]]()
    for entry in profile.getstats():
        if isinstance(entry.code, CodeType):
            calls[Path(entry.code.co_filename).name, entry.code.co_name] += entry.callcount
    return calls


def a_policy_of(folder: Path, workflows: int) -> Path:
    """The shipped policy with one of its workflows, and its notices, so many times over, each by a name of its own.

    It is one that no other workflow tells anything, so that a copy of it stands on its own.
    """
    shutil.copytree(shipped("workflows"), folder / "workflows")
    shutil.copytree(shipped("notifications"), folder / "notifications")
    own = "    own_checks: {of: own_checks,"
    kept = [
        f"    again_{number}: {{of: again_{number}, keep: 1 year, assumed: Ours.}}\n" for number in range(1, workflows)
    ]
    rewrite(folder / "workflows/council.yaml", (own, "".join([*kept, own])))
    for number in range(1, workflows):
        again = folder / f"workflows/again_{number}.yaml"
        shutil.copy(folder / f"workflows/{COPIED}.yaml", again)
        rewrite(again, (f"workflow: {COPIED}\n", f"workflow: again_{number}\n"))
        text = again.read_text(encoding="utf-8")  # What people begin a case by is called otherwise in each.
        for event in yaml.load(text, yaml.CSafeLoader)["start"]:
            text = re.sub(rf"\b{event}\b", f"{event}_{number}", text)
        again.write_text(text, encoding="utf-8")
        shutil.copytree(shipped("notifications") / COPIED, folder / f"notifications/again_{number}")
        for template in (folder / f"notifications/again_{number}").iterdir():
            template.write_text(f"{template.read_text(encoding='utf-8')}{{# {number} #}}", encoding="utf-8")
    return folder


def lent_again(folder: Path, workflows: int) -> Path:
    """The small policy with its workflow and letters so many times over: to watch each of its calls takes a second."""
    a_council(folder)
    loan = folder / "workflows/loan.yaml"
    for number in range(1, workflows):
        again = folder / f"workflows/loan_{number}.yaml"
        shutil.copy(loan, again)
        rewrite(
            again,
            ("workflow: loan\n", f"workflow: loan_{number}\n"),
            ("reference: LO\n", f"reference: {'ABC'[number]}O\n"),
        )
        rewrite(again, ("  ask: {label", f"  ask_{number}: {{label"))
        shutil.copytree(folder / "notifications/loan", folder / f"notifications/loan_{number}")
        for template in (folder / f"notifications/loan_{number}").iterdir():
            template.write_text(f"{template.read_text(encoding='utf-8')}{{# {number} #}}", encoding="utf-8")
    return folder


def each_is_done_once(folder: Path, calls: Counter[tuple[str, str]]) -> None:
    templates = [path for path in (folder / "notifications").rglob("*") if path.is_file()]
    assert calls["exploring.py", "explore"] == len(read_folder(folder / "workflows", None).workflows)
    assert 0 < calls["environment.py", "_parse"] <= len(templates)


def test_a_workflow_is_followed_once_and_each_template_read_once(tmp_path: Path) -> None:
    folder = lent_again(tmp_path, 3)

    each_is_done_once(folder, calls_of_a_check(folder))


@pytest.mark.slow
def test_every_further_workflow_costs_the_same(tmp_path: Path) -> None:
    first = a_policy_of(tmp_path / "first", 1)
    each_is_done_once(first, calls_of_a_check(first))  # What is made once and kept is made now.

    one, two, four = (calls_of_a_check(a_policy_of(tmp_path / str(n), n)).total() for n in (1, 2, 4))

    assert (four - two) / 2 == pytest.approx(two - one, rel=0.02)
