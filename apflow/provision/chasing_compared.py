"""What is different in how missing marks and absences are chased, in sentences."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from apflow.core.compare.grammar import Saying, differences, gained_and_lost, keyed, listed
from apflow.core.definition.words import clock
from apflow.provision.chasing import AbsencePattern, Chase, ChaseSchool, Chasing, LateMarks, LongAbsence, Missing

Titles = Mapping[str, str]
_CARED_FOR = "who is looked after, or on a child protection or child in need plan,"


def compare_chasing(old: Chasing, new: Chasing) -> Iterator[str]:
    """When what is not marked is chased, and whom."""
    sayings: dict[str, Saying] = {
        "am": partial(_chase, "a morning"),
        "pm": partial(_chase, "an afternoon"),
        "school": _school,
    }
    return differences("The chasing of attendance that is not marked", old, new, sayings)


def _chase(half: str, old: Chase, new: Chase) -> Iterator[str]:
    sayings: dict[str, Saying] = {
        "remind_at": lambda was, now: [
            f"A provider is now reminded at {clock(now)} of {half} that it has not marked, was at {clock(was)}."
        ],
        "flag_at": lambda was, now: [
            f"The council is now told at {clock(now)} of {half} that is not marked, was at {clock(was)}."
        ],
    }
    return differences(f"Chasing {half}", old, new, sayings)


def _school(old: ChaseSchool | None, new: ChaseSchool | None) -> Iterator[str]:
    if old is None or new is None:
        yield (
            "Schools are no longer told that attendance of their pupils is not marked."
            if new is None
            else f"A school is now told once {_counted(new.after_days, 'day')} of a pupil within {new.counted_within} "
            f"were not marked, and again {new.every} later while it lasts."
        )
        return
    sayings: dict[str, Saying] = {
        "after_days": lambda was, now: [
            f"A school is now told once {_counted(now, 'day')} of a pupil were not marked, was once {was} were."
        ],
        "within": lambda *_: [
            f"For that, days within {new.counted_within} now count, were those within {old.counted_within}."
        ],
        "every": lambda was, now: [f"A school is now told again {now} later while it lasts, was {was} later."],
    }
    yield from differences("Telling schools of attendance that is not marked", old, new, sayings)


def compare_patterns(titles: Titles, old: AbsencePattern, new: AbsencePattern) -> Iterator[str]:
    """From how many absences on somebody looks into it, and who hears."""

    def now_a_pattern(*_: object) -> list[str]:
        return [
            f"Absences are now a pattern at {new.absences} of {new.of} sessions, were at {old.absences} of {old.of}."
        ]

    also = partial(_also, titles, "of a pattern of absences")
    sayings: dict[str, Saying] = {"absences": now_a_pattern, "of": now_a_pattern, "also": also}
    return differences("A pattern of absences", old, new, sayings)


def compare_missing(titles: Titles, old: Missing | None, new: Missing | None) -> Iterator[str]:
    """After how long a pupil is missing, and who hears."""
    if old is None or new is None:
        yield (
            "Nobody is told any more of a pupil who does not come and of whom nobody says why."
            if new is None
            else f"A pupil is now missing who does not come for {_counted(new.days, 'day')} running, and one "
            f"{_CARED_FOR} for {_counted(new.sooner, 'day')}, while nobody says why."
        )
        return
    sayings: dict[str, Saying] = {
        "days": lambda was, now: [
            f"A pupil is now missing after {_counted(now, 'day')} without a reason, was after {was}."
        ],
        "sooner": lambda was, now: [f"One {_CARED_FOR} is now missing after {_counted(now, 'day')}, was after {was}."],
        "also": partial(_also, titles, "of a pupil who is missing"),
    }
    yield from differences("Pupils who are missing", old, new, sayings)


def compare_long_absences(
    titles: Titles, reasons: Mapping[str, str], old: Mapping[str, LongAbsence], new: Mapping[str, LongAbsence]
) -> Iterator[str]:
    """After how many school days away it is told that education may have to be arranged, by what `reasons` say."""

    def of_whom(rule: LongAbsence) -> str:
        return f"a pupil who is away for {listed(f'“{reasons.get(one, one)}”' for one in rule.reasons)}"

    def changed(_: str, was: LongAbsence, now: LongAbsence) -> Iterator[str]:
        after = f"The council and the school are now told of {of_whom(now)} {_so_long(now)}, were {_so_long(was)}."
        sayings: dict[str, Saying] = {
            "reasons": lambda *_: [
                f"The council and the school are now told of {of_whom(now)}, were of {of_whom(was)}."
            ],
            **{key: lambda *_: [after] for key in ("school_days", "counted", "in_care")},
            "also": partial(_also, titles, f"of {of_whom(now)} for long"),
        }
        return differences("Pupils who are away for long", was, now, sayings)

    return keyed(
        old,
        new,
        added=lambda _, rule: [f"The council and the school are now told of {of_whom(rule)} {_so_long(rule)}."],
        removed=lambda _, rule: [f"Nobody is told any more of {of_whom(rule)} {_so_long(rule)}."],
        changed=changed,
    )


def _so_long(rule: LongAbsence) -> str:
    span = "running" if rule.counted == "running" else "of a school year"
    in_care = "" if rule.in_care is None else f", looked after on {rule.in_care}"
    return f"on {_counted(rule.school_days, 'school day')} {span}{in_care}"


def _also(titles: Titles, of_what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    come, gone = gained_and_lost(old, new)
    if come:
        yield f"{listed(titles.get(one, one) for one in come)} is now told too {of_what}."
    if gone:
        yield f"{listed(titles.get(one, one) for one in gone)} is no longer told {of_what}."


def compare_late_marks(old: LateMarks | None, new: LateMarks | None) -> Iterator[str]:
    """For how long a provider marks and a school explains."""
    if old is None or new is None:
        yield (
            "A provider can now mark a session, and a school give a reason, however long ago it was."
            if new is None
            else f"A session longer than {new.after} ago can now be marked, and its reason given, by the council alone."
        )
        return
    sayings: dict[str, Saying] = {
        "after": lambda was, now: [
            f"A provider and a school can now mark and explain a session for {now}, could for {was}."
        ],
    }
    yield from differences("Marks that come late", old, new, sayings)


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
