"""An invariant stands guard where a case runs, even when the guards of an event have been forgotten."""

import pytest

from apflow.core.errors import Blocked
from apflow.loader import Library
from apflow.testing import OLIVE
from tests.core.journey import reach, reworded


def test_nobody_enters_a_state_against_an_invariant(library: Library) -> None:
    guards = ["visit_found_nothing_wanting", "papers_are_accepted", "evidence_is_in_date", "entry_is_written"]
    asks = f"requires: [{', '.join(guards)}, no_concern_is_open]"
    play = reach(reworded(library, (asks, "requires: evidence_is_in_date")), "visit")

    with pytest.raises(Blocked, match="without a visit that found nothing wanting"):
        play.fire(OLIVE, "approve", **play.answers("approve"))
