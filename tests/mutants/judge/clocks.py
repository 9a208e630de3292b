"""Time that cannot be, found by counting it out on many days of the council's own calendar."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from apflow.core.days.calendar import LONDON, Calendar, local_date
from apflow.core.days.duration import OF_SCHOOLS, Duration, Unit
from apflow.loader.holidays import build_calendar
from tests.mutants.judge.raw import CLOCK, Flow, is_final, many, part
from tests.mutants.judge.reading import Policy, Raw

DAYS = tuple(datetime(2026, 1, 5, 12, tzinfo=LONDON) + timedelta(days=step) for step in range(0, 380, 13))


def wrong(flow: Flow) -> Iterator[str]:
    calendar = calendar_of(flow.policy)
    for name, states, spec in flow.each_deadline():
        yield from _anchors(flow, name, states, spec)
        yield from _reminders(calendar, name, spec)
        yield from _rounds(flow, calendar, name, states, spec)
    for name, spec in flow.wide.items():
        yield from _wide(flow, name, spec)
    for state, spec in flow.states.items():
        for name, one in part(spec, "deadlines").items():
            if one.get("while_in") or one.get("paused_in"):
                yield f"the deadline {name} of {state} says where it runs"
        yield from _shadowed(flow, calendar, state)
        yield from _at_once(flow, calendar, state)
    yield from _of_schools(flow)
    yield from _round_and_round(flow, calendar)


def calendar_of(policy: Policy) -> Calendar:
    """The council's calendar, built once for each way it is written."""
    (model,) = policy.models("council")
    return _calendar(model.calendar.model_dump_json() + repr(model.school_calendar), model)


_calendars: dict[str, Calendar] = {}
_counted: dict[tuple[int, Duration], tuple[datetime, ...]] = {}


def _calendar(key: str, model: object) -> Calendar:
    if key not in _calendars:
        _calendars[key] = build_calendar(model)  # type: ignore[arg-type]
    return _calendars[key]


def span_of(spec: Raw) -> Duration:
    return Duration.parse(str(spec.get("within") or spec.get("every")))


def _left(text: str) -> Duration:
    return Duration.parse(text.removesuffix(" left"))


def _due(calendar: Calendar, spec: Raw) -> tuple[datetime, ...]:
    """When it would be due, begun on each of the days."""
    key = (id(calendar), span_of(spec))  # Calendars are kept, so that no other gets its id.
    if key not in _counted:
        _counted[key] = tuple(calendar.due(day, key[1]).at for day in DAYS)
    return _counted[key]


def _anchors(flow: Flow, name: str, states: list[str], spec: Raw) -> Iterator[str]:
    field = flow.fields.get(str(spec.get("of")), {})
    if field and field["type"] != "date":
        yield f"{name} is counted from {spec['of']}, which is no date"
    then = spec["then"]
    if then.get("after_warning") and not spec.get("remind"):
        yield f"{name} waits for a warning, and nobody is warned"
    if then.get("after_warning") and then.get("escalate"):
        yield f"{name} waits for a warning to escalate"
    if then.get("after_warning") and spec.get("every"):
        yield f"{name} comes round, and waits for a warning"
    for state in states:
        seen, at = [name], spec.get("after_deadline")
        while at and at not in seen:
            seen.append(at)
            at = flow.deadlines(state).get(at, {}).get("after_deadline")
        if at:
            yield f"{name} is counted round and round from {at}"


def _reminders(calendar: Calendar, name: str, spec: Raw) -> Iterator[str]:
    rungs = [(ladder["who"], left) for ladder in many(spec.get("remind")) for left in many(ladder["at"])]
    yield from (
        f"{name} reminds {who} of {left} twice" for who, left in sorted(set(rungs)) if rungs.count((who, left)) > 1
    )
    if spec.get("of"):
        return
    for _, left in rungs:
        if not any(_is_later(calendar, day, span_of(spec), _left(left)) for day in DAYS):
            yield f"{name} would remind when {left}, before it begins"


def _is_later(calendar: Calendar, day: datetime, span: Duration, left: Duration) -> bool:
    """Whether the reminder comes after the day, or for hours the moment, that the deadline is counted from."""
    due = calendar.due(day, span)
    if span.unit is Unit.HOUR:
        before = timedelta(hours=left.count) if left.unit is Unit.HOUR else due.at - calendar.before(due.on, left)
        return due.at - before > day
    if left.unit is Unit.HOUR:
        return local_date(due.at - timedelta(hours=left.count)) > due.counted_from
    return local_date(calendar.before(due.on, left)) > due.counted_from


def _rounds(flow: Flow, calendar: Calendar, name: str, states: list[str], spec: Raw) -> Iterator[str]:
    if not spec.get("every"):
        return
    for state in states:
        for task, work in part(flow.states.get(state, {}), "tasks").items():
            if work.get("due"):
                due = _due(calendar, {"within": work["due"]})
                if all(late > round_ for late, round_ in zip(due, _due(calendar, spec), strict=True)):
                    yield f"{name} comes round before {task} is due"


def _wide(flow: Flow, name: str, spec: Raw) -> Iterator[str]:
    states = many(spec.get("while_in"))
    if not states:
        yield f"{name} does not say in which states it runs"
    yield from (f"{name} runs in {state}, which is final" for state in states if is_final(flow.states.get(state, {})))
    if spec.get("paused_in") and set(states) <= set(many(spec["paused_in"]["states"])):
        yield f"{name} stands still wherever it runs"


def _sure(flow: Flow, state: str) -> Raw:
    own = part(flow.states[state], "deadlines")
    return {
        name: one for name, one in own.items() if not any(one.get(key) for key in ("of", "after", "after_deadline"))
    }


def _shadowed(flow: Flow, calendar: Calendar, state: str) -> Iterator[str]:
    sure = _sure(flow, state)
    for name, spec in sure.items():
        for other, first in sure.items():
            event = flow.events[state].get(first["then"].get("event") or "", {})
            leaves = event.get("to") not in (None, state) and not event.get("requires") and not first.get("unless")
            if other != name and leaves and not first["then"].get("after_warning"):
                pairs = zip(_due(calendar, first), _due(calendar, spec), strict=True)
                if all(early < late for early, late in pairs):
                    yield f"{name} of {state} is never due: {other} always takes the case away before"


def _at_once(flow: Flow, calendar: Calendar, state: str) -> Iterator[str]:
    """Two deadlines of different events that start together and end at the same moment on every day there is."""
    ending = [(name, one) for name, one in flow.deadlines(state).items() if one["then"].get("event")]
    for number, (name, spec) in enumerate(ending):
        for other, second in ending[:number]:
            same_start = all(spec.get(key) == second.get(key) for key in ("of", "after", "after_deadline", "while_in"))
            differ = spec["then"]["event"] != second["then"]["event"] and not (
                spec.get("unless") or second.get("unless")
            )
            if same_start and differ and _due(calendar, spec) == _due(calendar, second):
                yield f"{other} and {name} of {state} end at the same moment in different events"


def _of_schools(flow: Flow) -> Iterator[str]:
    if "school_calendar" in flow.policy.council:
        return
    spans = [str(one.get("within") or one.get("every")) for _, _, one in flow.each_deadline()]
    spans += [str(task["due"]) for _, _, task in flow.each_task() if task.get("due")]
    spans += [
        left.removesuffix(" left")
        for _, _, one in flow.each_deadline()
        for ladder in many(one.get("remind"))
        for left in many(ladder["at"])
    ]
    for text in spans:
        if Duration.parse(text).unit in OF_SCHOOLS:
            yield f"{text} is counted by schools, and nobody says when they open"


def _round_and_round(flow: Flow, calendar: Calendar) -> Iterator[str]:
    """Deadlines of no time at all whose events lead in a circle."""
    arrows: dict[str, set[str]] = {}
    for state in flow.states:
        for spec in flow.deadlines(state).values():
            event = flow.events[state].get(spec["then"].get("event") or "", {})
            is_at_once = span_of(spec).count == 0 and span_of(spec).unit not in OF_SCHOOLS
            if event.get("to") and CLOCK in many(event["by"]) and is_at_once and not spec["then"].get("after_warning"):
                arrows.setdefault(state, set()).add(event["to"])
    for state, onward in arrows.items():
        seen, frontier = set[str](), [*onward]
        while frontier:
            at = frontier.pop()
            if at not in seen:
                seen.add(at)
                frontier += arrows.get(at, ())
        if state in seen:
            yield f"deadlines lead from {state} back to it without any time"
