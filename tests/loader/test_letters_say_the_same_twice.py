"""Every notice says the same in plain words as in HTML, to whomever it goes."""

import html
import re

from apflow.letters.made_up import contexts
from apflow.loader import Library
from apflow.testing import SHIPPED_NOTICES

OF_A_BUTTON = "If the link does not work, copy this address into your browser"  # In plain words there is no button.
TAG, ADDRESS, WORD = re.compile("<[^>]+>"), re.compile(r"https?://\S+"), re.compile(r"[\w£@]+")


def words_of(text: str) -> list[str]:
    return WORD.findall(ADDRESS.sub("", text.replace(OF_A_BUTTON, "")))


def test_both_parts_of_every_notice_have_the_same_words(library: Library) -> None:
    apart = {}
    for workflow in library.sources:
        for send, context in contexts(library.current(workflow)):
            letter = SHIPPED_NOTICES.as_written(f"{workflow}/{send.notice}", context)
            body = re.sub("(?s)<head.*?</head>", "", letter.html)
            plain, shown = words_of(letter.text), words_of(html.unescape(TAG.sub(" ", body)))
            if plain != shown:
                apart[workflow, send.notice] = (plain, shown)

    assert apart == {}
