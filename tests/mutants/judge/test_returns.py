"""The judge sees what is broken in a file of returns, and nothing in the one that ships."""

from pathlib import Path

import pytest

from apflow.settings import shipped
from tests.loader.folder import rewrite
from tests.mutants.judge import returns
from tests.mutants.judge.reading import read_folder

FACT = "fact: placement.outcome, needed: false"
BROKEN = {
    "a fact nobody records": ((FACT, "fact: placement.outcom, needed: false"), "the fact placement.outcom,"),
    "a question that is not asked": (("fact: case.kind", "fact: case.kimd"), "the fact case.kimd,"),
    "a question that the report reads": (("  destination: destination", "  destination: nowhere"), "field nowhere,"),
    "a state that the report reads": (("first_after_breakdown: Broken", "after_breakdown: Broken"), "state after_br"),
    "an answer told apart by nothing": (("permanently_excluded_on, sus", "excluded_on, sus"), "the field excluded_on,"),
    "a form nobody answers for": (
        ('        assumed: "That the council wants to see', "        # "),
        "form own says neither",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_it_is_seen_in_a_file_of_returns_that_there_is(what: str, tmp_path: Path) -> None:
    folder = tmp_path / "workflows"
    folder.mkdir()
    for file in shipped("workflows").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    change, said = BROKEN[what]
    rewrite(folder / "returns.yaml", change)

    policy = read_folder(folder, shipped("notifications"))

    assert policy.wrong == ()
    assert said in " ".join(returns.wrong(policy))


def test_nothing_is_seen_in_the_returns_that_ship() -> None:
    assert list(returns.wrong(read_folder(shipped("workflows"), shipped("notifications")))) == []
