"""How a count of items, or of people, may come out once one of them stands otherwise."""

from dataclasses import dataclass
from functools import cached_property

from apflow.core.conditions import Facts, holds
from apflow.core.definition.conditions import Condition, Count
from apflow.core.explore.domains import TODAY
from apflow.core.explore.framing import collection_of
from apflow.core.explore.situations import Frame, Kind, Local, Tally

BOTH = frozenset({True, False})


@dataclass(frozen=True)
class Tallies:
    """The tallies of a frame; what an item's moving does to one is worked out once for all situations."""

    frame: Frame

    @cached_property
    def of_kinds(self) -> tuple[tuple[int, ...], ...]:
        """For each kind of item, the places of the tallies that it counts in."""
        tallies = [(place, collection_of(tally)) for place, tally in enumerate(self.frame.tallies)]
        return tuple(
            tuple(place for place, collection in tallies if collection == kind.collection) for kind in self.frame.kinds
        )

    def moved(self, place: int, number: int, local: Local, new: Local) -> frozenset[bool]:
        """How the tally may come out besides, now that an item of the kind stands no longer as it did."""
        key = (place, number, local, new)
        if key not in self._moved:
            self._moved[key] = self._counted(self.frame.tallies[place], self.frame.kinds[number], local, new)
        return self._moved[key]

    @cached_property
    def _moved(self) -> dict[tuple[int, int, Local, Local], frozenset[bool]]:
        return {}

    def _counted(self, tally: Tally, kind: Kind, local: Local, new: Local) -> frozenset[bool]:
        if not isinstance(tally, Count):
            return BOTH
        was, now = (_is_counted(tally.where, kind, one) for one in (local, new))
        most = sum(len(each.keys) for each in self.frame.kinds if each.collection == kind.collection)
        can_be = not kind.keys or tally.at_least <= most
        return frozenset(({True} if now and not was and can_be else set()) | ({False} if was and not now else set()))


def _is_counted(where: Condition | None, kind: Kind, local: Local) -> bool:
    if not local:
        return False
    return where is None or holds(where, Facts({}, TODAY, item=kind.item(local))) is True
