"""Deadlines and child cases as a diagram says them: shortly, and with what happens when the time is up."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from apflow.core.compare.grammar import listed
from apflow.core.compare.names import Names, role_words
from apflow.core.compare.said import condition_words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.machine import START


@dataclass(frozen=True)
class Spans:
    """One definition's deadlines and kinds of child case, in words."""

    definition: Definition

    @cached_property
    def _names(self) -> Names:
        return Names.of(self.definition.workflow, self.definition.workflow, self.definition.council)

    def role(self, name: str) -> str:
        """The role inside a sentence."""
        return role_words(self.definition.council, name)

    def span(self, spec: DeadlineSpec, state: str) -> str:
        """How long there is: "within 10 working days", "every 12 months", "by the end of “Day of the panel”"."""
        if spec.every:
            return f"every {_singular(str(spec.every))}{self._counted_from(spec, state)}"
        if spec.of and spec.span.count == 0:
            return f"by the end of “{self._field(spec.of)}”"
        return f"within {spec.span}{self._counted_from(spec, state)}"

    def in_full(self, spec: DeadlineSpec, state: str) -> str:
        """The deadline with its label, its span, its pause and its end."""
        paused = f", standing still in {self._states(spec.paused_in.states)}" if spec.paused_in else ""
        longest = f" for at most {spec.paused_in.at_most}" if spec.paused_in else ""
        unless = f", but not while {condition_words(self._names, spec.unless)}" if spec.unless else ""
        return f"{spec.label}: {self.span(spec, state)}{paused}{longest}{unless}, then {self._end(spec, state)}"

    def behind(self, state: str, event: str) -> str:
        """What makes the clock fire this event in this state."""
        running = self.definition.deadlines.get(state, {}).values()
        ended = [self._fired(spec, state) for spec in running if spec.then.event == event]
        ended += [
            f"When {child.label.staff} ends: {self._child_state(child.workflow, end)}"
            for child in self.definition.workflow.children.values()
            for end, fired in child.ends.items()
            if fired == event
        ]
        return "; ".join(ended) or "By itself"

    def of_the_case(self) -> Iterator[tuple[str, str]]:
        """The deadlines of the whole case, with the states they run in."""
        for spec in self.definition.workflow.deadlines.values():
            text = f"{self.in_full(spec, spec.while_in[0] if spec.while_in else START)}."
            yield "Deadline of the whole case", f"{text} It runs in {self._states(spec.while_in)}."

    def of_children(self) -> Iterator[tuple[str, str]]:
        """The kinds of child case, with what their ends do here."""
        for child in self.definition.workflow.children.values():
            ends = [
                f"ending “{self._child_state(child.workflow, end)}” does “{self._event(event)}” here"
                for end, event in child.ends.items()
            ]
            yield "Child case", f"{child.label.staff}{': ' if ends else ''}{listed(ends) if ends else ''}."

    def _fired(self, spec: DeadlineSpec, state: str) -> str:
        warned = f", at least {spec.then.after_warning} after a warning" if spec.then.after_warning else ""
        span = self.span(spec, state).replace("within ", "after ", 1).replace("by the end of", "after", 1)
        return f"{span[:1].upper()}{span[1:]}{warned}"

    def _end(self, spec: DeadlineSpec, state: str) -> str:
        if spec.then.event:
            return f"“{self._event(spec.then.event, state)}”"
        return f"{self.role(spec.then.escalate or '')} is told"

    def _counted_from(self, spec: DeadlineSpec, state: str) -> str:
        if spec.of:
            return f" of “{self._field(spec.of)}”{', where it is known' if spec.or_entering else ''}"
        if spec.after:
            return f" of “{self._event(spec.after, state)}”"
        if spec.after_deadline:
            earlier = self.definition.deadlines.get(state, {}).get(spec.after_deadline)
            return f" of the day for “{earlier.label if earlier else spec.after_deadline}”"
        return ""

    def _field(self, name: str) -> str:
        known = self.definition.question(name)
        return known.label if known else name

    def _event(self, name: str, state: str = START) -> str:
        offered = self.definition.events
        here = offered.get(state, {}).get(name)
        spec = here or next((events[name] for events in offered.values() if name in events), None)
        return spec.label.staff if spec else name.replace("_", " ")

    def _states(self, names: tuple[str, ...]) -> str:
        known = self.definition.workflow.states
        return listed(f"“{known[name].label.staff}”" if name in known else name for name in names)

    def _child_state(self, workflow: str, state: str) -> str:
        """The child's workflow is another file: only its own name for the state is at hand, unless it is this one."""
        here = self.definition.workflow
        if workflow == here.workflow and state in here.states:
            return here.states[state].label.staff
        return state.replace("_", " ")


def _singular(span: str) -> str:
    """Every year, every 2 weeks."""
    return span.removeprefix("1 ")
