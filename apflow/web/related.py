"""The cases that a case is linked to, as far as whoever looks at it may see them."""

from collections.abc import Iterable
from dataclasses import dataclass

from apflow.core.errors import NotFound
from apflow.core.snapshot import Child
from apflow.web.opened import Opened, open_case


@dataclass(frozen=True, slots=True)
class Related:
    """One linked case: what kind it is, and how it stands."""

    kind: str
    kind_label: str
    reference: str
    title: str
    state: str
    state_label: str
    is_open: bool


def parent_of(opened: Opened) -> Related | None:
    """The case that opened this one; None when there is none, or none that the actor may see."""
    parent = opened.snapshot.parent
    found = _seen(opened, parent.reference) if parent else None
    return _related(found, found.definition.name, found.definition.workflow.title) if found else None


def children_of(opened: Opened) -> list[Related]:
    """The cases that this one opened and the actor may see, oldest first."""
    return _all_seen(opened, [child for child in opened.snapshot.children if child.reference])


def first_children_of(opened: Opened, most: int) -> list[Related]:
    """So many of them at most: those that go on before those that have ended, the newest first."""
    newest_first = [child for child in opened.snapshot.children[::-1] if child.reference]
    return _all_seen(opened, sorted(newest_first, key=lambda child: not child.is_open)[:most])


def _all_seen(opened: Opened, children: Iterable[Child]) -> list[Related]:
    """Each is opened as its own page would be, which for hundreds takes its time."""
    return [
        _related(found, child.kind, _kind_label(opened, child.kind))
        for child in children
        if (found := _seen(opened, child.reference))
    ]


def _seen(opened: Opened, reference: str) -> Opened | None:
    try:
        return open_case(opened.site, opened.actor, reference)
    except NotFound:
        return None


def _kind_label(opened: Opened, kind: str) -> str:
    spec = opened.definition.workflow.children.get(kind)
    return spec.label.to(opened.audience) if spec else kind


def _related(found: Opened, kind: str, label: str) -> Related:
    state = found.definition.state(found.snapshot.state)
    return Related(
        kind=kind,
        kind_label=label,
        reference=found.reference,
        title=found.title,
        state=found.snapshot.state,
        state_label=state.label.to(found.audience),
        is_open=not state.final,
    )
