"""A case as JSON: what the models look like, and how one is filled for the person who asks."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from apflow.core.definition import words
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.facts import items_of
from apflow.core.firing.items import own_item
from apflow.core.firing.offers import Offer
from apflow.core.people.permission import may_see_collection
from apflow.core.snapshot import Upload
from apflow.web.api import sight
from apflow.web.api.case_tasks import CaseTask, case_tasks
from apflow.web.api.guards import BarrierOut, OverrideOut, barriers_out, overrides_out
from apflow.web.case import outsiders, related
from apflow.web.case.opened import Opened
from apflow.web.case.papers import EVIDENCE, as_known


class Done(BaseModel):
    """What a change left behind."""

    reference: str = Field(description="The case.")
    version: int = Field(description="The version of the case that the change made; its ETag is this in quotes.")


class Answered(BaseModel):
    """One answer, as it is stored and in words."""

    name: str
    label: str
    type: str
    value: Any = Field(description="As it is given in `answers`: text, a number, true or false, a date as YYYY-MM-DD…")
    text: str = Field(description="The same in words; for a file, its name.")


class OfferOut(BaseModel):
    """Something the person who asks could do now, or could once what `reasons` say is done."""

    event: str
    label: str
    emphasis: str = Field(description="How it is shown: main, usual, quiet or danger.")
    is_possible: bool
    reasons: list[str] = Field(description="Why it cannot be done yet.")
    set_aside: list[str] = Field(description="Guards that would say no were they not set aside; told to staff only.")
    href: str = Field(description="GET this for the questions it asks; POST the answers there.")


class StateOut(BaseModel):
    """Where a case stands."""

    name: str
    label: str
    help: str | None
    awaiting: str | None = Field(description="The role whose move it is.")
    is_final: bool
    outcome: str | None = Field(description="good, bad or neutral, for a state that ends the case.")
    entered_at: datetime


class DeadlineOut(BaseModel):
    """A deadline that runs."""

    name: str
    label: str
    due_at: datetime
    left: str = Field(description='What remains, in words, such as "3 working days".')
    is_overdue: bool
    is_provisional: bool = Field(description="True when the calendar does not reach so far, so that it may move.")
    times_extended: int


class ItemOut(BaseModel):
    """One item of a collection, such as one document of the evidence."""

    key: str
    label: str
    section: str | None
    is_required: bool | None
    status: str
    status_label: str
    answers: list[Answered]
    offers: list[OfferOut]


class CollectionOut(BaseModel):
    """The items of one kind on a case."""

    name: str
    label: str
    items: list[ItemOut]


class RelatedOut(BaseModel):
    """A case linked to this one."""

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(description="For a child, which kind; for the parent, its workflow.")
    reference: str
    title: str
    state: str
    state_label: str
    is_open: bool


class CaseOut(BaseModel):
    """One case as the person who asks sees it."""

    reference: str
    workflow: str
    title: str
    version: int
    state: StateOut
    fields: list[Answered]
    flags: list[str] = Field(description="What is to be known of it as it stands; it stops nothing.")
    deadlines: list[DeadlineOut]
    offers: list[OfferOut]
    overrides: list[OverrideOut] = Field(description="Guards that are set aside; told to staff only.")
    barriers: list[BarrierOut] = Field(description="What stands in the way, of you or others, that you may set aside.")
    tasks: list[CaseTask] = Field(description="What is to be done on it, and who has that; told to staff only.")
    collections: list[CollectionOut]
    parent: RelatedOut | None = Field(description="The case that opened this one, if you may see it.")
    children: list[RelatedOut] = Field(description="The cases this one opened that you may see, oldest first.")


def case_out(opened: Opened, files: Mapping[str, Upload]) -> CaseOut:
    snapshot = opened.snapshot
    return CaseOut(
        reference=snapshot.reference,
        workflow=snapshot.workflow,
        title=opened.title,
        version=snapshot.version,
        state=_state_out(opened),
        fields=list(answered(sight.fields_told(opened), snapshot.fields, files, opened.names)),
        flags=list(opened.flags),
        deadlines=list(_deadlines_out(opened)),
        offers=[offer_out(opened, offer) for offer in opened.offers()],
        overrides=list(overrides_out(opened)),
        barriers=list(barriers_out(opened)),
        tasks=list(case_tasks(opened)),
        collections=list(_collections_out(opened, files)),
        parent=RelatedOut.model_validate(parent) if (parent := related.parent_of(opened)) else None,
        children=[RelatedOut.model_validate(child) for child in related.children_of(opened)],
    )


def answered(
    form: Mapping[str, FieldSpec], answers: Mapping[str, Any], files: Mapping[str, Upload], names: words.Names
) -> Iterator[Answered]:
    """Those of the questions that have an answer, in the order they are asked."""
    for name, spec in form.items():
        value = answers.get(name)
        if value is not None:
            text = _file_name(files, value) if spec.type is FieldType.FILE else words.in_words(spec, value, names)
            yield Answered(name=name, label=spec.label, type=str(spec.type), value=value, text=text or "")


def offer_out(opened: Opened, offer: Offer) -> OfferOut:
    is_named = offer.item is not None and offer.item != own_item(
        opened.definition, opened.snapshot, offer.spec, opened.actor
    )
    query = f"?item={offer.item[1]}" if offer.item and is_named else ""
    return OfferOut(
        event=offer.event,
        label=offer.spec.label.to(outsiders.audience_of(opened)),
        emphasis=offer.spec.emphasis,
        is_possible=offer.is_possible,
        reasons=list(offer.reasons),
        set_aside=list(offer.set_aside) if outsiders.reads_as_staff(opened) else [],
        href=f"/api/v1/cases/{opened.reference}/events/{offer.event}{query}",
    )


def _file_name(files: Mapping[str, Upload], upload: Any) -> str:
    file = files.get(str(upload))
    return file.name if file else "A file"


def _state_out(opened: Opened) -> StateOut:
    audience = outsiders.audience_of(opened)
    spec = opened.definition.state(opened.snapshot.state)
    return StateOut(
        name=opened.snapshot.state,
        label=spec.label.to(audience),
        help=spec.help.to(audience) if spec.help else None,
        awaiting=spec.awaiting,
        is_final=spec.final,
        outcome=spec.outcome,
        entered_at=opened.snapshot.entered_at,
    )


def _deadlines_out(opened: Opened) -> Iterable[DeadlineOut]:
    specs = opened.definition.deadlines[opened.snapshot.state]
    for name, running in sight.deadlines_told(opened).items():
        yield DeadlineOut(
            name=name,
            label=specs[name].label if name in specs else name,
            due_at=running.due_at,
            left=words.left(running.due_at, opened.now, opened.definition.calendar, running.within.unit),
            is_overdue=running.due_at < opened.now,
            is_provisional=running.provisional,
            times_extended=running.extended,
        )


def _collections_out(opened: Opened, files: Mapping[str, Upload]) -> Iterator[CollectionOut]:
    for name, spec in opened.definition.workflow.collections.items():
        if may_see_collection(opened.definition, name, opened.actor):
            items = items_of(opened.definition, opened.snapshot, name).values()
            told = [as_known(opened, item) if name == EVIDENCE else item for item in items]
            shown = [_item_out(opened, name, item, files) for item in told]
            yield CollectionOut(name=name, label=spec.label.to(outsiders.audience_of(opened)), items=shown)


def _item_out(opened: Opened, collection: str, item: Mapping[str, Any], files: Mapping[str, Upload]) -> ItemOut:
    status = item["status"]
    known = opened.definition.collection(collection).statuses.get(status)
    told = sight.item_fields_told(opened, collection, status)
    offers = opened.item_offers((collection, item["key"]))
    return ItemOut(
        key=item["key"],
        label=item["label"],
        section=item.get("section"),
        is_required=item.get("required"),
        status=status,
        status_label=known.label.to(outsiders.audience_of(opened)) if known else status,
        answers=list(answered(told, item, files, opened.names)),
        offers=[offer_out(opened, offer) for offer in offers],
    )
