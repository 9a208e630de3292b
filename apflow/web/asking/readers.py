"""Who reads what a parent or carer writes, said on the form before they write it, from what the policy says."""

from collections.abc import Iterable
from dataclasses import dataclass

from apflow.core.definition.labels import STAFF
from apflow.core.firing.offers import Offer
from apflow.core.people.permission import role_reads_on_pages
from apflow.web.case.opened import Opened
from apflow.web.wording import role_words


@dataclass(frozen=True, slots=True)
class Readers:
    """In words: those who read an answer to any question of a form, and the sides of the case that read none."""

    who: tuple[str, ...]
    not_who: tuple[str, ...]


def readers_of(opened: Opened, offer: Offer) -> Readers | None:
    """Of a form for those who come by a link, who each read their own answers only; None where nothing is asked."""
    definition, council = opened.definition, opened.definition.council
    form = definition.forms[opened.snapshot.state, offer.event].values()
    if not form:
        return None
    seen_by = definition.collection(offer.spec.item.of).seen_by if offer.spec.item else ()
    of_case = [role for role in definition.workflow.seen_by if role not in opened.actor.roles]
    reads = {
        role: (not seen_by or role in seen_by) and any(role_reads_on_pages(council, role, spec) for spec in form)
        for role in of_case
    }
    sides = [role for role in of_case if definition.audience(role) != STAFF]
    team = [council.team] if any(reads[role] for role in of_case if role not in sides) else []
    return Readers(
        tuple(_in_words([*(council.roles[role].title for role in sides if reads[role]), *team])),
        tuple(_in_words(council.roles[role].title for role in sides if not reads[role])),
    )


def _in_words(titles: Iterable[str]) -> list[str]:
    return [role_words(title) for title in titles]
