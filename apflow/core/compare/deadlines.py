"""Deadlines compared: how long there is, from when, who is reminded, and what happens in the end."""

from collections.abc import Iterator, Mapping, Sequence

from apflow.core.compare.grammar import Saying, differences, keyed, listed
from apflow.core.compare.names import Names, email
from apflow.core.compare.said import condition_words, items_words
from apflow.core.days.duration import Duration
from apflow.core.definition.conditions import Condition
from apflow.core.definition.timing import DeadlineSpec, Pause, Reminder, Then

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def compare_deadlines(
    names: Names, where: str, old: Mapping[str, DeadlineSpec], new: Mapping[str, DeadlineSpec]
) -> Iterator[str]:
    """The sentences for the deadlines of one place; the first of them is what notices speak of, so order counts."""
    return keyed(
        old,
        new,
        added=lambda _, spec: [f"{where}A deadline is added: {_whole(names, spec)}."],
        removed=lambda _, spec: [f"{where}The deadline “{spec.label}” is taken away; it was {_span(spec)}."],
        changed=lambda _, before, after: _changed(names, where, before, after),
        called=lambda spec: f"{where}The deadline “{spec.label}”",
        order=f"{where}The deadlines come in another order.",
    )


def _changed(names: Names, where: str, old: DeadlineSpec, new: DeadlineSpec) -> Iterator[str]:
    subject = f"{where}“{new.label}”"
    span = [f"{subject} is now {_span(new)}, was {_was(old, new)}."]
    anchor = [f"{subject} is now counted {_anchor(names, new)}, was {_anchor(names, old)}."]
    sayings: dict[str, Saying] = {
        "label": lambda before, after: [f"{where}“{before}” is now called “{after}”."],
        "within": lambda *_: span,
        "every": lambda *_: span,
        "of": lambda *_: anchor,
        "or_entering": lambda *_: anchor,
        "among": lambda *_: anchor,
        "after": lambda *_: anchor,
        "after_deadline": lambda *_: anchor,
        "while_in": lambda before, after: [
            f"{subject} now runs {_while(names, after)}, ran {_while(names, before)}.",
        ],
        "paused_in": lambda before, after: [f"{subject} now {_paused(names, after)}, {_paused(names, before)} before."],
        "unless": lambda before, after: [_unless(names, subject, before, after)],
        "remind": lambda before, after: _reminders(names, subject, before, after),
        "then": lambda before, after: [
            f"{subject}: when it passes, now {_end(names, after)}; was: {_end(names, before)}."
        ],
        "same_task_as": lambda _, after: [
            f"{subject} now has one task with the deadline {names.deadline(after)}."
            if after
            else f"{subject} now has a task of its own."
        ],
        "on_migration": lambda before, after: [
            f"{subject}: where it runs on a case that is moved to this version, {_moved(after)}; was: {_moved(before)}."
        ],
        "formerly": lambda before, after: [f"{subject}: {_former(after)}; before: {_former(before)}."],
    }
    return differences(subject, old, new, sayings)


def _moved(choice: str) -> str:
    """What becomes of its date, in words."""
    known = {"keep": "its date is kept", "recompute": "its date is counted anew", "ask": "it is asked about its date"}
    return known.get(choice, choice)


def _former(name: str | None) -> str:
    return f"the “{name.replace('_', ' ')}” of an earlier version goes on as this one" if name else "it is itself alone"


def _span(spec: DeadlineSpec) -> str:
    return f"within {spec.within}" if spec.within else f"every {spec.every}"


def _was(old: DeadlineSpec, new: DeadlineSpec) -> str:
    if (old.within is None) != (new.within is None):
        return _span(old)
    return str(old.span.count) if old.span.unit == new.span.unit else str(old.span)


def _anchor(names: Names, spec: DeadlineSpec) -> str:
    otherwise = ", or from the beginning where there is none" if spec.or_entering else ""
    if spec.among:
        return f"from each day in {names.field(spec.of)} of {items_words(names, spec.among)}{otherwise}"
    if spec.of:
        return f"from the day in {names.field(spec.of)}{otherwise}"
    if spec.after:
        return f"from when {names.event(spec.after)} last happened"
    return f"from the deadline {names.deadline(spec.after_deadline)}" if spec.after_deadline else "from the beginning"


def _while(names: Names, states: Sequence[str]) -> str:
    return f"while the case is in {names.states(states)}" if states else "in every open state"


def _paused(names: Names, pause: Pause | None) -> str:
    if pause is None:
        return "never stands still"
    return f"stands still in {names.states(pause.states)} for at most {pause.at_most}"


def _unless(names: Names, subject: str, before: Condition | None, after: Condition | None) -> str:
    if before is None or after is None:
        runs = "no longer runs" if after else "now also runs"
        return f"{subject} {runs} while {condition_words(names, after or before)}."
    return (
        f"{subject} now does not run while {condition_words(names, after)}; before, {condition_words(names, before)}."
    )


def _end(names: Names, then: Then) -> str:
    end = f"{names.event(then.event)} happens" if then.event else f"{names.role(then.escalate or '')} is told to act"
    told = f", with {email(then.notice)}" if then.notice else ""
    waits = f", but not until {then.after_warning} after a reminder was delivered" if then.after_warning else ""
    return f"{end}{told}{waits}"


def _whole(names: Names, spec: DeadlineSpec) -> str:
    start = f", counted {_anchor(names, spec)}" if not spec.is_sure else ""
    runs = f", {_while(names, spec.while_in)}" if spec.while_in else ""
    still = f", which {_paused(names, spec.paused_in)}" if spec.paused_in else ""
    wanted = f", but not while {condition_words(names, spec.unless)}" if spec.unless else ""
    reminders = f", reminding {listed(_reminded(names, spec))}" if spec.remind else ", without a reminder"
    said = f"{_span(spec)}{start}{runs}{still}{wanted}{reminders}"
    return f"“{spec.label}” {said}; when it passes, {_end(names, spec.then)}"


def _reminded(names: Names, spec: DeadlineSpec) -> Iterator[str]:
    """Each role that is reminded, and when."""
    rungs = _rungs(spec.remind)
    for who in dict.fromkeys(who for who, _ in rungs):
        yield f"{names.role(who)} {listed(f'{left} before' for one, left in rungs if one == who)}"


Rung = tuple[str, Duration]


def _rungs(ladders: Sequence[Reminder]) -> dict[Rung, str]:
    """The notice of every reminder, by who gets it and how long before."""
    return {(ladder.who, left): ladder.notice for ladder in ladders for left in ladder.at}


def _at_once(ladders: Sequence[Reminder]) -> set[Rung]:
    return {(ladder.who, left) for ladder in ladders if ladder.at_once for left in ladder.at}


def _reminders(names: Names, subject: str, old: Sequence[Reminder], new: Sequence[Reminder]) -> Iterator[str]:
    before, after = _rungs(old), _rungs(new)
    gone, come = [rung for rung in before if rung not in after], [rung for rung in after if rung not in before]
    for was in list(gone):
        now = next((rung for rung in come if rung[0] == was[0]), None)
        if now is not None:
            gone.remove(was)
            come.remove(now)
            which = f"the {_ordinal(list(before).index(was))} reminder, to {names.role(was[0])},"
            yield f"{subject}: {which} is now {now[1]} before, was {_shorter(was[1], now[1])}."
    for number, (who, left) in enumerate(come, start=len(before) - len(gone)):
        yield f"{subject}: a {_ordinal(number)} reminder is added, {left} before, to {names.role(who)}."
    for who, left in gone:
        yield f"{subject}: {names.role(who)} is no longer reminded {left} before; {_remaining(len(after))}."
    was_at_once, at_once = _at_once(old), _at_once(new)
    for rung in (rung for rung in after if rung in before and (rung in was_at_once) is not (rung in at_once)):
        how = "goes at once and by itself" if rung in at_once else "goes on a working day, with that day's others"
        yield f"{subject}: the reminder {rung[1]} before, to {names.role(rung[0])}, now {how}."
    for rung in after:
        if before.get(rung, after[rung]) != after[rung]:
            yield f"{subject}: the reminder {rung[1]} before is now {email(after[rung])}, was {email(before[rung])}."


def _shorter(was: Duration, now: Duration) -> str:
    return str(was.count) if was.unit == now.unit else str(was)


def _ordinal(index: int) -> str:
    return _ORDINALS[index] if index < len(_ORDINALS) else "further"


def _remaining(count: int) -> str:
    return {0: "no reminder is left", 1: "one reminder is left"}.get(count, f"{count} reminders are left")
