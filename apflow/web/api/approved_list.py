"""The approved list for programs; anybody may read it, without a token."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import QueryParameter
from pydantic import BaseModel, Field

from apflow.core.definition.fields import FieldType
from apflow.web.api.asking import refuse_unknown, site_of
from apflow.web.api.problems import documented
from apflow.web.lists.listing import Entry, Sought, entries_of, listing_of, sought
from apflow.web.revalidated import revalidated


class FilterOut(BaseModel):
    """One parameter that the list can be filtered by."""

    name: str
    heading: str
    choices: dict[str, str] = Field(description="What the parameter takes, each with its words.")


class EntryOut(BaseModel):
    """One approved provider."""

    id: int
    name: str
    status: str = Field(description="What being on the list means now, such as “Taking placements”.")
    on_the_list_since: date
    documents_checked: int
    last_checked_on: date | None
    fields: dict[str, str | list[str]] = Field(
        description="What the policy makes public, by the names of its fields; what has not been said is left out."
    )


class ListOut(BaseModel):
    """The list as it stands."""

    title: str
    about: str
    correct_as_of: datetime
    filters: list[FilterOut]
    items: list[EntryOut]


@get("/approved-list", sync_to_thread=True, responses=documented(400, 404, 503))
def approved_list(
    request: Request[Any, Any, Any],
    q: Annotated[  # noqa: ARG001
        str | None, QueryParameter(max_length=100, description="Words to look for in the name and what is offered.")
    ] = None,
) -> Response[ListOut]:
    """Every approved provider; only those that fit where `q` or any of the `filters` is given as a parameter.

    A filter's parameter may be given more than once, for any of several choices. Anybody may read this.
    """
    site = site_of(request)
    listing = listing_of(site)
    refuse_unknown(request, ["q", *(each.name for each in listing.filters)])
    with site.store.reading() as connection:
        entries = entries_of(connection, listing)
    made = list_out(sought(listing, request.query_params), entries, site.now())
    body = Response(made.model_dump_json().encode(), media_type="application/json")
    return revalidated(request, body)


def list_out(looked_for: Sought, entries: Sequence[Entry], now: datetime) -> ListOut:
    """Those of the entries that are looked for, as programs read them."""
    listing = looked_for.listing
    return ListOut(
        title=listing.public_list.title,
        about=listing.public_list.about,
        correct_as_of=now.replace(second=0, microsecond=0),  # As the page says it; else no two answers were the same.
        filters=[
            FilterOut(name=each.name, heading=each.heading, choices={one.key: one.label for one in each.choices})
            for each in listing.filters
        ],
        items=[_entry(entry) for entry in looked_for.among(entries)],
    )


def _entry(entry: Entry) -> EntryOut:
    fields = entry.listing.workflow.fields
    return EntryOut(
        id=entry.id,
        name=entry.name,
        status=entry.status,
        on_the_list_since=entry.since,
        documents_checked=entry.row.checked,
        last_checked_on=entry.last_checked_on,
        fields={
            name: entry.labels(name) if fields[name].type is FieldType.MANY else entry.plain(name)
            for name in entry.listing.public_list.shows
            if name in entry.row.fields
        },
    )


ROUTES = [approved_list]
