"""What a PDF does when it is opened is seen however it is packed away: in streams of objects, and under a lock."""

import io
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Encryption, Name, ObjectStreamMode, Permissions, String

from apflow.uploads import Uploads
from tests.shell.files import refused, take

ONLY_CHANGES = Encryption(owner="theirs", user="", allow=Permissions(modify_annotation=False))
ACTIONS = [
    {"S": "/JavaScript", "JS": "app.alert(1)"},
    {"S": "/Launch", "F": "cmd.exe"},
    {"S": "/SubmitForm", "F": "https://elsewhere.example/"},
    {"S": "/ImportData", "F": "https://elsewhere.example/"},
    {"S": "/GoToR", "F": "\\\\elsewhere.example\\share\\a.pdf"},
    {"S": "/GoToE", "F": "https://elsewhere.example/a.pdf"},
]


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


def packed(at_opening: Mapping[str, str] | None = None, *, locked: Encryption | None = None, xfa: str = "") -> bytes:
    """A PDF of one page with all that can be in streams of objects, which does this when it is opened."""
    with pikepdf.new() as document:
        document.add_blank_page()
        if at_opening is not None:
            said = {
                f"/{name}": Name(words) if words.startswith("/") else String(words)
                for name, words in at_opening.items()
            }
            document.Root.OpenAction = document.make_indirect(Dictionary(said))
        if xfa:
            document.Root.AcroForm = document.make_indirect(Dictionary(XFA=String(xfa)))
        file = io.BytesIO()
        document.save(file, object_stream_mode=ObjectStreamMode.generate, encryption=locked or False)
    return file.getvalue()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action["S"])
@pytest.mark.parametrize("locked", [None, ONLY_CHANGES], ids=["open", "locked against changes"])
def test_what_it_would_do_is_seen(uploads: Uploads, action: Mapping[str, str], locked: Encryption | None) -> None:
    assert "runs by itself" in refused(uploads, packed(action, locked=locked), "policy.pdf")


def test_a_form_with_a_language_of_its_own_is_refused(uploads: Uploads) -> None:
    assert "runs by itself" in refused(uploads, packed(xfa="<xdp/>"), "form.pdf")


@pytest.mark.parametrize("locked", [None, ONLY_CHANGES])
def test_one_that_does_nothing_is_taken_locked_or_not(uploads: Uploads, locked: Encryption | None) -> None:
    assert take(uploads, packed(locked=locked), "policy.pdf").size > 0


def test_one_that_leads_to_a_page_or_an_address_is_taken(uploads: Uploads) -> None:
    leads = {"S": "/URI", "URI": "https://sample.example/"}

    assert take(uploads, packed(leads), "policy.pdf").size > 0


def test_one_that_asks_for_a_password_is_refused_with_what_to_do(uploads: Uploads) -> None:
    locked = Encryption(owner="theirs", user="secret")

    assert "Take the password off" in refused(uploads, packed(locked=locked), "policy.pdf")
