"""What kind of file it is, by what is in it: puremagic's signatures first, then the structure itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import puremagic

from apflow.uploads.docx import check_docx, holds_an_archive
from apflow.uploads.names import split_name
from apflow.uploads.pdf import check_pdf
from apflow.uploads.pictures import check_jpeg, check_png
from apflow.uploads.refusals import WANTED, FileRefused


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is taken. `signature` is the extension puremagic knows it by."""

    called: str
    media_type: str
    extensions: tuple[str, ...]
    signature: str
    check: Callable[[BinaryIO], None]


PDF = Kind("a PDF", "application/pdf", (".pdf",), ".pdf", check_pdf)
DOCX = Kind(
    "a Word document (DOCX)",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx",),
    ".docx",
    check_docx,
)
JPEG = Kind("a JPEG picture", "image/jpeg", (".jpg", ".jpeg", ".jfif"), ".jpg", check_jpeg)
PNG = Kind("a PNG picture", "image/png", (".png",), ".png", check_png)
KINDS = (PDF, DOCX, JPEG, PNG)

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # What Word wrote before DOCX, and still wraps a password around.
_LOCKED_OR_OLD = (
    "This Word document is locked with a password, or is an older kind. "
    "Open it in Word, take any password off, save it as Word (DOCX) or PDF, and send that."
)
_MACROS = (
    "This kind of Word document can hold macros, which we do not take. Save it as Word (DOCX) or PDF, and send that."
)
_OLD_WORD = "This is an older or open kind of document. Open it, save it as Word (DOCX) or PDF, and send that."
_TABLE = "We do not take spreadsheets or slides. Open it, save it as a PDF, and send that."
_PICTURE = "We take pictures as JPEG or PNG only. Open it, save it as a JPEG, and send that."
_APPLE = "Open it, export it as a PDF, and send that."
_ARCHIVE = "We cannot take several files packed into one. Take them out, and send each by itself."
_MENDS = {
    **dict.fromkeys((".docm", ".dotm"), _MACROS),
    **dict.fromkeys((".doc", ".dot", ".dotx", ".odt", ".rtf", ".txt", ".wps"), _OLD_WORD),
    **dict.fromkeys((".xls", ".xlsx", ".xlsm", ".ods", ".csv", ".ppt", ".pptx", ".pptm", ".odp"), _TABLE),
    **dict.fromkeys((".heic", ".heif", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".svg", ".avif"), _PICTURE),
    **dict.fromkeys((".pages", ".numbers", ".key"), _APPLE),
    **dict.fromkeys((".zip", ".rar", ".7z", ".tar", ".gz"), _ARCHIVE),
}


def kind_of(name: str, file: BinaryIO) -> Kind:
    """The kind that the name says and the content bears out; FileRefused when they do not agree or it may do harm."""
    named = _kind_named(name)
    found = _kind_found(file)
    if found is not named:
        raise FileRefused(_disagreement(name, named, found, file))
    named.check(file)
    if named is not DOCX and holds_an_archive(file):
        raise FileRefused(
            f"There is another file hidden inside “{name}”. Open it, save it as a new file, and send that."
        )
    return named


def _disagreement(name: str, named: Kind, found: Kind | None, file: BinaryIO) -> str:
    if found is not None and _is_sound(found, file):
        ending = found.extensions[0]
        return f"“{name}” is really {found.called}. Change the end of its name to {ending}, and send it again."
    if named is DOCX and _starts_with(_OLE, file):
        return _LOCKED_OR_OLD
    return (
        f"“{name}” is not really {named.called}: its name says so, but what is in it does not. "
        f"Open the original, save it again as {WANTED}, and send that."
    )


def _starts_with(signature: bytes, file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(len(signature)) == signature


def _is_sound(kind: Kind, file: BinaryIO) -> bool:
    try:
        kind.check(file)
    except FileRefused:
        return False
    return True


def _kind_named(name: str) -> Kind:
    _, extension = split_name(name)
    named = next((kind for kind in KINDS if extension in kind.extensions), None)
    if named is not None:
        return named
    if extension in _MENDS:
        raise FileRefused(_MENDS[extension])
    raise FileRefused(f"“{name}” is not a kind of file we take. Send {WANTED}, with the end of its name to match.")


def _kind_found(file: BinaryIO) -> Kind | None:
    file.seek(0)
    try:
        signatures = {match.extension for match in puremagic.magic_stream(file)}
    except (puremagic.PureError, ValueError):
        return None
    return next((kind for kind in KINDS if kind.signature in signatures), None)
