"""Writing down who looks at which child, before anything is shown."""

from collections.abc import Iterable, Sequence

from apflow.core.definition.events import EventSpec
from apflow.core.people.actor import Actor
from apflow.provision.drawn import OWN_PUPILS
from apflow.store.records.reads import note_reads
from apflow.web.forms import Question
from apflow.web.site import Site

_LONGEST = 120


def note_looks(site: Site, actor: Actor, where: str, pupils: Iterable[int]) -> None:
    """Write down that a page shows these pupils: if that fails, nothing is shown."""
    person, reader = actor.id, actor.name[:_LONGEST] if actor.by_link else None
    seen, page, now = tuple(pupils), where[:_LONGEST], site.now()
    if seen and (person is not None or reader):
        site.store.write(
            lambda connection: note_reads(connection, person=person, pupils=seen, page=page, at=now, reader=reader)
        )


def form_words(spec: EventSpec | None, event: str) -> str:
    """How a form of an event is called where it is written down who looked at it."""
    return f"form “{spec.label.staff if spec else event}”"


def note_offered(site: Site, actor: Actor, where: str, questions: Sequence[Question]) -> None:
    """The same of a form that offers pupils to choose from."""
    for question in questions:
        if question.spec.records == OWN_PUPILS:
            note_looks(site, actor, where, question.people)
