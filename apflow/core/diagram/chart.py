"""What a diagram says, in words and before anything is drawn: boxes for states, arrows for the events that move a case.

An event that leaves the case where it is has no arrow: it is named under its state.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apflow.core.compare.grammar import listed
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.workflow import StateSpec
from apflow.core.diagram.spans import Spans
from apflow.core.machine import START

OUTCOMES = {"good": "good", "bad": "bad", "neutral": "neither good nor bad", None: "nothing more happens"}


@dataclass(frozen=True, slots=True)
class Arrow:
    """One event that moves a case. `when` is said of what nobody does by hand: the deadline or child case behind it."""

    event: str
    source: str
    target: str
    title: str
    who: str = ""
    when: str = ""
    is_by_clock: bool = False
    opens: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.event

    @property
    def small(self) -> tuple[str, ...]:
        """What stands under its title."""
        opens = (f"opens: {listed(self.opens)}",) if self.opens else ()
        return tuple(line for line in (self.who, self.when, *opens) if line)


@dataclass(frozen=True, slots=True)
class Box:
    """One state. `staying` are the events possible there that do not move the case."""

    name: str
    title: str
    awaited: str = ""
    deadlines: tuple[str, ...] = ()
    staying: tuple[Arrow, ...] = ()
    outcome: str | None = None
    is_final: bool = False

    @property
    def ending(self) -> str:
        """How a final state ends a case, in words."""
        return f"The end: {OUTCOMES[self.outcome]}" if self.is_final else ""


@dataclass(frozen=True)
class Chart:
    """A whole workflow. `notes` are what belongs to no single state: deadlines of the whole case, and child cases."""

    name: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    journey: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def from_state(self, state: str) -> list[Arrow]:
        return [arrow for arrow in self.arrows if arrow.source == state]

    def box(self, name: str) -> Box:
        return next(box for box in self.boxes if box.name == name)


def chart_of(definition: Definition) -> Chart:
    """The workflow put into words, for staff."""
    workflow, spans = definition.workflow, Spans(definition)
    boxes = [Box(START, "Start")]
    boxes += [_box(definition, spans, name, state) for name, state in workflow.states.items()]
    return Chart(
        name=definition.name,
        title=workflow.title,
        boxes=tuple(boxes),
        arrows=tuple(arrow for state in definition.events for arrow in _moves(definition, spans, state)),
        journey=tuple(name for name in workflow.journey if name in workflow.states),
        notes=(*spans.of_the_case(), *spans.of_children()),
    )


def _box(definition: Definition, spans: Spans, name: str, state: StateSpec) -> Box:
    return Box(
        name=name,
        title=state.label.staff,
        awaited=f"Waiting for {spans.role(state.awaiting)}" if state.awaiting else "",
        deadlines=tuple(spans.in_full(spec, name) for spec in state.deadlines.values()),
        staying=tuple(_stays(definition, spans, name)),
        outcome=state.outcome,
        is_final=state.final,
    )


def _moves(definition: Definition, spans: Spans, state: str) -> Iterator[Arrow]:
    return (arrow for arrow, spec in _all(definition, spans, state) if spec.to is not None)


def _stays(definition: Definition, spans: Spans, state: str) -> Iterator[Arrow]:
    return (arrow for arrow, spec in _all(definition, spans, state) if spec.to is None)


def _all(definition: Definition, spans: Spans, state: str) -> Iterator[tuple[Arrow, EventSpec]]:
    for event, spec in definition.events[state].items():
        people = [role for role in spec.by if role != CLOCK]
        arrow = Arrow(
            event=event,
            source=state,
            target=spec.to or state,
            title=spec.label.staff,
            who=_capital(_listed_or(spans.role(role) for role in people)),
            when=spans.behind(state, event) if CLOCK in spec.by else "",
            is_by_clock=not people,
            opens=_opened(definition, spec.begins),
        )
        yield arrow, spec


def _opened(definition: Definition, kinds: Iterable[str]) -> tuple[str, ...]:
    children = definition.workflow.children
    return tuple(children[kind].label.staff if kind in children else kind for kind in kinds)


def _listed_or(parts: Iterable[str]) -> str:
    """The officer, the manager or the provider."""
    said: Sequence[str] = list(parts)
    return " or ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
