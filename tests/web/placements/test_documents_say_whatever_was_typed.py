"""A document is made whatever people typed: what no font has is said in words, and a document never fails."""

import io
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from apflow.core.people.actor import Actor
from apflow.documents import pdf
from apflow.testing import MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.placing import ANOTHER_PROGRAMME, a_prepared_placement, a_running_placement
from tests.web.browsing import Client
from tests.web.placements.test_parents import REPORT, by_email, by_post, entered, newest_link
from tests.web.work.test_panel_meeting import do, with_two

ClientAs = Callable[[Actor], Client]

TYPED = "Well done 👍🏽 👩‍👩‍👧 1️⃣ 謝謝 شكرا हिन्दी a\u0301\u0302\u0303\u20e3 \u202e\ue000\ufffe\U0010ffff ⴰⵣ \ufeff."


def made_of(text: str) -> str:
    """What a document reads that has this text wherever people's words come: its title, headings and values."""
    said: dict[str, Any] = {
        "title": f"A report {text[:20]}",
        "which": text[:20],
        "council": "The council",
        "made_on": "2 November 2026",
        "marking": "Personal",
        "sections": [{"heading": text[:20], "text": text, "facts": [{"label": "Said", "words": text}], "entries": []}],
        "terms": [],
        "signed": [text[:20]],
        "sha256": "",
    }
    document = pdf("made", said, made_at=MONDAY)
    assert document.startswith(b"%PDF")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages).replace("-\n", "-")


def words_of(made: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Well done 👍", "Well done 👍"),
        ("Ask 张伟 or محمد", "张伟"),
        ("Łukasz, Zoë, Nguyễn, Ωμέγα", "Łukasz, Zoë, Nguyễn, Ωμέγα"),
        ("ⴰⵣ said so", "[tifinagh letter ya, tifinagh letter yaz] said so"),
        ("1️⃣ first", "1[combining enclosing keycap] first"),
        ("I ❤️ goats ⴰ", "goats [tifinagh letter ya]"),
        ("Ring\x07 me", "Ring[character U+0007] me"),
        ("Half \ud83d of it", "Half [character U+D83D] of it"),
        ("Ours: \ue000", "Ours: [character U+E000]"),
        ("\ufeffFrom a file", "From a file"),
        ("Pay \u202e£001", "Pay £001"),
        ("One\r\nTwo", "One\nTwo"),
    ],
)
def test_what_a_font_has_is_shown_and_what_none_has_is_said_in_words(typed: str, read: str) -> None:
    assert read in made_of(typed)


@pytest.mark.parametrize("first", [0, 0x1000, 0x2000, 0x1F000], ids=hex)
def test_any_letter_of_an_alphabet_any_symbol_and_any_emoji_can_be_in_a_document(first: int) -> None:
    pdf_of_all(first, 0x1000)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 0x110000, 0x4000), ids=hex)
def test_any_character_there_is_can_be_in_a_document(first: int) -> None:
    pdf_of_all(first, 0x4000)


def pdf_of_all(first: int, how_many: int) -> None:
    characters = map(chr, range(first, first + how_many))
    assigned = [one for one in characters if unicodedata.category(one) != "Cn" or ord(one) & 0xFFFE == 0xFFFE]
    in_one = "".join(assigned)
    section = {"heading": "All", "text": in_one, "facts": [{"label": "", "words": " ".join(assigned)}], "entries": []}
    said = {"title": "All", "which": "", "council": "", "made_on": "", "marking": "", "sections": [section]}
    assert pdf("made", {**said, "terms": [], "signed": []}, made_at=MONDAY).startswith(b"%PDF")


MIXED = st.text(
    st.sampled_from(
        "a1 \n\u0301\u0b01\u20e3\u200d\ufe0f\u064b漢م👍🏽🇬ⴰᐃ\u202e\u2028\u00ad\ufeff\x00\ud800\ue000\U000e0041"
    )
)


@settings(max_examples=60, deadline=None)
@given(MIXED | st.text(st.characters(exclude_categories=())))
def test_marks_and_letters_in_any_order_can_be_in_a_document(text: str) -> None:
    made_of(text)


def documents_of_a_parent(client: Client) -> Iterator[Any]:
    for name in ("for_parents", "record"):
        yield client.get(f"/for-parents/page/documents/{name}")


def test_a_report_of_any_characters_is_read_by_its_parent_and_printed_for_another(
    site: Site, client: Client, client_as: ClientAs
) -> None:
    placed = a_running_placement(site)
    by_email(placed)
    by_post(placed)
    placed.fire(PAT, "report_progress", **{**REPORT, "progress": TYPED})
    entered(client, newest_link(site.store))
    letter = client_as(placed.school).post(f"/cases/{placed.reference}/letters/2")
    for made in (*documents_of_a_parent(client), letter):
        assert "Well done 👍" in words_of(made.content)


def test_a_programme_of_any_characters_is_read_and_signed_by_both(site: Site, client_as: ClientAs) -> None:
    placed = a_prepared_placement(site)
    placed.fire(PAT, "set_programme", **{**ANOTHER_PROGRAMME, "programme": TYPED})
    placed.fire(PAT, "sign", signed_as="Pat Provider", agrees=True)
    for who in (PAT, placed.school):
        made = client_as(who).get(f"/cases/{placed.reference}/documents/agreement")
        assert made.status_code == 200, who.name
        assert "Well done 👍" in words_of(made.content)


def test_the_comment_of_one_member_keeps_nobody_from_the_pack(site: Site, client_as: ClientAs) -> None:
    meeting, _, second = with_two(site)
    do(site, second, "give_view", actor=PETRA, view="visit", comments=TYPED)
    for who in (OLIVE, PETRA):
        made = client_as(who).get(f"/cases/{meeting}/pack")
        assert made.status_code == 200, who.name
        assert "Well done 👍" in words_of(made.content)
