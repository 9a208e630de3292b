"""Pupils: the list, one of them with placements and professionals, who has looked, and the forms."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from sqlalchemy import Row

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotFound
from apflow.core.screening.upn import is_temporary
from apflow.provision.ages import compulsory_school_age
from apflow.records.door import add
from apflow.records.people.pupils import (
    PROFESSIONAL,
    PUPIL,
    ROLES,
    SEXES,
    answers_of,
    answers_of_professional,
    year_in_words,
)
from apflow.records.placements.form import REASONS
from apflow.records.placements.places import PLACEMENT
from apflow.records.placements.weeks import in_words
from apflow.store.records.pauses import pauses_of
from apflow.store.records.placements import placements_of
from apflow.store.records.pupils import count_pupils, list_pupils, professionals_of, pupil
from apflow.store.records.reads import count_reads, reads_of
from apflow.store.records.weekly import agreed_of
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, searched_files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.saved import listed_as
from apflow.web.lists.searching import search_of, searched, searching_of
from apflow.web.lists.view import MOST_ROWS, View
from apflow.web.records.held_cases import open_about
from apflow.web.records.held_parts import Gathering
from apflow.web.records.recording import (
    A_PAGE,
    CHANGES_SHOWN,
    MATCHES,
    Keeping,
    Look,
    Sheet,
    changes,
    here,
    keep,
    keeping,
    needed,
    record_of,
    sheet_page,
    take,
    when_placed,
)
from apflow.web.records.stopped import stopped
from apflow.web.render import page

_NEW = "/pupils/new"
_HEADINGS = ("Surname", "First name", "Year", "Home school", "To know")


@get("/pupils", include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """All pupils, a page at a time, or those of a name or number; each one shown is noted."""
    keeper, sought = keeping(request), search_of(request, "/pupils")
    number, size = (1, MATCHES) if sought.text else (page_number(request.query_params), A_PAGE)
    with keeper.site.store.reading() as connection:
        paging = Paging(number, count_pupils(connection, sought.text), size)
        rows = list_pupils(connection, sought.text, limit=size, offset=paging.first)
    keeper.note("Search for pupils" if sought.text else "List of pupils", [row.id for row in rows])
    typed = {"q": sought.text} if sought.text else {}
    return page(
        request,
        "records/pupils.html",
        rows=rows,
        sought=sought,
        years={row.id: _year(row, keeper) for row in rows},
        tags={row.id: tags(row) for row in rows},
        paging=paging,
        pages=paging.shown("/pupils?"),
        **listed_as(request, View("/pupils", paging.total, typed=typed, names_children=True)),
        **here(request),
    )


def _table(asked: AskedFor) -> Table:
    """All pupils, or those of a name or number; each one in it is noted."""
    keeper, text = keeping(asked.request), searched(asked.one("q"))
    with keeper.site.store.reading() as connection:
        rows = list_pupils(connection, text, limit=MOST_ROWS)
    keeper.note(asked.noted("Search for pupils" if text else "List of pupils"), [row.id for row in rows])
    cells = [(row.surname, row.forename, _year(row, keeper), row.school_name, ", ".join(tags(row))) for row in rows]
    return Table(f"pupils-{keeper.by.today.isoformat()}", "Pupils", _HEADINGS, cells)


@get(_NEW, include_in_schema=False)
@threaded
def ask_new(request: Request[Any, Any, Any]) -> Response[Any]:
    """The empty form."""
    return sheet_page(request, _new(keeping(request)))


@post(_NEW, include_in_schema=False)
async def add_new(request: Request[Any, Any, Any]) -> Response[Any]:
    """Add one."""
    return await take(request, _new, _add)


@get("/pupils/{number:int}", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """One pupil."""
    keeper = keeping(request)
    with keeper.site.store.reading() as connection:
        row = needed(pupil(connection, number))
        placed = placements_of(connection, number)
        pauses, agreed = pauses_of(connection, [one.id for one in placed]), agreed_of(connection, placed)
        around = professionals_of(connection, number)
        under_way = open_about(Gathering(keeper, connection, row, None), placed)
        tags_of_providers = stopped(keeper.site, connection, keeper.actor, [one.reference for one in placed])
        happened = changes(connection, PUPIL, number)
        happened += [change for one in placed for change in changes(connection, PLACEMENT, one.id)]
        happened += [change for one in around for change in changes(connection, PROFESSIONAL, one.id)]
    keeper.note("Pupil", [number])
    today = local_date(keeper.site.now())
    return page(
        request,
        "records/pupil.html",
        row=row,
        year=_year(row, keeper),
        sexes=SEXES,
        tags=tags(row),
        age=compulsory_school_age(row.born),
        temporary=is_temporary(row.upn or ""),
        placements=[
            (one, agreed[one.id].on(today), in_words(agreed[one.id], today), when_placed(one), pauses.get(one.id, ()))
            for one in placed
        ],
        reasons=REASONS,
        under_way=under_way,
        stopped=tags_of_providers,
        professionals=around,
        roles=ROLES,
        changes=sorted(happened, key=lambda change: change.at, reverse=True)[:CHANGES_SHOWN],
        **here(request),
    )


@get("/pupils/{number:int}/looks", include_in_schema=False)
@threaded
def looks(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Who has looked at a pupil's record, newest first."""
    keeper = keeping(request)
    with keeper.site.store.reading() as connection:
        row = needed(pupil(connection, number))
        paging = Paging(page_number(request.query_params), count_reads(connection, number), A_PAGE)
        seen = reads_of(connection, number, limit=A_PAGE, offset=paging.first)
    keeper.note("Who has looked", [number])
    pages = paging.shown(f"/pupils/{number}/looks?")
    return page(request, "records/looks.html", row=row, seen=seen, paging=paging, pages=pages)


@get("/pupils/{number:int}/change", include_in_schema=False)
@threaded
def ask_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The form with what we have."""
    return sheet_page(request, _known(keeping(request), number))


@post("/pupils/{number:int}/change", include_in_schema=False)
async def make_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Change it."""
    return await take(request, lambda keeper: _known(keeper, number), _put_right)


@get("/pupils/{number:int}/professionals/new", include_in_schema=False)
@threaded
def ask_professional(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The empty form for someone who works with the pupil."""
    return sheet_page(request, _new_professional(keeping(request), number))


@post("/pupils/{number:int}/professionals/new", include_in_schema=False)
async def add_professional(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Add them."""
    return await take(request, lambda keeper: _new_professional(keeper, number))


@get("/professionals/{number:int}/change", include_in_schema=False)
@threaded
def ask_professional_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The form with what we have of someone who works with a pupil."""
    return sheet_page(request, _known_professional(keeping(request), number))


@post("/professionals/{number:int}/change", include_in_schema=False)
async def change_professional(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Change it."""
    return await take(request, lambda keeper: _known_professional(keeper, number))


def full_name(row: Row[Any]) -> str:
    """First name and surname."""
    return f"{row.forename} {row.surname}"


def tags(row: Row[Any]) -> list[str]:
    """What is true of a pupil, in a word or two each."""
    said = {"ehcp": "EHC plan", "sen_support": "SEN support", "looked_after": "Looked after"}
    plans = {"cp": "Child protection plan", "cin": "Child in need plan"}
    return [words for name, words in said.items() if getattr(row, name)] + ([plans[row.plan]] if row.plan else [])


def _year(row: Row[Any], keeper: Keeping) -> str:
    return year_in_words(row, local_date(keeper.site.now()))


def _new(_keeper: Keeping) -> Sheet:
    return Sheet(PUPIL, "Add a pupil", _NEW, "/pupils")


def _add(keeper: Keeping, sheet: Sheet) -> str:
    return f"/pupils/{add(keeper.site.store, PUPIL, sheet.answers, keeper.by)}?done=added"


def _put_right(keeper: Keeping, sheet: Sheet) -> str:
    address = keep(keeper, sheet)
    keeper.recount_pupils(sheet.number)
    return address


def _known(keeper: Keeping, number: int) -> Sheet:
    with keeper.site.store.reading() as connection:
        row = needed(pupil(connection, number))
    if row.erased_at is not None:
        raise NotFound
    back = f"/pupils/{number}"
    heading, address = "Change the details", f"{back}/change"
    look = Look("Change a pupil", number)
    answers = answers_of(row, keeper.by.today)
    return Sheet(PUPIL, heading, address, back, full_name(row), row.version, answers, number, look=look)


def _new_professional(keeper: Keeping, number: int) -> Sheet:
    with keeper.site.store.reading() as connection:
        row = needed(pupil(connection, number))
    back = f"/pupils/{number}"
    heading, address = "Add someone who works with them", f"{back}/professionals/new"
    look = Look("Add a professional", number)
    return Sheet(PROFESSIONAL, heading, address, back, full_name(row), within={"pupil_id": number}, look=look)


def _known_professional(keeper: Keeping, number: int) -> Sheet:
    with keeper.site.store.reading() as connection:
        row = record_of(connection, PROFESSIONAL, number)
        of_pupil = needed(pupil(connection, row.pupil_id))
    return Sheet(
        PROFESSIONAL,
        f"Change the details of {row.name}",
        f"/professionals/{number}/change",
        f"/pupils/{row.pupil_id}",
        full_name(of_pupil),
        row.version,
        answers_of_professional(row),
        number,
        look=Look("Change a professional", row.pupil_id),
    )


ROUTES = [
    *(
        listed,
        searching_of("/pupils", keeping),
        *searched_files_of("/pupils", _table),
        ask_new,
        add_new,
        show,
        looks,
        ask_change,
        make_change,
    ),
    *(ask_professional, add_professional, ask_professional_change, change_professional),
]
