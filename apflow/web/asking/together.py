"""Forms of several events that stand on one page as one form, of which a button each is pressed.

What was typed for another event than the one whose button was pressed is kept as begun there, and asked about first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from apflow.core.definition.fields import FieldSpec
from apflow.core.errors import Refusal
from apflow.web.asking import filling as fill
from apflow.web.asking.filling import Filling
from apflow.web.asking.submission import Submission
from apflow.web.case.opened import Opened
from apflow.web.forms import as_typed

BESIDE = "beside"
_LONGEST_KEY = 64


def address_beside(filling: Filling, others: Iterable[Filling]) -> str:
    """Where the form goes when it is sent for this event, with which others stand in it."""
    beside = urlencode([(BESIDE, other.event) for other in others if other.event != filling.event])
    joint = "&" if "?" in filling.address else "?"
    return f"{filling.address}{joint}{beside}" if beside else filling.address


def forms_beside(opened: Opened, events: Iterable[str], item: str | None) -> list[Filling]:
    """The forms of these events on the same item, as far as they are this person's."""
    found = []
    for event in dict.fromkeys(events):
        try:
            found.append(fill.begin(opened, event, item))
        except Refusal:
            continue
    return found


def asked_together(forms: Iterable[Filling]) -> Mapping[str, FieldSpec]:
    """All their questions."""
    return {name: spec for filling in forms for name, spec in filling.form.items()}


def by_its_own_key(filling: Filling) -> Filling:
    """The form under a key for this event alone: from one page, gone back to, each of them can be sent once."""
    return replace(filling, key=f"{filling.key}-{filling.event}"[:_LONGEST_KEY])


def part_of(submission: Submission, filling: Filling) -> Submission:
    """What was sent, with those files alone that this event asks for."""
    return replace(
        submission,
        files={name: file for name, file in submission.files.items() if name in filling.form},
        refused={name: why for name, why in submission.refused.items() if name in filling.form},
    )


def kept_beside(blanks: Sequence[Filling], submission: Submission) -> list[Filling]:
    """Those of the others in which something was typed or chosen, each kept as begun."""
    filled = [fill.filled(blank, part_of(submission, blank)) for blank in blanks]
    typed = [filling for filling in filled if any(as_typed(said) for said in fill.own_words(filling).values())]
    for filling in typed:
        fill.keep_draft(filling)
    return typed
