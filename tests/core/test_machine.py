"""The step function: where an event leads, and its three ways of saying no."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from apflow.core.errors import NotOpen, UnknownEvent
from apflow.core.machine import START, Machine

ARROWS = [
    ("begin", START, "waiting"),
    ("note", "waiting", None),
    ("finish", "waiting", "done"),
    ("again", "waiting", "waiting"),
    ("reopen", "done", "waiting"),
]


@pytest.fixture(scope="module")
def machine() -> Machine:
    return Machine(["waiting", "done"], ARROWS)


@pytest.mark.parametrize(
    ("state", "event", "leads_to"),
    [
        (START, "begin", "waiting"),
        ("waiting", "finish", "done"),
        ("waiting", "note", "waiting"),
        ("waiting", "again", "waiting"),
        ("done", "reopen", "waiting"),
    ],
)
def test_an_event_leads_from_one_state_to_the_next_or_stays(
    machine: Machine, state: str, event: str, leads_to: str
) -> None:
    assert machine.step(state, event) == leads_to


def test_an_event_nobody_has_heard_of_is_unknown(machine: Machine) -> None:
    with pytest.raises(UnknownEvent, match='no event called "vanish"'):
        machine.step("waiting", "vanish")


@pytest.mark.parametrize("state", [START, "done", "nowhere"])
def test_an_event_of_another_state_is_not_open(machine: Machine, state: str) -> None:
    with pytest.raises(NotOpen):
        machine.step(state, "finish")


def test_the_word_to_is_no_event(machine: Machine) -> None:
    with pytest.raises(UnknownEvent):
        machine.step("waiting", "to_done")


def test_many_threads_share_one_machine(machine: Machine) -> None:
    steps = [(state, event, destination or state) for event, state, destination in ARROWS] * 400

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda step: machine.step(step[0], step[1]), steps))

    assert found == [leads_to for _, _, leads_to in steps]
