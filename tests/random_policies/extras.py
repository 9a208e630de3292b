"""What a policy made at random may have beside its states: papers and votes, deadlines of the whole case, and errands
that an errand sends somebody on."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

Raw = dict[str, Any]
CATALOGUE: Raw = {
    "catalogue": "papers",
    "title": "Papers",
    "sections": {"money": "Money"},
    "items": {
        "receipt": {"label": "Receipt", "section": "money", "required": True, "good": "x", "assumed": "x"},
        "insurance": {"label": "Insurance", "section": "money", "required": True, "good": "x", "assumed": "x"},
        "letter": {"label": "Letter", "section": "money", "required": False, "good": "x", "assumed": "x"},
    },
}
COLLECTIONS: Raw = {
    "papers": {
        "label": "Papers",
        "catalogue": "papers",
        "starts": "needed",
        "statuses": {"needed": {"label": "Needed"}, "sent": {"label": "Sent"}, "seen": {"label": "Seen"}},
    },
    "votes": {
        "label": "Votes",
        "keyed_by": "actor",
        "statuses": {"for_it": {"label": "For"}, "against": {"label": "Against"}},
    },
}
STATUSES: Mapping[str, tuple[str, ...]] = {"papers": ("needed", "sent", "seen"), "votes": ("none", "for_it", "against")}
MOVES: Mapping[str, tuple[Raw, ...]] = {
    "papers": (
        {"from": ["needed", "sent"], "to": "sent"},
        {"from": ["sent"], "to": "seen"},
        {"from": ["sent", "seen"], "to": "needed", "afresh": True},
    ),
    "votes": (
        {"from": ["none", "against"], "to": "for_it"},
        {"from": ["none", "for_it"], "to": "against", "afresh": True},
        {"from": ["for_it", "against"], "to": "none"},
    ),
}
CLOCKED = {"by": ["clock"], "from": {"all_except": []}}


def about_items(dice: Random) -> Raw:
    """A condition on the papers or the votes."""
    seen = {"fact": "item.status", "is_one_of": dice.sample(["sent", "seen"], dice.randint(1, 2))}
    given = {"fact": "item.status", "is": dice.choice(["for_it", "against"])}
    return dice.choice(
        (
            {"every": "papers", "has": seen},
            {"every": "papers", "where": {"fact": "item.required", "is": True}, "has": seen},
            {"count": "papers", "where": seen, "at_least": dice.randint(1, 3)},
            {"count": "votes", "where": given, "at_least": dice.randint(1, 3)},
            {"count": "votes", "distinct": "agency", "at_least": dice.randint(1, 2)},
            {"majority": "votes", "where": given},
        )
    )


def with_items(dice: Random, states: Raw) -> Raw:
    """What is done to papers and votes, somewhere in these states; now and then it moves the case as well."""
    names = list(states)
    for number, state in enumerate(states.values()):
        for extra in range(dice.randint(0, 3)):
            of = dice.choice(list(MOVES))
            event: Raw = {"label": "Do it", "by": _by(dice, of), "item": {"of": of, **dice.choice(MOVES[of])}}
            if dice.random() < 0.15:
                event["to"] = dice.choice(names)
            state["events"][f"item_{number}_{extra}"] = event
        if dice.random() < 0.2:
            event = dice.choice(list(state["events"].values()))
            event.setdefault("clears", dice.sample(list(MOVES), 1))
            if len(event.get("form", ())) == 1:
                event["if_changed"] = "clears"
    return COLLECTIONS


def _by(dice: Random, of: str) -> list[str]:
    return ["panellist"] if of == "votes" else dice.sample(["clerk", "parent", "treasurer"], dice.randint(1, 2))


def whole_deadlines(dice: Random, names: list[str]) -> Raw:
    """A deadline that runs on through states and stands still in some, and perhaps one that is counted from it."""
    through = dice.sample(names, dice.randint(1, len(names)))
    spec: Raw = {"label": "It all takes long", "within": _span(dice), "while_in": through, "assumed": "x"}
    if len(through) > 1 and dice.random() < 0.8:
        still = dice.sample(through, dice.randint(1, len(through) - 1))
        spec["paused_in"] = {"states": still, "at_most": f"{dice.randint(1, 8)} {dice.choice(_COUNTED)}"}
    found: Raw = {"all_of_it": {**spec, "then": {"escalate": "treasurer"}}}
    if dice.random() < 0.5:
        later = {"label": "And longer", "after_deadline": "all_of_it", "within": _span(dice), "assumed": "x"}
        found["longer"] = {**later, "while_in": dice.sample(names, len(names)), "then": {"escalate": "clerk"}}
    return found


_COUNTED = ("working days", "calendar days", "weeks")


def _span(dice: Random) -> str:
    return f"{dice.randint(0, 9)} {dice.choice([*_COUNTED, 'school days'])}"


def with_more_time(dice: Random, states: Raw) -> None:
    """Some deadlines can be given more time, come round, or are counted from an event."""
    for number, state in enumerate(states.values()):
        for name, deadline in list(state.get("deadlines", {}).items()):
            if dice.random() < 0.3:
                more = {"deadline": name, "by": _span(dice), "at_most": dice.randint(1, 2), "assumed": "x"}
                state["events"][f"more_{number}"] = {"label": "More time", "by": ["clerk"], "extends": more}
            if "escalate" in deadline["then"] and "remind" not in deadline and dice.random() < 0.4:
                deadline["every"] = f"{dice.randint(10, 12)} weeks"
                del deadline["within"]
        if dice.random() < 0.3:
            after = {"label": "Since then", "after": dice.choice(list(state["events"])), "within": _span(dice)}
            since = {**after, "then": {"escalate": "clerk"}, "assumed": "x"}
            state.setdefault("deadlines", {})[f"since_{number}"] = since


def not_wanted(dice: Random, workflow: Raw, made: Callable[[Random], Raw]) -> None:
    """In some policies, some deadlines, or others beside them, are not wanted while something holds of the case."""
    homes = [*(state.get("deadlines", {}) for state in workflow["states"].values()), workflow["deadlines"]]
    for home in homes if dice.random() < 0.5 else []:
        for name in [name for name in home if dice.random() < 0.4]:
            own = (one for one in iter(lambda: made(dice), None) if not _is_elsewhere(one))
            of = name if dice.random() < 0.3 else f"{name}_at_times"
            home[of] = {**home[name], "unless": next(own)}


def _is_elsewhere(condition: Raw) -> bool:
    return any(word in json.dumps(condition) for word in ("answer.", "today"))


def kept_apart(dice: Random, states: Raw) -> None:
    """Some steps are not for whoever did some other."""
    by_hand = [
        (name, event)
        for state in states.values()
        for name, event in state["events"].items()
        if event["by"] != ["clock"]
    ]
    for _, event in by_hand:
        if dice.random() < 0.05:
            event["not_by"] = [dice.choice(by_hand)[0]]


def with_children(dice: Random, workflow: Raw, kind: Raw) -> None:
    """Some event begins cases of this other workflow, and what they do at their ends changes this one."""
    states = [state for state in workflow["states"].values() if "events" in state]
    ends = [name for name, state in kind["states"].items() if state.get("final")]
    child: Raw = {"label": "A small errand", "workflow": kind["workflow"], "start": "be_sent"}
    events: Raw = {}
    if dice.random() < 0.8:
        child["ends"] = dict.fromkeys(dice.sample(ends, dice.randint(1, len(ends))), "small_one_done")
        onward = {"to": dice.choice(list(workflow["states"]))} if dice.random() < 0.4 else {}
        events["small_one_done"] = {"label": "It was done", **CLOCKED, **onward}
    for state in dice.sample(states, dice.randint(1, len(states))):
        by_hand = [event for event in state["events"].values() if event["by"] != ["clock"]]
        dice.choice(by_hand)["begins"] = {"small": {name: name for name in ("title", "name", "email")}}
        if dice.random() < 0.5:
            dice.choice(by_hand)["signals"] = {"small": "call_off"}
    workflow["children"] = {"small": child}
    workflow["events"] = {**workflow.get("events", {}), **events}


def about_children(dice: Random) -> Raw:
    """A condition on the cases that this one has sent somebody on."""
    if dice.random() < 0.6:
        return {"fact": "child.small.open", dice.choice(["is", "at_least", "at_most"]): dice.randint(0, 2)}
    return {"fact": "child.small.state", dice.choice(["is", "is_not"]): dice.choice(["finished", "called_off"])}


def let_be_told(workflow: Raw) -> None:
    """Let cases of this workflow be begun and called off by one that sends them."""
    workflow["start"]["be_sent"] = {
        "label": "Be sent",
        "by": ["clock"],
        "to": next(iter(workflow["states"])),
        "form": dict.fromkeys(("title", "name", "email")),
    }
    workflow["states"]["called_off"] = {"label": "Called off", "final": True}
    workflow["events"] = {"call_off": {"label": "Call off", **CLOCKED, "to": "called_off"}}


def emptied(states: Raw) -> None:
    """Some events that ask for none of it forget an answer; which, follows from what is there already."""
    events = [event for state in states.values() for event in state.get("events", {}).values()]
    for number, event in enumerate(events):
        name = ("kind", "day", "count", "sure")[number % 4]
        if number % 3 == len(events) % 3 and name not in event.get("form", {}):
            event["empties"] = name
