"""Conditions as data: a closed set of forms, each readable aloud. Nothing is ever evaluated from a string."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from apflow.core.definition.base import Copied, Name, Part, Whole

Literals = bool | int | str
COMPARISONS = (
    "is",
    "is_not",
    "is_one_of",
    "is_present",
    "is_before",
    "is_after",
    "is_on_or_after",
    "at_least",
    "at_most",
)


class FactRef(Part):
    """Another fact, to compare with."""

    fact: str


class Compare(Part):
    """One fact against a value: exactly one comparison."""

    fact: str
    is_: Literals | FactRef | None = Field(default=None, alias="is")
    is_not: Literals | FactRef | None = None
    is_one_of: tuple[Literals, ...] | None = None
    is_present: bool | None = None
    is_before: str | FactRef | None = None
    is_after: str | FactRef | None = None
    is_on_or_after: str | FactRef | None = None
    at_least: Whole | None = None
    at_most: Whole | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "Compare":
        if len(self.model_fields_set - {"fact"}) != 1:
            raise ValueError(f"give exactly one of: {', '.join(COMPARISONS)}")
        return self

    def __copy__(self) -> "Compare":
        copied = super().__copy__()
        copied.__dict__.pop("comparison", None)  # It may be copied to compare with something else.
        return copied

    @cached_property
    def comparison(self) -> tuple[str, Any]:
        """The one comparison made: its name and what it compares with."""
        (name,) = self.model_fields_set - {"fact"}
        return name.rstrip("_"), getattr(self, name)


class All(Part):
    """Every one of these holds."""

    all: tuple["Condition", ...]


class AnyOf(Part):
    """At least one of these holds."""

    any: tuple["Condition", ...]


class Not(Part):
    """This does not hold."""

    not_: "Condition" = Field(alias="not")


class Every(Part):
    """Every item of a collection that is `where` also `has`; true of none."""

    every: Name
    where: "Condition | None" = None
    has: "Condition"


class Count(Part):
    """How many items of a collection are `where`; with `distinct`, how many different values of that item fact.

    Of a field or an answer that is several `people`, it is they who are counted.
    """

    count: Copied
    where: "Condition | None" = None
    distinct: str | None = None
    at_least: Whole = Field(ge=1)


class Majority(Part):
    """More than half of the items of a collection that are `of` are also `where`; of none there is no majority."""

    majority: Name
    where: "Condition"
    of: "Condition | None" = None


_FORMS = ("every", "count", "majority", "fact", "all", "any", "not")


def _form(value: Any) -> str | None:
    named = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
    keys = {str(name).rstrip("_") for name in named}
    return next((form for form in _FORMS if form in keys), None)


Condition = Annotated[
    Annotated[Compare, Tag("fact")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Every, Tag("every")]
    | Annotated[Count, Tag("count")]
    | Annotated[Majority, Tag("majority")],
    Discriminator(
        _form,
        custom_error_type="condition",
        custom_error_message="a condition is one of: fact, all, any, not, every, count, majority",
    ),
]

for _model in (All, AnyOf, Not, Every, Count, Majority):
    _model.model_rebuild()


def reads_answers(condition: Condition) -> bool:
    """Whether the condition looks at what is being submitted."""
    return any(name.startswith("answer.") for name in facts_read(condition))


def collections_read(condition: Condition) -> Iterable[str]:
    """The collections, or questions of several people, whose items the condition looks at."""
    match condition:
        case All():
            yield from (name for part in condition.all for name in collections_read(part))
        case AnyOf():
            yield from (name for part in condition.any for name in collections_read(part))
        case Not():
            yield from collections_read(condition.not_)
        case Every():
            yield condition.every
        case Count():
            yield condition.count
        case Majority():
            yield condition.majority


def facts_read(condition: Condition) -> Iterable[str]:
    """The names of every fact the condition looks up."""
    match condition:
        case Compare():
            yield condition.fact
            _, other = condition.comparison
            if isinstance(other, FactRef):
                yield other.fact
        case All():
            yield from (name for part in condition.all for name in facts_read(part))
        case AnyOf():
            yield from (name for part in condition.any for name in facts_read(part))
        case Not():
            yield from facts_read(condition.not_)
        case Every():
            yield from facts_read(condition.has)
            yield from facts_read(condition.where) if condition.where else ()
        case Count():
            yield from (condition.count,) if condition.count.startswith("answer.") else ()
            yield from facts_read(condition.where) if condition.where else ()
            yield from (f"item.{condition.distinct}",) if condition.distinct else ()
        case Majority():
            yield from facts_read(condition.where)
            yield from facts_read(condition.of) if condition.of else ()
