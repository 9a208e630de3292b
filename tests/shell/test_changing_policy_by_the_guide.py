"""The guide for whoever owns the policy: each change it shows is made as it stands there, and comes to what it says."""

import re
import shutil
from pathlib import Path

import pytest

from apflow.core.compare import Policy, compare
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from apflow.loader import Library, read_library
from apflow.settings import shipped

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "changing-policy.md").read_text(encoding="utf-8")
CHANGE = re.compile(r"^```diff (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAID = re.compile(r"^> (.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped policy with every change of the guide made in it."""
    folder = tmp_path_factory.mktemp("guided")
    for name in ("workflows", "notifications"):
        shutil.copytree(shipped(name), folder / name)
    for file, lines in CHANGE.findall(GUIDE):
        _change(folder / file, lines.splitlines(keepends=True))
    return folder


def _change(file: Path, lines: list[str]) -> None:
    was = "".join(line[1:] for line in lines if line[0] in " -")
    becomes = "".join(line[1:] for line in lines if line[0] in " +")
    text = file.read_text(encoding="utf-8")
    assert text.count(was) == 1, f"{file.name}: {was!r} is there {text.count(was)} times"
    file.write_text(text.replace(was, becomes), encoding="utf-8")


def _policy(folder: Path) -> Policy:
    library: Library = read_library(folder / "workflows")
    notices = folder / "notifications"
    texts = {path.relative_to(notices).as_posix(): path.read_text() for path in notices.rglob("*.*")}
    workflows = {name: source.workflow for name, source in library.sources.items()}
    return Policy(library.council, workflows, library.catalogues, texts, library.documents)


@pytest.mark.timeout(400)
def test_every_change_of_the_guide_holds_together_with_the_rest(folder: Path) -> None:
    assert check_folder(folder / "workflows", Notices(folder / "notifications")) == []


def test_compare_says_of_the_changes_what_the_guide_says(folder: Path) -> None:
    told = compare(_policy(shipped("workflows").parent), _policy(folder))

    for said in SAID.findall(GUIDE):
        assert any(said in sentence for sentence in told), (said, told)


def test_the_example_of_a_new_state_holds_together_too(tmp_path: Path) -> None:
    """As it says there: the state is put in, what is sent moves along, and each scenario has one step more."""
    example = (DOCS / "workflow-files.md").read_text(encoding="utf-8").partition("## Example: a second look")[2]
    state = example.partition("```yaml\n")[2].partition("```")[0]
    shutil.copytree(shipped("workflows"), tmp_path / "workflows")
    file = tmp_path / "workflows" / "provider.yaml"
    before, refers, after = file.read_text(encoding="utf-8").partition("      refer_to_panel:\n")
    after = after.replace("        to: panel\n", "        to: second_look\n", 1)
    after = re.sub(r"        notify:\n          provider: with_panel\n.*\n", "", after, count=1)
    after = after.replace("\n  panel:\n", f"\n{state}\n  panel:\n", 1)
    step = r"(      - \{who: officer, does: refer_to_panel(?:, with: .*)?\}\n)"
    after = re.sub(step, r"\1      - {who: manager, does: pass_to_panel}\n", after)
    file.write_text(before + refers + after, encoding="utf-8")

    assert check_folder(tmp_path / "workflows", Notices(shipped("notifications"))) == []
