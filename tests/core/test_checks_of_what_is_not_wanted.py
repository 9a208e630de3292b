"""What a check says of deadlines that are not wanted for a time: of what they ask, and of cases left without one."""

import pytest

from apflow.core.checks import check_definition
from apflow.core.definition.compiled import Definition
from apflow.core.explore.bounds import bounds_of
from apflow.core.explore.exploring import explore
from apflow.loader import Library
from tests.core.repairs import definition_of

_FIELDS = (
    "  toy: {type: text",
    "  agreed: {type: yes/no, label: Agreed?}\n  helpers: {type: people, role: officer, label: Who helps?}\n"
    "  ready_on: {type: date, label: Ready}\n  toy: {type: text",
)
_COLLECTIONS = (
    "start:\n",
    "collections:\n  parts: {label: Parts, keyed_by: number, called: part,"
    " statuses: {wanted: {label: Wanted}, here: {label: Here}}}\nstart:\n",
)
_EVENTS = (
    "deadlines:\n  mended",
    "events:\n"
    "  say: {label: Say, by: officer, from: [waiting, parts_ordered], form: {agreed: , helpers: , ready_on: }}\n"
    "  add_part: {label: Add, by: officer, from: [waiting], item: {of: parts, from: none, to: wanted},"
    " form: {part: {type: text, label: Which?}}}\n"
    "  came: {label: It came, by: officer, from: [waiting], item: {of: parts, from: wanted, to: here}}\n"
    "deadlines:\n  mended",
)
_BESIDE = (
    "deadlines: {look:",
    "deadlines: {sit: {label: Sit down with it, every: 1 month, then: {escalate: manager}, assumed: x}, look:",
)
_MORE = (_FIELDS, _COLLECTIONS, _EVENTS, _BESIDE)
_LOOK = "look: {label: Someone should look, within: 5 working days,"
_ASK = "ask: {label: Ask where they are, every: 1 week,"
_GIVE = "give_back: {label: Give it back, by: officer, to: done}"
_GUARD = (
    "start:\n",
    "guards: {is_agreed: {when: {fact: agreed, is: true}, reason: Agree first., assumed: x}}\nstart:\n",
)
AGREED = "{fact: agreed, is: true}"


def problems(library: Library, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    return problems_by_itself(library, *_MORE, *changes)


def problems_by_itself(library: Library, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    """What a check says of the policy where no other case does anything to one."""
    found = check_definition(definition_of(library, *changes), None, {})
    return [(".".join(map(str, finding.path)), finding.code) for finding in found]


def unless(condition: str, deadline: str = _LOOK) -> tuple[str, str]:
    return deadline, f"{deadline} unless: {condition},"


def at_the_end(*, unless: str = "") -> tuple[str, str]:
    """A toy on the bench is given back once that is agreed, and else only by the clock."""
    lapses = f"      lapses: {{label: It is kept, within: 4 weeks,{unless} then: {{event: lapse}}, assumed: x}}\n"
    return "      dust: {label: It should", f"{lapses}      dust: {{label: It should"


LAPSE = (_GIVE, f"{_GIVE[:-1]}, requires: is_agreed}}\n      lapse: {{label: Keep it, by: clock, to: kept}}")
KEPT = ("  done: {label: Done", "  kept: {label: Kept, final: true, outcome: bad}\n  done: {label: Done")


@pytest.mark.parametrize(
    "condition",
    [
        AGREED,
        "{every: parts, has: {fact: item.status, is: here}}",
        "{any: [{count: parts, where: {fact: item.status, is: here}, at_least: 2}, {fact: agreed, is: true}]}",
        "{all: [{fact: helpers, is_present: true}, {fact: ready_on, is_after: 2026-11-05}]}",
    ],
)
def test_what_the_case_says_itself_can_be_asked(library: Library, condition: str) -> None:
    assert problems(library, unless(condition)) == []


@pytest.mark.parametrize(
    ("condition", "place", "code"),
    [
        ("{fact: agred, is: true}", ".fact", "unknown-field"),
        ("{fact: agreed, is: maybe}", ".is", "never-true"),
        ("{every: part, has: {fact: item.status, is: here}}", ".every", "unknown-collection"),
        ("{fact: ready_on, is_before: today}", "", None),
        ("{fact: today, is_after: {fact: ready_on}}", "", "changes-unseen"),
        ("{fact: council.applications_open, is: true}", "", "changes-unseen"),
        ("{fact: answer.agreed, is: true}", "", "changes-unseen"),
        ("{fact: item.status, is: here}", "", "changes-unseen"),
        ("{count: helpers, at_least: 2}", "", "changes-unseen"),
    ],
)
def test_what_changes_unseen_or_is_not_there_cannot(
    library: Library, condition: str, place: str, code: str | None
) -> None:
    found = problems(library, unless(condition))

    expected = "changes-unseen" if code is None else code
    assert (f"states.waiting.deadlines.look.unless{place}", expected) in found


def test_one_of_the_whole_case_is_looked_at_too(library: Library) -> None:
    mended = "    paused_in: {states: parts_ordered"
    found = problems(library, (mended, f"    unless: {{fact: agred, is: true}}\n{mended}"))

    assert found == [("deadlines.mended.unless.fact", "unknown-field")]


def test_one_that_is_never_wanted_is_told(library: Library) -> None:
    assert problems(library, unless("{fact: toy, is_present: true}")) == [
        ("states.waiting.deadlines.look.unless", "never-wanted")
    ]


def test_one_that_is_always_wanted_is_told(library: Library) -> None:
    dry = "dry: {label: The glue is dry, after: glue,"
    nobody_says = (_EVENTS[0], _EVENTS[1].replace("form: {agreed: , helpers: ", "form: {helpers: "))
    changes = (_FIELDS, _COLLECTIONS, _BESIDE, nobody_says, unless(AGREED, dry))

    assert problems_by_itself(library, *changes) == [("states.on_the_bench.deadlines.dry.unless", "always-wanted")]


def test_a_case_whose_only_deadline_may_not_be_wanted_could_be_forgotten(library: Library) -> None:
    assert problems(library, unless(AGREED, _ASK)) == [("states.parts_ordered", "no-deadline")]


def test_nor_is_it_enough_that_the_one_that_comes_round_may_not_be(library: Library) -> None:
    once = "nudge: {label: Nudge them, within: 1 week, then: {escalate: officer}, assumed: x}"
    found = problems(library, (_ASK, f"{once}, {_ASK} unless: {AGREED},"))

    assert found == [("states.parts_ordered", "forgotten-later")]


def test_two_of_which_one_is_always_wanted_are_enough(library: Library) -> None:
    other = (
        "tell: {label: Tell them, every: 2 weeks, unless: {not: {fact: agreed, is: true}}, then: {escalate: officer},"
    )
    unknown_too = other.replace("{not: {fact: agreed, is: true}}", "{fact: agreed, is: false}")

    assert problems(library, (_ASK, f"{unknown_too} assumed: x}}, {_ASK} unless: {AGREED},")) == []


def test_one_that_waits_for_another_that_may_not_be_wanted_is_as_unsure(library: Library) -> None:
    again = "again: {label: Ask again, every: 1 week, after_deadline: ask, then: {escalate: officer}, assumed: x}"
    once = _ASK.replace("every", "within")
    found = problems(library, (_ASK, f"{again}, {once} unless: {AGREED},"))

    assert ("states.parts_ordered", "no-deadline") in found


def test_whom_only_the_clock_could_move_on_is_stuck_while_its_deadline_is_not_wanted(library: Library) -> None:
    changes = (*_MORE, _GUARD, LAPSE, KEPT)

    assert problems_by_itself(library, *changes, at_the_end()) == []
    not_known = " unless: {fact: agreed, is_present: false},"
    assert ("states.on_the_bench", "stuck") in problems_by_itself(library, *changes, at_the_end(unless=not_known))


def test_what_a_deadline_does_is_not_thought_possible_while_it_is_not_wanted(library: Library) -> None:
    promise = (
        "states:\n  waiting",
        "invariants:\n  agreed: {says: Nothing is kept that was agreed., on_entry_to: kept,"
        " holds: {not: {fact: agreed, is: true}}, assumed: x}\nstates:\n  waiting",
    )
    known = (_EVENTS[0], _EVENTS[1].replace("from: [waiting, parts_ordered], form", "from: [waiting], form"))
    start = ("form: {toy: , owner: , email: }", "form: {toy: , owner: , email: , agreed: }")
    changes = (_FIELDS, _COLLECTIONS, known, start, _GUARD, LAPSE, KEPT, promise)

    assert ("invariants.agreed.holds", "broken") in problems_by_itself(library, *changes, at_the_end())
    assert problems_by_itself(library, *changes, at_the_end(unless=f" unless: {AGREED},")) == []


def test_two_that_are_never_wanted_together_do_not_end_at_the_same_moment(library: Library) -> None:
    def with_other(other: str) -> tuple[str, str]:
        place, one = at_the_end(unless=" unless: {fact: agreed, is_present: true},")
        sold = f"      sold: {{label: It is sold, within: 4 weeks,{other} then: {{event: sell}}, assumed: x}}\n"
        return place, sold + one

    sell = (LAPSE[0], LAPSE[1] + "\n      sell: {label: Sell it, by: clock, to: done}")
    changes = (*_MORE, _GUARD, sell, KEPT)

    at_once = ("states.on_the_bench.deadlines.lapses", "same-moment")
    assert at_once in problems_by_itself(library, *changes, with_other(""))
    not_known = " unless: {fact: agreed, is_present: false},"
    assert at_once not in problems_by_itself(library, *changes, with_other(not_known))


def test_one_that_is_not_always_wanted_hides_no_other(library: Library) -> None:
    hidden = ("lapses: {label: It is kept, within: 4 weeks,", "lapses: {label: It is kept, within: 1 week,")

    def shadowed(*changes: tuple[str, str]) -> bool:
        late = (
            "      dust: {label: It should",
            "      sold: {label: S, within: 8 weeks, then: {escalate: manager}, assumed: x}\n"
            "      dust: {label: It should",
        )
        found = problems_by_itself(library, *_MORE, _GUARD, LAPSE, KEPT, late, *changes)
        return ("states.on_the_bench.deadlines.sold", "shadowed") in found

    assert shadowed(at_the_end(), hidden)
    assert not shadowed(at_the_end(unless=f" unless: {AGREED},"), hidden)


def test_the_bounds_name_one_that_rests_on_what_no_case_decides(library: Library) -> None:
    counted = (
        "  ready_on: {type: date, label: Ready}\n",
        "  ready_on: {type: date, label: Ready}\n  due_on: {type: date, label: Due, counted:"
        " {clock: permanent_exclusion, from: {first_day: ready_on}, span: 6 school days, assumed: x}}\n",
    )
    definition = definition_of(library, *_MORE, counted, unless("{fact: due_on, is_present: true}"))

    assert either_way(definition) == ("look",)


def either_way(definition: Definition) -> tuple[str, ...]:
    return bounds_of(explore(definition)).either_way
