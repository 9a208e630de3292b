"""The step function: where an event leads. The only room that knows `transitions`."""

from collections.abc import Iterable

import transitions

from apflow.core.errors import NotOpen, UnknownEvent

START = "start"


class _Handle:
    """Stands in for a case during one step; never bound to the machine, which would hold it for ever."""

    def __init__(self, state: str) -> None:
        self.state = state


class Machine:
    """One `transitions` machine for a whole definition; stateless between steps, so threads may share it."""

    def __init__(self, states: Iterable[str], arrows: Iterable[tuple[str, str, str | None]]) -> None:
        self._machine = transitions.Machine(
            model=None, states=[START, *states], initial=START, auto_transitions=False, send_event=False
        )
        for event, source, destination in arrows:
            self._machine.add_transition(event, source, destination)
        self._steps: dict[tuple[str, str], str] = {}

    def step(self, state: str, event: str) -> str:
        """The state that `event` leads to from `state`; UnknownEvent or NotOpen when it leads nowhere."""
        if (state, event) not in self._steps:  # It leads to the same place every time.
            self._steps[state, event] = self._step(state, event)
        return self._steps[state, event]

    def _step(self, state: str, event: str) -> str:
        known = self._machine.events.get(event)
        if known is None:
            raise UnknownEvent(f'There is no event called "{event}".')
        handle = _Handle(state)
        try:
            moved = known.trigger(handle)
        except (transitions.MachineError, ValueError):
            raise NotOpen from None
        if not moved:
            raise NotOpen
        return handle.state
