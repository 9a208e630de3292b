"""A checkpoint that is kept elsewhere shows what a chain of hashes cannot: an end cut off, or all written anew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from apflow.core import chain
from apflow.handler import Handler
from apflow.loader import Library
from apflow.rounds.checkpoints import NoCheckpoint, compared, digest_of, make_checkpoint, read_checkpoint
from apflow.store.driver.engine import Store
from apflow.store.reading.history import broken_chains
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.testing import MONDAY, OLIVE, a_handler, enquire


@pytest.fixture
def handler(store: Store, library: Library) -> Handler:
    return a_handler(store, library)


@pytest.fixture
def reference(handler: Handler) -> str:
    """A case of two entries, beside another that nobody touches."""
    enquire(handler)
    reference = enquire(handler, contact_email="dan@elsewhere.example")
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    return reference


@pytest.fixture
def kept(handler: Handler, reference: str, tmp_path: Path) -> Path:
    """A checkpoint of both."""
    file = tmp_path / "checkpoint"
    assert make_checkpoint(handler.store, file, MONDAY) == 2
    return file


def faults(handler: Handler, kept: Path) -> list[tuple[str, str]]:
    return list(compared(handler.store, read_checkpoint(kept)))


def chains_hold(handler: Handler) -> bool:
    with handler.store.reading() as connection:
        return not list(broken_chains(connection))


def test_whatever_happens_afterwards_is_no_fault(handler: Handler, reference: str, kept: Path) -> None:
    enquire(handler)
    handler.alert(reference, "mail_failed", "No such mailbox.", now=MONDAY)

    assert faults(handler, kept) == []


def test_an_end_that_was_cut_off_is_seen(handler: Handler, reference: str, kept: Path) -> None:
    with handler.store.writing() as connection:
        case = connection.execute(select(cases).where(cases.c.reference == reference)).one()
        first = connection.execute(select(history).where(history.c.case_id == case.id, history.c.version == 1)).one()
        connection.execute(delete(history).where(history.c.case_id == case.id, history.c.version > 1))
        then = {"version": 1, "head": first.hash, "state": first.to_state, "digest": first.digest}
        connection.execute(update(cases).where(cases.c.id == case.id).values(then))

    assert chains_hold(handler)
    assert faults(handler, kept) == [(reference, "its history was cut after it had come to entry 2")]


def test_a_history_that_was_written_anew_is_seen(handler: Handler, reference: str, kept: Path) -> None:
    with handler.store.writing() as connection:
        case = connection.execute(select(cases).where(cases.c.reference == reference)).one()
        head = chain.GENESIS
        for row in connection.execute(select(history).where(history.c.case_id == case.id).order_by(history.c.version)):
            committed = chain.commitment(chain.statement("Somebody Else", row.payload), row.salt)
            head = chain.link(head, chain.structure(row, reference), committed)
            anew = {"actor_name": "Somebody Else", "committed": committed, "hash": head}
            connection.execute(update(history).where(history.c.id == row.id).values(anew))
        connection.execute(update(cases).where(cases.c.id == case.id).values(head=head))

    assert chains_hold(handler)
    assert faults(handler, kept) == [(reference, "its history up to entry 2 was written anew")]


def test_a_case_that_is_gone_is_seen(handler: Handler, reference: str, kept: Path) -> None:
    with handler.store.writing() as connection:
        connection.execute(update(cases).where(cases.c.reference == reference).values(reference="AP-ELSE-WHERE"))

    assert faults(handler, kept) == [(reference, "the case is gone")]


@pytest.mark.parametrize(
    "cut",
    [
        lambda text: "",
        lambda text: text[:-2],
        lambda text: "\n".join(text.splitlines()[:-2]) + "\n",
        lambda text: "\n".join([*text.splitlines()[:1], *text.splitlines()[2:]]) + "\n",
        lambda text: text.replace("apflow checkpoint", "a letter"),
        lambda text: f"{text}é",
    ],
)
def test_a_file_that_is_no_whole_checkpoint_is_refused(kept: Path, cut: Callable[[str], str]) -> None:
    kept.write_text(cut(kept.read_text(encoding="ascii")), encoding="utf-8")

    with pytest.raises(NoCheckpoint):
        read_checkpoint(kept)


def test_one_is_never_written_over_another(handler: Handler, kept: Path) -> None:
    digest = digest_of(kept)

    with pytest.raises(FileExistsError):
        make_checkpoint(handler.store, kept, MONDAY)

    assert digest_of(kept) == digest
