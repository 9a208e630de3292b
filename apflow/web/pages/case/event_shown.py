"""What the form of an event shows: its questions, its check, and the pages that say why it cannot be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from litestar import Request, Response

from apflow.core.definition.conditions import reads_answers
from apflow.core.definition.labels import STAFF
from apflow.core.definition.words import in_words
from apflow.core.firing.overrides import may_set_aside
from apflow.store.reading.history import milestones_of
from apflow.web.asking import filling as fill
from apflow.web.asking.beside_item import beside
from apflow.web.asking.filling import Filling
from apflow.web.asking.preview import letters_of
from apflow.web.asking.refused import beside_questions
from apflow.web.asking.sent_to import sent_to
from apflow.web.case.emptied import EMPTIED, taken_away
from apflow.web.case.papers import item_path
from apflow.web.case.proposed import proposed_on
from apflow.web.case.story import Told, told_on_arrival
from apflow.web.case.timeline import Line
from apflow.web.forms import Submitted, as_typed
from apflow.web.looks import form_words, note_offered
from apflow.web.render import page

_WRITTEN = "You also wrote under “{}”. Nothing has been done yet"
_OWN_NAMES = ("seen", "key", "step")


@dataclass(frozen=True)
class Said:
    """What a form says above its questions when it comes back; `written` is what stood beside it for another event."""

    status: int = 200
    errors: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[str] = ()
    changes: Sequence[Line] = ()
    written: Sequence[Filling] = ()


def form_page(request: Request[Any, Any, Any], filling: Filling, said: Said) -> Response[Any]:
    reasons = beside_questions(filling, said.reasons)
    errors = {**{name: reason for reason, name in reasons.items() if name}, **said.errors}
    questions = filling.questions(errors)
    where = form_words(filling.opened.spec_of(filling.event), filling.event)
    note_offered(filling.opened.site, filling.opened.actor, where[:1].upper() + where[1:], questions)
    targets = {question.name: question.error_target for question in questions}
    problems = [(targets.get(name, ""), message) for name, message in said.errors.items()]
    problems += [(targets.get(name, ""), reason) for reason, name in reasons.items()]
    problems += [(f"written-{other.event}", _WRITTEN.format(other.label)) for other in said.written]
    return page(
        request,
        "case/event.html",
        status=said.status,
        filling=filling,
        questions=questions,
        problems=problems,
        changes=said.changes,
        written=[(other, typed_before(replace(other, from_draft=True))) for other in said.written],
        about=_about_item(filling),
        beside=beside(filling),
        asked=_asked(filling),
        back=_back(filling),
        told=_who_is_told(filling),
        sent_to=sent_to(filling, is_noted=request.method == "GET"),
        could_set_aside=_could_set_aside(filling) if said.reasons else (),
        proposed=proposed_on(filling.opened) if filling.spec.proposal else [],
    )


def _asked(filling: Filling) -> Told | None:
    """What the council asked for when it became their move, beside what is sent in answer to it."""
    opened = filling.opened
    awaits = opened.definition.state(opened.snapshot.state).awaiting
    if opened.audience == STAFF or filling.spec.emphasis != "main" or awaits not in opened.actor.roles:
        return None
    with opened.site.store.reading() as connection:
        return told_on_arrival(opened, milestones_of(connection, opened.snapshot.id or 0, ()))


def check_page(request: Request[Any, Any, Any], filling: Filling, values: Submitted) -> Response[Any]:
    outcome = fill.rehearse(filling)
    emptied = taken_away(outcome.entry.emptied, outcome.entry.changed)
    answers = [
        (question, EMPTIED if question.name in emptied else _in_words(filling, question.name, outcome.entry.answers))
        for question in filling.questions()
    ]
    return page(
        request,
        "case/check.html",
        filling=filling,
        answers=[(question, said) for question, said in answers if said is not None],
        carried=fill.carried(filling, values),
        letters=letters_of(filling.opened, outcome) if filling.opened.audience == STAFF else [],
        about=_about_item(filling),
        back=_back(filling),
    )


def blocked_page(request: Request[Any, Any, Any], filling: Filling, reasons: Sequence[str]) -> Response[Any]:
    """Why this cannot be done now, and what was typed before, which is kept."""
    typed = typed_before(filling)
    return page(
        request, "case/blocked.html", status=409, filling=filling, reasons=reasons, typed=typed, back=_back(filling)
    )


def too_late_page(
    request: Request[Any, Any, Any], filling: Filling, typed: Sequence[tuple[str, str]], said: Said
) -> Response[Any]:
    """The case has moved past this event: what happened, and what was typed, to copy."""
    return page(
        request,
        "case/too_late.html",
        status=said.status,
        filling=filling,
        state=filling.opened.definition.state(filling.opened.snapshot.state).label.to(filling.opened.audience),
        reasons=said.reasons,
        changes=said.changes,
        typed=typed,
        back=_back(filling),
    )


def typed_now(filling: Filling, values: Submitted) -> list[tuple[str, str]]:
    """What came with the form, question by question, as it was typed."""
    typed = [(spec.label, "\n".join(values.get(name, ()))) for name, spec in filling.form.items()]
    return [(label, text) for label, text in typed if text.strip()]


def typed_before(filling: Filling) -> list[tuple[str, str]]:
    """What was kept of a form that was begun; nothing of what it opened with."""
    if not filling.from_draft:
        return []
    known = fill.begin(filling.opened, filling.event, filling.catalogue_item).answers
    typed = {name: said for name, said in filling.answers.items() if as_typed(said) != as_typed(known.get(name))}
    return [(filling.form[name].label, _as_kept(filling, name, said)) for name, said in typed.items() if as_typed(said)]


def _as_kept(filling: Filling, name: str, value: Any) -> str:
    """In words, or as it was typed where it cannot be read."""
    if isinstance(value, str) and value in filling.files:
        return filling.files[value].name
    people = filling.opened.world.people.get(filling.form[name].chosen_from, {})
    named = {str(id): who for id, who in people.items()}
    several = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    if people and named.keys() >= set(several):
        return ", ".join(named[one] for one in several)
    try:
        return in_words(filling.form[name], value, people) or ", ".join(several)
    except (ValueError, TypeError):
        return ", ".join(several)


def out_of_sight_page(request: Request[Any, Any, Any], values: Submitted) -> Response[Any]:
    """The case is not this person's to see, perhaps any more: what they typed is theirs all the same."""
    names = [name for name in values if name not in _OWN_NAMES]
    typed = [(name.replace("_", " ").capitalize(), "\n".join(values[name])) for name in names]
    return page(
        request, "case/out_of_sight.html", status=404, typed=[(label, text) for label, text in typed if text.strip()]
    )


def _in_words(filling: Filling, name: str, answers: Mapping[str, Any]) -> str | None:
    value = answers.get(name)
    if isinstance(value, str) and value in filling.files:
        return filling.files[value].name
    people = filling.opened.world.people.get(filling.form[name].role or "", {})
    return in_words(filling.form[name], value, people) or None


def _about_item(filling: Filling) -> dict[str, str] | None:
    """What the item that the form is about is called, and what the catalogue says of it."""
    if filling.item is None or filling.catalogue_item is None:
        return None
    collection, key = filling.item
    entry = filling.opened.definition.catalogue_of(collection).get(key)
    label = filling.opened.facts(filling.item).item["label"]
    return {"label": label, "good": entry.good if entry else ""}


def _could_set_aside(filling: Filling) -> list[str]:
    """The guards of this event that the reader may set aside, should one of them have said no to the answers."""
    opened = filling.opened
    return [
        guard
        for guard in filling.spec.requires
        if guard not in opened.facts().set_aside
        and reads_answers(opened.definition.workflow.guards[guard].when)
        and may_set_aside(opened.definition, opened.snapshot, guard, opened.actor)
    ]


def _who_is_told(filling: Filling) -> list[str]:
    """Staff are told before they send who will get an e-mail, from this case or from one that is told as well."""
    opened = filling.opened
    if opened.audience != STAFF:
        return []
    told = [
        role
        for collection, telling in filling.spec.tells.items()
        for events in opened.site.library.current(opened.definition.of_cases[collection].workflow).events.values()
        if telling.event in events
        for role in events[telling.event].notify
    ]
    roles = (opened.site.council.roles[role] for role in dict.fromkeys([*filling.spec.notify, *told]))
    return [f"{role.title}s" if role.mail == "everyone" else role.title for role in roles]


def case_path(filling: Filling) -> str:
    return f"/cases/{filling.opened.reference}"


def _back(filling: Filling) -> str:
    if filling.item is None or filling.catalogue_item is None:
        return case_path(filling)
    return item_path(case_path(filling), filling.item)
