"""What is live is what was published, and today's checks have nothing against running it."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Delete, Insert, Update, delete, insert, update

from apflow.clock import machine_now
from apflow.core.codes import CODES
from apflow.core.codes.unsafe import UNSAFE
from apflow.live import Live, NothingPublished, Unfit, live_files, recheck
from apflow.loader.folders import read_policy
from apflow.publishing import ALTERED, propose, publish
from apflow.settings import Settings, shipped
from apflow.store.editions import Altered, Publisher, add_edition, files_of_edition
from apflow.store.engine import Store
from apflow.store.tables.editions import edition_files
from apflow.testing import MAGDA, MONDAY
from apflow.wiring import published_site

BY = Publisher(MAGDA.name, MAGDA.id)
WORKFLOW, NOTICE = "workflows/provider.yaml", "notifications/provider/approved.txt"
SHIPPED = shipped("workflows"), shipped("notifications")
ASSUMED = '"The guidance asks for the papers; that each must be in date on the day is taken to follow."'
_PATH = edition_files.c.path

TAMPERED: Mapping[str, Update | Delete | Insert] = {
    "a word": update(edition_files).where(_PATH == NOTICE).values(text="You are approved for ever."),
    "a file less": delete(edition_files).where(_PATH == NOTICE),
    "a file more": insert(edition_files).values(edition_id=1, path="notifications/provider/extra.txt", text="More."),
    "another name": update(edition_files).where(_PATH == NOTICE).values(path="notifications/provider/other.txt"),
}


def go_live(store: Store, *changes: tuple[str, str], file: str = WORKFLOW, after: int | None = None) -> int:
    """Publish the shipped policy as an earlier version might have, without today's checks: perhaps with other words."""
    files = read_policy(*SHIPPED)
    for before, now in changes:
        assert files[file].count(before) == 1
        files[file] = files[file].replace(before, now)
    with store.writing() as connection:
        return add_edition(connection, files, after=after, sentences=[], why="", by=BY, now=MONDAY)


def tamper(store: Store, how: str) -> None:
    with store.writing() as connection:
        connection.execute(TAMPERED[how])


@pytest.mark.parametrize("how", TAMPERED)
def test_an_edition_that_was_altered_in_the_database_is_not_read(store: Store, how: str) -> None:
    edition = go_live(store)
    tamper(store, how)

    with store.reading() as connection, pytest.raises(Altered, match="Edition 1 in the database is not as it was"):
        files_of_edition(connection, edition)


def test_nothing_starts_under_an_altered_edition(store: Store, url: str) -> None:
    go_live(store)
    tamper(store, "a word")

    with pytest.raises(Altered, match="apflow publish"):
        published_site(Settings(database=url), store)


def test_what_runs_goes_on_under_the_edition_before_an_altered_one(store: Store, url: str) -> None:
    go_live(store)
    live = Live(published_site(Settings(database=url), store))
    before = live.site()
    go_live(store, after=1)
    with store.writing() as connection:
        connection.execute(TAMPERED["a word"].where(edition_files.c.edition_id == 2))  # type: ignore[union-attr]

    assert live.site() is before
    go_live(store, after=2)
    assert live.site().edition == 3


def test_publishing_again_mends_an_altered_edition(store: Store) -> None:
    go_live(store)
    tamper(store, "a word")

    proposal = propose(store, *SHIPPED)
    publish(store, proposal, by=BY, why="It was altered.", now=machine_now())

    assert proposal.sentences == (ALTERED,)
    assert live_files(store) == (2, read_policy(*SHIPPED))


def test_what_todays_checks_find_good_has_nothing_said_against_it(store: Store) -> None:
    with pytest.raises(NothingPublished):
        recheck(store)
    go_live(store)

    assert recheck(store) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("called: organisation ", "called: organization "), "unknown-field"),
        (("reference: AP\n", "reference: AP\nfrom_another_version: 1\n"), "unknown-key"),
    ],
)
def test_what_could_not_be_run_is_refused_with_its_place(store: Store, change: tuple[str, str], code: str) -> None:
    go_live(store, change)

    with pytest.raises(Unfit, match=rf"workflows/provider\.yaml:\d+:\d+: {code}") as refused:
        recheck(store)

    assert "Edition 1 was checked by another version of apflow" in refused.value.message


def test_an_email_that_cannot_be_rendered_is_refused(store: Store) -> None:
    go_live(store, ("{{ case.title }}", "{{ case.nickname }}"), file=NOTICE)

    with pytest.raises(Unfit, match=r"notifications/provider/approved\.txt:\d+:\d+: notice"):
        recheck(store)


def test_what_makes_a_policy_poorer_and_not_unsafe_is_only_said(store: Store) -> None:
    go_live(store, (f"    assumed: {ASSUMED}\n", ""))

    assert [problem.code for problem in recheck(store)] == ["unsourced"]


def test_every_code_that_is_unsafe_to_run_is_a_code() -> None:
    assert set(CODES) >= UNSAFE
    assert "half-a-notice" not in UNSAFE  # Whoever sends it is told by the reference to it.
