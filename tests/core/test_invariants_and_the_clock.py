"""The clock keeps to the invariants too: an end that would break one waits, and says why."""

from datetime import timedelta

from apflow.loader import Library
from tests.core.journey import reach, reworded
from tests.core.test_ring import DUE


def test_an_end_that_an_invariant_forbids_waits_until_the_next_working_day_and_says_why(library: Library) -> None:
    invariant = (
        "  visited_before_lapsing:\n    says: Nobody lapses without a visit.\n    on_entry_to: lapsed\n"
        "    holds: {fact: visit_outcome, is: satisfied}\n    assumed: x\n"
    )
    definition = reworded(library, ("  panel_before_visit:\n", f"{invariant}  panel_before_visit:\n"))
    play = reach(definition, "gathering_evidence")

    play.wait_until(DUE)

    waiting = play.case.deadlines["evidence_due"]
    assert (play.case.state, play.outcomes[-1].entry.note) == (
        "gathering_evidence",
        "Nobody lapses without a visit.",
    )
    assert not waiting.ended
    # A working day from a minute to midnight, which is after the cut-off and so counts as the next day.
    assert waiting.next_at == DUE + timedelta(days=2)
    assert waiting.next_at is not None
    play.wait_until(waiting.next_at)
    assert (play.case.state, play.outcomes[-1].entry.note) == (
        "gathering_evidence",
        "Nobody lapses without a visit.",
    )


def test_an_end_that_breaks_no_invariant_does_not_wait(library: Library) -> None:
    invariant = (
        "  no_visit_before_lapsing:\n    says: Nobody lapses after a visit.\n    on_entry_to: lapsed\n"
        "    holds: {fact: visit_outcome, is_present: false}\n    assumed: x\n"
    )
    play = reach(
        reworded(library, ("  panel_before_visit:\n", f"{invariant}  panel_before_visit:\n")), "gathering_evidence"
    )

    play.wait_until(DUE)

    assert (play.case.state, play.case.entered_at) == ("lapsed", DUE)
