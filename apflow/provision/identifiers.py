"""The numbers that settings and learners are known by, as far as a number itself can tell that it is right.

Unique pupil numbers are in `core.upn`, as the language of workflows has a question for them.
"""

import re

_URN = re.compile(r"[0-9]{5,6}")
_UKPRN = re.compile(r"1[0-9]{7}")
_ULN = re.compile(r"[1-9][0-9]{9}")


def tidy(text: str) -> str:
    """The number as it is kept, without the spaces people put in to read it."""
    return "".join(text.split())


def is_urn(text: str) -> bool:
    """Whether this can be an establishment's unique reference number: six digits, of older ones five.

    It has no check digit. Source: the columns of the national establishments extract (Get Information about Schools).
    """
    return _URN.fullmatch(text) is not None


def is_ukprn(text: str) -> bool:
    """Whether this can be a provider's number in the UK register of learning providers: eight digits, the first a 1.

    Assumed from the published numbers, all of which are so; the register states no check digit.
    """
    return _UKPRN.fullmatch(text) is not None


def is_uln(text: str) -> bool:
    """Whether this is a unique learner number whose last digit fits the nine before it.

    Source: the Learning Records Service's rule: weights 10 to 2, the remainder by 11 taken from 10; none has a
    remainder of 0.
    """
    if not _ULN.fullmatch(text):
        return False
    remainder = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), text, strict=False)) % 11
    return remainder != 0 and int(text[9]) == 10 - remainder
