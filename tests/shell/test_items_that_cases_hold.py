"""A catalogue holds at once for every case: no item of one goes under which an open case holds something."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from apflow.core.people.actor import Actor
from apflow.settings import Settings
from apflow.store.editions import Publisher
from apflow.testing import MONDAY
from apflow.versions.publishing import propose, publish
from apflow.web.site import Site
from apflow.wiring import open_store, published_site
from tests.lending import a_council, add_libby, ask, environment, go_live, lend
from tests.loader.folder import place_of, rewrite
from tests.shell.commands import Ran, apflow

PASSPORT = "  passport: {label: Passport,"
LIBRARY_CARD = "  card: {label: Library card, section: identity, required: false, good: Any., assumed: x}\n"

RITA = Actor(2, "Rita Reader", frozenset({"reader"}))

Command = Callable[..., Ran]


@pytest.fixture
def settings(tmp_path: Path, upgraded_file: Path) -> Settings:
    settings = a_council(tmp_path / "council")
    shutil.copy(upgraded_file, tmp_path / "council" / "council.db")
    return settings


@pytest.fixture
def council(settings: Settings) -> Site:
    """The installation with its policy published."""
    store = open_store(settings)
    add_libby(store)
    go_live(store, settings)
    return published_site(settings, store)


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Command:
    return lambda *words: apflow(*words, folder=tmp_path, **environment(settings))


def change(settings: Settings, *changes: tuple[str, str]) -> Path:
    rewrite(settings.workflows / "papers.yaml", *changes)
    return settings.workflows / "papers.yaml"


def refusals(site: Site) -> tuple[str, ...]:
    return propose(site.store, site.settings.workflows, site.settings.notifications).refusals


def test_an_item_under_which_open_cases_hold_something_cannot_have_another_name(
    run: Command, settings: Settings, council: Site
) -> None:
    lend(council.handler)
    lend(council.handler)
    ask(council.handler)
    file = change(settings, (PASSPORT, PASSPORT.replace("passport:", "passport_or_card:")))

    alone, checked, published = run("check"), run("check", "--live"), run("publish", "--yes")

    line, column = place_of(file, "passport_or_card")
    found = (
        f"papers.yaml:{line}:{column}: item-held: 2 open cases hold something under “Passport” (passport), which is "
        "no longer there. They would lose it at once, and be asked for it anew. Call it passport again and not "
        "passport_or_card: people never see that name, and the label can change."
    )
    assert (alone.returncode, checked.returncode, published.returncode) == (0, 1, 1)
    assert checked.stdout.startswith(f"{settings.workflows}/{found}")
    assert f"Not publishable: {found}" in published.output
    assert "it is asked for anew, and what cases have under the old name is no longer shown" in published.output


def test_an_item_under_which_an_open_case_holds_something_cannot_be_taken_away(
    settings: Settings, council: Site
) -> None:
    lend(council.handler)
    text = (settings.workflows / "papers.yaml").read_text()
    passport = next(line for line in text.splitlines(keepends=True) if line.startswith(PASSPORT))
    change(settings, (passport, LIBRARY_CARD))

    (refusal,) = refusals(council)

    assert refusal.endswith(
        "item-held: 1 open case holds something under “Passport” (passport), which is no longer there. It would lose "
        "it at once, and be asked for it anew. Keep passport: its label can change, and with required: false nothing "
        "waits for it."
    )


def test_an_item_can_go_under_which_only_cases_that_have_ended_hold_something(
    settings: Settings, council: Site
) -> None:
    council.handler.fire(lend(council.handler), "return", {}, actor=RITA, now=MONDAY)
    ask(council.handler)
    change(settings, (PASSPORT, PASSPORT.replace("passport:", "card:")))

    assert refusals(council) == ()


def test_what_was_taken_away_before_stands_in_the_way_of_nothing_later(settings: Settings, council: Site) -> None:
    lend(council.handler)
    change(settings, (PASSPORT, PASSPORT.replace("passport:", "card:")))
    proposal = propose(council.store, settings.workflows, settings.notifications)
    publish(council.store, replace(proposal, refusals=()), by=Publisher("Magda Manager"), why="", now=MONDAY)
    change(settings, ("title: Papers", "title: Papers to show"))

    assert refusals(council) == ()


def test_an_edition_that_cannot_be_read_any_more_keeps_nobody_from_checking_what_is_live(
    run: Command, settings: Settings, council: Site
) -> None:
    lend(council.handler)
    proposal = propose(council.store, settings.workflows, settings.notifications)
    files = {**proposal.files, "workflows/papers.yaml": "catalogue: papers\nfrom_the_past: true\n"}
    publish(council.store, replace(proposal, files=files), by=Publisher("Magda Manager"), why="", now=MONDAY)

    assert run("check", "--live").returncode == 0


def test_a_whole_catalogue_that_open_cases_are_of_cannot_have_another_name(settings: Settings, council: Site) -> None:
    lend(council.handler)
    change(settings, ("catalogue: papers", "catalogue: proofs"))
    rewrite(settings.workflows / "loan.yaml", ("catalogue: papers", "catalogue: proofs"), ("version: 1", "version: 2"))

    (refusal,) = refusals(council)

    assert refusal.startswith("Open cases that began under version 1 of “Lending books” could not go on: ")
    assert '"papers"' in refusal
