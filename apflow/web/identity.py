"""Who is asking: from the session cookie or a bearer token, never from what a request says of itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store.people import sign_in
from apflow.store.people.people import actor_of
from apflow.web.concurrency import in_thread
from apflow.web.site import Site

SESSION_COOKIE = "apflow_session"
_TOUCH_AFTER = timedelta(minutes=1)


class SignInNeeded(NotAuthorizedException):
    """The page is for people who are signed in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request; `token` is their session's, empty for a bearer token."""

    actor: Actor
    email: str
    token: str = ""


class Identify(AbstractAuthenticationMiddleware):
    """Sets `request.user` to the SignedIn person, or None; each page decides what it asks for."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        site: Site = connection.app.state.site
        if site.latest is not None:
            site = connection.app.state.site = await in_thread(site.latest)
        bearer = connection.headers.get("authorization", "")
        if bearer.lower().startswith("bearer "):
            return AuthenticationResult(await in_thread(_by_token, site, bearer[7:].strip()), "token")
        token = connection.cookies.get(SESSION_COOKIE)
        found = await in_thread(_by_session, site, token) if token else None
        return AuthenticationResult(found, "session" if found else None)


def session_cookie(site: Site, token: str) -> Cookie:
    """The cookie of a new session: scripts cannot read it, and other sites cannot have it sent with a change."""
    return Cookie(
        key=SESSION_COOKIE, value=token, httponly=True, samesite="lax", secure=site.settings.is_secure, path="/"
    )


def _by_session(site: Site, token: str) -> SignedIn | None:
    now = machine_now()
    with site.store.reading() as connection:
        row = sign_in.session_person(connection, token, now, site.council.ways_in.idle)
    if row is None:
        return None
    if row.seen_at + _TOUCH_AFTER < now:
        with site.store.writing() as connection:
            sign_in.touch_session(connection, token, now)
    return SignedIn(actor_of(row), row.email, token)


def _by_token(site: Site, token: str) -> SignedIn | None:
    with site.store.reading() as connection:
        row = sign_in.token_person(connection, token)
    return SignedIn(actor_of(row), row.email) if row else None


def require(request: Request[Any, Any, Any]) -> SignedIn:
    """The person signed in, or off to sign in."""
    user: SignedIn | None = request.scope.get("user")
    if user is None:
        raise SignInNeeded
    return user
