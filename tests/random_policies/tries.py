"""What somebody might try on a case: right or wrong, theirs to do or not."""

from datetime import timedelta
from random import Random
from typing import Any

from apflow.core.commands import (
    Alert,
    BringBackTask,
    ClaimTask,
    Command,
    CompleteTask,
    Fire,
    Open,
    PutOffTask,
    ReleaseTask,
    SetGuardAside,
    TakeGuardBack,
)
from apflow.core.definition.compiled import Definition
from apflow.core.machine import START
from apflow.core.people.actor import THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.play import Play

PARENT = 1
PEOPLE = (
    Actor(2, "Cleo Clerk", frozenset({"clerk"})),
    Actor(3, "Tam Treasurer", frozenset({"treasurer"})),
    Actor(4, "Poppy Panellist", frozenset({"panellist"}), "school"),
    Actor(6, "Piet Panellist", frozenset({"panellist"}), "council"),
    Actor(7, "Pia Panellist", frozenset({"panellist"}), "council"),
    Actor(PARENT, "Perry Parent", frozenset({"parent"})),
    Actor(5, "Somebody Else", frozenset({"parent"})),
    THE_PUBLIC,
)
RIGHT: dict[str, list[Any]] = {
    "title": ["An errand"],
    "name": ["Perry Parent"],
    "email": ["perry@parent.example"],
    "count": [1, 2, 3, 4, 5],
    "kind": ["red", "blue"],
    "sure": [True, False],
    "day": ["2026-09-01", "2026-09-07", "2027-01-04"],
    "note": ["Hm.", "Well then."],
}
WRONG: list[Any] = [
    *("", None, "red ", -1, 10**30, 0.5, "9999-12-31", [], ["red"], {}),
    *("\x00", "x" * 5000, "\ud800", True, "1e999"),
]
ITEMS = ("receipt", "insurance", "letter", "receipt", "insurance", "letter", None, "unheard_of")


def a_command(play: Play, dice: Random) -> Command:
    """Mostly an event that is possible here, by somebody who may do it."""
    chance = dice.random()
    if play.case.state == START:
        begin = f"begin_{play.definition.name}"
        return Open(begin, dice.choice([THE_PUBLIC, PEOPLE[0]]), _answers(play, dice, begin))
    if play.case.tasks and chance < 0.1:
        return _about_a_task(play, dice)
    if chance < 0.2:
        return _about_a_guard(play, dice)
    if chance < 0.22:
        return Alert(dice.choice(["mail_failed", "unheard_of"]), THE_CLOCK, "It came back.")
    return _an_event(play, dice)


def _about_a_task(play: Play, dice: Random) -> Command:
    task, actor = dice.choice(play.case.tasks).id, dice.choice(PEOPLE)
    return dice.choice(
        (
            ClaimTask(task, actor),
            ReleaseTask(task, actor),
            PutOffTask(task, actor, play.world.today + timedelta(days=dice.choice([-1, 1, 3, 400]))),
            BringBackTask(task, actor),
            CompleteTask(task, actor, dice.choice(["Done.", "", "x" * 5000])),
        )
    )


def _about_a_guard(play: Play, dice: Random) -> Command:
    guards = play.definition.workflow.guards
    yielding = [name for name, guard in guards.items() if guard.override]
    guard = dice.choice(yielding if yielding and dice.random() < 0.8 else [*guards, "unheard_of"])
    actor = dice.choice([PEOPLE[1], PEOPLE[1], *PEOPLE])
    if dice.random() < 0.2:
        return TakeGuardBack(guard, actor)
    until = play.world.today + timedelta(days=dice.choice([-1, 0, 3, 7, 400]))
    return SetGuardAside(guard, until, dice.choice(["It is on its way.", ""]), actor)


def _an_event(play: Play, dice: Random) -> Command:
    definition, case = play.definition, play.case
    here = list(definition.events[case.state])
    anywhere = [*sorted(definition.event_names), "nonsense"]
    event = dice.choice(here if here and dice.random() < 0.85 else anywhere)
    able = [person for person in PEOPLE if person.has_any(_by(definition, case.state, event))]
    actor = dice.choice(able) if able and dice.random() < 0.8 else dice.choice(PEOPLE)
    seen = dice.choice([None, None, case.version, 1])
    return Fire(event, actor, _answers(play, dice, event), dice.choice(ITEMS), seen)


def _answers(play: Play, dice: Random, event: str) -> dict[str, Any]:
    form = play.definition.forms.get((play.case.state, event), {})
    answers: dict[str, Any] = {name: dice.choice(RIGHT[name]) for name in form}
    if dice.random() < 0.25:
        spoilt = dice.choice([*form, "unheard_of"])
        answers[spoilt] = dice.choice(WRONG)
    if answers and dice.random() < 0.2:
        answers.pop(dice.choice(list(answers)))
    return answers


def _by(definition: Definition, state: str, event: str) -> tuple[str, ...]:
    spec = definition.events[state].get(event)
    return spec.by if spec else ()
