"""Signing in by a link or a code sent to one's address, and signing out.

A link's page only shows a button: mail scanners follow links, and must not be able to use one up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection, Row

from apflow.clock import machine_now
from apflow.core.definition.labels import OUTSIDER, STAFF
from apflow.letters.messages import message_id
from apflow.letters.unwritten import way_in
from apflow.letters.ways_in import WAY_IN
from apflow.records.people.let_in import account_as_recorded
from apflow.store.people import people, sign_in
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import one, submitted_form
from apflow.web.identity import SESSION_COOKIE, SignedIn, session_cookie
from apflow.web.render import page
from apflow.web.senders import sender_of, wait_to_ask, wait_to_type
from apflow.web.site import Site

_WRONG_CODE = (
    "That code is not right, or is no longer good. Check it, press the link in the email instead, or ask for a new one"
)
_TOO_MANY_CODES = (
    "Too many codes were typed from your network in the last hour. Press the link in the email instead, "
    "or wait {minutes}"
)
_TOO_MANY_LINKS = (
    "Too many links were asked for with this address, or from your network, in the last hour. "
    "Press the link in the newest email that you have, or wait {minutes}"
)
BROWSER_COOKIE = "apflow_asked"
_NOBODY = "Somebody"
_LONGEST_PATH = 300  # as the database keeps it with a link


@get("/sign-in", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any]) -> Response[Any]:
    """Ask for the address to send a link to."""
    return page(request, "sign_in/ask.html", next=safe(request.query_params.get("next", "")))


@post("/sign-in", include_in_schema=False)
async def send(request: Request[Any, Any, Any]) -> Response[Any]:
    """Send the link, and say the same whether or not the address is known to us."""
    form = await submitted_form(request)
    email, target = one(form, "email").strip(), safe(one(form, "next"))
    if "@" not in email:
        error = "Enter the email address you gave us, like name@example.com"
        return page(request, "sign_in/ask.html", status=422, error=error, email=email, next=target)
    site: Site = request.app.state.site
    browser = request.cookies.get(BROWSER_COOKIE) or sign_in.new_browser()
    if wait := await in_thread(_send_link, site, sender_of(request), email, target, browser):
        return _must_wait(request, wait, email, target)
    sent = page(request, "sign_in/sent.html", email=email, minutes=site.council.ways_in.asked_for_minutes)
    sent.set_cookie(_browser_cookie(site, browser))
    return sent


@post("/sign-in/code", include_in_schema=False)
async def by_code(request: Request[Any, Any, Any]) -> Response[Any]:
    """Sign in by the code in the e-mail, for someone who reads mail on another device than the one they asked on."""
    form = await submitted_form(request)
    email, code = one(form, "email"), one(form, "code").replace(" ", "")
    site: Site = request.app.state.site
    browser = request.cookies.get(BROWSER_COOKIE, "")
    found = await in_thread(_by_code, site, sender_of(request), email, code, browser)
    if isinstance(found, tuple):
        return _signed_in(request, *found)
    error = _TOO_MANY_CODES.format(minutes=_minutes(found)) if found else _WRONG_CODE
    status = 429 if found else 422
    return page(
        request,
        "sign_in/sent.html",
        status=status,
        email=email,
        minutes=site.council.ways_in.asked_for_minutes,
        error=error,
    )


@get("/continue/{token:str}", include_in_schema=False)
@threaded
def show_link(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """The page behind a link: a button, and whom it signs in."""
    site: Site = request.app.state.site
    with site.store.reading() as connection:
        live = sign_in.link(connection, token, machine_now())
        spent = None if live else sign_in.spent_link(connection, token)
    if own := _own_page(request, live or spent):
        return own
    if live is None:
        return page(request, "sign_in/spent.html", status=410, known=spent is not None, token=token)
    return page(request, "sign_in/continue.html", name=live.name, token=token)


@post("/continue/{token:str}", include_in_schema=False)
@threaded
def use_link(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Use the link up and sign its person in."""
    site: Site = request.app.state.site
    now = machine_now()
    with site.store.writing() as connection:
        live = sign_in.spend_link(connection, token, now)
        session = _begin(site, connection, live.person_id, now) if live else None
    if live is None or session is None:
        return page(request, "sign_in/spent.html", status=410, known=True, token=token)
    return _signed_in(request, session, live.next_path)


@post("/continue/{token:str}/again", include_in_schema=False)
@threaded
def send_again(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Send a fresh link to whoever a spent one belonged to, without telling the asker who that is."""
    site: Site = request.app.state.site
    with site.store.reading() as connection:
        spent = sign_in.spent_link(connection, token)
        known = people.person(connection, spent.person_id) if spent else None
    if spent is not None and known is not None:
        wait = _send_link(site, sender_of(request), known.email, spent.next_path or "", None)
        if wait is not None:
            return _must_wait(request, wait, "", "")
    return page(request, "sign_in/sent.html", email="", minutes=site.council.ways_in.asked_for_minutes)


@post("/sign-out", include_in_schema=False)
@threaded
def sign_out(request: Request[Any, Any, Any]) -> Response[Any]:
    """End the session, in the database and in the browser."""
    site: Site = request.app.state.site
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        with site.store.writing() as connection:
            sign_in.end_session(connection, token)
    response: Response[Any] = Redirect("/", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _signed_in(request: Request[Any, Any, Any], session: str, next_path: str | None) -> Response[Any]:
    site: Site = request.app.state.site
    response: Response[Any] = Redirect(safe(next_path or "") or "/", status_code=303)
    response.set_cookie(session_cookie(site, session))
    return response


def _own_page(request: Request[Any, Any, Any], spent: Row[Any] | None) -> Response[Any] | None:
    """Someone signed in who follows their own used link goes where it led."""
    user: SignedIn | None = request.scope.get("user")
    if user is None or spent is None or spent.person_id != user.actor.id:
        return None
    return Redirect(safe(spent.next_path or "") or "/", status_code=303)


def safe(target: str) -> str:
    """A path of our own to go on to, or nothing: never another site."""
    is_own = target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target
    if not is_own:
        return ""
    return target if len(target) <= _LONGEST_PATH else target.partition("?")[0][:_LONGEST_PATH]


def _must_wait(request: Request[Any, Any, Any], wait: timedelta, email: str, target: str) -> Response[Any]:
    error = _TOO_MANY_LINKS.format(minutes=_minutes(wait))
    return page(request, "sign_in/ask.html", status=429, error=error, email=email, next=target)


def _minutes(wait: timedelta) -> str:
    left = int(wait.total_seconds() // 60) + 1
    return f"{left} minute{'' if left == 1 else 's'}"


def _browser_cookie(site: Site, browser: str) -> Cookie:
    """The cookie of a browser that asked, which is sent only where a code is typed and lasts until it is closed."""
    return Cookie(
        key=BROWSER_COOKIE,
        value=browser,
        httponly=True,
        samesite="lax",
        secure=site.settings.is_secure,
        path="/sign-in",
    )


def _by_code(site: Site, sender: str, email: str, code: str, browser: str) -> tuple[str, str | None] | timedelta | None:
    """The session and where it leads; or how long the sender must wait; or nothing, as the code is not right."""
    now = machine_now()
    with site.store.writing() as connection:
        if wait := wait_to_type(connection, site, sender, now):
            return wait
        found = sign_in.spend_code(connection, email, code, now, asked_by=browser)
        return (_begin(site, connection, found.person_id, now), found.next_path) if found else None


def _begin(site: Site, connection: Connection, person: int, now: datetime) -> str:
    """A session of the person, who is what the records say they are, whichever letter led here."""
    known = people.person(connection, person)
    if known is not None:
        account_as_recorded(connection, site.council, known.email, site.now())
    return sign_in.start_session(connection, person, now, site.council.ways_in.session)


def _send_link(site: Site, sender: str, email: str, target: str, browser: str | None) -> timedelta | None:
    """Send one to whoever has the address, if anybody; how long it must wait where too many were asked for.

    As much is worked out for an address that we do not know, so that the time it takes does not tell.
    """
    now = machine_now()
    with site.store.writing() as connection:
        if wait := wait_to_ask(connection, site, sender, email, now):
            return wait
        account_as_recorded(connection, site.council, email, site.now())
        known = people.person_by_email(connection, email)
        if known is None or not known.is_active:
            _letter(site, _NOBODY, (), sign_in.new_secrets())
        else:
            issued = sign_in.issue_link(
                connection,
                known.id,
                now,
                asked_by=browser,
                next_path=target or None,
                lasts=site.council.ways_in.asked_for,
            )
            letter = _letter(site, known.name, known.roles, issued)
            sign_in.queue_letter(connection, {**letter, "to_person": known.id, "to_email": known.email})
    site.wake()
    return None


def _letter(site: Site, name: str, held: Sequence[str], issued: sign_in.Issued) -> dict[str, Any]:
    council, now = site.council, site.now()
    context = {
        "to": {"name": name, "audience": STAFF if council.is_staff(held) else OUTSIDER},
        "council": {"name": council.council}
        | council.model_dump(include={"short_name", "team", "mailbox", "telephone"}),
        "link": f"{site.settings.base_url}/continue/{issued.token}",
        "code": issued.code,
        "minutes": council.ways_in.asked_for_minutes,
    }
    rendered = way_in(site.notices, context)
    return {
        "notice": WAY_IN,
        "message_id": message_id(site.mail_from),
        "to_name": name,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "status": "queued",
        "queued_at": now,
        "next_at": now,
    }


ROUTES = [ask, send, by_code, show_link, use_link, send_again, sign_out]
