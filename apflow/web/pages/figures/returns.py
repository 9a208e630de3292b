"""Returns of placements to others: what is missing for one, and its file. Each look is noted of every child in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from apflow.core.definition.words import short_day
from apflow.core.errors import NotFound
from apflow.provision.returns import Returned, ReturnForm, ReturnKind, rows_of
from apflow.records.figures.returned import asked_of_cases, facts_between
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.spreadsheet import plain
from apflow.web.lists.view import View
from apflow.web.records.asked_time import AskedTime, asked_time
from apflow.web.records.recording import A_PAGE, Keeping, keeping
from apflow.web.render import page

_RETURNS = "/returns"
_ONE = _RETURNS + "/{name:str}"
_FILE = _ONE + "/file"


@dataclass(frozen=True, slots=True)
class Made:
    """One return as it would be made now: of which days, in which form, with which rows."""

    name: str
    kind: ReturnKind
    form: ReturnForm
    asked: AskedTime
    rows: Sequence[Returned]

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.form.columns]

    @property
    def lacking(self) -> list[tuple[str, int]]:
        """What is missing, and in how many rows, the most first."""
        counts: dict[str, int] = {}
        for row in self.rows:
            for one in row.missing:
                counts[one] = counts.get(one, 0) + 1
        return sorted(counts.items(), key=lambda found: (-found[1], found[0]))


@get(_RETURNS, include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """Which returns can be made."""
    returns = keeping(request).site.library.returns
    return page(request, "records/returns.html", returns=returns.kinds if returns else {})


@get(_ONE, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
    """What is missing for it, row by row, before a file is made."""
    keeper = keeping(request)
    made = _made(request, keeper, name)
    paging = Paging(page_number(request.query_params), len(made.rows), A_PAGE)
    shown = made.rows[paging.first : paging.first + A_PAGE]
    keeper.note(f"Return: {made.kind.title}", [row.pupil for row in shown])
    return page(
        request,
        "records/return.html",
        made=made,
        asked=made.asked,
        shown=[(row, list(zip(made.headings, map(_in_words, row.cells), strict=True))) for row in shown],
        view=View(f"{_RETURNS}/{name}/file", len(made.rows), made.asked.query),
        paging=paging,
        pages=paging.shown(f"{_RETURNS}/{name}?{made.asked.query}&"),
        status=422 if made.asked.error else 200,
    )


def _table(asked: AskedFor) -> Table:
    """The return itself."""
    keeper, name = keeping(asked.request), asked.request.path_params["name"]
    made = _made(asked.request, keeper, name)
    keeper.note(f"Return, {asked.ending.upper()}: {made.kind.title}", [row.pupil for row in made.rows])
    stem = f"{name.replace('_', '-')}-{made.asked.stem}"
    return Table(stem, made.kind.title, made.headings, [row.cells for row in made.rows])


def _made(request: Request[Any, Any, Any], keeper: Keeping, name: str) -> Made:
    returns = keeper.site.library.returns
    kind = returns.kinds.get(name) if returns else None
    if kind is None:
        raise NotFound
    asked = asked_time(request, keeper)
    form = kind.in_force(asked.until)
    with keeper.site.store.reading() as connection:
        facts = facts_between(connection, keeper.site.library, asked.first, asked.until)
    words = {fact: spec.options for fact, spec in asked_of_cases(keeper.site.library).items()}
    return Made(name, kind, form, asked, rows_of(kind, form, facts, words))


def _in_words(cell: Any) -> str:
    return short_day(cell) if hasattr(cell, "isoformat") else plain(cell)


ROUTES = [listed, show, *files_of(_FILE, _table)]
