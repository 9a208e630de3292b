"""Finding in free text what would say which pupil it is about: the number, or the name."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import zip_longest

from msgspec import Struct

from apflow.core.screening.ordinary import NO_FORENAME, ORDINARY
from apflow.core.screening.upn import is_upn, tidy

# Thirteen letters and figures, as they are written: together, or in groups with spaces or hyphens between.
_LIKE_A_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[ -]?[0-9]){11}[ -]?[A-Za-z0-9](?![A-Za-z0-9])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_BETWEEN = re.compile(r"[ ,\u00a0]*")


class PupilNamed(Struct, frozen=True):
    """A pupil's name; `is_here` when the pupil is or was placed at the provider that the case is about."""

    forename: str
    surname: str
    is_here: bool = False


class _Word(Struct, frozen=True):
    """A word as it is compared, where it stands in the text, and whether the next follows without a stop."""

    folded: str
    start: int
    end: int
    is_capital: bool
    is_followed: bool


def numbers_in(text: str) -> list[str]:
    """The unique pupil numbers in a text, as they stand there; one with a wrong check letter is no number."""
    found = (match.group() for match in _LIKE_A_NUMBER.finditer(text))
    return [number for number in found if is_upn(tidy(number.replace("-", "")))]


def names_in(text: str, pupils: Iterable[PupilNamed]) -> list[str]:
    """The pupils' names in a text, as they stand there, each once.

    Any pupil is found by forename and surname, in either order. One who is placed here is found by either alone too,
    unless it stands beside another name: then it is somebody else's. A surname that is an ordinary word is left.
    """
    words = list(_words(text))
    there = {word.folded for word in words}
    whole: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    alone: dict[str, set[str]] = defaultdict(set)
    distinctive = set[str]()
    for pupil in pupils:
        forenames, surnames = _folded(pupil.forename), _folded(pupil.surname)
        if there.isdisjoint(first_words(pupil.forename, pupil.surname)):
            continue
        for name in {(*forenames, *surnames), (*forenames[:1], *surnames), (*surnames, *forenames[:1])}:
            whole[name[0]].append(name)
        if pupil.is_here:
            alone[forenames[0]].update(surnames[:1])
            distinctive.update(surname for surname in surnames[-1:] if surname not in ORDINARY)
    found = (_at(text, words, place, whole, alone, distinctive) for place in range(len(words)))
    return list(dict.fromkeys(name for name in found if name))


def words_in(text: str) -> frozenset[str]:
    """The words of a text as those of names are compared with them."""
    return frozenset(word.folded for word in _words(text))


def first_words(forename: str, surname: str) -> frozenset[str]:
    """The words that every way of writing the name begins with: in a text without any of them it is not found."""
    forenames, surnames = _folded(forename), _folded(surname)
    return frozenset((forenames[0], surnames[0], surnames[-1]))


def _at(
    text: str,
    words: list[_Word],
    place: int,
    whole: dict[str, list[tuple[str, ...]]],
    alone: dict[str, set[str]],
    distinctive: set[str],
) -> str | None:
    """The name that begins with this word."""
    first = words[place]
    for name in whole.get(first.folded, ()):
        here = words[place : place + len(name)]
        if tuple(word.folded for word in here) == name and all(word.is_followed for word in here[:-1]):
            return text[first.start : here[-1].end]
    if first.is_capital and first.folded in alone and not _is_somebody_else(words, place):
        return text[first.start : first.end]
    if first.is_capital and first.folded in distinctive and not _is_beside_another(words, place):
        return text[first.start : first.end]
    return None


def _is_somebody_else(words: list[_Word], place: int) -> bool:
    """Whether a surname follows; that it is not the pupil's has been seen before."""
    return words[place].is_followed and place + 1 < len(words) and words[place + 1].is_capital


def _is_beside_another(words: list[_Word], place: int) -> bool:
    """Whether a forename goes before or a further name follows, such as a farm's; no title is a forename."""
    before = words[place - 1] if place else None
    has_forename = before is not None and before.is_followed and before.is_capital and before.folded not in NO_FORENAME
    return has_forename or _is_somebody_else(words, place)


def _words(text: str) -> Iterator[_Word]:
    found = list(_WORD.finditer(text))
    for match, after in zip_longest(found, found[1:]):
        word = _POSSESSIVE.sub("", match.group())
        is_whole = len(word) == len(match.group())
        is_followed = (
            is_whole and after is not None and _BETWEEN.fullmatch(text, match.end(), after.start()) is not None
        )
        yield _Word(fold(word), match.start(), match.start() + len(word), word[0].isupper(), is_followed)


@lru_cache(maxsize=2**16)  # Of forenames and surnames there are few beside the pupils who have them.
def _folded(name: str) -> tuple[str, ...]:
    return tuple(fold(match.group()) for match in _WORD.finditer(name)) or (fold(name),)


def fold(word: str) -> str:
    """The word in small letters and without accents, its apostrophes of one kind."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
