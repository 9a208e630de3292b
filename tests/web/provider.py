"""What tests of the provider's pages share: acting on a case as anybody, and reading the provider's page of it."""

from typing import Any

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MONDAY, OLIVE, PAT, a_document
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.reading import Page


def the_page(client: Client, reference: str) -> Page:
    return Page(client.get(f"/cases/{reference}"))


def fire(handler: Handler, reference: str, actor: Actor, event: str, item: str | None = None, **answers: Any) -> None:
    handler.fire(reference, event, answers, actor=actor, now=MONDAY, item=item)


def supply(handler: Handler, reference: str, *items: str) -> None:
    for item in items:
        fire(handler, reference, PAT, "supply", item, **a_document(handler, PAT, item))


def required(handler: Handler) -> list[str]:
    return [key for key, item in handler.library.catalogues["evidence"].items.items() if item.required]


def a_case_sent_back(handler: Handler, *, asked: bool) -> str:
    """Every paper accepted but the attendance one; `asked` when the provider has been told."""
    reference = bring_to(handler, "checking_evidence")
    for item in required(handler):
        if item != "attendance":
            fire(handler, reference, OLIVE, "accept", item, check_note="Rang the insurer: all well.")
    fire(handler, reference, OLIVE, "send_back", "attendance", reason="It does not say who rings the family.")
    if asked:
        fire(handler, reference, OLIVE, "ask_for_information", what_we_need="Say who rings the family, and when.")
    return reference


def between(page: Page, first: str, last: str) -> str:
    """What stands between two lines, the first of which some other part of the page may say too."""
    lines = page.text.split("\n")
    start = len(lines) - lines[::-1].index(first)
    end = next(number for number in range(start, len(lines)) if lines[number].startswith(last))
    return "\n".join(lines[start:end])


def journey(page: Page) -> str:
    return between(page, "Where your application is", "On the approved list")
