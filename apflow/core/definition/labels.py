"""One thing said to staff and another to the provider or school."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from apflow.core.definition.base import Part, Said

STAFF, OUTSIDER = "staff", "provider"


class Label(Part):
    """Words for each audience; an audience without its own reads the staff's."""

    staff: Said
    provider: Said | None = None

    def to(self, audience: str) -> str:
        """The words for `audience`."""
        return (self.provider if audience != STAFF else None) or self.staff


def _label(value: Any) -> Any:
    return {"staff": value} if isinstance(value, str) else value


AnyLabel = Annotated[Label, BeforeValidator(_label, json_schema_input_type=str | Label)]
