"""What somebody outside the council sets off with a button that asks nothing: about whom, who reads what, who hears."""

from collections.abc import Iterator
from dataclasses import dataclass

from apflow.core.definition.labels import STAFF
from apflow.core.definition.words import all_in_words
from apflow.core.people.actor import Actor
from apflow.core.people.permission import readable
from apflow.store.records.pupils import names_of_pupils
from apflow.web.asking.filling import Filling
from apflow.web.case.opened import Opened
from apflow.web.case.pupil import may_look_up, note_pupil, pupil_of
from apflow.web.looks import form_words
from apflow.web.sides import side_of


@dataclass(frozen=True, slots=True)
class SentTo:
    """`says` is what each side that could not open the case before reads of it; `told` who has an e-mail."""

    pupil: str
    says: dict[str, list[tuple[str, str]]]
    told: tuple[str, ...]


def sent_to(filling: Filling, *, is_noted: bool) -> SentTo | None:
    """None for staff, who preview the e-mails, and where there are questions to look at.

    `is_noted` where it is written down already that this form was looked at.
    """
    opened = filling.opened
    if opened.audience == STAFF or filling.form or filling.spec.signs:
        return None
    return SentTo(_pupil(filling, is_noted=is_noted), dict(_read_anew(opened, filling.spec.to)), tuple(_told(filling)))


def _pupil(filling: Filling, *, is_noted: bool) -> str:
    """Whom the case is about, for those who may look it up."""
    opened, number = filling.opened, pupil_of(filling.opened)
    if number is None or not may_look_up(opened):
        return ""
    if not is_noted:
        note_pupil(opened, form_words(filling.spec, filling.event))
    with opened.site.store.reading() as connection:
        return names_of_pupils(connection, [number]).get(number, "")


def _read_anew(opened: Opened, to: str | None) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    definition, state = opened.definition, opened.snapshot.state
    for role in sorted(definition.workflow.party_roles - opened.actor.roles):
        seen = definition.workflow.seen_by.get(role)
        if seen is None or state in seen.states or to not in seen.states:
            continue
        theirs = readable(definition, opened.shown, Actor(None, "", frozenset({role})))
        said = all_in_words(theirs, opened.snapshot.fields, opened.names)
        reader = side_of(definition, role, opened.snapshot.fields, opened.actor)
        yield reader, [(theirs[name].label, text) for name, text in said.items() if text]


def _told(filling: Filling) -> Iterator[str]:
    """The sides of the case and the council; of others it is said alone that there may be some."""
    opened, notified = filling.opened, filling.spec.notify
    definition, council = opened.definition, opened.site.council
    for role in notified:
        if role in definition.workflow.party_roles:
            own = role in opened.actor.roles
            yield "you" if own else side_of(definition, role, opened.snapshot.fields, opened.actor)
    if any(council.is_staff({role}) for role in notified):
        yield "the council"
    if any(role not in definition.workflow.party_roles and not council.is_staff({role}) for role in notified):
        yield "whoever else has to know"
