"""What the nightly check found, beside whoever is asked to see to it: which work of which case, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_see
from apflow.store.cases.loading import load_cases
from apflow.store.findings import RETENTION, WORKFLOW, standing_of
from apflow.store.parts import sentences_of
from apflow.store.reading.hidden import hidden_of
from apflow.web.case.opened import Opened
from apflow.web.site import Site

RETENTION_PAGE = "/retention"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Undone:
    """What stands of one case now, a sentence each. The case has no `title` here for somebody who does not see it."""

    about: str
    title: str | None
    said: tuple[str, ...]

    @property
    def path(self) -> str | None:
        """Where it is done something about; None for whoever does not see the case."""
        return path_of(self.about, is_case=self.title is not None)

    @property
    def called(self) -> str:
        return self.title or self.about

    @property
    def shown(self) -> tuple[str, ...]:
        return self.said if len(self.said) <= _SHOWN + 1 else self.said[:_SHOWN]

    @property
    def more(self) -> int:
        return len(self.said) - len(self.shown)

    @property
    def note(self) -> str:
        """The same in lines, where nothing leads on."""
        more = [f"And {self.more} more."] if self.more else []
        return "\n".join((*(f"{one}." for one in self.shown), *more))


def path_of(about: str, *, is_case: bool) -> str | None:
    """The page of what was found something of, if it has one."""
    return RETENTION_PAGE if about == RETENTION else f"/cases/{about}" if is_case else None


def undone_of(site: Site, connection: Connection, shown: Iterable[tuple[str, str]], actor: Actor) -> dict[str, Undone]:
    """By the reference of the case that asks for it, as the last night saw it; nothing of what is mended, and nothing
    of a case that is hidden from whoever looks.

    `shown` are the workflows and references of the cases that are shown, whichever they are.
    """
    hidden = hidden_of(connection, actor.id)
    standing = standing_of(connection, [reference for workflow, reference in shown if workflow == WORKFLOW])
    asked = [row for row in standing if row.about not in hidden]
    there = load_cases(connection, [row.about for row in asked]) if asked else {}
    titles = {}
    for reference, case in there.items():
        definition = site.handler.definition(connection, case.digest)
        if may_see(definition, case, actor):
            titles[reference] = definition.title_of(case.fields)
    return {row.task_case: Undone(row.about, titles.get(row.about), _shown(sentences_of(row))) for row in asked}


def _shown(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(one[:1].upper() + one[1:] for one in said)


def undone_on(opened: Opened) -> Undone | None:
    """The same on the page of the case that asks for it."""
    if opened.definition.name != WORKFLOW:
        return None
    with opened.site.store.reading() as connection:
        shown = [(opened.definition.name, opened.reference)]
        return undone_of(opened.site, connection, shown, opened.actor).get(opened.reference)
