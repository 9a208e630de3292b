"""Whether a JPEG or PNG is one all through: its parts in order, and nothing that a browser would read as a page."""

import struct
from typing import BinaryIO

from apflow.uploads.refusals import FileRefused

_DAMAGED = "This picture is damaged or not complete. Open the original, save it again as a JPEG or PNG, and send that."
_HIDES = "There is something other than a picture in this file. Open it, save it as a new JPEG or PNG, and send that."
_MARKUP = (b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe", b"<body", b"<?php", b"%pdf-")
_LOOKED_AT = 4096  # Readers that guess a kind look no further than this.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, b"\xff\xd9"
_CHUNKS_ALLOWED = 20_000


def check_png(file: BinaryIO) -> None:
    """Refuse a PNG whose chunks do not run from IHDR to IEND and stop there."""
    _refuse_markup(file)
    file.seek(8)
    for number in range(_CHUNKS_ALLOWED):
        head = file.read(8)
        if len(head) < 8 or (number == 0) != (head[4:] == b"IHDR"):
            raise FileRefused(_DAMAGED)
        _skip(file, int.from_bytes(head[:4]) + 4)
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
        _skip(file, length - 2)
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


def _skip(file: BinaryIO, length: int) -> None:
    """Go on by `length` bytes, all of which must be there."""
    if length and len(file.read(length)) < length:
        raise FileRefused(_DAMAGED)


def _refuse_markup(file: BinaryIO) -> None:
    file.seek(0)
    start = file.read(_LOOKED_AT).lower()
    if any(tag in start for tag in _MARKUP):
        raise FileRefused(_HIDES)
