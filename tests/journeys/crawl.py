"""Going through every page that links lead to, as one person, and saying of each what is wrong with it."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

from apflow.clock import machine_now
from apflow.core.days.calendar import local_date
from tests.browser import axe, in_no_font_of_ours, says_too_little
from tests.files import a_pdf

WIDTHS = (1280, 320)
_HEIGHT = 900
_REFERENCE = re.compile(r"[A-Z]{2}-[A-Z0-9]{4}-[A-Z0-9]{4}")
_NOT_PAGES = ("/static/", "/schema", "/api/", "/health")
_FORMS = "main form[action*='/do/']:not(.app-draft), main form[action^='/start/'], main form[action*='/set-aside/']"
_SENT_AT_ONCE = ("/start/log_enquiry", "/start/log_concern", "/start/report_breach")  # No answers to check.
_NOT_A_PAGE = re.compile(
    r"/files/|\.csv$|\.json$|\.xlsx$|\.ics$|/html$|/pack$|^/cases/[^/]+/documents/|^/continue/|^/for-parents/."
)
_AN_EMAIL = re.compile(r"/demo/mailbox/[0-9]+$")
_REFUSED = "Failed to load resource: the server responded with a status of 4"
_OF_EACH_DOCUMENT = 3  # They differ by what became of them, which the address does not tell.
_SAYS_NO = (409, 422)  # A refusal shows a page too, and it must be as good as any other.
_OF_A_TITLE = re.compile(r"(?:Error: )?\S.{2,150} - B&NES alternative provision")

# Puts the form in the state a person leaves it in, and asks to check it: that shows mistakes or the answers, and
# changes nothing.
_EMPTY = """form => {
  for (const field of form.elements) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else if (field.type !== "hidden" && "value" in field && field.tagName !== "BUTTON") field.value = "";
  }
}"""
_CHECK = """form => {
  const step = Object.assign(document.createElement("input"), {type: "hidden", name: "step", value: "check"});
  form.append(step);
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass
class Looked:
    """What was found on one page."""

    address: str
    path: str
    title: str
    faults: list[str]


@dataclass
class Crawl:
    """One person's way through the site. `kind_of` says which pages are alike: one of each kind is looked at."""

    page: Page
    base: str
    states: dict[str, str]
    seen: Counter[str] = field(default_factory=Counter)
    looked: list[Looked] = field(default_factory=list)
    _complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._complaints.append(f"script error: {error}"))

    def go(self, start: str, most: int) -> None:
        """From the start page, nearest first, until there are no new kinds of page, or `most`."""
        waiting = deque([start])
        while waiting and len(self.looked) < most:
            address = waiting.popleft()
            if self._is_new(self.kind_of(address), of_each=_OF_EACH_DOCUMENT if "/evidence/" in address else 1):
                waiting.extend(self._visit(address))

    def look_at(self, address: str, *, answers: int = 200, with_forms: bool = False) -> None:
        """At one page, and not where it leads."""
        response = self._open(address)
        self._look(address, response, expected=answers)
        if with_forms:
            self._try_forms(address)

    def titles_shared(self) -> list[str]:
        """Titles of more than one page, whatever redirects lead there, filters and banners."""
        titles = {(page.title, page.path) for page in self.looked if " " not in page.address}
        counted = Counter(title for title, _ in titles)
        return [title for title, count in counted.items() if count > 1]

    def kind_of(self, address: str) -> str:
        """The route with the case's state; of a form, which one; of filters, only which."""
        split = urlsplit(address)
        path = _REFERENCE.sub(lambda found: self.states.get(found.group(), "?"), split.path)
        path = re.sub(r"/evidence/[a-z_]+|/\d+", "/*", path)
        names = sorted({name for name, _ in parse_qsl(split.query)})
        return f"{path}?{'&'.join(names)}"

    def faults(self) -> list[str]:
        return [f"{page.address}: {fault}" for page in self.looked for fault in page.faults]

    def _is_new(self, kind: str, *, of_each: int = 1) -> bool:
        self.seen[kind] += 1
        return self.seen[kind] <= of_each

    def _visit(self, address: str) -> list[str]:
        self._look(address, self._open(address))
        links = self._links()
        if _AN_EMAIL.match(address):  # What it links to is for whom it was sent to, and 404 for others.
            links = [link for link in links if not link.startswith("/cases/")]
        self._try_forms(address)
        return links

    def _open(self, address: str) -> Response:
        response = self.page.goto(self.base + address)
        assert response is not None
        return response

    def _try_forms(self, address: str) -> None:
        forms = "forms => forms.map(form => form.getAttribute('action'))"
        for action in self.page.eval_on_selector_all(_FORMS, forms):
            if self._is_new(f"form {self.kind_of(action)}"):
                self._try_form(address, action)

    def _look(self, address: str, response: Response, expected: int = 200) -> None:
        status = response.status
        faults = [] if status == expected or status in _SAYS_NO else [f"answers {status}"]
        faults += self._complaints
        self._complaints.clear()
        faults += list(self._judged())
        self.looked.append(Looked(address, urlsplit(self.page.url).path, self.page.title(), faults))

    def _judged(self) -> Iterator[str]:
        title = self.page.title()
        if not _OF_A_TITLE.fullmatch(title):
            yield f"has the title {title!r}"
        if (count := self.page.locator("h1").count()) != 1:
            yield f"has {count} first headings"
        if self.page.locator("[style]").count():
            yield "has a style attribute"
        yield from (f"is in the browser's own font: {each}" for each in in_no_font_of_ours(self.page))
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": _HEIGHT})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                yield f"is {wide} px wide on {width} px"
            yield from (f"at {width} px, {fault}" for fault in axe(self.page))
            if width == min(WIDTHS):
                yield from (f"says only {cell!r} at {width} px" for cell in says_too_little(self.page))

    def _links(self) -> list[str]:
        found = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        own = [link.removeprefix(self.base).partition("#")[0] for link in found if link.startswith(f"{self.base}/")]
        return [link for link in own if not link.startswith(_NOT_PAGES) and not _NOT_A_PAGE.search(urlsplit(link).path)]

    def _try_form(self, address: str, action: str) -> None:
        """Left empty, it says what is missing; filled in, it can be checked."""
        ways = {"left empty": _leave_empty, "filled in": _fill_in}
        for state in ("left empty",) if action in _SENT_AT_ONCE else ways:
            self._open(address)
            form = self.page.locator(f'main form[action="{action}"]:not(.app-draft)').first
            ways[state](form)
            with self.page.expect_navigation() as navigation:
                form.evaluate(_CHECK)
            self._look(f"{address} ({action} {state})", navigation.value)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_REFUSED):
            self._complaints.append(f"the browser says: {message.text}")


def _leave_empty(form: Locator) -> None:
    form.evaluate(_EMPTY)


def _fill_in(form: Locator) -> None:
    for box in reversed(form.locator("details:not([open]) > summary").all()):  # Each that opens is one fewer to find.
        box.click()
    for group in form.locator(".govuk-radios").all():
        group.get_by_role("radio").first.check()
    for tick in form.get_by_role("checkbox").all():
        tick.check()
    for file in form.locator("input[type=file]").all():
        file.set_input_files({"name": "policy.pdf", "mimeType": "application/pdf", "buffer": a_pdf()})
    for typed in form.locator("textarea:visible, input[type=text]:visible, input[type=email]:visible").all():
        typed.fill(_answer(typed.get_attribute("name") or ""))


def _answer(name: str) -> str:
    """Something that the question of this name takes, whatever its form."""
    today = local_date(machine_now())
    known = {"day": str(today.day), "month": str(today.month), "year": str(today.year), "time": "10:30"}
    known |= {"email": "pat@made-up-farm.example", "postcode": "BA1 1AA", "urn": "123456"}
    return next((answer for part, answer in known.items() if name.endswith(part)), "Made up")
