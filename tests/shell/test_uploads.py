"""Files people send: what is taken, under what name, and where it lies."""

import hashlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from apflow.core.errors import NotFound
from apflow.store.driver.faults import StoreUnavailable
from apflow.uploads import SIZE_LIMIT, FilesUnavailable, FileTooLarge, Uploads
from tests.files import WORD, a_docx, a_jpeg, a_pdf, a_png
from tests.shell.files import TYPES, a_field, a_link, code, files_in, refused, take, with_text

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
        ("image", "https://made-up-farm.example/logo.png"),
        ("image", "file:///C:\\Pictures\\logo.png"),
    ],
)
def test_a_word_document_with_links_or_a_template_or_picture_of_its_own_is_taken(
    uploads: Uploads, kind: str, target: str
) -> None:
    assert take(uploads, a_docx(a_link(kind, target)), "plan.docx").name == "plan.docx"


def test_a_word_document_with_fields_as_word_writes_them_is_taken(uploads: Uploads) -> None:
    """A page number, a contents with a link in what came of it, a merged word, and a picture on the web."""
    came_of_it = '<w:fldChar w:fldCharType="separate"/>'
    fields = (
        a_field(code(" PAGE "), came_of_it, "<w:t>1</w:t>"),
        a_field(code(' TOC \\o "1-3" '), came_of_it, a_field(code(' HYPERLINK "https://made-up-farm.example" '))),
        a_field(code(" IF "), a_field(code(" MERGEFIELD name ")), code(' = "" "nobody" "somebody" ')),
        a_field(code(' INCLUDEPICTURE "https://made-up-farm.example/logo.png" \\d ')),
    )

    assert take(uploads, a_docx(with_text("".join(fields))), "plan.docx").size > 0


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


def test_a_small_file_that_the_disk_has_no_room_for_is_unavailable_and_leaves_nothing(uploads: Uploads) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    staging = uploads.staging()
    staging.write(a_pdf())  # Smaller than what Python writes at once, so that nothing was written yet.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        with pytest.raises(FilesUnavailable), staging:
            staging.finish("policy.pdf")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert not files_in(uploads)


def test_a_folder_that_is_gone_is_not_made_anew_and_its_files_are_not_called_lost(uploads: Uploads) -> None:
    staged = take(uploads, a_pdf(), "policy.pdf")
    away = uploads.folder.with_name("away")
    uploads.folder.rename(away)
    uploads.folder.mkdir()  # As the place is left where a disk is mounted no more.

    assert not uploads.is_there()
    with pytest.raises(FilesUnavailable):
        take(uploads, a_pdf(), "another.pdf")
    with pytest.raises(FilesUnavailable):
        uploads.open_file(staged.id)
    assert Uploads(uploads.folder).has_lost({staged.id})
    assert not Uploads(away).has_lost({staged.id})

    uploads.folder.rmdir()
    away.rename(uploads.folder)
    assert uploads.is_there()
    take(uploads, a_pdf(), "another.pdf")


def test_a_sender_who_goes_away_half_way_leaves_nothing_behind(uploads: Uploads) -> None:
    def chunks() -> Iterator[bytes]:
        yield a_pdf()[:100]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        uploads.take(chunks(), "policy.pdf")

    assert not files_in(uploads)
