"""What is not played over and over is judged all the same: quiet children, proposals, and what comes after the end."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from apflow.core.play import Play, unborn
from apflow.core.snapshot import Item
from apflow.settings import shipped
from apflow.testing import MONDAY
from tests.mutants.judge import judge
from tests.mutants.judge.instance import Instance, with_one_that_runs_out
from tests.mutants.judge.judging import playings
from tests.mutants.judge.playing import Playing
from tests.mutants.judge.reading import read_folder
from tests.mutants.judge.seen import Seen
from tests.mutants.judge.statuses import alike
from tests.mutants.judge.test_judge import a_family

VISITS = "children:\n  visit: {label: Visit, workflow: plan, start: begin, ends: {met: visited}}\n"
VISITED = "events:\n  visited: {label: Visited, by: clock, from: [listed]}\n"
COPIED = "begins: {visit: {name: organisation, email: contact_email, contact: contact_name}}"
DROP = "drop: {label: Drop, by: officer, to: removed}"
CHASE = "chase: {label: Ask how the plan goes, by: officer, requires: a_plan_runs}"


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_every_shipped_workflow_but_the_two_largest_is_played_to_its_end_and_nothing_is_broken() -> None:
    """Of a placement the judge knew 26,000 cases, with 11,500 to go on from, when it was last let go past its bound.

    A provider's came past it with the ways in which one leaves the list, each beside all that its papers can be.
    """
    found = dict(playings(read_folder(shipped("workflows"), shipped("notifications"))))
    for playing in found.values():
        playing.run()

    assert {name: dict(playing.seen.broken) for name, playing in found.items() if playing.seen.broken} == {}
    assert {name for name, playing in found.items() if not playing.is_whole} == {"placement", "provider"}


@pytest.fixture(scope="module")
def placement() -> Playing:
    return playings(read_folder(shipped("workflows"), shipped("notifications")))["placement"]


def test_items_stand_apart_that_nothing_counts_and_that_are_no_reader(placement: Playing) -> None:
    """Signatures are counted, and parents read by a link; a missing objective is flagged, which stops nobody."""
    found = {placement.seen.apart.of(state) for state in ("agreed", "active", "ending")}

    assert found == {frozenset({"changes", "contacts", "matters", "objectives", "questions", "said_at_home", "views"})}


def test_one_item_tells_as_much_as_two_where_another_can_only_stand_in_the_way(
    placement: Playing, tmp_path: Path
) -> None:
    """That somebody of a name must not be contacted forbids a second entry of that name, and allows nothing."""
    barred = "when: {not: {count: parents, where: {all: [{fact: item.status, is: not_contacted}"
    allowed = (barred, barred.replace("not: {count", "any: [{count"))
    closed = ("{fact: answer.parent_name}}]}, at_least: 1}}", "{fact: answer.parent_name}}]}, at_least: 1}]}")
    asked_for = playings(read_folder(*a_policy(tmp_path, "placement", allowed, closed)))["placement"]

    assert "parents" in placement.seen.apart.single
    assert "parents" not in asked_for.seen.apart.single


def test_a_case_with_items_that_stand_apart_is_played_with_none_and_with_each_of_what_can_go_on(
    placement: Playing,
) -> None:
    some = {
        "changes": {"1": an_item("changes", "1", "for_provider"), "2": an_item("changes", "2", "read")},
        "objectives": {"1": an_item("objectives", "1", "agreed")},
        "parents": {"1": an_item("parents", "1", "by_post")},
    }
    play = Play(placement.definition, unborn(placement.definition, MONDAY), MONDAY, 1)
    play.case = replace(play.case, state="active", items=some)

    played = [one.case.items for one in placement.seen.apart.parts(play)]

    assert played == [
        {"parents": some["parents"]},
        {"parents": some["parents"], "changes": {"1": some["changes"]["1"]}},
        {"parents": some["parents"], "objectives": some["objectives"]},
    ]


def test_statuses_that_the_file_never_tells_apart_are_as_one() -> None:
    """Weighed is weighed, and whoever was asked to delete it may be asked again."""
    breach = playings(read_folder(shipped("workflows"), shipped("notifications")))["data_breach"]

    assert alike(breach.instance.whole.workflow) == {
        "emails": {"linked": "linked"},
        "recipients": {
            "to_get_back": "to_get_back",
            "asked": "to_get_back",
            "deleted": "deleted",
            "out_of_reach": "deleted",
        },
        "risks": {"not_yet": "not_yet", "little": "little", "some": "little", "much": "little"},
        "people": {"to_tell": "to_tell", "told": "told", "not_told": "not_told"},
    }


def test_a_status_that_another_fact_is_compared_with_is_told_apart_from_all(tmp_path: Path) -> None:
    compared = (
        "- {every: people, where: {fact: item.status, is: not_told}, has: {fact: item.not_told_because, is_not: low}}",
        "- {every: people, where: {fact: item.status, is: not_told}, "
        "has: {fact: item.not_told_because, is_not: {fact: item.status}}}",
    )
    breach = playings(read_folder(*a_policy(tmp_path, "data_breach", compared)))["data_breach"]

    assert alike(breach.instance.whole.workflow) == {}


def an_item(collection: str, key: str, status: str) -> Item:
    return Item(collection, key, status, {})


def a_policy(folder: Path, workflow: str, *changes: tuple[str, str]) -> tuple[Path, Path]:
    """The shipped policy with one of its workflows changed."""
    shutil.copytree(shipped("workflows"), folder / "workflows")
    file = folder / "workflows" / f"{workflow}.yaml"
    text = file.read_text(encoding="utf-8")
    for was, now in changes:
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    file.write_text(text, encoding="utf-8")
    return folder / "workflows", shipped("notifications")


KNOWN_BY_THE_PROVIDER = frozenset({"provider_has_read", "record_that_they_know"})


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_an_event_that_never_happens_to_an_item_that_stands_apart_is_seen(placement: Playing, tmp_path: Path) -> None:
    """The last of these was found at the 11,164th case; where there is nothing to read, it is not at the 12,000th."""
    told = "item: {of: changes, from: none, to: FOR}"
    for_nobody = (told.replace("FOR", "for_provider"), told.replace("FOR", "for_commissioner"))
    changed = playings(read_folder(*a_policy(tmp_path, "placement", for_nobody)))["placement"]

    placement.run(until=lambda: fired(placement) >= KNOWN_BY_THE_PROVIDER)
    changed.run(until=lambda: len(changed.seen.onward) > 12_000)

    assert fired(placement) >= KNOWN_BY_THE_PROVIDER
    assert not fired(changed) & KNOWN_BY_THE_PROVIDER


RUN_OUT = frozenset({"placements_go_on", "ask_commissioners_to_decide"})


def test_what_comes_of_a_required_paper_that_runs_out_is_played_where_there_is_one() -> None:
    playing = where_one_runs_out(shipped("workflows"), shipped("notifications"))

    playing.run(until=lambda: fired(playing) >= RUN_OUT)

    assert fired(playing) >= RUN_OUT


@pytest.mark.slow
def test_what_comes_of_a_required_paper_that_runs_out_is_seen_when_it_never_does(tmp_path: Path) -> None:
    """It is found among the first hundred cases; where it cannot be, not among two thousand."""
    runs_out = "{fact: item.required, is: true}, {fact: item.expires_on, is_before: today}"
    never = (runs_out, runs_out.replace("is: true}", "is: true}, {fact: item.required, is: false}"))
    playing = where_one_runs_out(*a_policy(tmp_path, "provider", never))

    playing.run(until=lambda: len(playing.seen.onward) > 2_000)

    assert not fired(playing) & RUN_OUT


def where_one_runs_out(folder: Path, notices: Path) -> Playing:
    """Providers with one paper, which is required and ends."""
    playing = playings(read_folder(folder, notices))["provider"]
    whole = playing.instance.whole
    one = with_one_that_runs_out(whole)
    assert one is not None
    return dataclasses.replace(playing, seen=Seen(Instance(one, whole)))


def fired(playing: Playing) -> set[str]:
    return {event for _, event in playing.seen.fired}


def test_a_child_that_makes_no_difference_ends_wherever_its_parent_can_have_come(tmp_path: Path) -> None:
    begun = (CHASE, CHASE.replace("requires: a_plan_runs", COPIED))
    unasked = (
        "  a_plan_runs: {when: {fact: child.action_plan.open, at_least: 1}, reason: No plan runs., assumed: x}\n",
        "",
    )

    assert judge(*a_family(tmp_path, ("children:\n", VISITS), ("\nevents:\n", f"\n{VISITED}"), begun, unasked)) == ()


def test_a_child_begun_where_nothing_leads_there_never_ends_there(tmp_path: Path) -> None:
    begun = (DROP, DROP.replace("}", f", {COPIED}}}"))

    said = judge(*a_family(tmp_path, ("children:\n", VISITS), ("\nevents:\n", f"\n{VISITED}"), begun))

    assert said == ("visited of listed never happens",)


PROPOSING = """events:
  propose: {label: Propose, by: provider, from: [listed], proposal: made, form: {concern: }}
  agree: {label: Agree, by: officer, from: [listed], proposal: taken}
  refuse: {label: Refuse, by: officer, from: [listed], proposal: dropped}
"""


def test_what_can_be_proposed_at_any_time_can_be_taken_and_dropped(tmp_path: Path) -> None:
    assert judge(*a_family(tmp_path, ("\nevents:\n", f"\n{PROPOSING}"))) == ()


WAS_SO = "  was_so: {when: {fact: concern, is_present: IT}, reason: No., assumed: x}\n  no_plan_open:\n"
THANK = "events:\n  thank: {label: Thank, by: officer, from: [removed], requires: was_so}\n"


def test_an_event_of_a_final_state_is_played(tmp_path: Path) -> None:
    was_so = ("  no_plan_open:\n", WAS_SO.replace("IT", "true"))

    assert judge(*a_family(tmp_path, was_so, ("\nevents:\n", f"\n{THANK}"))) == ()


def test_an_event_of_a_final_state_that_never_happens_is_seen(tmp_path: Path) -> None:
    both = ", ".join(f"{{fact: child.action_plan.state, is: {state}}}" for state in ("met", "failed"))
    never = WAS_SO.replace("{fact: concern, is_present: IT}", f"{{all: [{both}]}}")

    said = judge(*a_family(tmp_path, ("  no_plan_open:\n", never), ("\nevents:\n", f"\n{THANK}")))

    assert said == ("thank of removed never happens",)
