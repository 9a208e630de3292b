"""Files people send: what is taken, what is refused and how to mend it; no crash leaves a reference to nothing."""

import hashlib
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from apflow.core.errors import NotFound
from apflow.store import beside
from apflow.store.engine import Store, StoreUnavailable
from apflow.store.tables import metadata
from apflow.store.tables.cases import cases
from apflow.store.tables.history import workflow_texts
from apflow.store.tables.uploads import uploads as upload_rows
from apflow.testing import MONDAY, WORD, a_docx, a_jpeg, a_pdf, a_png
from apflow.uploads import SIZE_LIMIT, FileRefused, FilesUnavailable, FileTooLarge, Staged, Uploads

TYPES = "[Content_Types].xml"
RELATIONSHIPS = "word/_rels/document.xml.rels"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
A_GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
AN_EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(200)
AN_OLE_FILE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
AN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
A_PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
A_DAY_AND_MORE = timedelta(hours=25)


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/apflow.db")
    metadata.create_all(store.engine)
    yield store
    store.close()


def take(uploads: Uploads, content: bytes, name: str) -> Staged:
    return uploads.take([content], name)


def refused(uploads: Uploads, content: bytes, name: str) -> str:
    """Why the file is not taken; nothing of it may be left behind."""
    with pytest.raises(FileRefused) as refusal:
        take(uploads, content, name)
    assert not files_in(uploads)
    return refusal.value.errors["file"]


def files_in(uploads: Uploads) -> list[Path]:
    return [path for path in uploads.folder.rglob("*") if path.is_file()]


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
        RELATIONSHIPS: f'<Relationships xmlns="{about}/package/2006/relationships"><Relationship Id="rId9" '
        f'Type="{about}/officeDocument/2006/relationships/{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    }


# What is taken


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Policy.pdf", a_pdf(), "application/pdf"),
        ("Policy.PDF", a_pdf(), "application/pdf"),
        ("plan.docx", a_docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("scan.jpg", a_jpeg(), "image/jpeg"),
        ("scan.JPEG", a_jpeg(), "image/jpeg"),
        ("screen.png", a_png(), "image/png"),
    ],
)
def test_each_kind_of_file_is_taken_with_its_size_and_hash(
    uploads: Uploads, name: str, content: bytes, media_type: str
) -> None:
    staged = take(uploads, content, name)

    assert staged.media_type == media_type
    assert (staged.size, staged.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with uploads.open_file(staged.id) as file:
        assert file.read() == content


def test_a_file_that_comes_in_many_pieces_is_the_same_file(uploads: Uploads) -> None:
    content = a_pdf()

    with uploads.staging() as staging:
        for at in range(0, len(content), 7):
            staging.write(content[at : at + 7])
        staged = staging.finish("policy.pdf")

    with uploads.open_file(staged.id) as file:
        assert file.read() == content


def test_a_file_lies_under_a_random_name_that_tells_nothing(uploads: Uploads) -> None:
    first, second = take(uploads, a_pdf(), "policy.pdf"), take(uploads, a_pdf(), "policy.pdf")

    assert first.id != second.id
    assert sorted(path.name for path in files_in(uploads)) == sorted([first.id, second.id])


def test_a_file_of_exactly_20_mb_is_taken(uploads: Uploads) -> None:
    end = b"\nstartxref\n0\n%%EOF\n"
    padding = SIZE_LIMIT - len(a_pdf()) - len(end)

    staged = take(uploads, a_pdf() + b"%" * padding + end, "policy.pdf")

    assert staged.size == SIZE_LIMIT


def test_a_word_document_whose_main_part_has_another_name_is_taken(uploads: Uploads) -> None:
    types = f'<Types><Override PartName="/word/document2.xml" ContentType="{WORD}"/></Types>'

    assert take(uploads, a_docx({TYPES: types, "word/document2.xml": "<w/>"}), "plan.docx").name == "plan.docx"


@pytest.mark.parametrize(
    "inside",
    [
        b"/OpenAction [3 0 R /Fit]",
        b"/Title (Our Launch Day)",
        b"/JSON (a word that only begins the same)",
        b"/Title (the /LaunchPad programme)",
    ],
)
def test_a_pdf_that_only_looks_a_little_like_one_with_a_script_is_taken(uploads: Uploads, inside: bytes) -> None:
    assert take(uploads, a_pdf(inside), "policy.pdf").media_type == "application/pdf"


def test_chance_bytes_in_a_picture_of_a_pdf_are_not_mistaken_for_a_script(uploads: Uploads) -> None:
    scan = b"4 0 obj\n<< /Length 9 >>\nstream\n\x91\xfe/JS \x07\xaa\nendstream\nendobj\n"

    assert take(uploads, a_pdf() + scan + b"startxref\n0\n%%EOF\n", "scan.pdf").size > 0


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "https://made-up-farm.example/policies"),
        ("attachedTemplate", "file:///C:\\Templates\\Letter.dotx"),
        ("attachedTemplate", "C:\\Templates\\Letter.dotx"),
    ],
)
def test_a_word_document_with_links_or_a_template_of_its_own_is_taken(uploads: Uploads, kind: str, target: str) -> None:
    assert take(uploads, a_docx(a_link(kind, target)), "plan.docx").name == "plan.docx"


def test_a_photograph_with_more_after_its_end_as_phones_write_is_taken(uploads: Uploads) -> None:
    assert take(uploads, a_jpeg() + b"\0\0SEFT" * 20, "photo.jpg").media_type == "image/jpeg"


# Size


def test_one_byte_more_than_20_mb_is_refused_as_soon_as_it_comes(uploads: Uploads) -> None:
    with uploads.staging() as staging:
        staging.write(bytes(SIZE_LIMIT))
        with pytest.raises(FileTooLarge, match="20 MB or smaller"):
            staging.write(b"x")

    assert not files_in(uploads)


def test_an_empty_file_is_refused(uploads: Uploads) -> None:
    assert "empty" in refused(uploads, b"", "policy.pdf")


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


@pytest.mark.parametrize("part", ["word/embeddings/oleObject1.bin", "word/media/run.exe", "word/afchunk.html"])
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
    ],
)
def test_a_word_document_that_brings_in_parts_from_elsewhere_is_refused(
    uploads: Uploads, kind: str, target: str
) -> None:
    assert "brings in parts from elsewhere" in refused(uploads, a_docx(a_link(kind, target)), "plan.docx")


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


# Names


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\Pat\\My policy.pdf", "My policy.pdf"),
        ("../../etc/policy.pdf", "policy.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie- x=1.pdf"),
        ('say "hello".pdf', "say -hello-.pdf"),
        ("policy\u202efdp.exe.pdf", "policyfdp.exe.pdf"),
        ("zero\u200bwidth\x00null.pdf", "zerowidthnull.pdf"),
        ("  spaces \u2003 and \t tabs  .pdf", "spaces and tabs.pdf"),
        ("Polisi Diogelu Ysgol Tŷ'r Bont.pdf", "Polisi Diogelu Ysgol Tŷ'r Bont.pdf"),
        ("保護方針.pdf", "保護方針.pdf"),
        (".pdf", "file.pdf"),
        ("policy.pdf. . ", "policy.pdf"),
        ("x" * 400 + ".pdf", "x" * 146 + ".pdf"),
        ("\ud800.pdf", "file.pdf"),
    ],
)
def test_a_name_is_shown_without_paths_or_anything_that_hides_what_it_is(
    uploads: Uploads, given: str, shown: str
) -> None:
    assert take(uploads, a_pdf(), given).name == shown


# The folder


@pytest.mark.parametrize("upload", ["../../secret", "0" * 31, "0" * 33, "", "A" * 32, "/etc/passwd", "0" * 32])
def test_what_is_not_there_or_not_an_id_is_not_found(uploads: Uploads, upload: str) -> None:
    with pytest.raises(NotFound):
        uploads.open_file(upload)


def test_a_deleted_file_is_gone_and_can_be_deleted_again(uploads: Uploads) -> None:
    staged = take(uploads, a_pdf(), "policy.pdf")

    uploads.delete(staged.id)
    uploads.delete(staged.id)

    assert not files_in(uploads)


def test_a_folder_that_cannot_be_written_to_is_unavailable_and_not_a_fault(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("A file is in the way.")

    with pytest.raises(FilesUnavailable) as fault:
        Uploads(tmp_path / "uploads").staging()

    assert isinstance(fault.value, StoreUnavailable)


def test_a_sender_who_goes_away_half_way_leaves_nothing_behind(uploads: Uploads) -> None:
    def chunks() -> Iterator[bytes]:
        yield a_pdf()[:100]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        uploads.take(chunks(), "policy.pdf")

    assert not files_in(uploads)


# Sweeping


def recorded(uploads: Uploads, store: Store, *, age: timedelta) -> Staged:
    """A file staged so long ago, its row recorded and nothing referring to it."""
    staged = take(uploads, a_pdf(), "policy.pdf")
    with store.writing() as connection:
        beside.stage_upload(connection, staged.row(staged_by=None, staged_at=MONDAY - age))
    make_older(uploads, staged.id, age)
    return staged


def make_older(uploads: Uploads, upload: str, age: timedelta) -> None:
    (path,) = uploads.folder.rglob(upload)
    written = (MONDAY - age).timestamp()
    os.utime(path, (written, written))


def refer_to(store: Store, upload: str) -> None:
    """As the commit of a case that refers to the file would."""
    case = {
        "reference": "AP-TEST-CASE",
        "workflow": "provider",
        "digest": "",
        "title": "Made Up Farm",
        "state": "enquiry",
    }
    text = {"digest": "", "workflow": "provider", "version": 1, "text": "", "first_seen_at": MONDAY}
    times = {"opened_at": MONDAY, "entered_at": MONDAY, "changed_at": MONDAY}
    with store.writing() as connection:
        connection.execute(insert(workflow_texts), text)
        connection.execute(insert(cases), {**case, **times, "is_open": True, "version": 1, "fields": {}, "head": ""})
        connection.execute(update(upload_rows).where(upload_rows.c.id == upload).values(case_id=1))


def known(store: Store) -> set[str]:
    with store.reading() as connection:
        return beside.known_uploads(connection)


def test_a_file_no_case_refers_to_is_swept_after_a_day(uploads: Uploads, store: Store) -> None:
    recorded(uploads, store, age=A_DAY_AND_MORE)

    assert uploads.sweep(store, MONDAY) == 1

    assert known(store) == set()
    assert not files_in(uploads)


def test_a_file_staged_today_is_left_for_its_form_to_be_sent(uploads: Uploads, store: Store) -> None:
    staged = recorded(uploads, store, age=timedelta(hours=23))

    assert uploads.sweep(store, MONDAY) == 0

    assert known(store) == {path.name for path in files_in(uploads)} == {staged.id}


def test_a_file_a_case_refers_to_is_never_swept(uploads: Uploads, store: Store) -> None:
    staged = recorded(uploads, store, age=timedelta(days=900))
    refer_to(store, staged.id)

    assert uploads.sweep(store, MONDAY) == 0

    assert known(store) == {path.name for path in files_in(uploads)} == {staged.id}


def test_a_crash_before_the_row_leaves_bytes_that_are_swept(uploads: Uploads, store: Store) -> None:
    staged = take(uploads, a_pdf(), "policy.pdf")
    make_older(uploads, staged.id, A_DAY_AND_MORE)

    assert uploads.sweep(store, MONDAY) == 1
    assert not files_in(uploads)


def test_a_crash_before_the_row_leaves_new_bytes_alone_for_a_day(uploads: Uploads, store: Store) -> None:
    staged = take(uploads, a_pdf(), "policy.pdf")
    make_older(uploads, staged.id, timedelta(hours=1))

    assert uploads.sweep(store, MONDAY) == 0
    assert [path.name for path in files_in(uploads)] == [staged.id]


def test_a_crash_while_staging_leaves_a_part_that_is_swept(uploads: Uploads, store: Store) -> None:
    staging = uploads.staging()
    staging.write(a_pdf())
    make_older(uploads, staging.id, A_DAY_AND_MORE)

    assert uploads.sweep(store, MONDAY) == 1
    assert not files_in(uploads)
    staging.__exit__(None, None, None)


def test_a_crash_between_row_and_bytes_of_a_sweep_is_made_good_by_the_next(uploads: Uploads, store: Store) -> None:
    recorded(uploads, store, age=A_DAY_AND_MORE)
    with store.writing() as connection:
        beside.forget_orphans(connection, MONDAY)

    assert uploads.sweep(store, MONDAY) == 1
    assert not files_in(uploads)


def test_what_else_lies_in_the_folder_is_not_touched(uploads: Uploads, store: Store) -> None:
    note = uploads.folder / "ab" / "README"
    note.parent.mkdir(parents=True)
    note.write_text("Backed up every night.")
    os.utime(note, (0, 0))

    assert uploads.sweep(store, MONDAY) == 0
    assert files_in(uploads) == [note]
