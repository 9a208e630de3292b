"""What the stories share: a council being served, and a browser for each person in them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.live import Live, a_new_council
from tests.journeys.people import Person, at_a_browser
from tests.smtp import Inbox

Arrive = Callable[..., Person]


@pytest.fixture
def live(tmp_path: Path, inbox: Inbox) -> Iterator[Live]:
    """A new council with staff and no cases, being served on a Monday morning."""
    with a_new_council(tmp_path, inbox) as council:
        yield council


@pytest.fixture
def arrive(live: Live, chromium: Browser) -> Iterator[Arrive]:
    """Call it with a name and an e-mail address: somebody sits down at a browser of their own."""
    with ExitStack() as browsers:

        def sit_down(name: str, email: str, **options: object) -> Person:
            return browsers.enter_context(at_a_browser(live, chromium, name, email, **options))

        yield sit_down
