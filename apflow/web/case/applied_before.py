"""Cases of a provider before this one, so that nobody who applies anew is taken for somebody unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.definition.fields import FieldType
from apflow.store.reading.alike import cases_alike, tidied
from apflow.web.case.opened import Opened
from apflow.web.case.related import Earlier, as_earlier, seen
from apflow.web.wording import lower_first


@dataclass(frozen=True, slots=True)
class Before:
    """Other cases that may be of the same provider, and what is to be known of them at once."""

    cases: Sequence[Earlier]
    warnings: Sequence[str]


def applied_before(opened: Opened, most: int) -> Before:
    """Those that whoever asks may see; one that goes on, or ended in a refusal or a removal, is warned of."""
    answers, workflow = _who(opened), opened.definition.name
    with opened.site.store.reading() as connection:
        rows = cases_alike(connection, opened.reference, workflow, opened.title, answers, limit=most)
    others = [one for row in rows if (one := seen(opened, row.reference)) is not None]
    same = {one.reference: _the_same(opened, one, answers) for one in others}
    return Before(
        [as_earlier(one, (("The same", " and ".join(same[one.reference])),)) for one in others],
        [_warning(one, same[one.reference]) for one in others if _is_to_be_known(one)],
    )


def _is_to_be_known(one: Opened) -> bool:
    state = one.definition.state(one.snapshot.state)
    return not state.final or state.outcome == "bad"


def _warning(one: Opened, same: Sequence[str]) -> str:
    label, since = one.definition.state(one.snapshot.state).label.staff, one.snapshot.entered_at
    are = f"{' and '.join(same)} {'are' if len(same) > 1 else 'is'} the same"
    stands = f"{lower_first(label)} since {words.day(local_date(since))}"
    return f"{one.reference} may be the same provider, as its {are}: {stands}. Read it first."


def _who(opened: Opened) -> Mapping[str, str]:
    """The addresses here; a telephone number or a postcode can be that of a whole building."""
    fields = opened.definition.workflow.fields.items()
    emails = [name for name, spec in fields if spec.type is FieldType.EMAIL]
    return {name: str(opened.snapshot.fields[name]) for name in emails if opened.snapshot.fields.get(name)}


def _the_same(opened: Opened, one: Opened, answers: Mapping[str, str]) -> list[str]:
    same = ["name"] if tidied(one.title) == tidied(opened.title) else []
    is_at_it = (tidied(str(one.snapshot.fields.get(name, ""))) == tidied(email) for name, email in answers.items())
    return same + (["email address"] if any(is_at_it) else [])
