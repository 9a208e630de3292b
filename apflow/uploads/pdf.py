"""Whether a PDF is whole, and holds nothing that runs, sends what is in it away, or is a file of its own.

It is looked at twice: as a reader of PDFs finds its objects, however they are packed, and as plain bytes, since what no
reader of ours finds, another's may. One that asks for a password is refused; insurers send certificates that forbid
only changes, and those open without.
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
from pikepdf import settings

from apflow.uploads.refusals import FileRefused

_AGAIN = "Open it, choose Print, then “Save as PDF” or “Print to PDF”, and send the new file."
_DAMAGED = f"This PDF is damaged or not complete. {_AGAIN}"
_RUNS = f"This PDF has something in it that runs by itself (a script or a command), which we do not take. {_AGAIN}"
_HOLDS = (
    f"This PDF has other files attached inside it, which we do not take. Send each by itself. For this one: {_AGAIN}"
)
_LOCKED = f"This PDF asks for a password. Take the password off, and send it again. {_AGAIN}"
_ENDS_WITHIN = 2048
_INFLATED_AT_MOST = 32 * 1024 * 1024
_MOST_OBJECTS = 200_000
_RUN_AT_ONCE = frozenset(
    f"/{name}" for name in ("JavaScript", "JS", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "XFA")
)
_FILES = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia"})

# For the whole process: whatever a PDF unpacks to is in memory at once.
settings.set_qpdf_limits(
    flate_max_memory=_INFLATED_AT_MOST,
    png_max_memory=_INFLATED_AT_MOST,
    tiff_max_memory=_INFLATED_AT_MOST,
    run_length_max_memory=_INFLATED_AT_MOST,
    max_stream_filters=4,
)
_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")


def _name(*words: str) -> re.Pattern[bytes]:
    """These PDF names, with any of their letters written as #hh."""
    spelt = ("".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word) for word in words)
    return re.compile(f"/(?:{'|'.join(spelt)})(?![A-Za-z0-9#])".encode())


_OBJECTS = _name("ObjStm")
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
    _refuse_objects(file)


def _refuse_objects(file: BinaryIO) -> None:
    file.seek(0)
    try:
        with pikepdf.open(file, suppress_warnings=True, inherit_page_attributes=False) as document:
            if len(document.objects) > _MOST_OBJECTS:
                raise FileRefused(_DAMAGED)
            for one in document.objects:
                names = set(_names(one))
                if not names.isdisjoint(_RUN_AT_ONCE):
                    raise FileRefused(_RUNS)
                if not names.isdisjoint(_FILES):
                    raise FileRefused(_HOLDS)
    except pikepdf.PasswordError as error:
        raise FileRefused(_LOCKED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise FileRefused(_DAMAGED) from error


def _names(found: Any) -> Iterator[str]:
    """Every name in an object, but for those of objects that it only points to."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Name):
            yield str(one)
        elif isinstance(one, pikepdf.Array):
            waiting += [each for each in one if not _is_elsewhere(each)]
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            said = one.stream_dict if isinstance(one, pikepdf.Stream) else one
            yield from said.keys()
            waiting += [each for each in said.values() if not _is_elsewhere(each)]


def _is_elsewhere(one: Any) -> bool:
    return isinstance(one, pikepdf.Object) and one.is_indirect


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
    unpacking = zlib.decompressobj()
    try:
        objects = unpacking.decompress(packed, at_most)
    except zlib.error:
        return packed
    if unpacking.unconsumed_tail:
        raise FileRefused(_DAMAGED)
    return objects
