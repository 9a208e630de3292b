"""What no font has, said in words: nothing that somebody typed may keep a document from being made."""

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

_NO_CHARACTER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ue000-\uf8ff\ufffe\uffff\U000f0000-\U0010ffff]+"
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_REFUSED = re.compile(r"the text (?:`\"(.*?)\"` could not be displayed|contains the disallowed codepoint `\"(.*?)\"`)")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def every_text(said: Any, change: Callable[[str], str]) -> Any:
    """The same values with each text in them changed."""
    if isinstance(said, str):
        return change(said)
    if isinstance(said, dict):
        return {name: every_text(value, change) for name, value in said.items()}
    return [every_text(value, change) for value in said] if isinstance(said, list | tuple) else said


def printable(text: str) -> str:
    """The text with its lines ended in one way, in the order typed, and in words what is no character to print."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return _NO_CHARACTER.sub(_in_words, lines)


def with_words_for(characters: Collection[str], text: str) -> str:
    """The text with these characters in words, neighbours together: `[tifinagh letter ya, tifinagh letter yaz]`."""
    if not characters:
        return text
    return re.sub(f"[{re.escape(''.join(sorted(characters)))}]+", _in_words, text)


def beyond_ascii(said: Any) -> frozenset[str]:
    """The characters in the texts of these values of which a font may have no glyph."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(*_BEYOND_ASCII.findall(text))
        return text

    every_text(said, note)
    return frozenset(found)


def is_mark(character: str) -> bool:
    """Whether it is set on or beside another one."""
    return unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf", "Sk"}


def beyond_ascii_in_words(text: str) -> str:
    """The text in what every font has."""
    return _BEYOND_ASCII.sub(_in_words, text)


def refused_in(diagnostic: str) -> frozenset[str]:
    """The characters that the typesetter says it cannot show; those of ASCII only stand beside one of them."""
    texts = "".join(first or second for first, second in _REFUSED.findall(diagnostic))
    found = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), texts)
    return frozenset(character for character in found if not character.isascii())


def _in_words(found: re.Match[str]) -> str:
    """What the characters are called; one that only says how its neighbours look is left out."""
    called = [_called(character) for character in found[0] if not _is_invisible(character)]
    return f"[{', '.join(called)}]" if called else ""


def _called(character: str) -> str:
    return unicodedata.name(character, "").lower() or f"character U+{ord(character):04X}"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, "")
