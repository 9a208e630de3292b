"""Several tasks at once: which of those that were ticked, sure of it, what came of each, and undone again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post

from apflow.core.conditions import Facts
from apflow.core.days.calendar import local_date
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.words import day as in_words
from apflow.core.errors import NotFound, Refusal
from apflow.core.people.actor import Actor
from apflow.core.putting_off import furthest_day, nobody_works
from apflow.store.people import people
from apflow.store.people.away import Away, away_on
from apflow.web.asking.filling import key_from, new_key
from apflow.web.asking.until_when import day_chosen, form_until, question_answered
from apflow.web.away import told_of
from apflow.web.case.several import Ticked, Wanted, What, do, opened_on, said, somebody, ticked
from apflow.web.case.undoing import Before, before, undo
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, answers_from, one, questions_of, submitted_form
from apflow.web.identity import require
from apflow.web.lists.queue import CAME_FROM, place_in_work
from apflow.web.render import page
from apflow.web.site import Site

MOST = 100
_TO = "to"
_ANY = "anybody"  # Whom the form offers: those who hold the role of one of the tasks.


@dataclass(frozen=True)
class _Came:
    """What came of one of them: why not, if not; and how it is undone, or why that cannot be."""

    task: Ticked
    why_not: str = ""
    before: Before | None = None


@dataclass(frozen=True)
class _Asked:
    """What is to be done, those that were ticked, and the page that they were ticked on."""

    site: Site
    what: What
    listed: Sequence[Ticked]
    is_cut: bool
    came_from: Mapping[str, str]

    @property
    def back(self) -> str:
        return place_in_work(self.came_from).rstrip("?&")

    @property
    def wrong(self) -> str:
        """What is wrong with what was ticked."""
        if self.is_cut:
            return f"Tick {MOST} tasks at most"
        return "" if self.listed else "Tick the tasks first"

    @property
    def last(self) -> date:
        return furthest_day(self.site.council, self.site.library.calendar, self.site.now())

    @property
    def form(self) -> Mapping[str, FieldSpec]:
        """What is asked of them all."""
        if self.what is What.PASS:
            return {_TO: FieldSpec(type=FieldType.PERSON, role=_ANY, label="Who should have them?")}
        if self.what is What.PUT_OFF:
            return form_until(self.site.library.calendar, local_date(self.site.now()), self.last)
        return {}


@get("/work/several", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any]) -> Response[Any]:
    """Names each of those that were ticked, and says of which it cannot be done, and why."""
    params = request.query_params
    came_from = {name: params.get(name, "") for name in CAME_FROM}
    asked = _asked(request, params.get("what", ""), params.getall("tasks", []), came_from)
    return _form(request, asked, {}, new_key())


@post("/work/several", include_in_schema=False)
async def answer(request: Request[Any, Any, Any]) -> Response[Any]:
    """Do it to each of them, one after the other, and say what came of each."""
    return await in_thread(_answer, request, await submitted_form(request))


@post("/work/several/undo", include_in_schema=False)
async def take_back(request: Request[Any, Any, Any]) -> Response[Any]:
    """Put back what can be put back; what has moved on since stays as it is."""
    return await in_thread(_take_back, request, await submitted_form(request))


def _asked(request: Request[Any, Any, Any], what: str, tasks: Sequence[str], came_from: Mapping[str, str]) -> _Asked:
    site, actor, numbers = request.app.state.site, require(request).actor, _numbers(tasks)
    listed = ticked(site, actor, _what(what), numbers[:MOST])
    return _Asked(site, _what(what), listed, len(numbers) > MOST, came_from)


def _answer(request: Request[Any, Any, Any], submitted: Submitted) -> Response[Any]:
    came_from, key = {name: one(submitted, name) for name in CAME_FROM}, key_from(submitted)
    asked = _asked(request, one(submitted, "what"), submitted.get("tasks", ()), came_from)
    site, actor, answers = asked.site, require(request).actor, answers_from(asked.form, submitted)
    wanted = Wanted(
        asked.what,
        to=_person(site, asked.listed, _number(one(submitted, _TO))) if asked.what is What.PASS else None,
        until=day_chosen(answers) if asked.what is What.PUT_OFF else None,
        seen={task.number: _number(one(submitted, f"held-{task.number}")) for task in asked.listed},
    )
    problem = _problem(asked, wanted)
    if asked.wrong or problem:
        return _form(request, asked, answers, key, problem)
    came = _each(site, actor, wanted, asked.listed, key)
    site.wake()
    return page(
        request,
        "work/several_done.html",
        wanted=wanted,
        done=[one for one in came if not one.why_not],
        left=[one for one in came if one.why_not],
        undoable=[one for one in came if one.before and not one.before.why_not],
        staying=[one for one in came if one.before and one.before.why_not],
        back=asked.back,
        came_from=came_from,
        told=_told_of_whom(site, wanted, came),
        again=_again(asked, [one.task for one in came if one.why_not]),
    )


def _again(asked: _Asked, left: Sequence[Ticked]) -> str:
    """What asks the same anew of those left that it can be done to at all; empty where there is none."""
    able = {one.number for one in asked.listed if not one.why_not}
    still = [("tasks", str(one.number)) for one in left if one.number in able]
    place = [(name, value) for name, value in asked.came_from.items() if value]
    return urlencode([("what", asked.what.value), *still, *place]) if still else ""


def _each(site: Site, actor: Actor, wanted: Wanted, listed: Sequence[Ticked], key: str) -> list[_Came]:
    came: list[_Came] = []
    for task in listed:
        try:
            opened, now = opened_on(site, actor, task.number)
            kept = before(opened, now, wanted) if now else None
            if _went_along(came, task.number):
                came.append(_Came(task))
                continue
            do(site, actor, wanted, task.number, key)
            came.append(_Came(task, before=kept))
        except Refusal as refusal:
            came.append(_Came(task, said(refusal)))
    return came


def _went_along(came: Sequence[_Came], number: int) -> bool:
    """Whether it has gone to somebody with another of the same case."""
    return any(one.before is not None and number in one.before.with_it for one in came)


def _take_back(request: Request[Any, Any, Any], submitted: Submitted) -> Response[Any]:
    site, actor = request.app.state.site, require(request).actor
    what = _what(one(submitted, "what"))
    came: list[_Came] = []
    numbers = _numbers(submitted.get("tasks", ()))[:MOST]
    for task in reversed(ticked(site, actor, what, numbers)):
        try:
            wanted = Wanted(what, until=day_chosen({"until": one(submitted, "until")}))
            if what is What.PASS:
                wanted = replace(wanted, to=somebody(site, task.role, _number(one(submitted, _TO)) or 0))
            undo(site, actor, task.number, _kept(one(submitted, f"before-{task.number}")), wanted)
            came.append(_Came(task))
        except Refusal as refusal:
            came.append(_Came(task, said(refusal)))
    site.wake()
    return page(
        request,
        "work/several_undone.html",
        done=[one for one in came if not one.why_not],
        left=[one for one in came if one.why_not],
        back=place_in_work({name: one(submitted, name) for name in CAME_FROM}).rstrip("?&"),
    )


def _kept(text: str) -> Before:
    try:
        return Before.from_text(text)
    except ValueError:
        raise NotFound from None


def _form(
    request: Request[Any, Any, Any], asked: _Asked, answers: Mapping[str, Any], key: str, problem: str = ""
) -> Response[Any]:
    able = _able(asked.site, asked.listed)
    about = question_answered(answers) if asked.what is What.PUT_OFF else _TO
    facts, errors = Facts({}, ""), {about: problem} if problem else {}
    questions = questions_of(asked.form, answers, facts, errors, {_ANY: able})
    wrong = asked.wrong or problem
    target = next((one.error_target for one in questions if one.name == about and problem), "")
    can = [one for one in asked.listed if not one.why_not]
    return page(
        request,
        "work/several.html",
        status=422 if wrong else 200,
        what=asked.what,
        can=can,
        cannot=[one for one in asked.listed if one.why_not],
        questions=questions if can else [],
        problems=[(target, wrong)] if wrong else [],
        came_from=asked.came_from,
        back=asked.back,
        key=key,
    )


def _problem(asked: _Asked, wanted: Wanted) -> str:
    """What is missing in what was said of them all."""
    if wanted.what is What.PASS and wanted.to is None:
        return "Choose who should have them"
    if wanted.what is not What.PUT_OFF:
        return ""
    if wanted.until is None:
        return "Choose a day"
    if wanted.until <= local_date(asked.site.now()):
        return "Choose a day after today."
    if why := nobody_works(asked.site.library.calendar, wanted.until):
        return why
    last = asked.last
    return f"Choose {in_words(last)} or an earlier day." if wanted.until > last else ""


def _able(site: Site, listed: Sequence[Ticked]) -> dict[int, str]:
    """Everybody who holds the role of one of them, with who of them is away."""
    roles = {one.role for one in listed if not one.why_not}
    with site.store.reading() as connection:
        held = people.holding(connection, roles)
        away = away_on(connection, local_date(site.now()))
    able = {id: name for ones in held.values() for id, name in ones.items()}
    told = {id: _told(site, away, id, roles) for id in able}
    offered = {id: f"{name} ({told[id]})" if told[id] else name for id, name in able.items()}
    return dict(sorted(offered.items(), key=itemgetter(1)))


def _told(site: Site, away: Away, person: int, roles: Iterable[str]) -> str:
    """That they are away, and who covers for them in any of the roles."""
    covering = {one.id: one for role in sorted(roles) for one in away.covers_in(person, role, site.council)}
    return told_of(away, person, list(covering.values()))


def _told_of_whom(site: Site, wanted: Wanted, came: Sequence[_Came]) -> str:
    """The same of whom these have gone to."""
    if wanted.to is None or wanted.to.id is None:
        return ""
    with site.store.reading() as connection:
        away = away_on(connection, local_date(site.now()))
    return _told(site, away, wanted.to.id, {one.task.role for one in came if not one.why_not})


def _person(site: Site, listed: Sequence[Ticked], number: int | None) -> Actor | None:
    found = (somebody(site, role, number or 0) for role in sorted({one.role for one in listed}))
    return next((one for one in found if one is not None), None)


def _what(name: str) -> What:
    try:
        return What(name)
    except ValueError:
        raise NotFound from None


def _numbers(texts: Sequence[str]) -> list[int]:
    found = (_number(text) for text in texts)
    return list(dict.fromkeys(one for one in found if one is not None))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


ROUTES = [ask, answer, take_back]
