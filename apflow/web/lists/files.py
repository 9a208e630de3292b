"""A list as a CSV file and as a workbook, of all that its filter finds: the one way, for every list of the staff."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, one, submitted_form
from apflow.web.lists.spreadsheet import Cells, table_file
from apflow.web.lists.view import TYPED

ENDINGS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Table:
    """What a file of a list holds, the heading of its sheet, and how it is called without its ending."""

    stem: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Cells]


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A file that somebody asks for, and the filter that came with it."""

    request: Request[Any, Any, Any]
    filter: Submitted
    ending: str

    def one(self, name: str) -> str:
        """The single value of a part of the filter, or the empty string."""
        return one(self.filter, name)

    def without(self, name: str) -> "AskedFor":
        """The same, whatever was asked of this part of the filter."""
        return replace(self, filter={key: values for key, values in self.filter.items() if key != name})

    def noted(self, where: str) -> str:
        """How the look at children that the file is stands on their records."""
        return f"{where}, {self.ending.upper()}"


TableOf = Callable[[AskedFor], Table | Response[Any]]
Answer = Callable[[Request[Any, Any, Any], Response[Any]], Response[Any]]


def as_it_is(_request: Request[Any, Any, Any], response: Response[Any]) -> Response[Any]:
    """The file, without anything more around it."""
    return response


def files_of(address: str, table_of: TableOf, *, answer: Answer = as_it_is) -> list[HTTPRouteHandler]:
    """The two files of a list whose filter is in the address; `table_of` refuses whoever may not see the list."""
    return [_got(address, ending, table_of, answer) for ending in ENDINGS]


def searched_files_of(address: str, table_of: TableOf) -> list[HTTPRouteHandler]:
    """The same of a list that is searched by names of children, which are sent by a form and read from no address."""
    got = files_of(address, lambda asked: table_of(asked.without(TYPED)))
    return got + [_sent(address, ending, table_of) for ending in ENDINGS]


def _got(address: str, ending: str, table_of: TableOf, answer: Answer) -> HTTPRouteHandler:
    @get(f"{address}.{ending}", include_in_schema=False)
    @threaded
    def as_file(request: Request[Any, Any, Any]) -> Response[Any]:
        params = request.query_params
        asked = {name: params.getall(name) for name in params}
        return answer(request, _file(table_of, AskedFor(request, asked, ending)))

    return as_file


def _sent(address: str, ending: str, table_of: TableOf) -> HTTPRouteHandler:
    @post(f"{address}.{ending}", status_code=200, include_in_schema=False)
    async def as_file(request: Request[Any, Any, Any]) -> Response[Any]:
        submitted = await submitted_form(request)
        return await in_thread(_file, table_of, AskedFor(request, submitted, ending))

    return as_file


def _file(table_of: TableOf, asked: AskedFor) -> Response[Any]:
    made = table_of(asked)
    if isinstance(made, Response):
        return made
    return table_file(made.stem, asked.ending, made.title, made.headings, made.rows)
