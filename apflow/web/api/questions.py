"""The questions of a form as JSON."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from apflow.core.conditions import Facts
from apflow.core.definition.conditions import reads_answers
from apflow.core.definition.fields import FieldSpec
from apflow.core.firing.answers import is_asked
from apflow.core.snapshot import NOBODY, People
from apflow.web.api.sight import is_of_a_child


class Choice(BaseModel):
    """One of the answers there are."""

    value: str
    label: str


class QuestionOut(BaseModel):
    """One question, and what is known of its answer."""

    name: str
    label: str
    hint: str | None
    type: str
    is_optional: bool
    choices: list[Choice]
    max_length: int | None
    minimum: int | None
    maximum: int | None
    date_must_be: str | None
    at_most_ahead: str | None = Field(description='How far after today a date may be, as "5 years".')
    not_before: list[str] = Field(description="The questions or fields whose day this one may not come before.")
    asked_if: dict[str, Any] | None = Field(
        description="A condition on the other answers, as in the workflow file; null when it is always asked."
    )
    value: Any = Field(description="What the case says already; null when nothing.")


def questions_out(
    form: Mapping[str, FieldSpec], facts: Facts, known: Mapping[str, Any], people: People = NOBODY
) -> list[QuestionOut]:
    """Those of the form's questions that are asked of this case, or may be, given other answers."""
    return [_question(name, spec, known.get(name), people) for name, spec in form.items() if _may_be_asked(spec, facts)]


def _choices(spec: FieldSpec, people: People) -> list[Choice]:
    """The answers there are; a person or a record is chosen by the number, given as text."""
    offered = people.get(spec.chosen_from, {})
    if is_of_a_child(spec):
        return [Choice(value=str(id), label=f"Record {id}") for id in offered]  # A look at a name would be noted.
    if spec.chosen_from:
        return [Choice(value=str(id), label=name) for id, name in offered.items()]
    return [Choice(value=value, label=label) for value, label in spec.options.items()]


def _may_be_asked(spec: FieldSpec, facts: Facts) -> bool:
    return is_asked(spec, facts) or (spec.asked_if is not None and reads_answers(spec.asked_if))


def _question(name: str, spec: FieldSpec, value: Any, people: People) -> QuestionOut:
    depends = spec.asked_if is not None and reads_answers(spec.asked_if)
    return QuestionOut(
        name=name,
        label=spec.label,
        hint=spec.hint,
        type=str(spec.type),
        is_optional=spec.optional,
        choices=_choices(spec, people),
        max_length=spec.max_length,
        minimum=spec.minimum,
        maximum=spec.maximum,
        date_must_be=spec.date_must_be,
        at_most_ahead=str(spec.at_most_ahead) if spec.at_most_ahead else None,
        not_before=list(spec.not_before),
        asked_if=spec.asked_if.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if spec.asked_if is not None and depends
        else None,
        value=value,
    )
