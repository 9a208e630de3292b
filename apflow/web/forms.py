"""Forms made from the YAML: what was submitted into answers, and questions into what the templates show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ClientException

from apflow.core.conditions import Facts
from apflow.core.definition.conditions import facts_read, reads_answers
from apflow.core.definition.council import Council
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.firing.answers import is_asked
from apflow.core.firing.typed import clean
from apflow.core.snapshot import NOBODY, People, Upload
from apflow.provision.drawn import TYPED

Submitted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a page shows it. `value` is text, a list of options, or {day, month, year} for a date.

    `people` are those to choose from. `shown_when` is (question, answer) when the question is asked only after that
    answer to another of the form. `held` is the file that stays as its answer unless it is replaced, or taken out.
    `is_own_name` is the question for the name of whoever fills the form in, which a browser can give for them.
    """

    name: str
    spec: FieldSpec
    value: Any
    error: str | None
    shown_when: tuple[str, str] | None = None
    people: Mapping[int, str] = field(default_factory=dict)
    held: Upload | None = None
    is_taken_out: bool = False
    is_own_name: bool = False

    @property
    def kind(self) -> str:
        """Its type; one that is answered with the number of an establishment is typed as any such number."""
        return str(FieldType.URN if self.spec.records in TYPED else self.spec.type)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The people or records to choose from as (what is sent, name), nobody first."""
        return [
            ("", "Choose one" if self.spec.records else "Choose a person"),
            *((str(id), name) for id, name in self.people.items()),
        ]

    @property
    def error_target(self) -> str:
        """The id of the first control to mend, for the error summary's link."""
        return f"{self.name}-day" if self.spec.type is FieldType.DATE else self.name


async def form_of(request: Request[Any, Any, Any]) -> FormMultiDict:
    """What a form sent, files and all; refused where its text is in no known encoding."""
    try:
        return await request.form()
    except LookupError as fault:
        raise ClientException("The form names an encoding that we do not know. Send it as UTF-8.") from fault


async def submitted_form(request: Request[Any, Any, Any]) -> Submitted:
    """Everything a plain form sent, every value of every name, as text."""
    form = await form_of(request)
    return {name: [value for value in form.getall(name) if isinstance(value, str)] for name in form}


def one(submitted: Submitted, name: str) -> str:
    """The single value of a name, or the empty string."""
    values = submitted.get(name) or [""]
    return values[0]


def answers_from(form: Mapping[str, FieldSpec], submitted: Submitted) -> dict[str, Any]:
    """The answers in the submission, in the shape `decide` reads; what the form does not ask is left out."""
    found = {name: _answer(name, spec, submitted) for name, spec in form.items()}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def with_agencies(people: People, come_from: Mapping[int, str], council: Council) -> People:
    """The people to choose from, each with the agency they come from where that is known."""
    agencies = {id: council.agencies.get(agency, agency) for id, agency in come_from.items()}
    return {
        role: {id: f"{name}, {agencies[id]}" if id in agencies else name for id, name in offered.items()}
        for role, offered in people.items()
    }


def questions_of(
    form: Mapping[str, FieldSpec],
    answers: Mapping[str, Any],
    facts: Facts,
    errors: Mapping[str, str] | None = None,
    people: People = NOBODY,
) -> list[Question]:
    """The questions to show, with the answers there are and the errors found."""
    shown = []
    pointless = {f"answer.{name}" for name, spec in form.items() if _has_nothing_to_choose(spec, people)}
    for name, spec in form.items():
        after = _after_answer(form, spec)
        if not (after or is_asked(spec, facts) or _depends_on_answers(spec)):
            continue
        if f"answer.{name}" in pointless or (spec.asked_if and pointless.intersection(facts_read(spec.asked_if))):
            continue
        value = _as_parts(spec, answers.get(name))
        offered = people.get(spec.chosen_from, {})
        shown.append(Question(name, spec, value, (errors or {}).get(name), after, offered))
    return shown


def as_typed(value: Any) -> Any:
    """A value as a form sends it: nothing, text, or several texts."""
    if value in (None, "", []):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return sorted(map(str, value)) if isinstance(value, list | tuple) else " ".join(str(value).split())


def _has_nothing_to_choose(spec: FieldSpec, people: People) -> bool:
    """Whether it asks which of several records, of which there is none, and need not be answered."""
    return spec.type is FieldType.RECORDS and spec.optional and not people.get(spec.chosen_from)


def _answer(name: str, spec: FieldSpec, submitted: Submitted) -> Any:
    match spec.type:
        case FieldType.DATE:
            return _date(submitted, name)
        case FieldType.MANY | FieldType.PEOPLE | FieldType.RECORDS:
            return [value for value in submitted.get(name, ()) if value]
        case _:
            return clean(one(submitted, name))


def _date(submitted: Submitted, name: str) -> str:
    """ISO text when the three parts make up a date; otherwise the parts as typed, which are refused and shown again."""
    day, month, year = (one(submitted, f"{name}-{part}").strip() for part in ("day", "month", "year"))
    if not (day or month or year):
        return one(submitted, name).strip()
    if day.isdecimal() and month.isdecimal() and len(year) == 4 and year.isdecimal():
        return f"{year}-{int(month):02}-{int(day):02}"
    return f"{day}/{month}/{year}"


def _as_parts(spec: FieldSpec, value: Any) -> Any:
    if spec.type is FieldType.DATE:
        return _date_parts(str(value or ""))
    if spec.type is FieldType.MANY:
        return value or []
    if spec.type in (FieldType.PEOPLE, FieldType.RECORDS):
        return [str(one) for one in value or []]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if spec.type in (FieldType.PERSON, FieldType.RECORD):
        return str(value or "")
    return "" if value is None else value


def _date_parts(value: str) -> dict[str, str]:
    if "/" in value:
        day, month, year = [*value.split("/"), "", ""][:3]
    else:
        year, month, day = [*value.split("-"), "", ""][:3]
        day, month = day.lstrip("0"), month.lstrip("0")
    return {"day": day, "month": month, "year": year}


def _after_answer(form: Mapping[str, FieldSpec], spec: FieldSpec) -> tuple[str, str] | None:
    """(question, answer) when the condition to ask is simply an answer to a choice or yes/no of the same form."""
    condition = spec.asked_if
    fact, wanted = getattr(condition, "fact", ""), getattr(condition, "is_", None)
    name = fact.removeprefix("answer.")
    if not fact.startswith("answer.") or name not in form:
        return None
    match form[name].type, wanted:
        case FieldType.CHOICE, str():
            return name, wanted
        case FieldType.YES_NO, bool():
            return name, "yes" if wanted else "no"
    return None


def _depends_on_answers(spec: FieldSpec) -> bool:
    """Whether only what is about to be answered tells if it is asked; a page then shows it, lest nobody could."""
    return spec.asked_if is not None and reads_answers(spec.asked_if)
