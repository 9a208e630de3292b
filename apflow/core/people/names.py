"""Whether two names can be one person's, whatever their titles, accents, order, initials and spaces."""

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from apflow.core.screening.screening import fold

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WITHIN = re.compile(r"['’`´.]")  # O'Neil and ONeil, J.K. and JK.
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "a", "œ": "o", "þ": "th"})
_TWO_FOR_ONE = re.compile(r"(?<=[aou])e")  # As those write an umlaut who have none: of both names alike.


class Named(Struct, frozen=True):
    """A name as it is compared: its words, forenames first, and which of them are the surname's."""

    words: tuple[str, ...]
    surname: frozenset[str]


def named(name: str, titles: Sequence[str]) -> Named:
    """The name without what is no part of it; what is written before a comma is the surname."""
    return _named(name, frozenset(map(_plain, titles)))


@lru_cache(maxsize=2**12)
def _named(name: str, titles: Container[str]) -> Named:
    text = _ASIDE.sub(" ", name) if _ASIDE.sub(" ", name).strip() else name
    before, comma, after = text.partition(",")
    first, last = (after, before) if comma and _words(after, titles) else (text, "")
    given, surname = _words(first, titles), _words(last, titles)
    if not surname:  # All that is joined to the last word by hyphens.
        apart = [_words(one, titles) for one in first.split()]
        surname = next((words for words in reversed(apart) if words), ())
        return Named(given or (fold(name.strip()),), frozenset(surname))
    return Named((*given, *surname), frozenset(surname))


def _words(text: str, titles: Container[str]) -> tuple[str, ...]:
    words = (_plain(match.group()) for match in _WORD.finditer(_WITHIN.sub(_joined, text)))
    return tuple(word for word in words if word not in titles)


def _joined(mark: re.Match[str]) -> str:
    return " " if mark.group() == "." else ""


def _plain(word: str) -> str:
    return _TWO_FOR_ONE.sub("", fold(word).translate(_LETTERS))


def are_one(one: Named, other: Named) -> bool:
    """Whether they are the same name: the words of the shorter are among the other's, if need be by an initial."""
    if "".join(one.words) == "".join(other.words) or sorted(one.words) == sorted(other.words):
        return True
    fewer, more = sorted((one.words, other.words), key=len)
    whole = [word for word in fewer if len(word) > 1 and word in more]
    return len(fewer) > 1 and bool(whole) and _are_among(fewer, more)


def may_be_one(one: Named, other: Named) -> bool:
    """Whether nothing says that they are two: the surname of either is a word of the other, or all else is initials."""
    shared = one.surname.intersection(other.words) | other.surname.intersection(one.words)
    return any(len(word) > 1 for word in shared) or _are_among(*sorted((one.words, other.words), key=len))


def _are_among(fewer: Sequence[str], more: Sequence[str]) -> bool:
    """Whether each word has one of its own among the others: itself, else one of which either is the initial."""
    left, initials = list(more), list[str]()
    for word in fewer:
        if word in left:
            left.remove(word)
        else:
            initials.append(word)
    for word in initials:
        found = next((one for one in left if one[0] == word[0] and 1 in (len(one), len(word))), None)
        if found is None:
            return False
        left.remove(found)
    return True


def addresses_in(text: str) -> frozenset[str]:
    """The e-mail addresses in a text, as they are compared: what stands behind a plus is the same person's."""
    return frozenset(address(match.group().strip(".")) for match in _ADDRESS.finditer(text))


def address(email: str) -> str:
    local, at, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def several(text: str) -> Iterable[str]:
    """The names in a text that lists some: line by line, or with "and" or a semicolon between them."""
    return (name for name in re.split(r"[;\n&]|\band\b", text) if name.strip())
