"""How wide text is, near enough to wrap it: the advance widths of Arial, so that what is drawn elsewhere fits too."""

from functools import cache

_WIDTHS = {
    0.24: "ijl'|‘’",
    0.3: "ft.,:;!I/\\[]() r-·",
    0.36: '"*`“”',
    0.52: "cksvxyzJ",
    0.58: "abdeghnopquL0123456789?$#_=+<>~^{}",
    0.68: "ABEFKPSTVXYZ&",
    0.76: "CDGHNOQRUw",
    0.87: "Mm%—…",
    1.0: "W@",
}
_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_UNKNOWN = 1.0
_BOLD = 1.07
_ROOM = 1.03  # A font that stands in for Arial may be a little wider.


@cache
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """How wide the text is at most, in the units of the drawing."""
    letters = sum(_OF.get(letter, _UNKNOWN) for letter in text)
    return letters * size * _ROOM * (_BOLD if weight == "bold" else 1)


def wrapped(text: str, room: float, size: float, weight: str = "normal") -> list[str]:
    """The text in lines no wider than `room`; a word that is too long is broken."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines += _broken(word, room, size, weight)
    return lines


def _broken(word: str, room: float, size: float, weight: str) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size, weight) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
