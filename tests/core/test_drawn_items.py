"""Items drawn from records: one for each there is, once, and a child case for each of those that are meant."""

from typing import Any

import pytest
from msgspec.structs import replace

from apflow.core.after import after
from apflow.core.commands import Alert, Drawn, Fire, Open
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotOpen
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import unborn
from apflow.core.snapshot import Snapshot, World
from apflow.loader import Library
from apflow.provision.drawn import LIVE_PLACEMENTS, UNDELIVERED
from apflow.testing import MAGDA, MONDAY, OLIVE, TODAY
from tests.core.journey import reach

BEGIN = {
    "organisation": "Made Up Farm",
    "contact_name": "Pat Provider",
    "contact_email": "pat@made-up-farm.example",
    "which": "underperforming",
    "reasons": "Late.",
}
DECISION = {"decision_reasons": "No more for now.", "who_was_there": "Magda"}


@pytest.fixture
def definition(library: Library) -> Definition:
    return library.current("formal_escalation")


def world(*placed: str) -> World:
    facts = {
        key: {"label": f"Placement {key}", "commissioner": "Hill School", "contact_name": "Hill"} for key in placed
    }
    return World(TODAY, drawn={LIVE_PLACEMENTS: facts})


def begun(definition: Definition, *placed: str) -> Snapshot:
    new = unborn(definition, MONDAY, "ES-TEST-CASE")
    outcome = decide(definition, new, Open("begin", THE_CLOCK, BEGIN), world(*placed), MONDAY)
    case = replace(after(new, outcome), parties=frozenset({7}))
    when = {"meeting_on": TODAY.isoformat(), "meeting_time": "14:00", "meeting_place": "Room 1"}
    return after(case, fire(definition, case, "arrange_meeting", *placed, **when))


def fire(
    definition: Definition, case: Snapshot, event: str, *placed: str, item: str | None = None, **said: Any
) -> Outcome:
    return decide(definition, case, Fire(event, MAGDA, said, item), world(*placed), MONDAY)


def statuses(case: Snapshot) -> dict[str, str]:
    return {key: item.status for key, item in case.items.get("placements", {}).items()}


def test_an_item_is_drawn_for_each_record_there_is(definition: Definition) -> None:
    assert statuses(begun(definition, "4", "9")) == {"4": "to_decide", "9": "to_decide"}


def test_drawing_again_adds_what_is_new_and_leaves_what_was_decided(definition: Definition) -> None:
    case = begun(definition, "4")
    case = after(case, fire(definition, case, "placement_goes_on", item="4", because="It is safe."))

    case = after(case, fire(definition, case, "renew_placements", "4", "12"))

    assert statuses(case) == {"4": "goes_on", "12": "to_decide"}


def test_a_child_begins_for_each_item_that_is_meant_with_what_is_said_of_it(definition: Definition) -> None:
    case = begun(definition, "4", "9")
    case = after(case, fire(definition, case, "placement_goes_on", item="4", because="It is safe."))
    review = {"because": "Nobody has seen it.", "request": "review"}
    case = after(case, fire(definition, case, "placement_to_review", item="9", **review))

    outcome = fire(definition, case, "decide_to_stop", "4", "9", **DECISION)

    (signal,) = outcome.signals
    assert (signal.purpose, signal.kind) == ("begin", "placement_review")
    assert signal.answers["placement"] == "Placement 9"
    assert signal.answers["request"] == "review"
    assert signal.answers["why"] == "No more for now."


def test_one_that_began_while_the_meeting_decided_goes_to_its_commissioner(definition: Definition) -> None:
    case = begun(definition)

    outcome = fire(definition, case, "decide_to_go_on", "33", **DECISION)

    assert [signal.answers["placement"] for signal in outcome.signals] == ["Placement 33"]


def test_what_has_ended_can_be_added_to_and_never_left(definition: Definition, library: Library) -> None:
    provider = library.current("provider")
    play = reach(provider, "removed")
    drawn = Drawn(UNDELIVERED, "17", {"label": "Hill School", "why": "No such mailbox"})
    play.do(Alert("not_reached", THE_CLOCK, "It came back.", drawn))
    assert [(task.name, task.item) for task in play.case.tasks if task.item] == [("not_reached", "17")]

    play.fire(OLIVE, "told_otherwise", item="17", how_told="By phone")

    assert play.case.state == "removed"
    assert play.case.items["not_reached"]["17"].status == "told"
    assert [task for task in play.case.tasks if task.item] == []
    with pytest.raises(NotOpen):
        play.fire(MAGDA, "propose_removal", removal_reasons="Again.")
    assert definition.state("decided").final
