"""What is different in how attendance is coded and chased, in sentences."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from apflow.core.compare.grammar import Saying, differences, gained_and_lost, keyed, listed
from apflow.core.definition.words import short_day
from apflow.provision.chasing_compared import (
    Titles,
    compare_chasing,
    compare_late_marks,
    compare_long_absences,
    compare_missing,
    compare_patterns,
)
from apflow.provision.coding import AbsenceReason, Attendance, Closed, CodeRule, CodeTable, Meaning, NoReason
from apflow.provision.coding_in_words import in_words, outcome


def compare_attendances(old: Attendance | None, new: Attendance | None, titles: Titles | None = None) -> Iterator[str]:
    """At least one sentence for every difference in how attendance is coded and chased; `titles` are those of roles."""
    if old is None or new is None:
        if new is not None:
            yield f"“{new.title}” is added: attendance is marked and its codes follow from it."
        if old is not None:
            yield f"“{old.title}” is taken away: attendance is no longer marked."
        return
    sayings: dict[str, Saying] = {
        "title": lambda was, now: [f"“{was}” is now called “{now}”."],
        "tables": _tables,
        "chasing": compare_chasing,
        "pattern": partial(compare_patterns, titles or {}),
        "missing": partial(compare_missing, titles or {}),
        "long_absences": partial(compare_long_absences, titles or {}, _said_of_absences(old, new)),
        "late_marks": compare_late_marks,
    }
    yield from differences("Attendance", old, new, sayings)


def _said_of_absences(*attendances: Attendance) -> Mapping[str, str]:
    """What each reason says, in the codes that are the latest to have it."""
    tables = sorted((table for each in attendances for table in each.tables.values()), key=lambda table: table.since)
    return {name: reason.says for table in tables for name, reason in table.reasons.items()}


def _tables(old: Mapping[str, CodeTable], new: Mapping[str, CodeTable]) -> Iterator[str]:
    return keyed(
        old,
        new,
        added=lambda _, table: [f"The codes of {table.title} are added, in force from {short_day(table.since)}."],
        removed=lambda _, table: [f"The codes of {table.title} are taken away."],
        changed=lambda _, was, now: _table(was, now),
        called=lambda table: table.title,
    )


def _table(old: CodeTable, new: CodeTable) -> Iterator[str]:
    sayings: dict[str, Saying] = {
        "title": lambda was, now: [f"The law of the codes is now called {now}, was {was}."],
        "since": lambda was, now: [
            f"{new.title}: these codes are now in force from {short_day(now)}, were from {short_day(was)}."
        ],
        "codes": partial(_codes, new.title),
        "reasons": partial(_reasons, new.title),
        "no_reason": partial(_no_reason, new.title),
        "closed": partial(_closed, new.title),
        "rules": partial(_rules, new.title),
    }
    yield from differences(new.title, old, new, sayings)


def _codes(law: str, old: Mapping[str, Meaning], new: Mapping[str, Meaning]) -> Iterator[str]:
    def changed(code: str, was: Meaning, now: Meaning) -> Iterator[str]:
        sayings: dict[str, Saying] = {
            "says": lambda was, now: [f"{law}: code {code} now says “{now}”, was “{was}”."],
            "counts": lambda was, now: [f"{law}: a session with code {code} now counts as {now}, was {was}."],
        }
        return differences(f"{law}: code {code}", was, now, sayings)

    return keyed(
        old,
        new,
        added=lambda code, now: [f"{law}: code {code} is added, “{now.says}”, which counts as {now.counts}."],
        removed=lambda code, was: [f"{law}: code {code}, “{was.says}”, is taken away."],
        changed=changed,
        renames={},
        order=f"{law}: the codes come in another order.",
    )


def _reasons(law: str, old: Mapping[str, AbsenceReason], new: Mapping[str, AbsenceReason]) -> Iterator[str]:
    def added(_: str, reason: AbsenceReason) -> Iterator[str]:
        who = _tellers(reason.told_by)
        yield f"{law}: {who} can now give the reason “{reason.says}”, which leads to code {reason.code}."

    return keyed(
        old,
        new,
        added=added,
        removed=lambda _, reason: [f"{law}: nobody can give the reason “{reason.says}” any more."],
        changed=lambda _, was, now: _reason(f"{law}: the reason “{now.says}”", was, now),
        called=lambda reason: f"{law}: the reason “{reason.says}”",
        order=f"{law}: the reasons come in another order.",
        noticed="marks that were made with it keep the name of before, and so have no reason",
    )


def _reason(subject: str, old: AbsenceReason, new: AbsenceReason) -> Iterator[str]:
    sayings: dict[str, Saying] = {
        "says": lambda was, _: [f"{subject} read “{was}” before."],
        "code": lambda was, now: [f"{subject} now leads to code {now}, did to {was}."],
        "told_by": lambda was, now: [f"{subject} can now be given by {_tellers(now)}, could be by {_tellers(was)}."],
        "read_by": lambda was, now: [f"{subject} is now read by {_tellers(now)}, was by {_tellers(was)}."],
        "seldom": lambda _, now: [
            f"{subject} now stands {'under “Other reasons”' if now else 'among those of every day'}."
        ],
        "to_record": lambda was, now: [
            f"{subject}: what the school's register has to say besides is now {_quoted(now)}, was {_quoted(was)}."
        ],
    }
    return differences(subject, old, new, sayings)


def _no_reason(law: str, old: NoReason, new: NoReason) -> Iterator[str]:
    sayings: dict[str, Saying] = {
        "code": lambda was, now: [f"{law}: an absence that nobody explains now has code {now}, had {was}."],
        "becomes": lambda was, now: [f"{law}: one that nobody explains in time now becomes {now}, became {was}."],
        "after": lambda was, now: [
            f"{law}: an absence can now be explained for {now} before that, could be for {was}."
        ],
    }
    return differences(law, old, new, sayings)


def _closed(law: str, old: Closed | None, new: Closed | None) -> Iterator[str]:
    if old is None or new is None:
        has = f"now has code {new.code}" if new else "no longer has a code of its own"
        yield f"{law}: a day on which the home school is closed {has}."
        return
    sayings: dict[str, Saying] = {
        "code": lambda was, now: [f"{law}: a day on which the home school is closed now has code {now}, had {was}."],
        "because": lambda was, now: [f"{law}: of such a day it is now said “{now}”, was “{was}”."],
    }
    yield from differences(law, old, new, sayings)


def _rules(law: str, old: tuple[CodeRule, ...], new: tuple[CodeRule, ...]) -> Iterator[str]:
    """Which sessions get which code by other rules; those that only say why otherwise by what they say."""
    before, after = {in_words(rule): rule for rule in old}, {in_words(rule): rule for rule in new}
    come, gone = gained_and_lost(before, after)
    for rule in come:
        yield f"{law}: a rule is added: {rule}: {outcome(after[rule])}. Why: “{after[rule].because}”"
    for rule in gone:
        yield f"{law}: a rule is taken away: {rule}: {outcome(before[rule])}."
    for rule in (one for one in after if one in before):
        was, now = before[rule], after[rule]
        if outcome(was) != outcome(now):
            yield f"{law}: of a session {rule} it is now {outcome(now)}, was {outcome(was)}."
        if was.because != now.because:
            yield f"{law}: why it is {outcome(now)} of a session {rule} now reads “{now.because}”, was “{was.because}”."
    if [one for one in before if one in after] != [one for one in after if one in before]:
        yield f"{law}: the rules come in another order, and the first that fits a session decides."


def _tellers(tellers: Iterable[str]) -> str:
    return listed(f"the {teller}" for teller in tellers)


def _quoted(said: str | None) -> str:
    return f"“{said}”" if said else "nothing"
