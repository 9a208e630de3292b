"""What a case begins with from an earlier one, purely: which case that is, which answers, and how they stay."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from apflow.core.commands import Fire, Open
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.definition.workflow import Brings
from apflow.core.errors import Blocked
from apflow.core.firing.brought import newest, taken
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import unborn
from apflow.core.snapshot import Child, Item, Snapshot
from apflow.loader import find_problems
from apflow.testing import MONDAY, OLIVE, a_case, a_world, library_from
from tests.loader.test_what_is_brought import a_folder

BRINGS = Brings.model_validate(
    {"of": "plan", "items": "answers", "in": ["met"], "takes": {"last_time": "said", "how": "judged"}}
)
GUARD = "guards:\n  known: {when: {fact: item.last_time, is_present: true}, reason: It is new., assumed: x}\nstart:\n"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """Plans with a question that can be answered where something was said of it last time."""
    changes = ("start:\n", GUARD), ("answer: {label: Answer,", "answer: {label: Answer, requires: known,")
    return library_from(a_folder(tmp_path_factory.mktemp("brought"), *changes)).current("plan")


def begun(plan: Definition, **brought: dict[str, str]) -> Snapshot:
    """A plan that has begun with what was brought of each of its questions."""
    said = {"name": "Made Up Farm", "contact": "Pat", "email": "pat@made-up-farm.example"}
    outcome = decide(
        plan, unborn(plan, MONDAY), Open("begin", THE_CLOCK, said, {"answers": brought}), a_world(), MONDAY
    )
    items = {item.key: item for item in outcome.items}
    return replace(a_case(plan, state=outcome.state, fields=outcome.fields), items={"answers": items})


def test_it_is_brought_from_the_newest_that_stands_where_it_must() -> None:
    there_are = (
        Child("plan", "AC-1", "met", is_open=False),
        Child("plan", "AC-2", "met", is_open=False),
        Child("plan", "AC-3", "failed", is_open=False),
        Child("visit", "VI-1", "met", is_open=False),
    )

    found = newest(there_are, BRINGS)

    assert found is not None
    assert found.reference == "AC-2"
    assert newest(there_are[2:], BRINGS) is None


def test_answers_are_taken_under_the_names_they_have_here_and_none_where_nothing_was_answered() -> None:
    items = {
        "training": Item("answers", "training", "given", {"said": "All are.", "other": "x"}),
        "premises": Item("answers", "premises", "empty"),
    }

    assert taken(BRINGS, {"answers": items}) == {"training": {"last_time": "All are."}}
    assert taken(BRINGS, {}) == {}


def test_an_item_begins_at_the_first_status_with_what_was_brought(plan: Definition) -> None:
    item = begun(plan, training={"last_time": "All are."}).items["answers"]["training"]

    assert (item.status, item.data, item.changed_at) == ("empty", {"last_time": "All are."}, MONDAY)


def test_a_question_that_the_catalogue_has_dropped_is_left_out(plan: Definition) -> None:
    assert begun(plan, gone={"last_time": "Yes."}).items == {"answers": {}}


def test_what_was_brought_stays_when_the_item_is_answered_afresh(plan: Definition) -> None:
    case = begun(plan, training={"last_time": "All are."})
    for said in ("Most are.", "All are again."):
        outcome = decide(plan, case, Fire("answer", OLIVE, {"said": said}, "training"), a_world(), MONDAY)
        case = replace(case, items={"answers": {"training": outcome.items[0]}})

    assert case.items["answers"]["training"].data == {"last_time": "All are.", "said": "All are again."}


def test_a_guard_reads_what_was_brought(plan: Definition) -> None:
    with pytest.raises(Blocked, match=r"It is new\."):
        decide(plan, begun(plan), Fire("answer", OLIVE, {"said": "Yes."}, "training"), a_world(), MONDAY)


@pytest.mark.parametrize("is_known", ["true", "false"])
def test_the_checker_takes_items_with_it_and_without_it_into_account(tmp_path: Path, is_known: str) -> None:
    rule = (
        f"guards:\n  alike: {{when: {{every: answers, has: {{fact: item.last_time, is_present: {is_known}}}}}, "
        "reason: They are not alike., assumed: x}\nstart:\n"
    )
    folder = a_folder(tmp_path, ("start:\n", rule), ("to: met}", "to: met, requires: alike}"))

    assert find_problems(folder) == []
