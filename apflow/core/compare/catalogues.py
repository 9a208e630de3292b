"""Catalogues compared: what must be shown, how long it lasts, and how its items are said."""

from collections.abc import Iterator, Mapping
from functools import partial

from apflow.core.compare.grammar import Saying, differences, keyed, renamed, say, worded
from apflow.core.definition.catalogue import Catalogue, CatalogueItem


def compare_catalogues(old: Catalogue | None, new: Catalogue) -> Iterator[str]:
    """At least one sentence for every difference in one catalogue."""
    if old is None:
        required = sum(item.required for item in new.items.values())
        yield f"A catalogue is added: “{new.title}”, with {len(new.items)} items, of which {required} are required."
        return
    sections = renamed(old.sections, new.sections)
    items = {
        name: item.model_copy(update={"section": sections.get(item.section, item.section)})
        for name, item in old.items.items()
    }
    old = old.model_copy(update={"items": items})
    sayings: dict[str, Saying] = {
        "title": lambda was, now: [f"The catalogue “{was}” is now called “{now}”."],
        "items": lambda was, now: _items(new, was, now),
        "sections": partial(worded, f"{new.title}: ", "section", "sections"),
    }
    yield from differences(f"The catalogue “{new.title}”", old, new, sayings)


def _items(catalogue: Catalogue, old: Mapping[str, CatalogueItem], new: Mapping[str, CatalogueItem]) -> Iterator[str]:
    where = f"{catalogue.title}: "
    return keyed(
        old,
        new,
        added=lambda _, item: [
            f"{where}“{item.label}” is now also asked for; it is {_needed(item)}, and {_lasts(item)}."
        ],
        removed=lambda _, item: [
            f"{where}“{item.label}” is no longer asked for, and what cases have under it is no longer shown."
        ],
        changed=lambda _, was, now: _item(catalogue, where, was, now),
        called=lambda item: f"{where}“{item.label}”",
        order=f"{where}The items are asked for in another order.",
        noticed="it is asked for anew, and what cases have under the old name is no longer shown",
    )


def _item(catalogue: Catalogue, where: str, old: CatalogueItem, new: CatalogueItem) -> Iterator[str]:
    subject = f"{where}“{new.label}”"
    sections = catalogue.sections
    sayings: dict[str, Saying] = {
        "label": lambda was, now: [f"{where}“{was}” is now called “{now}”."],
        "section": lambda was, now: [
            f"{subject} is now under {say(sections.get(now, now))}, was {say(sections.get(was, was))}."
        ],
        "required": lambda *_: [f"{subject} is now {_needed(new)}, was {_needed(old)}."],
        "good": lambda was, now: [f"{subject}: what a good one shows now reads “{now}”, was “{was}”."],
        "expires": lambda *_: [f"{subject} now {_lasts(new)}; so far, it {_lasts(old)}."],
        "not_applicable": lambda _, now: [f"{subject} may {'now' if now else 'no longer'} be said not to apply."],
    }
    return differences(subject, old, new, sayings)


def _needed(item: CatalogueItem) -> str:
    return "required" if item.required else "not required"


def _lasts(item: CatalogueItem) -> str:
    if item.expires == "never":
        return "never runs out"
    if isinstance(item.expires, str):
        return f"runs out {item.expires}"
    return f"is good for {item.expires} from the date on it"
