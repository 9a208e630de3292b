"""Cases that a change of a workflow would leave behind, in a state that is no longer there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apflow.core.checks.findings import Finding
from apflow.core.definition.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A state of a text that was live, with its label there and, if that is known, how many open cases it holds."""

    state: str
    label: str
    cases: int | None = None

    @property
    def said(self) -> str:
        """How many cases are there, in words."""
        if self.cases is None:
            return f"Cases may be in “{self.label}”"
        return f"{self.cases} open case{' is' if self.cases == 1 else 's are'} in “{self.label}”"


def wherever(live: Workflow) -> Iterator[Whereabouts]:
    """Every state of the live workflow in which there may be an open case."""
    for name, state in live.states.items():
        if not state.final:
            yield Whereabouts(name, state.label.staff)


def stranded(workflow: Workflow, places: Iterable[Whereabouts]) -> Iterator[Finding]:
    """A finding for each place that the workflow no longer has and of which no migration says where its cases go."""
    path = ("migrate",) if workflow.migrate else ("states",)
    for place in places:
        if place.state in workflow.states or place.state in workflow.migrate:
            continue
        they = "it" if place.cases == 1 else "they"
        alike = (name for name, state in workflow.states.items() if state.label.staff == place.label)
        there = next(alike, "…")
        yield Finding(
            path,
            "nowhere-to-go",
            f"{place.said}, a state that is no longer there. Say where {they} would go: "
            f"migrate: {{{place.state}: {there}}}. Until cases are moved they keep the text they began under.",
            at_key=True,
        )
