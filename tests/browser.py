"""Debian's Chromium for the browser tests, and axe-core to judge the accessibility of what it shows.

`tests/conftest.py` names this module in `pytest_plugins`; a browser test takes the fixture `page`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from apflow.web.assets import AXE

# The shell shows the same pages at two thirds of the processor time; where Debian has none, the whole browser does.
CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
# Without these Chromium looks for hosts outside, which a closed network refuses many times at each start.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERIOUS = {"serious", "critical"}
# Rules whose faults are never serious are not asked; stylesheets are not read beforehand, as none of the others does.
_ASK = """serious => {
  const slight = axe._audit.rules.filter(rule => rule.impact && !serious.includes(rule.impact));
  const rules = Object.fromEntries(slight.map(rule => [rule.id, {enabled: false}]));
  const options = {rules, resultTypes: ["violations"], iframes: false, preload: false};
  return axe.run(document, options).then(found => found.violations);
}"""


# The document itself has no font of ours: what is in its font is in the browser's.
_IN_NO_FONT_OF_OURS = """() => {
  const fontOf = one => getComputedStyle(one).fontFamily, none = fontOf(document.documentElement);
  const says = one => [...one.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim());
  const unseen = ".govuk-visually-hidden, .govuk-visually-hidden *";
  const all = [...document.querySelectorAll("body *:not(script, style, option, progress, " + unseen + ")")];
  const strays = all.filter(one => one.checkVisibility() && says(one) && fontOf(one) === none);
  return strays.map(one => one.outerHTML.slice(0, 120));
}"""

# Where the rows of a table stand one above the other nobody sees the headings: each cell says itself what it is.
_SAYS_TOO_LITTLE = """() => {
  const bare = /^(none|yes|no|–|[\\d.,]+%?|\\d{1,2} [a-z]+ \\d{4})$/i;
  const cells = [...document.querySelectorAll("table.app-stacking td")].filter(cell => cell.checkVisibility());
  return cells.filter(cell => bare.test(cell.innerText.trim())).map(cell => cell.innerText.trim());
}"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser with an empty profile for the whole run; skip without one, but fail in CI."""
    installed = next((path for path in CHROMIUMS if path.exists()), None)
    if installed is None:
        message = f"there is no {' and no '.join(map(str, CHROMIUMS))}: `make browser` installs the first"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=FLAGS, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page with no cookies or storage of any earlier test."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/London")
    yield context.new_page()
    context.close()


def follow(leading: Locator) -> None:
    """Click what may lead to another page, and wait until all of that is there: a click waits only for its start."""
    leading.click()
    leading.page.wait_for_load_state()


def axe(page: Page) -> list[str]:
    """Name the serious and critical accessibility faults of the page, one line for each element at fault.

    Frames are left out: no script may run in the only ones there are, which show a demo's letters.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_ASK, sorted(SERIOUS))
    return [
        f"{fault['impact']} {fault['id']}: {fault['help']}: {element['html']}"
        for fault in found
        if fault["impact"] in SERIOUS
        for element in fault["nodes"]
    ]


def in_no_font_of_ours(page: Page) -> list[str]:
    """The beginning of each element whose text is shown in the browser's own font, as its class was forgotten."""
    found: list[str] = page.evaluate(_IN_NO_FONT_OF_OURS)
    return found


def says_too_little(page: Page) -> list[str]:
    """What stands alone in a cell of a table whose headings are not shown on a narrow screen: a date, say, or None."""
    found: list[str] = page.evaluate(_SAYS_TOO_LITTLE)
    return found
