"""`apflow publish`: a policy goes live checked, told in sentences, and by nothing else."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from apflow.clock import machine_now
from apflow.live import Live, NothingPublished
from apflow.settings import Settings, shipped
from apflow.store.cases.loading import load_case
from apflow.store.editions import Publisher, list_editions
from apflow.store.reading.history import broken_chains, history_of
from apflow.testing import MONDAY
from apflow.versions.publishing import propose, publish
from apflow.web.site import Site
from apflow.wiring import open_installation, open_store, published_site
from tests.lending import ADDRESS, LIBBY, a_council, add_libby, ask, environment, go_live, lend
from tests.loader.folder import place_of, rewrite
from tests.shell.commands import Ran, apflow

BY = Publisher("Magda Manager")
SHORTER = ("within: 5 working days", "within: 4 working days")
SECOND = ("version: 1\n", "version: 2\n")

Command = Callable[..., Ran]


@pytest.fixture
def settings(tmp_path: Path, upgraded_file: Path) -> Settings:
    """An installation with its own small policy and an empty database."""
    settings = a_council(tmp_path / "council")
    shutil.copy(upgraded_file, tmp_path / "council" / "council.db")
    return settings


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Command:
    """The command, in this process."""
    return lambda *words: apflow(*words, folder=tmp_path, **environment(settings))


@pytest.fixture(scope="module")
def first_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the policy published and its people in it, to copy."""
    folder = tmp_path_factory.mktemp("published")
    settings = a_council(folder)
    store = open_store(settings)
    add_libby(store)
    go_live(store, settings)
    store.close()
    return folder / "council.db"


@pytest.fixture
def council(settings: Settings, first_edition: Path) -> Site:
    """The installation with its first edition published and its people in it."""
    shutil.copy(first_edition, settings.database.removeprefix("sqlite:///"))
    return published_site(settings, open_store(settings))


def change(settings: Settings, *changes: tuple[str, str]) -> None:
    rewrite(settings.workflows / "loan.yaml", *changes)


def rename(settings: Settings, name: str, other: str) -> None:
    file = settings.workflows / "loan.yaml"
    file.write_text(re.sub(rf"\b{name}\b", other, file.read_text()))


def version_of(site: Site) -> int:
    return site.library.sources["loan"].workflow.version


def test_nothing_is_served_before_something_is_published(settings: Settings) -> None:
    with pytest.raises(NothingPublished, match="apflow publish"):
        open_installation(settings)


def test_a_change_in_the_folder_is_not_live_until_it_is_published(settings: Settings, council: Site) -> None:
    change(settings, SECOND, SHORTER)
    assert version_of(open_installation(settings)) == 1

    go_live(council.store, settings)

    assert version_of(open_installation(settings)) == 2


def test_what_changes_in_the_shipped_policy_is_shown_asked_about_and_recorded(tmp_path: Path) -> None:
    settings = Settings(
        database=f"sqlite:///{tmp_path}/council.db",
        workflows=Path(shutil.copytree(shipped("workflows"), tmp_path / "workflows")),
        notifications=Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications")),
    )
    run = partial(apflow, folder=tmp_path, **environment(settings))

    first = run("publish", "--yes", "--as", "Magda Manager", "--why", "We begin.")
    rewrite(settings.workflows / "provider.yaml", SECOND, ("within: 20 working days", "within: 10 working days"))
    second = run("publish", "--yes", "--why", "Providers waited too long.")
    listed = run("publish", "--list").output

    assert (first.returncode, second.returncode) == (0, 0)
    assert "“The panel should decide” is now within 10 working days, was 20." in second.output
    assert "workflows/provider.yaml changes" in second.output
    assert listed.index("Edition 2") < listed.index("Providers waited too long.") < listed.index("Edition 1")
    assert "by Magda Manager: We begin." in listed


def test_without_a_terminal_and_without_yes_nothing_is_published(run: Command) -> None:
    refused = run("publish")

    assert refused.returncode == 1
    assert "--yes" in refused.output
    assert "Nothing has been published yet." in run("publish", "--list").output


def test_a_dry_run_publishes_nothing(run: Command) -> None:
    assert run("publish", "--dry-run").returncode == 0
    assert "Nothing has been published yet." in run("publish", "--list").output


def test_compare_fails_like_diff_when_something_waits(run: Command, settings: Settings) -> None:
    run("publish", "--yes")
    assert run("compare").returncode == 0

    rewrite(settings.notifications / "loan" / "lent.subject.txt", ("\n", " today\n"))
    compared = run("compare", "--diff")

    assert compared.returncode == 1
    assert "The e-mail “lent” to the reader is reworded (only its subject)." in compared.output
    assert "+++ notifications/loan/lent.subject.txt" in compared.output


def test_comments_alone_are_said_to_be_no_change_of_policy(run: Command, settings: Settings) -> None:
    run("publish", "--yes")
    change(settings, ("version: 1\n", "version: 1   # the first\n"))

    told = run("publish", "--yes").output

    assert "Nothing in the policy changes; only its layout or comments do." in told
    assert "Edition 2 is live." in told


def test_every_problem_is_shown_and_nothing_is_published(run: Command, settings: Settings) -> None:
    change(settings, ("called: name\n", "called: nam\n"), ("reference: LO\n", "reference: LO\nnonsense: 1\n"))

    refused = run("publish", "--yes")

    assert refused.returncode == 1
    assert 'did you mean "name"' in refused.output
    assert "nonsense" in refused.output


def test_a_changed_workflow_must_have_a_higher_version(run: Command, settings: Settings) -> None:
    run("publish", "--yes")
    change(settings, SHORTER)

    refused = run("publish", "--yes")

    assert refused.returncode == 1
    assert "still says version: 1; raise it above 1" in refused.output


def test_compare_says_what_stands_in_the_way_of_publishing(run: Command, settings: Settings) -> None:
    run("publish", "--yes")
    change(settings, SHORTER)

    assert "Before it can be published: " in run("compare").output
    assert "raise it above 1" in run("compare").output


def test_open_cases_are_told_of_by_the_workflow_that_changes(run: Command, settings: Settings, council: Site) -> None:
    ask(council.handler)
    change(settings, SHORTER, SECOND)
    told = run("compare").output

    assert "1 open case keeps the text of “loan” they began under" in told
    assert "holds at once" not in told


def test_what_holds_at_once_for_open_cases_is_said_where_something_does(
    run: Command, settings: Settings, council: Site
) -> None:
    ask(council.handler)
    rewrite(settings.notifications / "loan" / "lent.subject.txt", ("\n", " today\n"))
    told = run("compare").output

    assert "holds at once for the open case too" in told
    assert "they began under" not in told


def test_an_email_of_which_only_one_part_is_reworded_says_so(run: Command, settings: Settings, council: Site) -> None:
    rewrite(settings.notifications / "loan" / "lent.txt", ("We lend you", "Here is"))

    assert "The e-mail “lent” to the reader is reworded (its HTML reads as before)." in run("compare").output


def test_somebody_unknown_cannot_be_given_as_an_address(run: Command) -> None:
    refused = run("publish", "--yes", "--as", "nobody@council.example")

    assert "There is nobody with the address nobody@council.example." in refused.output


def test_a_person_who_is_known_is_recorded_as_themselves(run: Command, settings: Settings, council: Site) -> None:
    rewrite(settings.notifications / "loan" / "lent.txt", ("We lend you", "Here is"))
    run("publish", "--yes", "--as", ADDRESS)

    with council.store.reading() as connection:
        newest, _ = list_editions(connection)
    assert (newest.actor_id, newest.actor_name) == (LIBBY.id, LIBBY.name)


def test_a_state_with_open_cases_in_it_cannot_disappear_without_saying_where_they_go(
    settings: Settings, council: Site
) -> None:
    lend(council.handler)
    change(settings, SECOND)
    rename(settings, "waiting", "queueing")
    rename(settings, "closed", "ended")
    assert propose(council.store, settings.workflows, settings.notifications).refusals == ()

    ask(council.handler)
    proposal = propose(council.store, settings.workflows, settings.notifications)

    assert proposal.open_cases == 2
    (refusal,) = proposal.refusals
    assert "1 open case is in “Waiting”, a state that is no longer there." in refusal
    assert "migrate: {waiting: queueing}" in refusal


def test_check_says_of_what_is_live_what_publish_would_refuse_at_the_same_place(
    run: Command, settings: Settings, council: Site
) -> None:
    ask(council.handler)
    change(settings, SECOND)
    rename(settings, "waiting", "queueing")

    alone, checked, published = run("check"), run("check", "--live"), run("publish", "--yes")

    file = settings.workflows / "loan.yaml"
    line, column = place_of(file, "states:\n  queueing:")
    found = f"loan.yaml:{line}:{column}: nowhere-to-go: 1 open case is in “Waiting”"
    assert (alone.returncode, checked.returncode, published.returncode) == (0, 1, 1)
    assert checked.stdout.startswith(f"{settings.workflows}/{found}")
    assert f"Not publishable: {found}" in published.output


def test_check_against_a_folder_says_where_cases_may_be(run: Command, settings: Settings, tmp_path: Path) -> None:
    before = shutil.copytree(settings.workflows, tmp_path / "before")
    rename(settings, "waiting", "queueing")

    checked = run("check", "--against", str(before), "--json")

    assert checked.returncode == 1
    (problem,) = json.loads(checked.stdout)
    assert problem["code"] == "nowhere-to-go"
    assert "Cases may be in “Waiting”" in problem["message"]


def test_a_migration_satisfies_both(run: Command, settings: Settings, council: Site, tmp_path: Path) -> None:
    ask(council.handler)
    before = shutil.copytree(settings.workflows, tmp_path / "before")
    change(settings, SECOND)
    rename(settings, "waiting", "queueing")
    file = settings.workflows / "loan.yaml"
    file.write_text(f"{file.read_text()}\nmigrate:\n  waiting: queueing\n")

    assert run("check", "--live", "--against", str(before)).returncode == 0
    assert run("publish", "--yes").returncode == 0


def test_an_email_that_open_cases_still_send_cannot_be_taken_away(settings: Settings, council: Site) -> None:
    ask(council.handler)
    for path in (settings.notifications / "loan").glob("lent.*"):
        path.rename(path.with_name(path.name.replace("lent", "handed_over")))
    change(settings, SECOND, ("notice: lent", "notice: handed_over"))

    (refusal,) = propose(council.store, settings.workflows, settings.notifications).refusals

    assert refusal.startswith("Open cases that began under version 1")
    assert "lent" in refusal


def test_an_email_may_ask_for_what_open_cases_that_began_before_do_not_have(settings: Settings, council: Site) -> None:
    ask(council.handler)
    change(settings, SECOND, ("    wanted_on: {date_must_be", "    shelf:\n    wanted_on: {date_must_be"))
    change(settings, ("  books: {type", "  shelf: {type: text, label: Which shelf?}\n  books: {type"))

    def published_with(said: str) -> tuple[str, ...]:
        (settings.notifications / "loan" / "lent.txt").write_text(said)
        return propose(council.store, settings.workflows, settings.notifications).refusals

    asks_first = "It is lent.{% if fields.shelf is defined and fields.shelf %} Shelf {{ fields.shelf }}{% endif %}\n"
    assert published_with(asks_first) == ()
    (refusal,) = published_with("Shelf {{ fields.shelf }}\n")
    assert refusal == (
        "Open cases that began under version 1 of “Lending books” could not go on: notifications/loan/lent.txt: "
        'nothing here is called "shelf"; if only some cases have it, ask first whether it "is defined".'
    )


def test_what_runs_takes_up_a_new_edition_and_cases_keep_the_text_they_began_under(
    settings: Settings, council: Site
) -> None:
    live = Live(council)
    old = ask(live.handler())
    before = live.site()
    change(settings, SECOND, SHORTER)

    go_live(council.store, settings)
    after = live.site()

    assert (version_of(before), version_of(after)) == (1, 2)
    assert after.latest is not None
    assert after.latest() is after
    new = ask(after.handler)
    with council.store.reading() as connection:
        cases = [load_case(connection, reference) for reference in (old, new)]
        versions = [after.handler.definition(connection, case.digest).workflow.version for case in cases if case]
    assert versions == [1, 2]


def test_history_says_under_which_edition_each_thing_was_done(settings: Settings, council: Site) -> None:
    live = Live(council)
    reference = ask(live.handler())
    change(settings, SECOND, SHORTER)
    go_live(council.store, settings)
    live.handler().fire(reference, "wait", {}, actor=LIBBY, now=MONDAY)

    with council.store.reading() as connection:
        assert [entry.payload["edition"] for entry in history_of(connection, reference)] == [1, 2]
        assert list(broken_chains(connection)) == []


def test_an_edition_that_cannot_be_read_leaves_what_runs_as_it_is(council: Site) -> None:
    live = Live(council)
    before = live.site()
    proposal = propose(council.store, council.settings.workflows, council.settings.notifications)
    files = {**proposal.files, "workflows/loan.yaml": "workflow: loan\nfrom_the_future: true\n"}

    publish(council.store, replace(proposal, files=files), by=BY, why="", now=machine_now())

    assert live.site() is before


def test_serve_refuses_what_was_published_and_cannot_be_run_now(
    run: Command, settings: Settings, council: Site
) -> None:
    proposal = propose(council.store, settings.workflows, settings.notifications)
    path = "workflows/loan.yaml"
    astray = proposal.files[path].replace("called: name\n", "called: nam\n")
    publish(council.store, replace(proposal, files={**proposal.files, path: astray}), by=BY, why="", now=machine_now())

    refused = run("serve")

    assert refused.returncode == 1
    assert "unknown-field" in refused.output
    assert "this one cannot run it safely" in refused.output
    assert "Serving" not in refused.output
