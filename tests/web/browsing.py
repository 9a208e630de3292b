"""Browsers on the web application in memory, with one application for all: to make it takes longer than most tests."""

from contextlib import ExitStack
from typing import Any, Self

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from apflow.web.app import create_app
from apflow.web.site import Site

Client = TestClient[Litestar]

_applications: dict[bool, Litestar] = {}


class Browser(TestClient[Litestar]):
    """Somebody's browser, or program, on one installation, for which the application answers all that it asks.

    It has a loop of its own, and nothing that begins or ends with an application is begun or ended.
    """

    def __init__(self, site: Site, *, follow_redirects: bool) -> None:
        super().__init__(_application(site), raise_server_exceptions=False)
        self.follow_redirects = follow_redirects
        self._site = site

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        self.app.state["site"] = self._site
        return super().send(request, **options)

    def __enter__(self) -> Self:
        self.exit_stack = ExitStack()
        self.blocking_portal = self.exit_stack.enter_context(self.portal())
        return self


def _application(site: Site) -> Litestar:
    is_demo = site.demo is not None  # Then it has more routes.
    if is_demo not in _applications:
        _applications[is_demo] = create_app(site)
    return _applications[is_demo]


def a_browser_on(site: Site) -> Client:
    """A browser to be used in a `with`; redirects are not followed, so that a test sees them."""
    return Browser(site, follow_redirects=False)
