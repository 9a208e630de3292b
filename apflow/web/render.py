"""From a template and what it shows to a page."""

from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, select_autoescape
from litestar import MediaType, Request, Response

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.days.duration import Unit
from apflow.core.definition import words
from apflow.core.firing.overrides import in_words
from apflow.records.door import may_keep
from apflow.store.records.attendance import has_had_pupils
from apflow.store.records.colleagues import SCHOOL_ROLE
from apflow.web.identity import SignedIn
from apflow.web.lists.leading import led_by
from apflow.web.lists.planner import may_plan
from apflow.web.site import Site
from apflow.web.stepping import address_of, stepped_words
from apflow.web.wording import due_words, lower_first, noted, put_off_words, reason_parts, role_words

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The page templates and the GOV.UK macros; made once."""
    own = FileSystemLoader(_TEMPLATES)
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(loader=ChoiceLoader([own, govuk]), autoescape=select_autoescape(["html"]))
    made.trim_blocks = made.lstrip_blocks = True
    made.filters |= {
        "day": lambda at: words.day(_day(at)),
        "short_day": lambda at: words.short_day(_day(at)),
        "moment": words.moment,
        "lower_first": lower_first,
        "noted": noted,
        "reason_parts": reason_parts,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "sentence": lambda text: text if text.endswith((".", "!", "?")) else f"{text}.",
        "role_words": role_words,
        "guard_words": in_words,
        "clock": lambda at: words.clock(at.astimezone(LONDON).time()),
        "time_of_day": lambda text: words.clock(time.fromisoformat(text)),
        "file_size": _file_size,
    }
    return made


def page(
    request: Request[Any, Any, Any], template: str, *, status: int = 200, cookies: Any = None, **shown: Any
) -> Response[str]:
    """The template as a whole page, with the heading, navigation and banners every page has."""
    site: Site = request.app.state.site
    user: SignedIn | None = request.scope.get("user")
    now = site.now()
    frame = {
        "council": site.council,
        "user": user,
        "roles": user.actor.roles if user else frozenset(),
        "can_start": site.can_start(user.actor.roles) if user else frozenset(),
        "is_staff": bool(user) and is_staff(site, user),
        "leads_a_team": user is not None and bool(led_by(site, user.actor)),
        "plans_visits": user is not None and may_plan(site, user.actor),
        "keeps_records": user is not None and may_keep(site.council, user.actor),
        "has_attendance": user is not None and _has_attendance(site, user),
        "has_colleagues": user is not None and _has_colleagues(site, user),
        "tells_colleagues": lambda: site.tells_colleagues,
        "path": request.url.path,
        "here": address_of(request),
        "now": now,
        "today": local_date(now),
        "demo": site.demo,
        "stepped": stepped_words(request.query_params.get("stepped", "")) if site.demo else "",
        "calendar": site.library.calendar,
        "time_left": lambda due, unit=Unit.WORKING_DAY: words.left(due, now, site.library.calendar, unit),
        "put_off": lambda until: put_off_words(until, now),
        "due": lambda at, unit=Unit.WORKING_DAY: due_words(at, now, words.left(at, now, site.library.calendar, unit)),
    }
    body = environment().get_template(template).render({**frame, **shown})
    return Response(body, media_type=MediaType.HTML, status_code=status, cookies=cookies)


def is_staff(site: Site, user: SignedIn | None) -> bool:
    """Whether any of the person's roles belongs to the council's staff."""
    return user is not None and site.council.is_staff(user.actor.roles)


def _has_attendance(site: Site, user: SignedIn) -> bool:
    """Whether attendance is kept here, and the person is of those who mark it or look at it.

    Of providers those are the ones where a pupil is, or was, placed: an applicant has nothing to mark.
    """
    if site.library.attendance is None:
        return False
    if may_keep(site.council, user.actor):
        return True
    placing = (source.workflow for source in site.library.sources.values() if source.workflow.keeps)
    sides = {role for one in placing for role in user.actor.roles & one.party_roles}
    role = site.current().workflow.party_role
    if sides != {role}:
        return bool(sides)
    with site.store.reading() as connection:
        return has_had_pupils(connection, user.actor.id or 0, role)


def _has_colleagues(site: Site, user: SignedIn) -> bool:
    """Whether the person is of a school or a provider, where others may act for whom we write to."""
    may = {SCHOOL_ROLE, site.current().workflow.party_role}
    return not is_staff(site, user) and bool(user.actor.roles & may) and site.tells_colleagues


def _file_size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1_000))} KB"


def _day(value: date | datetime | str) -> date:
    if isinstance(value, datetime):
        return local_date(value)
    return date.fromisoformat(value) if isinstance(value, str) else value
