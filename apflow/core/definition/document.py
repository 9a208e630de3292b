"""A document file: a text of the council's own that anybody may read, such as an example agreement."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from apflow.core.definition.base import Name, Part, Said


class DocumentSection(Part):
    """One heading with what stands under it, in this order.

    `text` is paragraphs, parted by an empty line; `blanks` are what whoever uses it fills in; `links` lead elsewhere.
    """

    heading: Said
    text: str = ""
    points: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    links: Mapping[str, Annotated[str, Field(pattern=r"^https://")]] = Field(default_factory=dict)


PRIVACY_NOTICE = "privacy_notice"  # The one that /privacy has, and that does not stand beside the approved list.


class PublicDocument(Part):
    """A whole document file. An `example` is marked as one: nobody is bound by it."""

    document: Name
    title: Said
    about: Said
    example: bool = False
    sections: Annotated[tuple[DocumentSection, ...], Field(min_length=1)]
