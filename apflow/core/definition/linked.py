"""What a workflow says of other cases: those that are items of its own, what they are told, what is made of them."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from apflow.core.definition.base import Copied, Name, Names, Part, Said
from apflow.core.definition.conditions import Condition

THIS_CASE = "case.reference"
KEPT_BY = "case"  # Of an item drawn from records: the reference of the case that keeps the record, if one does.
Ours = Annotated[str, StringConstraints(pattern=r"^((answer\.)?[a-z][a-z0-9_]*|case\.reference)$")]


class OtherCases(Part):
    """Which cases can become items: those of a workflow that stand in one of these states."""

    workflow: Name
    states: Annotated[Names, Field(min_length=1)]


class Joining(Part):
    """The case becomes a child of another, whose reference a field of it has: one of the kind that case calls it `as`.

    From then on it is told what that case tells its children, and a case that it belonged to before tells it no more.
    """

    case: Name
    as_: Name = Field(alias="as")


class Beside(Part):
    """Fields of a case that are shown beside every case of a workflow among those begun from it, whatever the kind.

    Each reader finds there what they may read on the case itself.
    """

    title: Said
    shows: Annotated[Names, Field(min_length=1)]


class Telling(Part):
    """What an event also does to the cases that are items of a collection, committed together with it or not at all.

    An event on one of the items tells that one; else `those` says of which status they are. `with` copies what the
    other event asks (theirs: ours), as `begins` does; `case.reference` is this case's own.
    """

    event: Name
    those: Names = ()
    with_: Mapping[Name, Ours] = Field(default_factory=dict, alias="with")


class Signalling(Part):
    """What an event fires on every open case of a kind below this one, by a commit of its own each.

    `with` copies what the other event asks (theirs: ours), from this case or the answers; what is missing here is left
    out there.
    """

    event: Name
    with_: Mapping[Name, Ours] = Field(default_factory=dict, alias="with")


class Calling(Part):
    """What an event fires on the case that keeps each record among the items of a collection, by a commit of its own.

    `where` says which of the items are meant. `with` copies what the other event asks (theirs: ours), from this case,
    its answers or the item. An item whose record no case keeps calls nothing.
    """

    workflow: Name
    event: Name
    where: Condition | None = None
    with_: Mapping[Name, Copied] = Field(default_factory=dict, alias="with")


class Pack(Part):
    """One paginated document made of the cases that are items of a collection: a section each.

    `shows` are fields of theirs, `evidence` a collection of theirs that is listed item by item, and `views` one of what
    people said, of whom those whose item is `aside` take no part. Nobody finds in it what they may not read on the
    cases themselves.
    """

    title: Said
    of: Name
    those: Annotated[Names, Field(min_length=1)]
    shows: Annotated[Names, Field(min_length=1)]
    evidence: Name | None = None
    views: Name | None = None
    aside: Names = ()
