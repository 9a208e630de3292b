"""Whose move a case waits for, as whoever of the staff reads it would say it."""

from collections.abc import Mapping

from apflow.core.firing.moves import follows_the_case
from apflow.core.people.doers import done_by_the_same
from apflow.web.case.opened import Opened
from apflow.web.wording import role_words


def whose_move(opened: Opened, role: str | None, names: Mapping[int, str]) -> str | None:
    """Whose move it is, as the reader would say it."""
    if role is None:
        return None
    if role not in opened.actor.roles:
        return role_words(opened.site.council.roles[role].title)
    holder = opened.snapshot.assigned_to
    if follows_the_case(opened.definition, role) and holder not in (None, opened.actor.id):
        return names.get(holder or 0)
    if _must_be_somebody_else(opened):
        return f"another {opened.site.council.roles[role].title}"
    return "the others" if _has_done_own_part(opened, role) else "you"


def _must_be_somebody_else(opened: Opened) -> bool:
    """Whether whatever moves the case on is kept from the actor, because of a step that they did before."""
    moves = [offer.spec for offer in opened.offers() if offer.spec.to and offer.spec.emphasis != "quiet"]
    kept_apart = (done_by_the_same(opened.definition, opened.snapshot, spec, opened.actor) for spec in moves)
    return bool(moves) and all(kept_apart)


def _has_done_own_part(opened: Opened, role: str) -> bool:
    """Whether everyone of the role has something to do here, and the actor has done it."""
    own_parts = [task.each for task in opened.snapshot.tasks if task.role == role and task.each]
    return any(opened.snapshot.item(collection, str(opened.actor.id)) for collection in own_parts)
