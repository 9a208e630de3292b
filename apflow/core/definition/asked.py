"""What there is to see to of a form's questions beside reading each answer: worked out once, for every command."""

from collections.abc import Mapping
from dataclasses import dataclass

from apflow.core.definition.fields import FieldSpec, FieldType


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions that are answered with a file, whose answers are screened, and that a record answers.

    `for_some` says whether there is one that not everybody is asked who may do the event.
    """

    files: tuple[str, ...] = ()
    screened: tuple[str, ...] = ()
    of_records: tuple[FieldSpec, ...] = ()
    for_some: bool = False


NOTHING_ASKED = Asked()


def asked_in(form: Mapping[str, FieldSpec]) -> Asked:
    return Asked(
        tuple(name for name, spec in form.items() if spec.type is FieldType.FILE),
        tuple(name for name, spec in form.items() if spec.screened),
        tuple(spec for spec in form.values() if spec.records),
        any(spec.write for spec in form.values()),
    )
