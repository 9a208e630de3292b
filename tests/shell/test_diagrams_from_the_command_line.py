"""`apflow diagram`, run as a person would run it."""

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from apflow.wiring import open_store, published_site
from tests.lending import a_council, add_libby, environment, go_live, lend
from tests.loader.family import a_family_folder
from tests.shell.commands import apflow, apflow_started


def test_a_workflow_is_printed_as_a_picture(tmp_path: Path) -> None:
    drawn = apflow_started("diagram", "provider", folder=tmp_path)

    assert (drawn.returncode, drawn.stderr) == (0, "")
    assert ElementTree.fromstring(drawn.stdout).tag.endswith("svg")


def test_a_picture_is_written_to_a_file(tmp_path: Path) -> None:
    council = environment(a_council(tmp_path / "council"))

    drawn = apflow("diagram", "loan", "--out", "loan.svg", folder=tmp_path, **council)

    assert drawn.stdout == "loan.svg is written.\n"
    assert "Waiting" in (tmp_path / "loan.svg").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    council = environment(a_council(tmp_path / "council"))

    drawn = apflow("diagram", "loan", "--out", "nowhere/loan.svg", folder=tmp_path, **council)

    assert drawn.returncode == 1
    assert drawn.stderr == "Error: nowhere/loan.svg cannot be written: No such file or directory.\n"


def test_an_unknown_workflow_is_refused_with_those_there_are(tmp_path: Path) -> None:
    family = a_family_folder(tmp_path)

    drawn = apflow("diagram", "providr", folder=tmp_path, APFLOW_WORKFLOWS=str(family))

    assert drawn.returncode == 1
    assert drawn.stderr.startswith('Error: There is no workflow "providr"; there is ')
    assert {"plan", "provider"} <= set(drawn.stderr.rstrip(".\n").replace(",", "").split())


def test_the_way_of_one_case_is_drawn_and_an_unknown_case_refused(tmp_path: Path) -> None:
    council = a_council(tmp_path / "council")
    store = open_store(council)
    add_libby(store)
    go_live(store, council)
    reference = lend(published_site(council, store).handler)
    store.close()

    draw = partial(apflow, "diagram", "loan", "--case", folder=tmp_path, **environment(council))

    assert f"{reference} is in the state “Lent”." in draw(reference).stdout
    assert 'There is no case "LO-NONE-0000" of the workflow "loan".' in draw("LO-NONE-0000").stderr
