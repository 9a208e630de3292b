"""What there is to see to of a form's questions beside reading each answer: worked out once, for every command."""

from collections.abc import Mapping
from dataclasses import dataclass

from apflow.core.definition.fields import OF_PEOPLE, FieldSpec, FieldType


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions that are answered with a file or with people, whose answers are screened, that a record answers.

    And those that are `fields` of the case. `for_some` says whether there is one that not everybody is asked who may
    do the event.
    """

    files: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    screened: tuple[str, ...] = ()
    of_records: tuple[FieldSpec, ...] = ()
    fields: tuple[str, ...] = ()
    for_some: bool = False


NOTHING_ASKED = Asked()


def asked_in(form: Mapping[str, FieldSpec], fields: Mapping[str, FieldSpec]) -> Asked:
    """What there is to see to of this form, in a workflow with these fields of the case."""
    return Asked(
        files=tuple(name for name, spec in form.items() if spec.type is FieldType.FILE),
        people=of_people(form),
        screened=tuple(name for name, spec in form.items() if spec.screened),
        of_records=tuple(spec for spec in form.values() if spec.records),
        fields=tuple(name for name in form if name in fields),
        for_some=any(spec.write for spec in form.values()),
    )


def of_people(form: Mapping[str, FieldSpec]) -> tuple[str, ...]:
    """The questions that are answered with somebody, or with several people."""
    return tuple(name for name, spec in form.items() if spec.type in OF_PEOPLE)
