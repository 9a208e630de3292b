"""Who must not be contacted about a case, as names and addresses are compared.

Somebody of the same name or address must not be either. Somebody who shares the surname is not written to until it is
said, where the policy asks that, from whom they are told apart.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from apflow.core.definition.by_link import ByLink
from apflow.core.definition.compiled import Definition
from apflow.core.people.names import Named, address, addresses_in, are_one, may_be_one, named, several
from apflow.core.snapshot import Item, ItemKey, Snapshot

SAME = (
    "Somebody of this name or address must not be contacted. If that no longer holds, say so on their own entry, with"
    " what has changed. If this is somebody else, have the council correct the name or the address there."
)
TELL_APART = (
    "Somebody of this surname must not be contacted. If this is somebody else, write here the full name of whoever"
    " must not be"
)


class KeptFrom(Struct, frozen=True):
    """The names and addresses of those who must not be written to; and if it is settled of each first who still is.

    The `others` must not be about another child.
    """

    names: frozenset[Named] = frozenset()
    emails: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    is_settled_first: bool = False
    others: "KeptFrom | None" = None

    def has(self, name: str, email: str) -> bool:
        """Whether it is one of them, by name or by address."""
        one = named(name, self.titles)
        return any(are_one(one, other) for other in self.names) or (bool(email) and address(email) in self.emails)

    def may_have(self, name: str, apart_from: str) -> bool:
        """Whether it may be one of them, but for those from whom it is said that they are told apart."""
        one, others = named(name, self.titles), [named(other, self.titles) for other in several(apart_from)]
        alike = (other for other in self.names if may_be_one(one, other))
        return any(not any(are_one(other, apart) for apart in others) for other in alike)

    def with_those(self, more: "KeptFrom") -> "KeptFrom":
        first = self.is_settled_first or more.is_settled_first
        titles, others = self.titles or more.titles, self.others or more.others
        return KeptFrom(self.names | more.names, self.emails | more.emails, titles, first, others)


def kept_from(definition: Definition, said: Iterable[Mapping[str, Any]]) -> KeptFrom:
    """Those of whom this is said as items of those who read the case by a link; their addresses stand in any answer."""
    by_link, titles = definition.workflow.read_by_link, definition.council.titles
    if by_link is None:
        return KeptFrom()
    called, every = definition.collection(by_link.of).called or "", list(said)
    emails = (addresses_in(str(value)) for one in every for value in one.values() if isinstance(value, str))
    names = (named(str(one[called]), titles) for one in every if one.get(called))
    return KeptFrom(frozenset(names), frozenset[str]().union(*emails), titles)


def barred_on(definition: Definition, snapshot: Snapshot, *, but: ItemKey | None = None) -> list[Mapping[str, Any]]:
    """What the case itself says of those who must not be contacted about it, on every entry `but` one."""
    by_link = definition.workflow.read_by_link
    if by_link is None:
        return []
    items = snapshot.items.get(by_link.of, {}).items()
    return [item.data for key, item in items if item.status not in by_link.readers and (by_link.of, key) != but]


def is_kept_from(barred: KeptFrom, definition: Definition, item: Item) -> bool:
    """Whether nothing goes to this reader, and nothing opens to them: one of those, perhaps, or not settled yet."""
    is_one = is_barred(barred, definition, item.data) or may_be_barred(barred, definition, item.data)
    is_undecided = is_to_decide(barred, definition, item.data) or is_to_settle(barred, definition, item.data)
    return is_one or is_undecided


def is_barred(barred: KeptFrom, definition: Definition, data: Mapping[str, Any]) -> bool:
    """Whether a reader of whom this is said has the name or the address of somebody who must not be contacted."""
    by_link = definition.workflow.read_by_link
    if by_link is None:
        return False
    return _has(barred, definition, by_link, data)


def may_be_barred(barred: KeptFrom, definition: Definition, data: Mapping[str, Any]) -> bool:
    """Whether they may be one of them, by the surname, and nobody has said that they are somebody else."""
    by_link = definition.workflow.read_by_link
    if by_link is None or by_link.apart is None:
        return False
    called = definition.collection(by_link.of).called or ""
    return barred.may_have(str(data.get(called) or ""), str(data.get(by_link.apart) or ""))


def is_to_decide(barred: KeptFrom, definition: Definition, data: Mapping[str, Any]) -> bool:
    """Whether they must not be contacted about another child, and nobody has said that they may about this one."""
    by_link = definition.workflow.read_by_link
    if by_link is None or by_link.elsewhere is None or barred.others is None:
        return False
    return not data.get(by_link.elsewhere.says) and _has(barred.others, definition, by_link, data)


def _has(barred: KeptFrom, definition: Definition, by_link: ByLink, data: Mapping[str, Any]) -> bool:
    called = definition.collection(by_link.of).called or ""
    return barred.has(str(data.get(called) or ""), str(data.get(by_link.email) or ""))


def is_to_settle(barred: KeptFrom, definition: Definition, data: Mapping[str, Any]) -> bool:
    """Whether nobody has said of a reader yet that they are still written to, where that is settled first."""
    by_link = definition.workflow.read_by_link
    if by_link is None or by_link.settled is None or not barred.is_settled_first:
        return False
    return not data.get(by_link.settled.says)
