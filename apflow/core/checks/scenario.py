"""Scenarios played out: each must end where it says, send what it says, and be refused where it says."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.days.calendar import local_date
from apflow.core.definition.promises import Does, Scenario, Wait
from apflow.core.definition.words import day
from apflow.core.errors import CalendarExhausted, Refusal
from apflow.core.machine import START
from apflow.core.play import NeverRests, Play
from apflow.core.rehearsing import Cast, a_play, does, items_for


def check_scenarios(subject: Subject) -> Iterator[Finding]:
    """Every scenario that does not come out as told; nothing is said of what follows the first surprise."""
    for name, scenario in subject.workflow.scenarios.items():
        finding = _played(subject, ("scenarios", name), scenario)
        if finding is not None:
            yield finding


def _played(subject: Subject, path: Path, scenario: Scenario) -> Finding | None:
    play, cast = a_play(subject.definition), Cast(subject.definition)
    for number, step in enumerate(scenario.steps):
        place = (*path, "steps", number)
        surprise = _step(play, cast, step) if isinstance(step, Does) else _waited(subject, play, step)
        if surprise:
            return Finding(place, "scenario", f"{surprise} ({_stands(play)})")
    if play.case.state != scenario.ends:
        return Finding((*path, "ends"), "scenario", f'the story does not end in "{scenario.ends}": {_stands(play)}')
    return _emails(path, scenario, play)


def _waited(subject: Subject, play: Play, step: Wait) -> str | None:
    """Why the time of the step does not pass, if it does not."""
    try:
        play.wait_until(subject.definition.calendar.due(play.now, step.wait).at)
    except NeverRests as error:
        return error.message
    return None


def _step(play: Play, cast: Cast, step: Does) -> str | None:
    """What comes out otherwise than the step says, if anything."""
    try:
        for number in range(step.people):
            _done(play, cast, step, number)
    except Refusal as refusal:
        if step.refused is None:
            return f'"{step.does}" is refused: {refusal.message}'
        if step.refused.lower() not in refusal.message.lower():
            return f'"{step.does}" is refused for another reason: {refusal.message}'
        return None
    except CalendarExhausted as error:
        return error.message
    return f'"{step.does}" is not refused' if step.refused is not None else None


def _done(play: Play, cast: Cast, step: Does, number: int) -> None:
    actor = cast.person(step.who, number) if step.people > 1 else cast.anybody(play, step.who, step.does)
    if step.item == "every required":
        for key in list(items_for(play, step.does, required_only=True)):
            does(play, actor, step.does, key, **step.answers)
    else:
        does(play, actor, step.does, step.item, **step.answers)


def _stands(play: Play) -> str:
    where = "it has not begun" if play.case.state == START else f'it is in "{play.case.state}"'
    return f"on {day(local_date(play.now))} {where}"


def _emails(path: Path, scenario: Scenario, play: Play) -> Finding | None:
    if scenario.emails is None:
        return None
    sent = [send.notice for outcome in play.outcomes for send in outcome.sends]
    if sent == list(scenario.emails):
        return None
    pairs = enumerate(zip(sent, scenario.emails, strict=False))
    wrong = next((n for n, (goes_out, written) in pairs if goes_out != written), None)
    place = (*path, "emails") if wrong is None else (*path, "emails", wrong)
    told = f"{_otherwise(sent, scenario.emails)}; these go out, in order: {', '.join(sent) or 'none'}"
    return Finding(place, "scenario", told)


def _otherwise(sent: list[str], written: Sequence[str]) -> str:
    """The first of the e-mails that is not as it is written."""
    for goes_out, told in zip_longest(sent, written):
        if told is None:
            return f'"{goes_out}" goes out as well'
        if goes_out is None:
            return f'"{told}" does not go out'
        if goes_out != told:
            break
    return f'"{goes_out}" goes out where "{told}" is written'
