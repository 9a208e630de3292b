"""What is live is what was published, and today's checks have nothing against running it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Delete, Insert, Update, delete, insert, update

from apflow.clock import machine_now
from apflow.core.codes import CODES
from apflow.core.codes.unsafe import UNSAFE
from apflow.live import Live, NothingPublished, Unfit, live_files, recheck
from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.store.editions import Altered, Publisher, files_of_edition
from apflow.store.tables.editions import edition_files
from apflow.testing import MAGDA
from apflow.versions.publishing import ALTERED, propose, publish
from apflow.wiring import published_site
from tests.editions import make_live
from tests.lending import a_council, policy

BY = Publisher(MAGDA.name, MAGDA.id)
WORKFLOW, NOTICE = "workflows/loan.yaml", "notifications/loan/lent.txt"
ASSUMED = 'reason: "First: {which}.", assumed: x'
_PATH = edition_files.c.path

TAMPERED: Mapping[str, Update | Delete | Insert] = {
    "a word": update(edition_files).where(_PATH == NOTICE).values(text="It is yours for ever."),
    "a file less": delete(edition_files).where(_PATH == NOTICE),
    "a file more": insert(edition_files).values(edition_id=1, path="notifications/loan/extra.txt", text="More."),
    "another name": update(edition_files).where(_PATH == NOTICE).values(path="notifications/loan/other.txt"),
}


def go_live(store: Store, *changes: tuple[str, str], file: str = WORKFLOW, after: int | None = None) -> int:
    """Publish a policy as an earlier version might have, without today's checks: perhaps with other words."""
    files = policy()
    for before, now in changes:
        assert files[file].count(before) == 1
        files[file] = files[file].replace(before, now)
    return make_live(store, files, after=after)


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


def test_publishing_again_mends_an_altered_edition(store: Store, tmp_path: Path) -> None:
    council = a_council(tmp_path / "council")
    go_live(store)
    tamper(store, "a word")

    proposal = propose(store, council.workflows, council.notifications)
    publish(store, proposal, by=BY, why="It was altered.", now=machine_now())

    assert proposal.sentences == (ALTERED,)
    assert live_files(store) == (2, policy())


def test_what_todays_checks_find_good_has_nothing_said_against_it(store: Store) -> None:
    with pytest.raises(NothingPublished):
        recheck(store)
    go_live(store)

    assert recheck(store) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("called: name\n", "called: nam\n"), "unknown-field"),
        (("reference: LO\n", "reference: LO\nfrom_another_version: 1\n"), "unknown-key"),
    ],
)
def test_what_could_not_be_run_is_refused_with_its_place(store: Store, change: tuple[str, str], code: str) -> None:
    go_live(store, change)

    with pytest.raises(Unfit, match=rf"workflows/loan\.yaml:\d+:\d+: {code}") as refused:
        recheck(store)

    assert "Edition 1 was checked by another version of apflow" in refused.value.message


def test_an_email_that_cannot_be_rendered_is_refused(store: Store) -> None:
    go_live(store, ("{{ deadline.label }}", "{{ case.nickname }}"), file=NOTICE)

    with pytest.raises(Unfit, match=r"notifications/loan/lent\.txt:\d+:\d+: notice"):
        recheck(store)


def test_what_makes_a_policy_poorer_and_not_unsafe_is_only_said(store: Store) -> None:
    go_live(store, (ASSUMED, ASSUMED.removesuffix(", assumed: x")))

    assert [problem.code for problem in recheck(store)] == ["unsourced"]


def test_every_code_that_is_unsafe_to_run_is_a_code() -> None:
    assert set(CODES) >= UNSAFE
    assert "half-a-notice" not in UNSAFE  # Whoever sends it is told by the reference to it.
