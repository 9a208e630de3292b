"""Records beside the cases, as workflows speak of them: what items can be drawn from, and when one may be added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from apflow.core.definition.base import Names, Part
from apflow.core.definition.fields import FieldSpec


@dataclass(frozen=True, slots=True)
class RecordSource:
    """One kind of record that cases draw items from: what it is called, and the facts that an item of it has.

    One that is `by_event` is drawn when an event of the case `draws`; any other when something outside the case
    happens, such as that mail cannot be delivered. An item's page says those of its facts that are `shown`, beside the
    label, which has the others in it.
    """

    title: str
    facts: Mapping[str, FieldSpec]
    shown: tuple[str, ...] = ()
    by_event: bool = True


class Taking(Part):
    """When records of one kind may be added to a case: while it is in these states and these guards hold."""

    while_in: Annotated[Names, Field(min_length=1)]
    requires: Names = ()
