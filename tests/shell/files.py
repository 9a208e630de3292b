"""What tests of files share: sending one, and files that are not what they say."""

import io
import zipfile
from pathlib import Path

import pytest

from apflow.uploads import FileRefused, Staged, Uploads

A_GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
AN_EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(200)
AN_OLE_FILE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
AN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
A_PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
TYPES = "[Content_Types].xml"


def take(uploads: Uploads, content: bytes, name: str) -> Staged:
    return uploads.take([content], name)


def refused(uploads: Uploads, content: bytes, name: str) -> str:
    """Why the file is not taken; nothing of it may be left behind."""
    with pytest.raises(FileRefused) as refusal:
        take(uploads, content, name)
    assert not files_in(uploads)
    return refusal.value.errors["file"]


def files_in(uploads: Uploads) -> list[Path]:
    """What people sent, and what is on its way in."""
    return [path for path in uploads.folder.rglob("[!.]*") if path.is_file()]


def an_archive(*parts: tuple[str, bytes], comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
        archive.comment = comment
    return file.getvalue()


def a_link(kind: str, target: str) -> dict[str, str]:
    """The part of a DOCX that says what the document brings in from elsewhere."""
    about = "http://schemas.openxmlformats.org"
    return {
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{about}/package/2006/relationships"><Relationship '
        f'Id="rId9" Type="{about}/officeDocument/2006/relationships/{kind}" Target="{target}" '
        'TargetMode="External"/></Relationships>'
    }


WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
END_OF_FIELD = '<w:fldChar w:fldCharType="end"/>'


def a_field(*runs: str) -> str:
    return "".join(f"<w:r>{run}</w:r>" for run in ('<w:fldChar w:fldCharType="begin"/>', *runs, END_OF_FIELD))


def code(text: str) -> str:
    return f"<w:instrText>{text}</w:instrText>"


def with_text(text: str) -> dict[str, str | bytes]:
    return {"word/document.xml": f'<w:document xmlns:w="{WORDS}"><w:body><w:p>{text}</w:p></w:body></w:document>'}
