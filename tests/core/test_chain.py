"""The tamper-evident history: an edit anywhere shows at the end of the chain, and an erasure shows nowhere."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apflow.core import chain
from apflow.testing import MONDAY


@dataclass(frozen=True)
class Line:
    """One entry as it is stored."""

    version: int
    kind: str = "event"
    name: str = "invite"
    actor_id: int | None = 1
    actor_audience: str = "staff"
    from_state: str = "enquiry"
    to_state: str = "gathering_evidence"
    at: Any = MONDAY
    recorded_at: Any = MONDAY
    digest: str = "0" * 64


OTHER: dict[str, Any] = {
    "version": 9,
    "kind": "task",
    "name": "lapse",
    "actor_id": None,
    "actor_audience": "provider",
    "from_state": "panel",
    "to_state": "visit",
    "at": MONDAY + timedelta(microseconds=1),
    "recorded_at": MONDAY + timedelta(days=1),
    "digest": "1" * 64,
}
LINES = [Line(1), Line(2, name="submit"), Line(3, name="accept")]
SAID = chain.statement("Olive Officer", {"answers": {"reasons": "In order."}, "changed": {}})


def head_of(lines: Sequence[Line], said: Sequence[dict[str, Any]], reference: str = "AP-1111-1111") -> str:
    """The hash of the last entry, each with a salt of its own."""
    head = chain.GENESIS
    for line, statement in zip(lines, said, strict=True):
        committed = chain.commitment(statement, f"salt {line.version}")
        head = chain.link(head, chain.structure(line, reference), committed)
    return head


def test_the_same_history_has_the_same_end() -> None:
    assert head_of(LINES, [SAID] * 3) == head_of(list(LINES), [dict(SAID)] * 3)


@pytest.mark.parametrize("changed", [field.name for field in fields(Line)])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_edit_to_any_part_of_any_entry_shows_at_the_end(changed: str, number: int) -> None:
    edited = [*LINES]
    edited[number] = replace(edited[number], **{changed: OTHER[changed]})

    assert head_of(edited, [SAID] * 3) != head_of(LINES, [SAID] * 3)


@pytest.mark.parametrize("edited", [LINES[:2], LINES[1:], [LINES[1], LINES[0], LINES[2]], [*LINES, LINES[2]]], ids=str)
def test_a_cut_a_swap_and_an_addition_show_at_the_end(edited: list[Line]) -> None:
    assert head_of(edited, [SAID] * len(edited)) != head_of(LINES, [SAID] * 3)


@pytest.mark.parametrize(
    "edited",
    [
        chain.statement("Oscar Officer", SAID["said"]),
        chain.statement("Olive Officer", {"answers": {"reasons": "Not in order."}, "changed": {}}),
        chain.statement("Olive Officer", {"answers": {"reasons": "In order."}, "changed": {}, "note": ""}),
        {},
    ],
)
def test_an_edit_to_what_was_said_or_by_whom_shows_at_the_end(edited: dict[str, Any]) -> None:
    assert head_of(LINES, [SAID, edited, SAID]) != head_of(LINES, [SAID] * 3)


def test_one_case_cannot_pass_for_another() -> None:
    assert head_of(LINES, [SAID] * 3, "AP-2222-2222") != head_of(LINES, [SAID] * 3)


def test_the_order_in_which_a_payload_was_written_does_not_matter() -> None:
    turned = {"said": {"changed": {}, "answers": {"reasons": "In order."}}, "who": "Olive Officer"}

    assert chain.commitment(turned, "salt") == chain.commitment(SAID, "salt")


def test_once_what_was_said_is_erased_its_commitment_alone_still_leads_to_the_same_end() -> None:
    kept = [chain.commitment(SAID, f"salt {line.version}") for line in LINES]

    head = chain.GENESIS
    for line, committed in zip(LINES, kept, strict=True):
        head = chain.link(head, chain.structure(line, "AP-1111-1111"), committed)

    assert head == head_of(LINES, [SAID] * 3)


def test_a_commitment_cannot_be_guessed_without_its_salt() -> None:
    assert chain.commitment(SAID, "one") != chain.commitment(SAID, "other")


_SAID = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


@given(said=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), _SAID))
def test_what_is_committed_to_is_written_as_the_standard_library_writes_it(said: dict[str, object]) -> None:
    plain = json.dumps(chain.statement("Olive", said), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert (
        chain.commitment(chain.statement("Olive", said), "salt")
        == hashlib.sha256(f"salt\n{plain}".encode()).hexdigest()
    )
