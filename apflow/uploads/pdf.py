"""Whether a PDF is whole, and holds nothing that runs or is a file of its own, as far as can plainly be seen.

An encrypted PDF is taken when its names can be read; insurers send certificates that forbid only changes.
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from apflow.uploads.refusals import FileRefused

_AGAIN = "Open it, choose Print, then “Save as PDF” or “Print to PDF”, and send the new file."
_DAMAGED = f"This PDF is damaged or not complete. {_AGAIN}"
_RUNS = f"This PDF has something in it that runs by itself (a script or a command), which we do not take. {_AGAIN}"
_HOLDS = (
    f"This PDF has other files attached inside it, which we do not take. Send each by itself. For this one: {_AGAIN}"
)
_ENDS_WITHIN = 2048
_INFLATED_AT_MOST = 32 * 1024 * 1024
_OBJECTS = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")


def _name(*words: str) -> re.Pattern[bytes]:
    """These PDF names, with any of their letters written as #hh."""
    spelt = ("".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word) for word in words)
    return re.compile(f"/(?:{'|'.join(spelt)})(?![A-Za-z0-9#])".encode())


_RUNNING = _name("JavaScript", "Launch")
_SCRIPT = _name("JS")  # Too short to look for in pictures and fonts, where chance would write it now and then.
_HOLDING = _name("EmbeddedFile", "EmbeddedFiles", "RichMedia")


def check_pdf(file: BinaryIO) -> None:
    """Refuse a PDF that is cut short, runs something, or carries files."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        if not _HEADER.match(whole) or whole.rfind(b"%%EOF", max(0, len(whole) - _ENDS_WITHIN)) < 0:
            raise FileRefused(_DAMAGED)
        _refuse_names(whole)
        for part in _readable(whole):
            _refuse_names(part)
            if _SCRIPT.search(part):
                raise FileRefused(_RUNS)


def _refuse_names(part: bytes | mmap.mmap) -> None:
    if _RUNNING.search(part):
        raise FileRefused(_RUNS)
    if _HOLDING.search(part):
        raise FileRefused(_HOLDS)


def _readable(whole: mmap.mmap) -> Iterator[bytes]:
    """What stands outside the streams, and inside those that hold objects."""
    at, inflated = 0, 0
    while (start := whole.find(b"stream", at)) >= 0 and (end := whole.find(b"endstream", start)) >= 0:
        before = whole[at:start]
        yield before
        if _OBJECTS.search(before):
            objects = _inflate(whole[start + 6 : end].lstrip(b"\r\n"), _INFLATED_AT_MOST - inflated)
            inflated += len(objects)
            yield objects
        at = end + 9
    yield whole[at:]


def _inflate(packed: bytes, at_most: int) -> bytes:
    """The objects of a stream; as they stand when they are not packed, or packed in a way we cannot read."""
    if at_most <= 0:
        raise FileRefused(_DAMAGED)
    try:
        return zlib.decompressobj().decompress(packed, at_most)
    except zlib.error:
        return packed
