"""A person at a browser: what they press, type, read on the page and find in their e-mail."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Locator, Page, expect

from tests.browser import follow
from tests.journeys.live import Live

_LINK = re.compile(r"^(https?://\S+)$", re.MULTILINE)
_PATIENCE = 15_000
expect.set_options(timeout=_PATIENCE)
# Chromium says this of every page that is a refusal; the page itself is what matters.
_REFUSED = "Failed to load resource: the server responded with a status of 4"

File = FilePayload


@dataclass
class Person:
    """Somebody with a browser and a mailbox; `faults` is what the browser complained of."""

    live: Live
    page: Page
    name: str
    email: str
    faults: list[str] = field(default_factory=list)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    # What they do

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.live.address}{path}")

    def presses(self, button: str) -> None:
        follow(self._buttons(button).first)

    def follows(self, link: str) -> None:
        follow(self.page.get_by_role("link", name=link).first)

    def unfolds(self, summary: str) -> None:
        self.page.locator("summary", has_text=summary).first.click()

    def types(self, question: str, words: str) -> None:
        self.page.get_by_label(question, exact=True).fill(words)

    def dates(self, question: str, day: date) -> None:
        asked = self.page.get_by_role("group", name=question)
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            asked.get_by_label(part, exact=True).fill(str(value))

    def chooses(self, option: str, *, of: str = "") -> None:
        asked = self.page.get_by_role("group", name=of) if of else self.page
        asked.get_by_role("radio", name=option, exact=True).check()

    def ticks(self, statement: str) -> None:
        self.page.get_by_role("checkbox", name=statement, exact=True).check()

    def attaches(self, file: File) -> None:
        self.page.get_by_label("The document, as a file").set_input_files(file)

    def _buttons(self, name: str) -> Locator:
        """By their words; those that only a screen reader says come after a colon."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}\s*(:|$)"))

    # What they see

    def sees(self, *words: str) -> None:
        for said in words:
            expect(self.main).to_contain_text(said)

    def sees_no(self, *words: str) -> None:
        for said in words:
            expect(self.main).not_to_contain_text(said)

    def has_no_task(self, title: str) -> None:
        """None on the page of the case, which may tell of its e-mail all the same."""
        expect(self.page.get_by_role("heading", level=3, name=title)).to_have_count(0)

    def is_at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def is_told(self, words: str) -> None:
        """The banner after something was done."""
        expect(self.page.locator(".govuk-notification-banner")).to_contain_text(words)

    def is_asked_to_mend(self, *words: str) -> None:
        """The error summary, which has the focus."""
        for said in words:
            expect(self.page.locator(".govuk-error-summary")).to_contain_text(said)

    def can(self, action: str) -> bool:
        return self._buttons(action).count() > 0

    # Their mail

    def mail(self) -> list[EmailMessage]:
        """Everything that came for them so far, oldest first."""
        self.live.settle()
        return [letter for letter in self.live.inbox.messages if self.email in letter["To"]]

    def reads(self, subject: str) -> EmailMessage:
        """The newest e-mail, which is about this."""
        letter = self.mail()[-1]
        assert subject in letter["Subject"], f"{letter['Subject']} came instead of {subject}"
        return letter

    def finds(self, subject: str) -> EmailMessage:
        """The newest e-mail about this, whatever else came with it."""
        found = [letter for letter in self.mail() if subject in letter["Subject"]]
        assert found, f"none of {[letter['Subject'] for letter in self.mail()]} is about {subject}"
        return found[-1]

    def follows_the_link_in(self, letter: EmailMessage) -> None:
        self.page.goto(link_in(letter))

    def signs_in(self) -> None:
        """By the link that is sent to their address; the pages on the way are shown in other stories."""
        self.page.request.post(f"{self.live.address}/sign-in", form={"email": self.email})
        link = link_in(self.finds("Your link to sign in"))
        signed_in = self.page.request.post(link, max_redirects=0)
        self.opens(signed_in.headers["location"])

    def signs_in_page_by_page(self) -> None:
        """As they do themselves."""
        self.opens("/sign-in")
        self.types("Email address", self.email)
        self.presses("Send me a link")
        self.is_at("Check your email")
        self.follows_the_link_in(self.reads("Your link to sign in"))
        self.is_at(f"Continue as {self.name}")
        self.presses("Continue")


@contextmanager
def at_a_browser(live: Live, chromium: Browser, name: str, email: str, **options: Any) -> Iterator[Person]:
    """Give them a browser with nothing in it; a complaint of the browser fails the story."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/London", **options)
    person = Person(live, context.new_page(), name, email)
    person.page.set_default_timeout(_PATIENCE)
    person.page.on("console", lambda message: _note(person, message))
    person.page.on("pageerror", lambda error: person.faults.append(str(error)))
    yield person
    context.close()
    assert person.faults == []


def text_of(letter: EmailMessage) -> str:
    """The plain words of an e-mail."""
    plain = letter.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content()).replace("\r\n", "\n")


def link_in(letter: EmailMessage) -> str:
    """The one link it has."""
    (link,) = _LINK.findall(text_of(letter))
    return str(link)


def invitation_in(letter: EmailMessage) -> str:
    """The calendar part of it."""
    (part,) = (part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return str(part.get_content()).replace("\r\n", "\n")


def _note(person: Person, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning") and not message.text.startswith(_REFUSED):
        person.faults.append(message.text)
