"""Which pupil a case is about, and who may look them up."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import Actor
from apflow.core.people.permission import acts_as
from apflow.store.reading.queues import CaseRowView
from apflow.store.records.pupils import names_of_pupils, pupils_placed
from apflow.web.case.opened import Opened
from apflow.web.looks import note_looks
from apflow.web.site import Site


def may_look_up(opened: Opened) -> bool:
    """Whether a role of theirs on this case lets them know, where it stands now, which pupil it is about."""
    roles = _who_look_up(opened.definition, opened.snapshot.state)
    return acts_as(opened.definition, opened.snapshot, roles, opened.actor)


def _who_look_up(definition: Definition, state: str) -> tuple[str, ...]:
    says = definition.workflow.keeps or definition.workflow.about_placement
    seen_by = says.pupil_seen_by.items() if says else ()
    return tuple(role for role, states in seen_by if not states or state in states)


def pupil_of(opened: Opened) -> int | None:
    """The number of the pupil whom the case is about, for those who may look them up and for noting looks."""
    number = _number_in(opened.definition, opened.snapshot.fields)
    placement = _placement_in(opened.definition, opened.snapshot.fields)
    if number is not None or placement is None:
        return number
    with opened.site.store.reading() as connection:
        return pupils_placed(connection, [placement]).get(placement)


def _number_in(definition: Definition, fields: Mapping[str, Any]) -> int | None:
    kept = definition.workflow.keeps
    return fields.get(kept.as_.get("pupil", "")) if kept else None


def _placement_in(definition: Definition, fields: Mapping[str, Any]) -> int | None:
    """The number of a placement that the case speaks of and does not keep."""
    about = definition.workflow.about_placement
    said = fields.get(about.number) if about else None
    return int(said) if said else None


def note_pupil(opened: Opened, what: str = "") -> None:
    """Write down who looks at what a case says of its pupil, before it is shown; of a case about none, nothing."""
    number = pupil_of(opened)
    if number is not None:
        where = f"Placement {opened.reference}"
        note_looks(opened.site, opened.actor, f"{where}: {what}" if what else where, [number])


def pupils_in_list(
    site: Site, actor: Actor, where: str, rows: Iterable[tuple[Definition, CaseRowView, AbstractSet[str]]]
) -> dict[str, str]:
    """By reference, whom each case is about, where a side that they are on lets them look it up; noted as any look."""
    may = [
        (definition, row)
        for definition, row, sides in rows
        if not sides.isdisjoint(_who_look_up(definition, row.state))
    ]
    numbers = {row.reference: number for definition, row in may if (number := _number_in(definition, row.fields))}
    spoken_of = {row.reference: one for definition, row in may if (one := _placement_in(definition, row.fields))}
    if not numbers and not spoken_of:
        return {}
    with site.store.reading() as connection:
        placed = pupils_placed(connection, spoken_of.values())
        numbers |= {reference: placed[one] for reference, one in spoken_of.items() if one in placed}
        names = names_of_pupils(connection, numbers.values())
    note_looks(site, actor, where, names)
    return {reference: names[number] for reference, number in numbers.items() if number in names}
