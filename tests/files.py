"""Files as people send them: small, whole, and of nothing."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping


def a_pdf(inside: bytes = b"") -> bytes:
    """A small PDF of one empty page; `inside` is written into its catalogue."""
    catalogue = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + inside + b" >>\nendobj\n"
    pages = b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    page = b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n"
    body, places = b"%PDF-1.7\n", []
    for part in (catalogue, pages, page):
        places.append(len(body))
        body += part
    entries = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 4\n0000000000 65535 f \n" + entries
    return body + table + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def a_png(width: int = 1, height: int = 1) -> bytes:
    """A PNG of one white pixel, whatever it says of its size."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xff")),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def a_jpeg(width: int = 1, height: int = 1) -> bytes:
    """The frame of a JPEG: the parts every one has, in order, around a scan that is not a real picture."""
    parts = (
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        (0xDB, b"\0" + bytes([16] * 64)),
        (0xC0, struct.pack(">BHH", 8, height, width) + b"\x01\x01\x11\0"),
        (0xDA, b"\x01\x01\0\0\x3f\0"),
    )
    segments = (struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in parts)
    return b"\xff\xd8" + b"".join(segments) + b"\x3f\xff\xd9"


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOCX_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Made up</w:t></w:r></w:p></w:body></w:document>",
}


def a_docx(more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A small Word document; `more` adds parts to it, or puts others in place of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_DOCX_PARTS, **(more or {})}.items():
            archive.writestr(name, content)
    return file.getvalue()
