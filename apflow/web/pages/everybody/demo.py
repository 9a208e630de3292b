"""What only a demo has: signing in as anybody, a day that passes at the press of a button, and a mailbox for all."""

from collections.abc import Sequence
from typing import Any

from litestar import MediaType, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.clock import machine_now
from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.store import demo as showing
from apflow.store import outbox
from apflow.store.people import people, sign_in
from apflow.web.case.mails import MAIL_WORDS
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import one, submitted_form
from apflow.web.identity import SESSION_COOKIE, session_cookie
from apflow.web.pages.everybody.sign_in import safe
from apflow.web.render import page
from apflow.web.security import HEADERS
from apflow.web.site import Site
from apflow.web.stepping import stepped_address

_PAGE = 25
_HIGHEST_ID = 2**31 - 1
# The message is shown as it was written, in a frame of its own that may run nothing and fetch nothing.
_FRAME = "allow-top-navigation-by-user-activation"
_MESSAGE_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox {_FRAME}"
)
_FRAMING_POLICY = f"{HEADERS['content-security-policy']}; frame-src 'self'"


@get("/demo", include_in_schema=False)
@threaded
def everyone(request: Request[Any, Any, Any]) -> Response[Any]:
    """Everybody one can be: staff by role, whoever places pupils, and a provider for each place an application has."""
    site: Site = request.app.state.site
    with site.store.reading() as connection:
        roles = {name: role for name, role in site.council.roles.items() if role.audience == STAFF}
        staff = {role.title: people.with_role(connection, name) for name, role in roles.items()}
        parties = showing.parties(connection, site.current().name)
        commissioning = showing.commissioning(connection)
    examples, others = _one_for_each_state(site, parties)
    return page(
        request,
        "demo/everyone.html",
        staff=staff,
        agencies=site.council.agencies,
        commissioning=commissioning,
        examples=examples,
        others=others,
    )


@get("/demo/as/{person:int}", include_in_schema=False)
@threaded
def ask_as(request: Request[Any, Any, Any], person: FromPath[int]) -> Response[Any]:
    """The page a printed link leads to: one button."""
    return page(request, "demo/as.html", person=_person(request.app.state.site, person))


@post("/demo/as/{person:int}", include_in_schema=False)
@threaded
def sign_in_as(request: Request[Any, Any, Any], person: FromPath[int]) -> Response[Any]:
    """Sign in as this person, in a new session; the old one ends."""
    site: Site = request.app.state.site
    known, now = _person(site, person), machine_now()
    with site.store.writing() as connection:
        if token := request.cookies.get(SESSION_COOKIE):
            sign_in.end_session(connection, token)
        session = sign_in.start_session(connection, known.id, now, site.council.ways_in.session)
    response: Response[Any] = Redirect("/", status_code=303)
    response.set_cookie(session_cookie(site, session))
    return response


@post("/demo/day", include_in_schema=False)
async def step_a_day(request: Request[Any, Any, Any]) -> Response[Any]:
    """Let a day pass, and go back to say what it brought."""
    back = safe(one(await submitted_form(request), "back")) or "/"
    happened = await in_thread(_step, request.app.state.site)
    address = stepped_address(
        back,
        reminders=happened.get("reminder", 0),
        escalations=happened.get("escalation", 0),
        mails=happened["messages"],
    )
    return Redirect(address, status_code=303)


@get("/demo/mailbox", include_in_schema=False)
@threaded
def mailbox(request: Request[Any, Any, Any]) -> Response[Any]:
    """Every e-mail there is, newest first."""
    site: Site = request.app.state.site
    to, number = request.query_params.get("to", "").lower(), _page_number(request)
    with site.store.reading() as connection:
        count = outbox.count_messages(connection, to_email=to)
        rows = outbox.recent_messages(connection, to_email=to, limit=_PAGE, offset=(number - 1) * _PAGE)
        recipients = showing.recipients(connection)
    pages = max(1, -(-count // _PAGE))
    return page(
        request,
        "demo/mailbox.html",
        rows=rows,
        words=MAIL_WORDS,
        recipients=recipients,
        to=to,
        count=count,
        number=number,
        pages=pages,
    )


@get("/demo/mailbox/{message:int}", include_in_schema=False)
@threaded
def letter(request: Request[Any, Any, Any], message: FromPath[int]) -> Response[Any]:
    """One e-mail as its reader has it."""
    site: Site = request.app.state.site
    shown = page(
        request,
        "demo/letter.html",
        letter=_message(site, message),
        words=MAIL_WORDS,
        sender=site.mail_from,
        frame=_FRAME,
    )
    shown.headers["content-security-policy"] = _FRAMING_POLICY
    return shown


@get("/demo/mailbox/{message:int}/html", include_in_schema=False)
@threaded
def letter_html(request: Request[Any, Any, Any], message: FromPath[int]) -> Response[Any]:
    """The e-mail's own HTML, for the frame; its links lead out of the frame."""
    html = _message(request.app.state.site, message).html.replace("<head>", '<head><base target="_top">', 1)
    headers = {"content-security-policy": _MESSAGE_POLICY}
    return Response(html, media_type=MediaType.HTML, headers=headers)


@get("/demo/mailbox/{message:int}/invitation.ics", include_in_schema=False)
@threaded
def letter_invitation(request: Request[Any, Any, Any], message: FromPath[int]) -> Response[Any]:
    """The calendar invitation that came with the e-mail."""
    found = _message(request.app.state.site, message)
    if found.invitation is None:
        raise NotFound
    headers = {"content-disposition": 'attachment; filename="invitation.ics"'}
    return Response(found.invitation, media_type="text/calendar; charset=utf-8", headers=headers)


def _one_for_each_state(site: Site, parties: Sequence[Row[Any]]) -> tuple[list[Any], list[Any]]:
    """(row, state) for the first provider in each state, in the workflow's order; and for all the others by name."""
    states = site.current().workflow.states
    rows = sorted((row for row in parties if row.state in states), key=lambda row: list(states).index(row.state))
    examples = {row.state: row for row in reversed(rows)}
    ordered = [examples[state] for state in states if state in examples]
    others = [row for row in parties if row not in ordered and row.state in states]
    return [(row, states[row.state].label.staff) for row in ordered], [
        (row, states[row.state].label.staff) for row in others
    ]


def _step(site: Site) -> dict[str, int]:
    if site.demo is None:
        raise NotFound
    with site.store.reading() as connection:
        before = showing.mark(connection)
    site.demo.step_a_day()
    with site.store.reading() as connection:
        return showing.since(connection, before)


def _person(site: Site, person: int) -> Row[Any]:
    with site.store.reading() as connection:
        found = people.person(connection, person) if person <= _HIGHEST_ID else None
    if found is None or not found.is_active:
        raise NotFound
    return found


def _message(site: Site, message: int) -> Row[Any]:
    with site.store.reading() as connection:
        found = outbox.message(connection, message) if message <= _HIGHEST_ID else None
    if found is None:
        raise NotFound
    return found


def _page_number(request: Request[Any, Any, Any]) -> int:
    number = request.query_params.get("page", "1")
    return max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1


ROUTES = [everyone, ask_as, sign_in_as, step_a_day, mailbox, letter, letter_html, letter_invitation]
