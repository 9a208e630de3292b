"""A policy's files damaged at random, as a slip of the hand or a careless paste might."""

from random import Random
from typing import Any

from tests.random_policies.extras import Raw

ODD: tuple[Any, ...] = (
    *(None, True, -1, 10**40, 0.5, "", "room_0", "go_0", "today", "3 weeks", "\u202e", "{{", "*" * 500),
    *([], {}, [None], [[[]]], {"": 1}, {"fact": "count"}, {"all": []}, {"not": {}}, {"room_0": "room_1"}),
)


def damaged(dice: Random, workflow: Raw) -> Raw:
    """The workflow with one to three of its parts dropped, doubled elsewhere or made something else."""
    for _ in range(dice.randint(1, 3)):
        places = list(_places(workflow))
        holder, key = dice.choice(places)
        match dice.randint(0, 3):
            case 0:
                del holder[key]
            case 1:
                holder[key] = dice.choice(ODD)
            case 2:
                other, there = dice.choice(places)
                holder[key] = other[there] if there in _keys(other) and not _within(holder, other[there]) else None
            case _ if isinstance(holder, dict):
                holder[f"{key}x"] = holder.pop(key)
    return workflow


def _keys(part: Any) -> list[Any]:
    return list(part) if isinstance(part, dict) else list(range(len(part)))


def _within(part: Any, whole: Any) -> bool:
    """Whether a part is somewhere in the whole, which then cannot be put into it."""
    if part is whole:
        return True
    return isinstance(whole, dict | list) and any(_within(part, whole[key]) for key in _keys(whole))


def _places(part: Any) -> Any:
    if isinstance(part, dict | list):
        for key in _keys(part):
            yield part, key
            yield from _places(part[key])
