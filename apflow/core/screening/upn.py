"""Unique pupil numbers: thirteen characters, of which the first is a check letter over the other twelve.

The alphabet, the weights and the two places where a letter may stand are those of the Department for Education's UPN
guide, compared in November 2026 with its published unit tests (Multiplication Tables Check) and python-stdnum's
`stdnum.gb.upn`. Local authorities are reorganised, so their three digits are not held against a list.
"""

import re

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
_FORM = re.compile(rf"[{ALPHABET}][0-9]{{11}}([0-9]|[{ALPHABET}])")


def tidy(text: str) -> str:
    """The number as it is kept: capitals, without the spaces people put in to read it."""
    return "".join(text.split()).upper()


def is_upn(text: str) -> bool:
    """Whether this is a whole number in its tidy form with the right check letter; a temporary one counts."""
    return _FORM.fullmatch(text) is not None and text[0] == check_letter(text[1:])


def is_temporary(text: str) -> bool:
    """Whether a school gave the number until the pupil's own is known: such a one ends in a letter."""
    return text[-1:] in ALPHABET and text != ""


def check_letter(rest: str) -> str:
    """The letter that the twelve characters after it must begin with."""
    total = sum(place * _value(character) for place, character in enumerate(rest, start=2))
    return ALPHABET[total % len(ALPHABET)]


def _value(character: str) -> int:
    return int(character) if character.isdigit() else ALPHABET.index(character)
