"""Whether a JPEG or PNG is one all through: its parts in order, and nothing that a browser would read as a page."""

import struct
from typing import BinaryIO

from apflow.uploads.refusals import FileRefused

_DAMAGED = "This picture is damaged or not complete. Open the original, save it again as a JPEG or PNG, and send that."
_HIDES = "There is something other than a picture in this file. Open it, save it as a new JPEG or PNG, and send that."
_TOO_LARGE = "This picture is larger than most computers can show. Make it smaller, and send that."
_MARKUP = (b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe", b"<body", b"<?php", b"%pdf-")
_LOOKED_AT = 4096  # Readers that guess a kind look no further than this.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, b"\xff\xd9"
_CHUNKS_ALLOWED = 20_000
_PIXELS_ALLOWED = 120_000_000  # A phone's 108 million, and A3 at 600 dots an inch.


def check_png(file: BinaryIO) -> None:
    """Refuse a PNG whose chunks do not run from IHDR to IEND and stop there, or that nothing could show."""
    _refuse_markup(file)
    file.seek(16)
    _refuse_size(*struct.unpack(">II", _read(file, 8)))
    file.seek(8)
    for number in range(_CHUNKS_ALLOWED):
        head = file.read(8)
        if len(head) < 8 or (number == 0) != (head[4:] == b"IHDR"):
            raise FileRefused(_DAMAGED)
        _read(file, int.from_bytes(head[:4]) + 4)
        if head[4:] == b"IEND":
            break
    else:
        raise FileRefused(_DAMAGED)
    if file.read(1):
        raise FileRefused(_HIDES)


def check_jpeg(file: BinaryIO) -> None:
    """Refuse a JPEG without a frame, a scan after it and an end. Cameras write more after the end, which is let be."""
    _refuse_markup(file)
    file.seek(2)
    seen = set()
    while _SCAN not in seen:
        marker, length = _segment(file)
        seen.add(marker)
        said = _read(file, length - 2)
        if marker in _FRAMES and length >= 7:
            _refuse_size(*struct.unpack(">HH", said[1:5]))
    if not seen & _FRAMES or _END not in file.read():
        raise FileRefused(_DAMAGED)


def _segment(file: BinaryIO) -> tuple[int, int]:
    head = file.read(4)
    while head[:2] == b"\xff\xff":  # Any number of fill bytes may stand before a marker.
        head = head[1:] + file.read(1)
    if len(head) < 4 or head[0] != 0xFF:
        raise FileRefused(_DAMAGED)
    marker, length = struct.unpack(">xBH", head)
    if length < 2:
        raise FileRefused(_DAMAGED)
    return marker, length


def _read(file: BinaryIO, length: int) -> bytes:
    """The next `length` bytes, all of which must be there."""
    said = file.read(length)
    if len(said) < length:
        raise FileRefused(_DAMAGED)
    return said


def _refuse_size(one: int, other: int) -> None:
    if one * other > _PIXELS_ALLOWED:
        raise FileRefused(_TOO_LARGE)


def _refuse_markup(file: BinaryIO) -> None:
    file.seek(0)
    start = file.read(_LOOKED_AT).lower()
    if any(tag in start for tag in _MARKUP):
        raise FileRefused(_HIDES)
