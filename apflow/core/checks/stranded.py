"""What a change of policy would leave behind: cases in a state that is no longer there, and what is under an item."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from apflow.core.checks.findings import Finding
from apflow.core.definition.catalogue import Catalogue
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


def taken_away(old: Mapping[str, Catalogue], new: Mapping[str, Catalogue]) -> Iterator[tuple[str, str]]:
    """The catalogue and key of each item that the one policy has and the other has not."""
    for name, catalogue in old.items():
        if name in new:
            yield from ((name, key) for key in catalogue.items if key not in new[name].items)


def lost(before: Catalogue, catalogue: Catalogue, key: str, cases: int) -> Finding:
    """The finding that so many open cases hold something under an item which the catalogue no longer has.

    Cases read a catalogue as it is today, and find what they hold by its key: nothing moves it to another.
    """
    label, added = before.items[key].label, catalogue.items.keys() - before.items.keys()
    now = next((name for name, item in catalogue.items.items() if name in added and item.label == label), None)
    hold, they = ("case holds", "It") if cases == 1 else ("cases hold", "They")
    mend = (
        f"Call it {key} again and not {now}: people never see that name, and the label can change."
        if now
        else f"Keep {key}: its label can change, and with required: false nothing waits for it."
    )
    return Finding(
        ("items", now) if now else ("items",),
        "item-held",
        f"{cases} open {hold} something under “{label}” ({key}), which is no longer there. "
        f"{they} would lose it at once, and be asked for it anew. {mend}",
        at_key=True,
        suggestion=key if now else None,
    )
