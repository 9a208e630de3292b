"""Fields and forms: what an event asks for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from apflow.core.days.duration import Duration
from apflow.core.definition.base import CalendarSpan, Name, Names, Part, Said, Whole
from apflow.core.definition.clocks import Counted
from apflow.core.definition.conditions import Condition, reads_answers


class FieldType(StrEnum):
    """How an answer is asked for, read and stored."""

    TEXT = "text"
    LONG_TEXT = "long text"
    EMAIL = "email"
    PHONE = "phone"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    CHOICE = "choice"
    MANY = "many"
    YES_NO = "yes/no"
    CONFIRM = "confirm"
    FILE = "file"
    POSTCODE = "postcode"
    URN = "urn"
    MONEY = "money"
    UPN = "upn"
    PERSON = "person"
    PEOPLE = "people"
    ORGANISATION = "organisation"
    RECORD = "record"
    RECORDS = "records"


OF_PEOPLE = (FieldType.PERSON, FieldType.PEOPLE)  # Chosen from those who hold a role.
OF_RECORDS = (FieldType.RECORD, FieldType.RECORDS)  # Chosen from those that a source offers.
Fact = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class PrivacyClass(StrEnum):
    """Who a field's value may reach, from anyone to those who need to know."""

    PUBLIC = "public"
    CASE = "case"
    PERSONAL = "personal"
    CHILD = "child"
    SAFEGUARDING = "safeguarding"


DateBound = Literal["today or before", "today or after"]


class FieldSpec(Part):
    """One question. `asked_if` leaves it out when it does not hold.

    `read` and `write` name the roles that may see and give the answer; empty, all who see the case or fire the event.
    `role` says whose people a `person`, or several `people`, are chosen from. A `screened` text is refused with a
    pupil's name or number in it; a first draft of one `drafted_from` collections and fields says what they hold.
    A `record` is one of those that a source of records offers to whoever is asked, kept by its number, and `records`
    are several; a field that is `taken_from` it (`site.address`) is asked of nobody, and says what the record said when
    it was chosen. Nor is one that is `counted` from others, or that is the `number_of` choices in another. Choices of
    `many` stand in `columns` beside each other where there are many short ones. Several people who are kept
    `apart_from` those of another question are refused where one person is among both. So is a date that comes before
    one of the dates in `not_before`, as answered beside it, or as the case has it where that is not asked; and one that
    is more than `at_most_ahead` after today, where the council's own limit is too long or too short. A time is that
    `of_day` which another date has. What is `asked_anew` opens without the answer that the case has already.
    """

    type: FieldType
    label: Said
    hint: Said | None = None
    optional: bool = False
    options: Mapping[str, Said] = Field(default_factory=dict)
    columns: Annotated[Whole, Field(ge=2, le=4)] | None = None
    privacy: PrivacyClass = PrivacyClass.CASE
    read: Names = ()
    write: Names = ()
    role: Name | None = None
    records: Name | None = None
    taken_from: Fact | None = None
    counted: Counted | None = None
    number_of: Name | None = None
    apart_from: Name | None = None
    max_length: Annotated[Whole, Field(ge=1)] | None = None
    minimum: Whole | None = None
    maximum: Whole | None = None
    date_must_be: DateBound | None = None
    not_before: Names = ()
    of_day: Name | None = None
    at_most_ahead: CalendarSpan | None = None
    screened: bool = False
    drafted_from: Names = ()
    asked_anew: bool = False
    asked_if: Condition | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> "FieldSpec":
        if self.columns is not None and self.type is not FieldType.MANY:
            raise ValueError("columns: is for the choices of a question of type many")
        if self.number_of is not None and self.type is not FieldType.NUMBER:
            raise ValueError("number_of: makes a number, so the field is of type number")
        if self.apart_from is not None and self.type is not FieldType.PEOPLE:
            raise ValueError("apart_from: keeps several people apart from others, so the field is of type people")
        if self.not_before and self.type is not FieldType.DATE:
            raise ValueError("not_before: is about days, so the field is of type date")
        if self.of_day is not None and self.type is not FieldType.TIME:
            raise ValueError("of_day: says which day a time is of, so the field is of type time")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"no answer is {self.minimum} or more and {self.maximum} or less; correct one of the two")
        if self.at_most_ahead is not None and self.type is not FieldType.DATE:
            raise ValueError("at_most_ahead: is about days, so the field is of type date")
        return self

    @property
    def can_be_emptied(self) -> bool:
        """Whether no answer can mean that there is none any more: it may be left empty, or another rules it out."""
        return self.optional if self.asked_if is None else reads_answers(self.asked_if)

    @property
    def chosen_from(self) -> str:
        """The role whose people, or the source whose records, there are to choose from; empty for any other type."""
        return self.role or self.records or ""


class FieldUse(Part):
    """A form's use of one of the case's own fields, by the same name; the answer is kept on the case."""

    optional: bool | None = None
    label: Said | None = None
    hint: Said | None = None
    date_must_be: DateBound | None = None
    not_before: Names | None = None
    at_most_ahead: CalendarSpan | None = None
    drafted_from: Names | None = None
    asked_anew: bool | None = None
    asked_if: Condition | None = None

    def of(self, field: FieldSpec) -> FieldSpec:
        """The case's field as this form asks for it."""
        changes = {name: getattr(self, name) for name in self.model_fields_set}
        return field.model_copy(update={name: value for name, value in changes.items() if value is not None})


def no_further_ahead(form: Mapping[str, FieldSpec], ahead: Duration) -> dict[str, FieldSpec]:
    """The form with this limit for every date that has none of its own."""
    return {
        name: spec.model_copy(update={"at_most_ahead": ahead})
        if spec.type is FieldType.DATE and spec.at_most_ahead is None
        else spec
        for name, spec in form.items()
    }


def _entry(value: Any) -> Any:
    return {} if value is None else value


def _kind(value: Any) -> str:
    is_question = "type" in value if isinstance(value, Mapping) else isinstance(value, FieldSpec)
    return "question" if is_question else "use"


FormEntry = Annotated[
    Annotated[
        Annotated[FieldSpec, Tag("question")] | Annotated[FieldUse, Tag("use")],
        Discriminator(_kind),
    ],
    BeforeValidator(_entry, json_schema_input_type=FieldSpec | FieldUse | None),
]
Form = Mapping[Name, FormEntry]
