"""Events on a case: what one asks, and firing it."""

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import JSONBody, QueryParameter
from pydantic import BaseModel, ConfigDict, Field

from apflow.core.errors import Invalid, NotOpen, Stale
from apflow.core.people.actor import Actor
from apflow.store.reading.history import history_of
from apflow.web.api.asking import (
    BY_A_PROGRAM,
    ETAG,
    Conditional,
    IdempotencyKey,
    IfMatch,
    Name,
    Reference,
    actor_of,
    etag,
    key_of,
    site_of,
    takes_json,
    versions_seen,
)
from apflow.web.api.problems import documented
from apflow.web.api.questions import QuestionOut, questions_out
from apflow.web.api.showing import Done
from apflow.web.asking import filling
from apflow.web.case import outsiders
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.pupil import note_pupil
from apflow.web.case.timeline import Told
from apflow.web.looks import form_words
from apflow.web.site import Site

_CHANGES_TOLD = 20

_ITEM = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"  # A name from the workflow file, a number, or the reference of a case.
ItemQuery = Annotated[
    str | None,
    QueryParameter(name="item", max_length=60, pattern=_ITEM, description="The key of the item it is about."),
]


class EventForm(BaseModel):
    """What an event asks, and whether it can be done now."""

    event: str
    label: str
    item: str | None
    is_possible: bool
    reasons: list[str]
    warning: str | None = Field(description="What to think of before doing it.")
    questions: list[QuestionOut]


class Firing(BaseModel):
    """An event with its answers."""

    model_config = ConfigDict(extra="forbid")

    item: str | None = Field(
        default=None,
        max_length=60,
        pattern=_ITEM,
        description="The key of the item it is about, if it is about one.",
    )
    answers: dict[str, Any] = Field(
        default_factory=dict,
        description=(
            "By question, each as its `value` has it. An optional question that is left out has no answer from then "
            "on: send back what is to stay. A file is named by its id, stays where it is left out, and is taken out "
            "by null."
        ),
    )


@get(
    "/cases/{reference:str}/events/{event:str}",
    sync_to_thread=True,
    response_headers=[ETAG],
    responses=documented(400, 401, 403, 404, 409, 503),
)
def read_form(
    request: Request[Any, Any, Any], reference: Reference, event: Name, item: ItemQuery = None
) -> Response[EventForm]:
    """The questions an event asks, with what is known of their answers."""
    opened = open_case(site_of(request), actor_of(request), reference)
    note_pupil(opened, f"{form_words(opened.spec_of(event), event)}, {BY_A_PROGRAM}")
    begun = filling.begin(opened, event, item)
    offer = begun.offer
    if offer is None:
        raise NotOpen
    form = EventForm(
        event=event,
        label=begun.spec.label.to(outsiders.audience_of(opened)),
        item=begun.catalogue_item,
        is_possible=offer.is_possible,
        reasons=list(offer.reasons),
        warning=begun.spec.warning,
        questions=questions_out(begun.form, opened.facts(begun.item), begun.answers, opened.world.people),
    )
    return Response(form, headers={"etag": etag(opened.snapshot.version)})


@post(
    "/cases/{reference:str}/events/{event:str}",
    sync_to_thread=True,
    response_headers=[ETAG],
    status_code=200,
    guards=[takes_json],
    operation_class=Conditional,
    responses=documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
)
def fire(
    request: Request[Any, Any, Any],
    data: JSONBody[Firing],
    reference: Reference,
    event: Name,
    item: ItemQuery = None,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Done]:
    """Do something to a case. Send its ETag as If-Match: refused with what has changed when it is not as you saw it."""
    site, actor, key = site_of(request), actor_of(request), key_of(idempotency_key)
    versions, about = versions_seen(if_match), _item(data, item)
    if about is not None:
        _refuse_item_of_none(open_case(site, actor, reference), event)
    try:
        saved = site.handler.fire(
            reference,
            event,
            data.answers,
            actor=actor,
            now=site.now(),
            item=about,
            versions=versions,
            key=key,
        )
    except Stale:
        raise Stale(changes_told(site, actor, reference, max(versions or (), default=0))) from None
    site.wake()
    return Response(Done(reference=saved.reference, version=saved.version), headers={"etag": etag(saved.version)})


def _item(data: Firing, in_address: str | None) -> str | None:
    """The item that is named with the answers or in the address, as an offer's `href` has it."""
    if data.item and in_address and data.item != in_address:
        raise Invalid({"item": f'The address says "{in_address}", and what was sent says "{data.item}".'})
    return data.item or in_address


def _refuse_item_of_none(opened: Opened, event: str) -> None:
    """Refuse an item where the event is about none: passed over, it would be done to the whole case."""
    spec = opened.definition.events[opened.snapshot.state].get(event)
    if spec is not None and spec.item is None:
        label = spec.label.to(outsiders.audience_of(opened))
        raise Invalid({"item": f'"{label}" is about the whole case: name no item.'})


def changes_told(site: Site, actor: Actor, reference: str, after: int) -> Sequence[str]:
    """What has happened since that version, as far as the actor is told of it."""
    now = open_case(site, actor, reference)
    if not 0 < after < now.snapshot.version:
        return ()
    with site.store.reading() as connection:
        entries = history_of(connection, reference, after=after, limit=_CHANGES_TOLD)
    told = Told(now.definition, actor, outsiders.audience_of(now), names=now.names_in(entries))
    lines = [told.line(outsiders.as_told(now, entry)) for entry in entries if outsiders.is_told(now, entry)]
    return [f"{line.who}: {line.title}" for line in lines]


ROUTES = [read_form, fire]
