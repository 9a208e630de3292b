"""A catalogue file: the items a collection starts with, such as the due-diligence papers."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from apflow.core.days.duration import OF_SCHOOLS, Duration, Unit
from apflow.core.definition.base import Claim, KeptName, Name, Part, Said, Span


def _expiry(value: Any) -> Any:
    if value in (False, None, "no", "never"):
        return "never"
    if value == "on the date it states":
        return value
    try:
        good_for = value if isinstance(value, Duration) else Duration.parse(str(value))
    except ValueError as error:
        raise ValueError(f"write never, on the date it states, or how long it is good: {error}") from error
    if good_for.unit is Unit.WORKING_DAY or good_for.unit in OF_SCHOOLS:
        raise ValueError(f'a document is not good for "{good_for}"; count in calendar days, weeks, months or years')
    if good_for.count == 0:
        raise ValueError(f'"{good_for}" is no time at all; write 1 or more')
    return good_for


_Expires = Literal["never", "no", "on the date it states", False] | Span | None


class CatalogueItem(Claim):
    """One thing asked for. `expires` is `never`, `on the date it states`, or how long after the date on it."""

    label: Said
    section: Name
    required: bool
    good: Said
    expires: Annotated[
        Literal["never", "on the date it states"] | Span, BeforeValidator(_expiry, json_schema_input_type=_Expires)
    ] = "never"
    not_applicable: bool = False

    @property
    def expiry_kind(self) -> str:
        """`never`, `stated` or `dated`: what the supplier must tell us about dates."""
        match self.expires:
            case "never":
                return "never"
            case Duration():
                return "dated"
            case _:
                return "stated"


class Catalogue(Part):
    """A whole catalogue file."""

    catalogue: Name
    title: Said
    sections: Mapping[Name, Said]
    items: Mapping[KeptName, CatalogueItem] = Field(min_length=1)
