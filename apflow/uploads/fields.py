"""The field codes of a Word document's parts, such as PAGE, as Word would read them when it is opened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

_PIECE = 1 << 16


class NotPlain(ValueError):
    """The part is no sound XML, or brings a document type, which Word writes none of."""


def fields_in(part: IO[bytes]) -> Iterator[str]:
    """Each field's code, put together from however many runs it is split over; NotPlain where it cannot be read.

    The code of a field inside another's stands in it as `{}`: what comes of it is not known until Word works it out.
    """
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while piece := part.read(_PIECE):
            parser.Parse(piece)
            yield from reading.take()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotPlain(str(error)) from None
    yield from reading.rest()


def _refuse(*_said: object) -> None:
    raise NotPlain("it brings a document type")


@dataclass
class _Field:
    code: list[str] = field(default_factory=list)
    has_result: bool = False


@dataclass
class _Reading:
    """Which fields are open, outermost first, and those that are read to their end."""

    open: list[_Field] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)  # Code that stands in no field: a reader may forgive that.
    is_code: bool = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "instrText" or (local == "t" and self._is_in_code()):
            self.is_code = True
        elif local == "fldSimple":
            self._stand_in()
            self.found.append(_said(attributes, "instr"))
        elif local == "fldChar":
            self._mark(_said(attributes, "fldCharType"))

    def end(self, name: str) -> None:
        if _local(name) in ("instrText", "t"):
            self.is_code = False

    def text(self, text: str) -> None:
        if self.is_code:
            (self.open[-1].code if self.open else self.loose).append(text)

    def take(self) -> list[str]:
        taken, self.found = self.found, []
        return taken

    def rest(self) -> Iterator[str]:
        yield from self.take()
        yield from ("".join(one.code) for one in self.open)
        yield "".join(self.loose)

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            self._stand_in()
            self.open.append(_Field())
        elif self.open and kind == "separate":
            self.open[-1].has_result = True
        elif self.open and kind == "end":
            self.found.append("".join(self.open.pop().code))

    def _is_in_code(self) -> bool:
        return bool(self.open) and not self.open[-1].has_result

    def _stand_in(self) -> None:
        """A field that begins within another's code."""
        if self._is_in_code():
            self.open[-1].code.append("{}")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _said(attributes: dict[str, str], wanted: str) -> str:
    return next((value for name, value in attributes.items() if _local(name) == wanted), "")
