"""What an event also says: whom it writes to, and to cases that are items of this one what it tells them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.linked import THIS_CASE
from apflow.core.outcome import Send, Tell
from apflow.core.snapshot import Item, Snapshot


def tells_of(
    definition: Definition,
    snapshot: Snapshot,
    spec: EventSpec,
    item: tuple[str, str] | None,
    fields: Mapping[str, Any],
    answers: Mapping[str, Any],
) -> tuple[Tell, ...]:
    """What the event tells, in the order of the items; `fields` are those it leaves behind."""
    if not spec.tells:
        return ()
    known = {**fields, **{f"answer.{name}": given for name, given in answers.items()}, THIS_CASE: snapshot.reference}
    return tuple(
        Tell(
            reference,
            definition.of_cases[collection].workflow,
            telling.event,
            {theirs: known[ours] for theirs, ours in telling.with_.items() if known.get(ours) is not None},
        )
        for collection, telling in spec.tells.items()
        for reference in _told(snapshot.items.get(collection, {}), collection, telling.those, item)
    )


def _told(
    items: Mapping[str, Item], collection: str, those: Iterable[str], item: tuple[str, str] | None
) -> Iterator[str]:
    if item is not None and item[0] == collection:
        yield item[1]
    else:
        yield from (key for key, kept in items.items() if kept.status in those)


def sends_of(spec: EventSpec) -> tuple[Send, ...]:
    return tuple(
        Send(
            use.notice,
            role,
            about=use.about,
            invite=use.invite,
            only_news=use.only_news,
            also=use.also,
            apart_from=use.apart_from,
        )
        for role, use in spec.notify.items()
    )
