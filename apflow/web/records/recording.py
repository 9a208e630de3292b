"""What the pages of records share: who may be here, one form for every kind, and noting every look at a child."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from litestar import Request, Response
from litestar.response import Redirect
from sqlalchemy import Connection, Row

from apflow.committing import TooBusy
from apflow.core.conditions import Facts
from apflow.core.definition import words
from apflow.core.errors import Invalid, NotFound, Stale
from apflow.core.people.actor import Actor
from apflow.records.door import ON_A_PAGE, By, Kind, add, change, may_keep, told
from apflow.rounds.raising import raise_red
from apflow.rounds.recounting import recount_pupils, recount_school, recount_site
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.records.records import changes_of, record
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.concurrency import in_thread
from apflow.web.forms import answers_from, one, questions_of, submitted_form
from apflow.web.identity import require
from apflow.web.looks import note_looks
from apflow.web.render import page
from apflow.web.site import Site

A_PAGE = 25
MATCHES = 50  # A search that finds more is narrowed: it is no list to go through.
CHANGES_SHOWN = 20
_HANDED = (
    "Saved, and handed over: “What has changed” says which cases. If anybody is written to now, they have been told"
)
_BANNERS = {
    "added": "Added",
    "changed": "Saved",
    "handed": _HANDED,
    "same": "Nothing was different, so nothing was changed",
}


@dataclass(frozen=True)
class Keeping:
    """Someone who may keep records, on one installation; `own` is what else is theirs to keep themselves."""

    site: Site
    actor: Actor
    own: Mapping[str, int] = field(default_factory=dict)

    @property
    def by(self) -> By:
        handler = self.site.handler
        return By(
            self.actor,
            self.site.now(),
            self.site.library,
            own=self.own,
            letters=handler.letters,
            hand_over=handler.hand_over_within,
        )

    def look_for_red(self) -> None:
        """Raise to an officer what a change has turned red; where that cannot be done now, the night sees to it."""
        with suppress(StoreUnavailable, TooBusy):
            if raise_red(self.site.handler, self.site.now()):
                self.site.wake()

    def recount(self, school: int | None = None) -> None:
        """Count anew what placements count by a school's days, or any school's, once those are others."""
        with suppress(StoreUnavailable, TooBusy):
            if recount_school(self.site.handler, self.actor, self.site.now(), school=school):
                self.site.wake()

    def recount_pupils(self, pupil: int | None = None) -> None:
        """Let placements say what this pupil's record, or any, says once it has been put right."""
        with suppress(StoreUnavailable, TooBusy):
            if recount_pupils(self.site.handler, self.actor, self.site.now(), pupil=pupil):
                self.site.wake()

    def recount_site(self, site: int | None = None) -> None:
        """Let placements say where this site, or any, is now."""
        with suppress(StoreUnavailable, TooBusy):
            recount_site(self.site.handler, self.actor, self.site.now(), site=site)
        self.site.wake()  # Whoever is placed there is told of a move.

    def note(self, where: str, pupils: Iterable[int]) -> None:
        """Write down that a page shows these pupils, before it is sent: if that fails, nothing is shown."""
        note_looks(self.site, self.actor, where, pupils)


class Look(NamedTuple):
    """A pupil whom a form names, and where that was, as those read it who ask who has looked."""

    where: str
    pupil: int


@dataclass(frozen=True)
class Sheet:
    """One form of one record: what it says at the top, where it leads, and the answers so far.

    `seen` is the version the answers were typed against, 0 for a new record. That has no `number` yet, and is to be
    `within` another record. `look` is of the pupil whose name stands at the top. It `is_checked` once what goes with it
    has been shown.
    """

    kind: Kind
    heading: str
    address: str
    back: str
    caption: str = ""
    seen: int = 0
    answers: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = None
    within: Mapping[str, Any] = field(default_factory=dict)
    look: Look | None = None
    is_checked: bool = False


class CheckFirst(Exception):
    """Nothing is saved yet: what goes with it is shown first, by a template with this to say."""

    def __init__(self, template: str, **says: Any) -> None:
        super().__init__()
        self.template, self.says = template, says


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a record, as its page tells it."""

    title: str
    who: str
    at: Any
    lines: tuple[tuple[str, str, str], ...]


def keeping(request: Request[Any, Any, Any]) -> Keeping:
    """Who asks; to anyone who may not read what is about children these pages do not exist."""
    site: Site = request.app.state.site
    actor = require(request).actor
    if not may_keep(site.council, actor):
        raise NotFound
    return Keeping(site, actor)


def sheet_page(
    request: Request[Any, Any, Any],
    sheet: Sheet,
    errors: Mapping[str, str] | None = None,
    reasons: Iterable[str] = (),
    status: int = 200,
) -> Response[Any]:
    """The form with its answers so far and whatever is wrong with them; that it names a pupil is written down first."""
    if sheet.look is not None:
        note_looks(request.app.state.site, require(request).actor, sheet.look.where, [sheet.look.pupil])
    facts = Facts(fields={}, today="", answers=sheet.answers)
    questions = questions_of(sheet.kind.form, sheet.answers, facts, errors)
    targets = {question.name: question.error_target for question in questions}
    problems = [(targets.get(name, ""), message) for name, message in (errors or {}).items()]
    problems += [("", reason) for reason in reasons]
    return page(request, "records/form.html", status=status, sheet=sheet, questions=questions, problems=problems)


def keep(keeper: Keeping, sheet: Sheet) -> str:
    """Add the record that the sheet is of, or change it: back to where it was reached from, with what was done."""
    if sheet.number is None:
        add(keeper.site.store, sheet.kind, sheet.answers, keeper.by, sheet.within)
        return f"{sheet.back}?done=added"
    differs = change(keeper.site.store, sheet.kind, sheet.number, sheet.seen, sheet.answers, keeper.by)
    return f"{sheet.back}?done={'changed' if differs else 'same'}"


async def take(
    request: Request[Any, Any, Any],
    sheet_of: Callable[[Keeping], Sheet],
    save: Callable[[Keeping, Sheet], str] = keep,
    keeper_of: Callable[[Request[Any, Any, Any]], Keeping] = keeping,
) -> Response[Any]:
    """What a form sent: saved and on to where `save` leads, or the form again with everything that was typed."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    submitted = await submitted_form(request)

    def answer() -> Response[Any]:
        keeper = keeper_of(request)
        blank = sheet_of(keeper)
        seen = one(submitted, "seen")
        typed = answers_from(blank.kind.form, submitted)
        seen_at = int(seen) if seen.isdecimal() and len(seen) < 9 else blank.seen
        sheet = replace(blank, answers=typed, seen=seen_at, is_checked=one(submitted, "is_checked") == "yes")
        return _saved(request, keeper, sheet, blank.seen, save)

    return await in_thread(answer)


def _saved(
    request: Request[Any, Any, Any], keeper: Keeping, sheet: Sheet, now_at: int, save: Callable[[Keeping, Sheet], str]
) -> Response[Any]:
    try:
        address = save(keeper, sheet)
        keeper.look_for_red()
        return Redirect(address, status_code=303)
    except CheckFirst as first:
        return page(request, first.template, sheet=sheet, typed=_typed(sheet), **first.says)
    except Invalid as refusal:
        return sheet_page(request, sheet, refusal.errors, status=422)
    except Stale as refusal:
        changes = [f"{change}." for change in refusal.changes]
        said = ["Someone changed this while you were typing. Check it below; saving again puts yours in its place."]
        return sheet_page(request, replace(sheet, seen=now_at), reasons=[*said, *changes], status=409)
    except StoreUnavailable as fault:
        unnamed = replace(sheet, caption="", look=None)  # To name the pupil would have to be written down.
        return sheet_page(request, unnamed, reasons=[f"{fault.message} Try again in a minute."], status=503)


def _typed(sheet: Sheet) -> list[tuple[str, Any]]:
    """What the form said, to be said again by a page that asks nothing else."""
    several = [(name, value if isinstance(value, list) else [value]) for name, value in sheet.answers.items()]
    return [(name, one) for name, values in several for one in values if one not in (None, "")]


def here(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What every page of a record shows of what has just been done."""
    return {"banner": _BANNERS.get(request.query_params.get("done", ""))}


def needed(row: Row[Any] | None) -> Row[Any]:
    """The record; NotFound when there is none."""
    if row is None:
        raise NotFound
    return row


def record_of(connection: Connection, kind: Kind, number: int) -> Row[Any]:
    return needed(record(connection, kind.table, number))


def changes(connection: Connection, kind: Kind, number: int) -> list[Change]:
    """What has happened to a record lately, newest first."""
    rows = changes_of(connection, kind.name, number, limit=CHANGES_SHOWN)
    return [
        Change(
            title=f"{kind.title} {row.action}" + ("" if row.through == ON_A_PAGE else f" ({row.through})"),
            who=row.actor_name,
            at=row.at,
            lines=tuple(told(kind, row.fields)) if row.action == "changed" else (),
        )
        for row in rows
    ]


def when_placed(placement: Row[Any]) -> str:
    """From when until when a placement runs, as a page says it."""
    if placement.never_began:
        return f"never began: it was planned from {words.short_day(placement.starts_on)}"
    return _period(placement.starts_on, placement.ends_on)


def _period(first: date, last: date | None) -> str:
    return f"{words.short_day(first)} to {words.short_day(last)}" if last else f"from {words.short_day(first)}"
