"""`apflow diagram`, run as a person would run it."""

from pathlib import Path
from xml.etree import ElementTree

from apflow.demo.run import publish_first
from apflow.settings import Settings
from apflow.store.engine import Store
from apflow.store.migrate import upgrade
from apflow.testing import add_people, bring_to
from apflow.wiring import published_site
from tests.shell.commands import apflow


def test_a_workflow_is_printed_as_a_picture(tmp_path: Path) -> None:
    drawn = apflow("diagram", "provider", folder=tmp_path)

    assert (drawn.returncode, drawn.stderr) == (0, "")
    assert ElementTree.fromstring(drawn.stdout).tag.endswith("svg")


def test_a_picture_is_written_to_a_file(tmp_path: Path) -> None:
    drawn = apflow("diagram", "provider", "--out", "provider.svg", folder=tmp_path)

    assert drawn.stdout == "provider.svg is written.\n"
    assert "Checking evidence" in (tmp_path / "provider.svg").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    drawn = apflow("diagram", "provider", "--out", "nowhere/provider.svg", folder=tmp_path)

    assert drawn.returncode == 1
    assert drawn.stderr == "Error: nowhere/provider.svg cannot be written: No such file or directory.\n"


def test_an_unknown_workflow_is_refused_with_those_there_are(tmp_path: Path) -> None:
    drawn = apflow("diagram", "providr", folder=tmp_path)

    assert drawn.returncode == 1
    assert drawn.stderr.startswith('Error: There is no workflow "providr"; there is ')
    assert {"provider", "visit"} <= set(drawn.stderr.rstrip(".\n").replace(",", "").split())


def test_the_way_of_one_case_is_drawn_and_an_unknown_case_refused(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/apflow.db"
    settings = Settings(database=database)
    store = Store(database)
    upgrade(store)
    publish_first(store, settings)
    site = published_site(settings, store)
    add_people(store)
    reference = bring_to(site.handler, "checking_evidence")
    store.close()

    drawn = apflow("diagram", "provider", "--case", reference, folder=tmp_path, APFLOW_DATABASE=database)
    unknown = apflow("diagram", "provider", "--case", "AP-NONE-0000", folder=tmp_path, APFLOW_DATABASE=database)

    assert f"{reference} is in the state “Checking evidence”." in drawn.stdout
    assert 'There is no case "AP-NONE-0000" of the workflow "provider".' in unknown.stderr
