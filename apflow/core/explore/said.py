"""What the answers to an event make of a case's fields, and of the item that it is done to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from apflow.core.definition.events import EventSpec
from apflow.core.explore.domains import Value, expiry_days
from apflow.core.explore.framing import Framing
from apflow.core.explore.situations import Kind, Local, Situation
from apflow.core.firing.items import can_be_emptied
from apflow.core.machine import START
from apflow.core.people.staffing import is_by_clock


@dataclass(frozen=True)
class Said:
    """The answers of all events of one workflow."""

    framing: Framing

    def values(self, before: Situation, event: str, answers: Mapping[str, Any]) -> tuple[Value, ...]:
        """The values of the fields once the event is done with these answers."""
        asked = self._fields_asked[before.state, event]
        if not asked:
            return before.values
        values = list(before.values)
        for place, name, is_emptied in asked:
            values[place] = answers.get(name, None if is_emptied else values[place])
        return tuple(values)

    def of_item(
        self, at: tuple[str, str], spec: EventSpec, kind: Kind, local: Local, given: Mapping[str, Any]
    ) -> Iterator[Local]:
        """How the item may stand once the event, `at` a state and of a name, is done to it with these answers."""
        assert spec.item is not None
        if spec.item.drops:
            yield kind.start
            return
        answers = {**self._emptied_of_items[at], **given}
        kept = {} if spec.item.afresh or not local else dict(zip(kind.facts, local[1:], strict=True))
        said = {name: value for name, value in answers.items() if spec.item.adds_to in (None, name)}
        told = {**kept, **{name: value for name, value in said.items() if name in kind.facts}}
        extra: dict[str, tuple[Value, ...]] = {}
        if not kind.keys and "agency" in kind.facts:
            extra["agency"] = tuple(self.framing.definition.council.agencies) or (None,)
        if kind.keys and "expires_on" in kind.facts and "dated_on" in answers:
            days = expiry_days(self.framing.definition.catalogue_of(kind.collection)[kind.keys[0]])
            extra |= {"expires_on": days if answers["dated_on"] else (None,)} if days else {}
        for chosen in product(*extra.values()):
            left = {**told, **dict(zip(extra, chosen, strict=True))}
            yield (spec.item.to, *(left.get(name) for name in kind.facts))

    @cached_property
    def _fields_asked(self) -> Mapping[tuple[str, str], list[tuple[int, str, bool]]]:
        """The place and name of each field that the event asks for or empties, and whether no answer empties it."""
        return {
            (state, event): [
                (place, name, spec is None or spec.can_be_emptied)
                for place, name in enumerate(self.framing.frame.fields)
                if ((spec := form.get(name)) is not None and self._is_answered(state, event))
                or name in self.framing.definition.events[state][event].empties
            ]
            for (state, event), form in self.framing.definition.forms.items()
        }

    @cached_property
    def _emptied_of_items(self) -> Mapping[tuple[str, str], Mapping[str, None]]:
        """What each event leaves without an answer of its item where nothing is said."""
        definition = self.framing.definition
        return {
            (state, event): dict.fromkeys(
                can_be_emptied(definition, definition.events[state][event], form)
                if self._is_answered(state, event)
                else ()
            )
            for (state, event), form in definition.forms.items()
        }

    def _is_answered(self, state: str, event: str) -> bool:
        """The clock answers nothing, except what another case gives it."""
        is_given = state == START or event in self.framing.told
        return is_given or not is_by_clock(self.framing.definition.events[state][event])
