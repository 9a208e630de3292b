"""Documents made of a case from what it holds, for people to read and keep: an agreement, the record of it all."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from apflow.core.definition.base import Name, Names, Part, Said

Beside = Literal["state", "pupil", "attendance", "history"]


class MadeSection(Part):
    """One heading, with what the case says of it: its `text`, fields, items of a collection, and what `events` said.

    `also` is what is known beside them: the state of the case, which pupil it is about, how many sessions were
    attended, or who did what when. With `newest` it has only the last of what the events said. It stands there
    `while_in` some states of the case, or always where none is named.
    """

    heading: Said
    text: str = ""
    shows: Names = ()
    items: Name | None = None
    events: Names = ()
    also: Beside | None = None
    newest: bool = False
    while_in: Names = ()


class MadeDocument(Part):
    """A document made of a case for those it may be `read_by`, each of whom finds in it what they may read anyway.

    It can be had `while_in` some states, or always where none is named.
    `terms` is a document of the council's own, whose points and texts stand under the sections. `words` says of a field
    what it is called here, where that reads better than the question; `happened` says of an event how it reads here,
    in place of its button and of where it led.
    """

    title: Said
    read_by: Annotated[Names, Field(min_length=1)]
    while_in: Names = ()
    terms: Name | None = None
    words: Mapping[Name, Said] = Field(default_factory=dict)
    happened: Mapping[Name, Said] = Field(default_factory=dict)
    sections: Annotated[tuple[MadeSection, ...], Field(min_length=1)]
