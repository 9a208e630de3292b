"""A deadline in school time, on the case's page: why it falls when it does."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import OLIVE, a_handler, enquire
from apflow.web.site import Site
from tests.versions import shipped_with
from tests.web.browsing import Client

SignInTo = Callable[[Site, Actor], Client]
RULE = "        label: The enquiry should be answered\n        within: 5 working days\n"


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (
            "40 school days",
            (
                "40 school days from Monday 2 November 2026, when it came to “new enquiry”.",
                "The first school day after is day 1.",
                "by Monday 11 January 2027",
                "Monday 21 December 2026 to Thursday 24 December 2026: School holiday",
                "Friday 25 December 2026: Christmas Day",
            ),
        ),
        (
            "1 half-term",
            (
                "1 half-term from Monday 2 November 2026, when it came to “new enquiry”: it ends with the last day of "
                "the first half-term that begins after that day.",
                "by Friday 12 February 2027",
            ),
        ),
        (
            "2 terms",
            ("the last of the 2 terms that begin after that day.", "by Wednesday 21 July 2027"),
        ),
        (
            "400 school days",
            ("This date lies beyond the school terms we know, so it may still move.",),
        ),
    ],
)
def test_the_page_says_how_school_time_was_counted(
    site: Site, sign_in_to: SignInTo, within: str, said: tuple[str, ...]
) -> None:
    library = shipped_with((RULE, RULE.replace("5 working days", within)))
    changed = replace(site, library=library, handler=a_handler(site.store, library))
    reference = enquire(changed.handler)

    page = sign_in_to(changed, OLIVE).get(f"/cases/{reference}").text

    assert [words for words in said if words not in page] == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/cases/{}", ">\n  40 school days\n</strong>"),
        ("/cases/{}", "due Monday 11 January 2027, 40 school days</span>"),
        ("/work", "Due Monday 11 January 2027, 40 school days"),
        ("/cases", "Due Monday 11 January 2027, 40 school days"),
    ],
)
def test_every_page_says_what_is_left_in_school_days(site: Site, sign_in_to: SignInTo, address: str, said: str) -> None:
    library = shipped_with((RULE, RULE.replace("5 working days", "40 school days")))
    changed = replace(site, library=library, handler=a_handler(site.store, library))
    reference = enquire(changed.handler)

    page = sign_in_to(changed, OLIVE).get(address.format(reference)).text

    assert said in page
    assert not re.search(r"2027, \d+ working days", page)
