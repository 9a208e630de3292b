"""The web application in memory over an empty database: `site`, and `client_as(person)` already signed in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from litestar import Litestar

from apflow.clock import machine_now
from apflow.core.definition.calendars import Applications
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.loader import Library
from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.store.people import sign_in
from apflow.testing import StoppedClock, a_handler, add_people, taking
from apflow.uploads import Uploads
from apflow.web.app import create_app
from apflow.web.identity import SESSION_COOKIE
from apflow.web.site import Site
from tests.web.browsing import Browser, Client, a_browser_on


@pytest.fixture
def clock() -> StoppedClock:
    """Policy time: a Monday morning, until a test moves it."""
    return StoppedClock()


@pytest.fixture
def site(store: Store, library: Library, handler: Handler, clock: StoppedClock, tmp_path: Path) -> Site:
    """An installation with the people of `apflow.testing` and no cases."""
    add_people(store)
    return Site(
        settings=Settings(base_url="http://testserver.local"),
        store=store,
        library=library,
        notices=handler.letters.notices,
        handler=handler,
        uploads=Uploads(tmp_path / "uploads"),
        clock=clock,
        wake=lambda: None,
    )


@pytest.fixture
def app(site: Site) -> Litestar:
    return create_app(site)


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    """A browser of someone who is not signed in; redirects are not followed, so that a test sees them."""
    with a_browser_on(site) as opened:
        yield opened


@pytest.fixture
def sign_in_to() -> Iterator[Callable[[Site, Actor], Client]]:
    """A browser in which a person is signed in to an installation, perhaps one of the test's own."""
    with ExitStack() as open_clients:

        def sign_in_as(site: Site, person: Actor) -> Client:
            assert person.id is not None
            with site.store.writing() as connection:
                token = sign_in.start_session(connection, person.id, machine_now())
            opened = open_clients.enter_context(a_browser_on(site))
            opened.cookies.set(SESSION_COOKIE, token)
            return opened

        yield sign_in_as


@pytest.fixture
def client_as(site: Site, sign_in_to: Callable[[Site, Actor], Client]) -> Callable[[Actor], Client]:
    """A browser in which a person is signed in to `site`."""
    return partial(sign_in_to, site)


@pytest.fixture
def api_as(site: Site) -> Iterator[Callable[[Actor], Client]]:
    """A program that sends a person's API token."""
    with ExitStack() as open_clients:

        def with_token_of(person: Actor) -> Client:
            assert person.id is not None
            with site.store.writing() as connection:
                token = sign_in.issue_api_token(connection, person.id, "A test", machine_now())
            opened: Client = open_clients.enter_context(Browser(site, follow_redirects=True))
            opened.headers["authorization"] = f"Bearer {token}"
            return opened

        yield with_token_of


def a_site_with(site: Site, applications: Applications) -> Site:
    """The same installation under a council that takes applications like this."""
    library = taking(site.library, applications)
    return replace(site, library=library, handler=a_handler(site.store, library))
