"""Documents for people to keep: what they say as values, laid out by a template of ours into a tagged PDF."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from apflow.documents.in_words import (
    beyond_ascii,
    beyond_ascii_in_words,
    every_text,
    is_mark,
    printable,
    refused_in,
    with_words_for,
)

_FOLDER = Path(__file__).parent
_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
_EACH_ALONE = b'#set document(title: "x")\n#for one in json(bytes(sys.inputs.said)) { par(one) }'
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


def pdf(layout: str, said: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The layout with these values in it, as PDF/UA-1: tagged, with a title and a language.

    Values reach the layout as data and never as markup, so nothing that somebody typed is taken for an instruction.
    What no font has is said in words, so nothing that somebody typed keeps the document from being made either.
    """
    typed = every_text(dict(said), printable)
    for change in _ever_plainer(beyond_ascii(typed)):
        try:
            return _compiled(_layout(layout), every_text(typed, change), made_at)
        except BaseException as error:
            if not _is_refused(error):
                raise
    return _compiled(_layout(layout), every_text(typed, beyond_ascii_in_words), made_at)


def _ever_plainer(characters: frozenset[str]) -> Iterator[Callable[[str], str]]:
    """First in words what no font has alone; then the marks too that may not stand beside each other."""
    in_words = _without_a_font(characters)
    yield partial(with_words_for, in_words)
    yield partial(with_words_for, in_words | frozenset(filter(is_mark, characters)))


@lru_cache(maxsize=64)
def _without_a_font(characters: frozenset[str]) -> frozenset[str]:
    """Those that no font has, asked of each in a line of its own."""
    if not characters:
        return frozenset()
    try:
        _compiled(_EACH_ALONE, sorted(characters), _ANY_TIME)
    except BaseException as error:
        if not _is_refused(error):
            raise
        return refused_in(getattr(error, "diagnostic", ""))
    return frozenset()


def _is_refused(error: BaseException) -> bool:
    """Whether the typesetter could not set it, or broke over it, which no class of Python's own says."""
    return isinstance(error, typst.TypstError) or type(error).__name__ == "PanicException"


def _compiled(source: bytes, said: Any, made_at: datetime) -> bytes:
    compiled = typst.compile(
        source,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("the layout makes no document")
    return compiled


@cache
def _fonts() -> typst.Fonts:
    """The typesetter's own and those of packages, and none of the machine: a case makes the same document anywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(files(package)) for package in _FONTS])


@cache
def _layout(name: str) -> bytes:
    return (_FOLDER / "shared.typ").read_bytes() + (_FOLDER / f"{name}.typ").read_bytes()
