"""`apflow publish`: a policy goes live checked, told in sentences, and by nothing else."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from apflow.cli import main
from apflow.clock import machine_now
from apflow.live import Live, NothingPublished
from apflow.publishing import propose, publish
from apflow.settings import Settings, shipped
from apflow.store.cases import load_case
from apflow.store.editions import Publisher, list_editions
from apflow.store.engine import Store
from apflow.store.history import broken_chains, history_of
from apflow.testing import MONDAY, OLIVE, PAT, add_people, bring_to, enquire
from apflow.web.site import Site
from apflow.wiring import open_installation, open_store, published_site
from tests.loader.folder import place_of, rewrite

BY = Publisher("Magda Manager")
SHORTER = ("within: 20 working days", "within: 10 working days")
SECOND = ("version: 1\n", "version: 2\n")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with its own copy of the shipped policy and an empty database."""
    for folder in ("workflows", "notifications"):
        shutil.copytree(shipped(folder), tmp_path / folder)
    return Settings(
        database=f"sqlite:///{tmp_path}/council.db",
        workflows=tmp_path / "workflows",
        notifications=tmp_path / "notifications",
        uploads=tmp_path / "uploads",
        base_url="http://testserver.local",
    )


@pytest.fixture
def apflow(settings: Settings) -> Callable[..., Result]:
    """The command, in this process."""
    environment = {
        "APFLOW_DATABASE": settings.database,
        "APFLOW_WORKFLOWS": str(settings.workflows),
        "APFLOW_NOTIFICATIONS": str(settings.notifications),
    }
    return lambda *words: CliRunner().invoke(main, list(words), env=environment)


@pytest.fixture(scope="module")
def first_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the shipped policy published and its people in it, to copy."""
    database = tmp_path_factory.mktemp("published") / "council.db"
    store = open_store(Settings(database=f"sqlite:///{database}"))
    add_people(store)
    go_live(store, Settings())
    store.close()
    return database


@pytest.fixture
def council(settings: Settings, first_edition: Path) -> Site:
    """The installation with its first edition published and its people in it."""
    shutil.copy(first_edition, settings.database.removeprefix("sqlite:///"))
    return published_site(settings, open_store(settings))


def go_live(store: Store, settings: Settings) -> int:
    proposal = propose(store, settings.workflows, settings.notifications)
    return publish(store, proposal, by=BY, why="", now=machine_now())


def change(settings: Settings, *changes: tuple[str, str]) -> None:
    rewrite(settings.workflows / "provider.yaml", *changes)


def test_nothing_is_served_before_something_is_published(settings: Settings) -> None:
    with pytest.raises(NothingPublished, match="apflow publish"):
        open_installation(settings)


def test_a_change_in_the_folder_is_not_live_until_it_is_published(settings: Settings, council: Site) -> None:
    change(settings, SECOND, SHORTER)
    assert open_installation(settings).current().workflow.version == 1

    go_live(council.store, settings)

    assert open_installation(settings).current().workflow.version == 2


def test_what_changes_is_shown_asked_about_and_recorded(apflow: Callable[..., Result], settings: Settings) -> None:
    first = apflow("publish", "--yes", "--as", "Magda Manager", "--why", "We begin.")
    change(settings, SECOND, SHORTER)

    second = apflow("publish", "--yes", "--why", "Providers waited too long.")
    listed = apflow("publish", "--list").output

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "“The panel should decide” is now within 10 working days, was 20." in second.output
    assert "workflows/provider.yaml changes" in second.output
    assert listed.index("Edition 2") < listed.index("Providers waited too long.") < listed.index("Edition 1")
    assert "by Magda Manager: We begin." in listed


def test_without_a_terminal_and_without_yes_nothing_is_published(apflow: Callable[..., Result]) -> None:
    refused = apflow("publish")

    assert refused.exit_code == 1
    assert "--yes" in refused.output
    assert "Nothing has been published yet." in apflow("publish", "--list").output


def test_a_dry_run_publishes_nothing(apflow: Callable[..., Result]) -> None:
    assert apflow("publish", "--dry-run").exit_code == 0
    assert "Nothing has been published yet." in apflow("publish", "--list").output


def test_compare_fails_like_diff_when_something_waits(apflow: Callable[..., Result], settings: Settings) -> None:
    apflow("publish", "--yes")
    assert apflow("compare").exit_code == 0

    rewrite(settings.notifications / "provider" / "approved.subject.txt", ("\n", " today\n"))
    compared = apflow("compare", "--diff")

    assert compared.exit_code == 1
    assert "The e-mail “approved” to the provider is reworded (only its subject)." in compared.output
    assert "+++ notifications/provider/approved.subject.txt" in compared.output


def test_comments_alone_are_said_to_be_no_change_of_policy(apflow: Callable[..., Result], settings: Settings) -> None:
    apflow("publish", "--yes")
    change(settings, ("version: 1\n", "version: 1   # the first\n"))

    told = apflow("publish", "--yes").output

    assert "Nothing in the policy changes; only its layout or comments do." in told
    assert "Edition 2 is live." in told


def test_every_problem_is_shown_and_nothing_is_published(apflow: Callable[..., Result], settings: Settings) -> None:
    change(
        settings,
        ("called: organisation ", "called: organization "),
        ("reference: AP\n", "reference: AP\nnonsense: 1\n"),
    )

    refused = apflow("publish", "--yes")

    assert refused.exit_code == 1
    assert "organisation" in refused.output
    assert "nonsense" in refused.output


def test_a_changed_workflow_must_have_a_higher_version(apflow: Callable[..., Result], settings: Settings) -> None:
    apflow("publish", "--yes")
    change(settings, SHORTER)

    refused = apflow("publish", "--yes")

    assert refused.exit_code == 1
    assert "still says version: 1; raise it above 1" in refused.output


def test_somebody_unknown_cannot_be_given_as_an_address(apflow: Callable[..., Result]) -> None:
    refused = apflow("publish", "--yes", "--as", "nobody@council.example")

    assert "There is nobody with the address nobody@council.example." in refused.output


def test_a_person_who_is_known_is_recorded_as_themselves(apflow: Callable[..., Result], council: Site) -> None:
    rewrite(council.settings.notifications / "layout.txt", ("If you have a question", "If you want to ask"))
    apflow("publish", "--yes", "--as", "olive@council.example")

    with council.store.reading() as connection:
        newest, _ = list_editions(connection)
    assert (newest.actor_id, newest.actor_name) == (OLIVE.id, OLIVE.name)


def test_a_state_with_open_cases_in_it_cannot_disappear_without_saying_where_they_go(
    settings: Settings, council: Site
) -> None:
    enquire(council.handler)
    change(settings, SECOND)
    rename(settings, "gathering_evidence", "gathering")
    rename(settings, "checking_evidence", "looking")
    assert propose(council.store, settings.workflows, settings.notifications).refusals == ()

    bring_to(council.handler, "checking_evidence")
    proposal = propose(council.store, settings.workflows, settings.notifications)

    assert proposal.open_cases == 2
    (refusal,) = proposal.refusals
    assert "1 open case is in “Checking evidence”, a state that is no longer there." in refusal
    assert "migrate: {checking_evidence: looking}" in refusal


def test_check_says_of_what_is_live_what_publish_would_refuse_at_the_same_place(
    apflow: Callable[..., Result], settings: Settings, council: Site
) -> None:
    bring_to(council.handler, "checking_evidence")
    change(settings, SECOND)
    rename(settings, "gathering_evidence", "gathering")
    rename(settings, "checking_evidence", "looking")

    alone, checked, published = apflow("check"), apflow("check", "--live"), apflow("publish", "--yes")

    file = settings.workflows / "provider.yaml"
    line, column = place_of(file, "states:\n  enquiry:")
    found = f"provider.yaml:{line}:{column}: nowhere-to-go: 1 open case is in “Checking evidence”"
    assert (alone.exit_code, checked.exit_code, published.exit_code) == (0, 1, 1)
    assert checked.stdout.startswith(f"{settings.workflows}/{found}")
    assert f"Not publishable: {found}" in published.output


def test_check_against_a_folder_says_where_cases_may_be(apflow: Callable[..., Result], settings: Settings) -> None:
    rename(settings, "gathering_evidence", "gathering")

    checked = apflow("check", "--against", str(shipped("workflows")), "--json")

    assert checked.exit_code == 1
    (problem,) = json.loads(checked.stdout)
    assert problem["code"] == "nowhere-to-go"
    assert "Cases may be in “Gathering evidence”" in problem["message"]


def test_a_migration_satisfies_both(apflow: Callable[..., Result], settings: Settings, council: Site) -> None:
    bring_to(council.handler, "checking_evidence")
    change(settings, SECOND)
    rename(settings, "checking_evidence", "looking")
    file = settings.workflows / "provider.yaml"
    file.write_text(f"{file.read_text()}\nmigrate:\n  checking_evidence: looking\n")

    assert apflow("check", "--live", "--against", str(shipped("workflows"))).exit_code == 0
    assert apflow("publish", "--yes").exit_code == 0


def rename(settings: Settings, state: str, name: str) -> None:
    file = settings.workflows / "provider.yaml"
    file.write_text(file.read_text().replace(state, name))


def test_an_email_that_open_cases_still_send_cannot_be_taken_away(settings: Settings, council: Site) -> None:
    enquire(council.handler)
    for path in (settings.notifications / "provider").glob("enquiry_closed.*"):
        path.rename(path.with_name(path.name.replace("enquiry_closed", "enquiry_ended")))
    file = settings.workflows / "provider.yaml"
    file.write_text(file.read_text().replace("enquiry_closed", "enquiry_ended").replace(*SECOND))

    (refusal,) = propose(council.store, settings.workflows, settings.notifications).refusals

    assert refusal.startswith("Open cases that began under version 1")
    assert "enquiry_closed" in refusal


def test_what_runs_takes_up_a_new_edition_and_cases_keep_the_text_they_began_under(
    settings: Settings, council: Site
) -> None:
    live = Live(council)
    old = enquire(live.handler())
    before = live.site()
    change(settings, SECOND, SHORTER)

    go_live(council.store, settings)
    after = live.site()

    assert (before.current().workflow.version, after.current().workflow.version) == (1, 2)
    assert after.latest is not None
    assert after.latest() is after
    new = enquire(after.handler, contact_email=f"other.{PAT.id}@elsewhere.example")
    with council.store.reading() as connection:
        cases = [load_case(connection, reference) for reference in (old, new)]
        versions = [after.handler.definition(connection, case.digest).workflow.version for case in cases if case]
    assert versions == [1, 2]


def test_history_says_under_which_edition_each_thing_was_done(settings: Settings, council: Site) -> None:
    live = Live(council)
    reference = enquire(live.handler())
    change(settings, SECOND, SHORTER)
    go_live(council.store, settings)
    live.handler().fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)

    with council.store.reading() as connection:
        assert [entry.payload["edition"] for entry in history_of(connection, reference)] == [1, 2]
        assert list(broken_chains(connection)) == []


def test_an_edition_that_cannot_be_read_leaves_what_runs_as_it_is(council: Site) -> None:
    live = Live(council)
    before = live.site()
    proposal = propose(council.store, council.settings.workflows, council.settings.notifications)
    files = {**proposal.files, "workflows/provider.yaml": "workflow: provider\nfrom_the_future: true\n"}

    publish(council.store, replace(proposal, files=files), by=BY, why="", now=machine_now())

    assert live.site() is before


def test_serve_refuses_what_was_published_and_cannot_be_run_now(
    apflow: Callable[..., Result], settings: Settings, council: Site
) -> None:
    proposal = propose(council.store, settings.workflows, settings.notifications)
    path = "workflows/provider.yaml"
    astray = proposal.files[path].replace("called: organisation ", "called: organization ")
    publish(council.store, replace(proposal, files={**proposal.files, path: astray}), by=BY, why="", now=machine_now())

    refused = apflow("serve")

    assert refused.exit_code == 1
    assert "unknown-field" in refused.output
    assert "this one cannot run it safely" in refused.output
    assert "Serving" not in refused.output
