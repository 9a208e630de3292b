"""That nobody who must not be contacted becomes a reader by another entry, or with the name written otherwise."""

from collections.abc import Mapping
from typing import Any

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.errors import Blocked, Invalid
from apflow.core.people.barred import SAME, TELL_APART, barred_on, is_barred, kept_from, may_be_barred
from apflow.core.snapshot import ItemKey, Snapshot


def refuse_who_is_barred(
    definition: Definition, snapshot: Snapshot, spec: EventSpec, item: ItemKey | None, answers: Mapping[str, Any]
) -> None:
    """Refused where the case itself names them as such, on any entry but the one that is changed.

    Of whoever only shares the surname it is asked from whom they are told apart.
    """
    by_link, move = definition.workflow.read_by_link, spec.item
    if by_link is None or move is None or move.of != by_link.of or move.to not in by_link.readers:
        return
    if definition.collection(by_link.of).called not in answers:
        return
    barred = kept_from(definition, barred_on(definition, snapshot, but=item))
    if is_barred(barred, definition, answers):
        raise Blocked([SAME])
    if by_link.apart is not None and may_be_barred(barred, definition, answers):
        raise Invalid({by_link.apart: TELL_APART})
