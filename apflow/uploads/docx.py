"""Whether a DOCX is a real Word document: a sound archive of the right parts, without macros or files inside.

Nor may a field of it start a program or bring in text from elsewhere: a reader is asked once, and says yes.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.etree import ElementTree

from apflow.uploads.fields import fields_in
from apflow.uploads.refusals import FileRefused

_MEMBERS_ALLOWED = 2_000
_BYTES_ALLOWED = 250 * 1024 * 1024
_SMALL = 10 * 1024 * 1024  # Below this no ratio does harm: empty tables pack very well.
_RATIO_ALLOWED = 100
_PART_ALLOWED = 2 * 1024 * 1024
_LOCAL_HEADER = 30

_AGAIN = "Open it in Word, save it again as Word (DOCX) or PDF, and send the new file."
_AS_PDF = "Save it as a PDF, and send that."
_DAMAGED = f"This Word document is damaged or not complete. {_AGAIN}"
_NOT_WORD = f"This is not a Word document, though its name says so. {_AGAIN}"
_LOCKED = "This Word document is locked with a password. Take the password off, and send it again."
_TOO_MUCH = f"This Word document unpacks to far more than it should. {_AGAIN}"
_MACROS = f"This Word document holds macros or controls, which we do not take. {_AS_PDF}"
_HOLDS = (
    f"This Word document has other files inside it, which we do not take. Send each by itself. For this one: {_AS_PDF}"
)
_LINKS = f"This Word document brings in parts from elsewhere when it is opened, which we do not take. {_AS_PDF}"
_STARTS = f"This Word document has a field that starts another program, which we do not take. {_AS_PDF}"

_TYPES, _DOCUMENT = "[Content_Types].xml", "word/document.xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO_PARTS = re.compile(
    r"(vba(project|data)[^/]*\.(bin|xml)$)|(^word/activex/)|(\.(docm|dotm|xlsm|xltm|xlsb|xlam|pptm|potm|ppam)$)"
)
_FOREIGN_PARTS = re.compile(
    r"(oleobject[^/]*\.bin$)|(\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|hta|lnk|jar|m?html?|mht|svgz|zip)$)"
)
_BRINGS_IN = ("oleObject", "subDocument", "frame", "aFChunk")
_NEAR = re.compile(r"(file:/{2,})?[a-z](:|%3a|\|)[\\/].*|[^:\\/]*", re.IGNORECASE)  # On the machine that it came from.
_STARTING = re.compile(r"\s*(DDE|DDEAUTO|\{\})(?![a-z])", re.IGNORECASE)  # {}: which it is, another field works out.
_INCLUDING = re.compile(r"\s*(INCLUDE(?:TEXT|PICTURE)?|IMPORT|RD)\s+\"?([^\"]*)", re.IGNORECASE)
_ON_A_SERVER = re.compile(r"(file:/{2,})?(\\\\|//)[^/\\]|file:/{2}[^/]", re.IGNORECASE)

# What reading an archive or its XML raises when they are not sound; LookupError is for an encoding nobody knows.
_UNSOUND = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    LookupError,
    ValueError,
    ElementTree.ParseError,
)


def check_docx(file: BinaryIO) -> None:
    """Refuse a DOCX that is not one, is locked, unpacks too far, or holds or brings in anything that could run."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive)
            _check_parts(archive)
    except _UNSOUND:
        raise FileRefused(_DAMAGED) from None


def holds_an_archive(file: BinaryIO) -> bool:
    """Whether a program that unpacks archives would find one here, wherever it begins."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file):
            return True
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def _check_members(archive: zipfile.ZipFile) -> None:
    members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    if any(member.flag_bits & 0x1 for member in members):
        raise FileRefused(_LOCKED)
    unpacked, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if len(members) > _MEMBERS_ALLOWED or unpacked > _BYTES_ALLOWED:
        raise FileRefused(_TOO_MUCH)
    if unpacked > _SMALL and unpacked > packed * _RATIO_ALLOWED:
        raise FileRefused(_TOO_MUCH)
    if archive.comment or not _are_plain(members):
        raise FileRefused(_DAMAGED)
    if archive.testzip() is not None:  # Unpacks everything, no further than each member says it goes.
        raise FileRefused(_DAMAGED)


def _are_plain(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether the archive starts the file, its members neither overlap nor share a name, and none leaves its folder."""
    names = {member.filename.lower() for member in members}
    starts = [member.header_offset for member in members]
    ends = [one.header_offset + _LOCAL_HEADER + len(one.orig_filename) + one.compress_size for one in members]
    return (
        len(names) == len(members)
        and starts[:1] == [0]
        and all(end <= start for end, start in zip(ends, starts[1:], strict=False))
        and all(member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members)
        and not any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names)
    )


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if _TYPES not in names:
        raise FileRefused(_NOT_WORD)
    if any(_MACRO_PARTS.search(name.lower()) for name in names):
        raise FileRefused(_MACROS)
    if any(_FOREIGN_PARTS.search(name.lower()) for name in names):
        raise FileRefused(_HOLDS)
    types = _tree(archive, _TYPES)
    declared = {element.get("ContentType", "").lower() for element in types}
    if any("macroenabled" in one or "vbaproject" in one or "activex" in one for one in declared):
        raise FileRefused(_MACROS)
    if _WORD not in declared or not _main_parts(types) & set(names):
        raise FileRefused(_NOT_WORD)
    for name in names:
        if name.lower().endswith(".rels"):
            _refuse_links(_tree(archive, name))
        elif _holds_text(types, name):
            _refuse_fields(archive, name)


def _main_parts(types: ElementTree.Element) -> set[str]:
    """Where the document itself is: Word on the web does not always call it word/document.xml."""
    named = {one.get("PartName", "").lstrip("/") for one in types if one.get("ContentType", "").lower() == _WORD}
    return {name or _DOCUMENT for name in named}


def _holds_text(types: ElementTree.Element, name: str) -> bool:
    """Whether Word reads the part as one of its own: the text, a header, a footnote, a comment."""
    part, ending = f"/{name}".lower(), name.lower().rpartition(".")[2]
    said = {one.get("PartName", "").lower() or one.get("Extension", "").lower(): one for one in types}
    kind = said.get(part, said.get(ending))
    return kind is not None and "wordprocessingml" in kind.get("ContentType", "").lower()


def _refuse_links(relationships: ElementTree.Element) -> None:
    for kind, target in _external(relationships):
        is_template = kind == "attachedTemplate" and not _NEAR.fullmatch(target)
        if is_template or kind in _BRINGS_IN or (kind == "image" and _ON_A_SERVER.match(target)):
            raise FileRefused(_LINKS)


def _refuse_fields(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as part:
        for code in fields_in(part):
            if _STARTING.match(code):
                raise FileRefused(_STARTS)
            if (brought := _INCLUDING.match(code)) and not _may_include(*brought.groups()):
                raise FileRefused(_LINKS)


def _may_include(kind: str, target: str) -> bool:
    """A picture may be on the web; nothing may be on a file server, to which Word would say who opens it."""
    target = target.strip().replace("\\\\", "\\")
    is_picture = kind.upper() == "INCLUDEPICTURE"
    return bool(_NEAR.fullmatch(target)) or (is_picture and not _ON_A_SERVER.match(target))


def _external(relationships: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for one in relationships:
        if one.get("TargetMode", "").lower() == "external":
            yield one.get("Type", "").rpartition("/")[2], one.get("Target", "").strip()


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """One part as XML. A document type could make it grow without end, and Word writes none."""
    if archive.getinfo(name).file_size > _PART_ALLOWED:
        raise FileRefused(_TOO_MUCH)
    text = archive.read(name)
    if b"<!" in text.replace(b"<!--", b"") or b"\x00" in text:
        raise FileRefused(_DAMAGED)
    return ElementTree.fromstring(text)
