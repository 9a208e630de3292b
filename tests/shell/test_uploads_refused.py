"""Files that are not taken: those that are not what they say, and those that hold what could do harm."""

import io
import struct
import zipfile
import zlib

import pytest

from apflow.uploads import Uploads
from tests.files import WORD, a_docx, a_jpeg, a_pdf, a_png
from tests.shell.files import (
    A_GIF,
    A_PAGE,
    AN_EXE,
    AN_OLE_FILE,
    AN_SVG,
    TYPES,
    WORDS,
    a_field,
    a_link,
    an_archive,
    code,
    refused,
    with_text,
)

MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"

# Disguises


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("policy.pdf", AN_EXE),
        ("policy.docx", AN_EXE),
        ("photo.jpg", A_PAGE),
        ("photo.png", AN_SVG),
        ("policy.pdf", A_PAGE),
        ("policy.docx", A_GIF + a_docx()),
        ("policy.pdf", A_GIF + a_docx()),
        ("policy.pdf", an_archive(("a.exe", AN_EXE))),
        ("policy.pdf", b"just words"),
        ("policy.pdf", b"\0"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(uploads: Uploads, name: str, content: bytes) -> None:
    assert "is not really" in refused(uploads, content, name)


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("policy.pdf", a_docx(), ".docx"),
        ("photo.png", a_jpeg(), ".jpg"),
        ("photo.jpg", a_png(), ".png"),
        ("plan.docx", a_pdf(), ".pdf"),
    ],
)
def test_a_sound_file_with_the_wrong_ending_is_refused_with_the_right_one(
    uploads: Uploads, name: str, content: bytes, ending: str
) -> None:
    assert f"Change the end of its name to {ending}" in refused(uploads, content, name)


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("plan.docm", "can hold macros"),
        ("plan.doc", "save it as Word (DOCX) or PDF"),
        ("list.xlsx", "save it as a PDF"),
        ("photo.heic", "save it as a JPEG"),
        ("drawing.svg", "save it as a JPEG"),
        ("policies.zip", "send each by itself"),
        ("policy.pdf.exe", "not a kind of file we take"),
        ("policy", "not a kind of file we take"),
        ("page.html", "not a kind of file we take"),
        ("evil\u202efdp.exe", "“evilfdp.exe” is not a kind of file we take"),
    ],
)
def test_a_kind_we_do_not_take_is_refused_with_what_to_send_instead(uploads: Uploads, name: str, mend: str) -> None:
    assert mend in refused(uploads, a_pdf(), name)


@pytest.mark.parametrize(("name", "content"), [("a.pdf", a_pdf()), ("a.jpg", a_jpeg()), ("a.png", a_png())])
def test_an_archive_behind_a_file_of_another_kind_is_refused(uploads: Uploads, name: str, content: bytes) -> None:
    hidden = an_archive(("run.exe", AN_EXE))

    assert refused(uploads, content + hidden, name)
    assert refused(uploads, content + hidden + content[-20:], name)


@pytest.mark.parametrize(
    ("name", "content"), [("photo.jpg", a_jpeg(65_000, 65_000)), ("photo.png", a_png(100_000, 100_000))]
)
def test_a_picture_that_would_fill_the_memory_of_whoever_opens_it_is_refused(
    uploads: Uploads, name: str, content: bytes
) -> None:
    assert "larger than most computers can show" in refused(uploads, content, name)


def test_a_page_inside_a_picture_is_refused(uploads: Uploads) -> None:
    comment = struct.pack(">BBH", 0xFF, 0xFE, len(A_PAGE) + 2) + A_PAGE
    text = struct.pack(">I", len(A_PAGE)) + b"tEXt" + A_PAGE + struct.pack(">I", zlib.crc32(b"tEXt" + A_PAGE))

    assert "other than a picture" in refused(uploads, a_jpeg()[:2] + comment + a_jpeg()[2:], "photo.jpg")
    assert "other than a picture" in refused(uploads, a_png()[:33] + text + a_png()[33:], "photo.png")


# PDF


@pytest.mark.parametrize(
    "inside",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"/OpenAction << /S /J#61vaScript >>",
        b"/OpenAction << /S /Rendition /JS (app.alert\\(1\\)) >>",
        b"/OpenAction << /S /Rendition /#4aS (app.alert\\(1\\)) >>",
        b"/OpenAction << /S /Launch /F (cmd.exe) >>",
    ],
)
def test_a_pdf_that_runs_something_is_refused(uploads: Uploads, inside: bytes) -> None:
    assert "runs by itself" in refused(uploads, a_pdf(inside), "policy.pdf")


def test_a_script_packed_into_an_object_stream_is_seen(uploads: Uploads) -> None:
    packed = zlib.compress(b"5 0 << /S /JavaScript /JS (app.alert(1)) >>")
    objects = b"4 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n" + packed + b"\r\nendstream\nendobj\n"

    assert "runs by itself" in refused(uploads, a_pdf() + objects + b"%%EOF", "policy.pdf")


def test_object_streams_that_unpack_without_end_are_refused(uploads: Uploads) -> None:
    packed = zlib.compress(bytes(40_000_000), 9)
    objects = b"4 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n"

    assert "damaged" in refused(uploads, a_pdf() + objects * 2 + b"%%EOF", "policy.pdf")


def test_a_pdf_with_a_file_inside_is_refused(uploads: Uploads) -> None:
    assert "attached inside" in refused(uploads, a_pdf(b"/Names << /EmbeddedFiles 4 0 R >>"), "policy.pdf")


def test_a_pdf_that_was_cut_short_is_refused(uploads: Uploads) -> None:
    assert "not complete" in refused(uploads, a_pdf()[:-40], "policy.pdf")


def test_a_pdf_with_something_before_it_is_refused(uploads: Uploads) -> None:
    assert "is not really a PDF" in refused(uploads, b"<html>" + a_pdf(), "policy.pdf")


# Word


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": AN_OLE_FILE},
        {"word/VBAPROJECT.BIN": AN_OLE_FILE},
        {TYPES: f'<Types><Override PartName="/word/document.xml" ContentType="{MACRO_TYPE}"/></Types>'},
        {"word/activeX/activeX1.bin": AN_OLE_FILE},
        {"word/embeddings/Sheet.xlsm": b"PK"},
    ],
)
def test_a_macro_document_renamed_to_docx_is_refused(uploads: Uploads, more: dict[str, str | bytes]) -> None:
    assert "holds macros" in refused(uploads, a_docx(more), "plan.docx")


@pytest.mark.parametrize(
    "part", ["word/embeddings/oleObject1.bin", "word/media/run.exe", "word/afchunk.html", "word/afchunk.mht"]
)
def test_a_word_document_with_a_file_inside_is_refused(uploads: Uploads, part: str) -> None:
    assert "other files inside" in refused(uploads, a_docx({part: b"x"}), "plan.docx")


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("oleObject", "https://elsewhere.example/sheet.xlsx"),
        ("frame", "https://elsewhere.example/page"),
        ("attachedTemplate", "https://elsewhere.example/macros.dotm"),
        ("attachedTemplate", "\\\\elsewhere.example\\share\\macros.dotm"),
        ("attachedTemplate", "file://elsewhere.example/share/macros.dotm"),
        ("attachedTemplate", "mhtml:https://elsewhere.example/macros"),
    ],
)
def test_a_word_document_that_brings_in_parts_from_elsewhere_is_refused(
    uploads: Uploads, kind: str, target: str
) -> None:
    assert "brings in parts from elsewhere" in refused(uploads, a_docx(a_link(kind, target)), "plan.docx")


PAGE = a_field(code(" PAGE "))
RUNS = 'DDEAUTO c:\\windows\\system32\\cmd.exe "/k made-up.exe"'


@pytest.mark.parametrize(
    "text",
    [
        a_field(code(f" {RUNS}")),
        a_field(code("DD"), code("EAU"), code('TO cmd "/k"')),
        a_field(code(" dde "), code('excel "made up"')),
        PAGE + a_field(code("IF "), a_field(code(RUNS)), code(" = 1")),
        f'<w:fldSimple w:instr="DDE cmd {chr(39)}/k{chr(39)}"/>',
        a_field(a_field(code(" QUOTE 68 68 69 65 85 84 79 ")), code(" cmd")),
        a_field('<w:fldSimple w:instr="QUOTE 68 68 69"/>', code(" cmd")),
        a_field(f"<w:t>{RUNS}</w:t>"),
        f"<w:r>{code(RUNS)}</w:r>",
        f'<w:r><w:fldChar w:fldCharType="begin"/>{code(RUNS)}</w:r>',
    ],
)
def test_a_word_document_with_a_field_that_starts_a_program_is_refused(uploads: Uploads, text: str) -> None:
    assert "starts another program" in refused(uploads, a_docx(with_text(text)), "plan.docx")


def test_a_field_in_a_part_of_any_name_is_seen(uploads: Uploads) -> None:
    types = f'<Override PartName="/word/foot.bin" ContentType="{WORD.replace("document.main", "footer")}"/></Types>'
    with zipfile.ZipFile(io.BytesIO(a_docx())) as plain:
        listed = plain.read(TYPES).decode().replace("</Types>", types)
    footer = f'<w:ftr xmlns:w="{WORDS}"><w:p>{a_field(code(RUNS))}</w:p></w:ftr>'

    assert "starts another program" in refused(uploads, a_docx({TYPES: listed, "word/foot.bin": footer}), "plan.docx")


@pytest.mark.parametrize(
    "text",
    [
        a_field(code(' INCLUDETEXT "https://elsewhere.example/plan.docx" ')),
        a_field(code(r' INCLUDEPICTURE "\\\\elsewhere.example\\share\\a.png" \d ')),
        a_field(code(r' INCLUDEPICTURE "file://elsewhere.example/a.png" \d ')),
    ],
)
def test_a_field_that_brings_in_text_or_reaches_a_file_server_is_refused(uploads: Uploads, text: str) -> None:
    assert "brings in parts from elsewhere" in refused(uploads, a_docx(with_text(text)), "plan.docx")


def test_a_linked_picture_on_a_file_server_is_refused(uploads: Uploads) -> None:
    link = a_link("image", r"file:///\\elsewhere.example\share\a.png")

    assert "brings in parts from elsewhere" in refused(uploads, a_docx(link), "plan.docx")


def test_a_word_document_whose_text_brings_a_document_type_is_refused(uploads: Uploads) -> None:
    grown = {"word/document.xml": f'<!DOCTYPE d [<!ENTITY a "a">]><w:document xmlns:w="{WORDS}">&a;</w:document>'}

    assert "damaged" in refused(uploads, a_docx(grown), "plan.docx")


def test_a_word_document_with_a_password_is_refused_with_how_to_mend_it(uploads: Uploads) -> None:
    assert "take any password off" in refused(uploads, AN_OLE_FILE, "plan.docx")


def test_a_word_document_with_locked_parts_is_refused(uploads: Uploads) -> None:
    content = bytearray(a_docx())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    assert "locked with a password" in refused(uploads, bytes(content), "plan.docx")


@pytest.mark.parametrize(
    "content",
    [
        an_archive(("list.txt", b"not Word")),
        an_archive((TYPES, b"<Types/>"), ("xl/workbook.xml", b"<x/>")),
        a_docx({TYPES: f'<Types><Override PartName="/word/elsewhere.xml" ContentType="{WORD}"/></Types>'}),
    ],
)
def test_another_kind_of_archive_is_not_a_word_document(uploads: Uploads, content: bytes) -> None:
    assert "not a Word document" in refused(uploads, content, "plan.docx")


@pytest.mark.parametrize(
    "types",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Types>&b;</Types>',
        '<?xml version="1.0" encoding="utf-16"?><Types/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="nonsense"?><Types/>',
        b"<Types>",
        b"",
    ],
)
def test_a_word_document_whose_list_of_parts_cannot_be_read_is_refused(uploads: Uploads, types: bytes) -> None:
    assert "damaged" in refused(uploads, a_docx({TYPES: types}), "plan.docx")


def test_a_word_document_that_unpacks_far_too_far_is_refused(uploads: Uploads) -> None:
    assert "far more than it should" in refused(uploads, a_docx({"word/media/a.bmp": bytes(30_000_000)}), "plan.docx")


def test_a_word_document_of_too_many_parts_is_refused(uploads: Uploads) -> None:
    many = {f"word/media/{number}.png": b"x" for number in range(2_001)}

    assert "far more than it should" in refused(uploads, a_docx(many), "plan.docx")


def test_an_archive_that_lies_about_how_far_it_unpacks_is_refused(uploads: Uploads) -> None:
    content = bytearray(a_docx({"word/media/a.bmp": bytes(30_000_000)}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 1000)

    assert "damaged" in refused(uploads, bytes(content), "plan.docx")


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/passwd", "word\\..\\evil.xml"])
def test_an_archive_that_would_unpack_outside_its_folder_is_refused(uploads: Uploads, name: str) -> None:
    assert "damaged" in refused(uploads, a_docx({name: b"x"}), "plan.docx")


def test_something_hidden_before_or_after_the_archive_is_refused(uploads: Uploads) -> None:
    content = an_archive(*((name, b"") for name in (TYPES, "word/document.xml")), comment=A_PAGE)

    assert "damaged" in refused(uploads, content, "plan.docx")
    assert "damaged" in refused(uploads, b"PK\x03\x04" + A_PAGE + a_docx(), "plan.docx")


@pytest.mark.parametrize(("name", "content"), [("a.docx", a_docx()), ("a.png", a_png()), ("a.jpg", a_jpeg())])
def test_a_file_cut_short_anywhere_is_refused(uploads: Uploads, name: str, content: bytes) -> None:
    for length in range(1, len(content) - 1, 9):
        assert refused(uploads, content[:length], name)
