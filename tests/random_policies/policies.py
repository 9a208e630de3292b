"""Policies made at random: a workflow as the mapping that its file would hold, and the texts to load it from."""

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random

from tests.mutants.bursary import COUNCIL
from tests.random_policies import extras
from tests.random_policies.extras import Raw

Kind = Callable[[Random], Raw]
STAFF = ("clerk", "treasurer")
ALERTS = ("mail_failed", "mail_uncertain", "signal_refused")
ANSWERS = ("count", "kind", "sure", "day", "note")
FIELDS: Raw = {
    "title": {"type": "text", "label": "What is it called?", "privacy": "public"},
    "name": {"type": "text", "label": "Your name", "privacy": "personal"},
    "email": {"type": "email", "label": "Your email address", "privacy": "personal"},
    "count": {"type": "number", "label": "How many?", "optional": True},
    "kind": {"type": "choice", "label": "Which kind?", "options": {"red": "Red", "blue": "Blue"}},
    "sure": {"type": "yes/no", "label": "Are you sure?"},
    "day": {"type": "date", "label": "Which day?"},
    "note": {"type": "long text", "label": "Anything else?", "optional": True},
}
COMPARISONS: Mapping[str, tuple[Raw, ...]] = {
    "count": ({"at_least": 3}, {"at_most": 2}, {"is": 4}, {"is_present": False}),
    "kind": ({"is": "red"}, {"is_not": "red"}, {"is_one_of": ["red", "blue"]}, {"is_present": True}),
    "sure": ({"is": True}, {"is": False}, {"is_present": True}),
    "day": ({"is_before": "today"}, {"is_on_or_after": "today"}, {"is_present": True}),
    "note": ({"is_present": True}, {"is_present": False}),
}


def texts(*workflows: Raw) -> dict[str, str]:
    """The files of a policy with these workflows."""
    files = {f"workflow_{number}.yaml": json.dumps(workflow) for number, workflow in enumerate(workflows)}
    return {"council.yaml": COUNCIL, "papers.yaml": json.dumps(extras.CATALOGUE), **files}


def a_family(dice: Random) -> list[Raw]:
    """A workflow and, now and then, another whose cases its own begin."""
    if dice.random() < 0.6:
        return [a_workflow(dice)]
    kind = a_workflow(dice, "chore")
    extras.let_be_told(kind)
    return [a_workflow(dice, "errand", kind), kind]


def a_workflow(dice: Random, name: str = "errand", kind: Raw | None = None) -> Raw:
    """A workflow of a few states; most have a way out of each and a clock in it, so that many have no problem."""
    is_tidy = dice.random() < 0.7
    names = [f"room_{number}" for number in range(dice.randint(1, 5))]
    has_items = dice.random() < 0.5
    more: list[Kind] = [*([extras.about_items] if has_items else []), *([extras.about_children] if kind else [])]
    guards = {f"rule_{number}": _guard(dice, more) for number in range(dice.randint(0, 4))}
    states: Raw = {room: _state(dice, names, number, list(guards), is_tidy) for number, room in enumerate(names)}
    collections = extras.with_items(dice, states) if has_items else {}
    extras.with_more_time(dice, states)
    extras.kept_apart(dice, states)
    extras.emptied(states)
    states["finished"] = {"label": "Finished", "final": True}
    workflow = {
        "workflow": name,
        "title": f"Every {name}",
        "version": 1,
        "reference": name[:2].upper(),
        "called": "title",
        "party": {"role": "parent", "name": "name", "email": "email"},
        "seen_by": {"clerk": "all", "treasurer": "all", "panellist": "all", "parent": "own"},
        "journey": names,
        "fields": FIELDS,
        "collections": collections,
        "start": {f"begin_{name}": _begin(dice, names)},
        "states": states,
        "deadlines": extras.whole_deadlines(dice, names) if dice.random() < 0.4 else {},
        **_alerts(),
    }
    if kind:
        extras.with_children(dice, workflow, kind)
    # With dice of its own, so that what else is made of a seed is what it was before there was this.
    extras.not_wanted(Random(json.dumps(states)), workflow, lambda own: _condition(own, 1, more[: int(has_items)]))
    written = json.dumps(workflow)
    return workflow | {"guards": {rule: guard for rule, guard in guards.items() if not is_tidy or rule in written}}


def _alerts() -> Raw:
    due = {"for": "clerk", "due": "1 week", "assumed": "x"}
    return {"alerts": {name: {"title": "Look at the e-mail", **due} for name in ALERTS}}


def _begin(dice: Random, names: list[str]) -> Raw:
    asked = {"title": None, "name": None, "email": None, **_form(dice)}
    return {"label": "Begin", "by": ["public", "clerk"], "to": names[0], "form": asked}


def _state(dice: Random, names: list[str], number: int, guards: list[str], is_tidy: bool) -> Raw:
    onward = [*names[number + 1 :], "finished"][0]
    events = {f"go_{number}": _event(dice, onward, [] if is_tidy else guards)}
    for extra in range(dice.randint(0, 3)):
        events[f"try_{number}_{extra}"] = _event(dice, dice.choice([None, onward, *names]), guards)
    state: Raw = {"label": f"Room {number}", "awaiting": "clerk", "events": events}
    if is_tidy or dice.random() < 0.7:
        by_hand = [name for name, event in events.items() if event["by"] != ["clock"]]
        task = {"title": "Look at it", "for": "clerk", "due": _span(dice), "done_by": by_hand, "assumed": "x"}
        state["tasks"] = {"look": task}
    if is_tidy or dice.random() < 0.7:
        state["deadlines"] = {f"late_{number}": _deadline(dice, events, number, onward)}
    return state


def _event(dice: Random, to: str | None, guards: list[str]) -> Raw:
    by = dice.sample(STAFF, dice.randint(1, 2))
    event: Raw = {"label": "Go on", "by": [*by, *(["parent"] if dice.random() < 0.2 else [])], "form": _form(dice)}
    if to is not None:
        event["to"] = to
    if guards and dice.random() < 0.6:
        event["requires"] = dice.sample(guards, dice.randint(1, min(2, len(guards))))
    return event


def _form(dice: Random) -> Raw:
    return dict.fromkeys(dice.sample(ANSWERS, dice.randint(0, 3)))


def _deadline(dice: Random, events: Raw, number: int, onward: str) -> Raw:
    spec: Raw = {"label": "It is late", "within": _span(dice), "assumed": "x"}
    if dice.random() < 0.3:
        spec["remind"] = {"at": "1 working day left", "who": "clerk", "notice": "soon"}
        spec["within"] = "10 working days"
    if dice.random() < 0.5:
        events[f"lapse_{number}"] = {"label": "Lapse", "by": ["clock"], "to": onward}
        spec["then"] = {"event": f"lapse_{number}"}
    else:
        spec["then"] = {"escalate": "treasurer", "notice": "late"}
    return spec


def _span(dice: Random) -> str:
    return f"{dice.randint(2, 9)} {dice.choice(['working days', 'calendar days', 'weeks'])}"


def _guard(dice: Random, more: Sequence[Kind]) -> Raw:
    guard: Raw = {"when": _condition(dice, 2, more), "reason": "That may not be.", "assumed": "x"}
    if dice.random() < 0.5:
        guard["override"] = {"by": "treasurer", "at_most": "1 week", "assumed": "x"}
    return guard


def _condition(dice: Random, depth: int, more: Sequence[Kind]) -> Raw:
    kind = dice.random()
    if depth and kind < 0.15:
        return {"not": _condition(dice, depth - 1, more)}
    if depth and kind < 0.4:
        parts = [_condition(dice, depth - 1, more) for _ in range(2)]
        return {dice.choice(["all", "any"]): parts}
    if more and kind > 0.6:
        return dice.choice(more)(dice)
    name = dice.choice(ANSWERS)
    fact = f"answer.{name}" if dice.random() < 0.1 else name
    return {"fact": fact, **dice.choice(COMPARISONS[name])}
