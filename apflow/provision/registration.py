"""The registration light: whether one proprietor's provision, taken together, must be a registered school.

It is a prompt for an officer to look, with its reasons and its arithmetic in words; it decides nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from apflow.core.definition.words import short_day
from apflow.provision.ages import compulsory_school_age
from apflow.provision.law import Status, Wording
from apflow.provision.opening import Week, open_minutes


class Light(IntEnum):
    """How pressing it is; the larger the more."""

    GREEN = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to know, and how pressing it is by itself; green is for information."""

    light: Light
    text: str


@dataclass(frozen=True, slots=True)
class Learner:
    """A pupil as far as the law asks; who they are is for the page to say."""

    id: int
    born: date
    statuses: frozenset[Status] = frozenset()


@dataclass(frozen=True, slots=True)
class Stay:
    """One placement as it is today."""

    learner: Learner
    minutes: int
    site: str
    commissioner: str
    has_breaks: bool = True


class Standing(IntEnum):
    """What the national register says of the provider."""

    NOT_REGISTERED = 0
    REGISTERED = 1
    NO_NUMBER = 2
    NOT_FOUND = 3
    CLOSED = 4
    NO_EXTRACT = 5


@dataclass(frozen=True, slots=True)
class Institution:
    """Everything of one proprietor that is not registered, over all commissioners and sites."""

    stays: tuple[Stay, ...]
    weeks: tuple[Week, ...] = ()
    standing: Standing = Standing.NOT_REGISTERED


@dataclass(frozen=True, slots=True)
class Sum:
    """One pupil's hours added up, in words, and what they come to."""

    learner: Learner
    minutes: int
    is_full_time: bool
    words: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The light, the reasons most pressing first, and the arithmetic."""

    light: Light
    reasons: tuple[Reason, ...]
    sums: tuple[Sum, ...]
    full_time: int
    opening: str
    wording: Wording


def assess(wording: Wording, institution: Institution, today: date) -> Assessment:
    """The light under one wording of the law.

    Source of both tests of "full-time": the council's guidance, "DFE registration requirements for alternative
    provision". What makes amber is ours: the law only knows whether a school must register.
    """
    opened = open_minutes(institution.weeks, wording.daytime.starts, wording.daytime.ends)
    is_open_long = opened > wording.open_over * 60
    sums = _sums(wording, institution.stays, is_open_long, today)
    full_time = [one for one in sums if one.is_full_time]
    found = [*_standing(institution.standing)]
    if institution.standing not in (Standing.REGISTERED, Standing.NO_EXTRACT):
        found += [*_enough(wording, full_time), *_nearly(wording, full_time), *_open_long(wording, opened)]
        found += [*_mentioned(wording, sums), *_unsure(institution.stays)]
    reasons = sorted(found, key=lambda reason: -reason.light)
    return Assessment(
        light=reasons[0].light if reasons else Light.GREEN,
        reasons=tuple(reasons),
        sums=sums,
        full_time=len(full_time),
        opening=f"Open for {in_hours(opened)} a week in the day, counted once over all sites.",
        wording=wording,
    )


def must_register(wording: Wording, institution: Institution, on: date) -> bool:
    """Whether the pupils there on the day are enough for it to have to be a registered school.

    Source: Education Act 1996, section 463, as the wording has its numbers; whether it is registered is not asked here.
    """
    opened = open_minutes(institution.weeks, wording.daytime.starts, wording.daytime.ends)
    sums = _sums(wording, institution.stays, opened > wording.open_over * 60, on)
    return any(_enough(wording, [one for one in sums if one.is_full_time]))


def in_hours(minutes: int) -> str:
    """ "18 hours", "1 hour 30 minutes", "45 minutes"."""
    hours, rest = divmod(minutes, 60)
    said = [_many(hours, "hour")] if hours or not rest else []
    return " ".join([*said, *([_many(rest, "minute")] if rest else [])])


def _sums(wording: Wording, stays: Sequence[Stay], is_open_long: bool, today: date) -> tuple[Sum, ...]:
    by_learner: dict[int, list[Stay]] = {}
    for stay in stays:
        by_learner.setdefault(stay.learner.id, []).append(stay)
    made = (_sum(wording, own, is_open_long, today) for own in by_learner.values())
    return tuple(sorted(made, key=lambda one: (not one.is_full_time, -one.minutes, one.learner.id)))


def _sum(wording: Wording, stays: Sequence[Stay], is_open_long: bool, today: date) -> Sum:
    learner, minutes = stays[0].learner, sum(stay.minutes for stay in stays)
    parts = " and ".join(f"{in_hours(stay.minutes)} at {stay.site} for {stay.commissioner}" for stay in stays)
    total = f"{parts}, together {in_hours(minutes)} a week" if len(stays) > 1 else f"{parts} a week"
    age = compulsory_school_age(learner.born)
    limit = f"{wording.pupil_over} hours"
    if not age.has(today):
        when = f"from {short_day(age.first)}" if today < age.first else f"until {short_day(age.last)}"
        return Sum(learner, minutes, False, f"{total}. Not counted: of compulsory school age {when}.")
    if minutes > wording.pupil_over * 60:
        return Sum(learner, minutes, True, f"{total}: more than {limit}, so full-time.")
    if is_open_long:
        opened = f"the institution is open for more than {wording.open_over} hours a week"
        return Sum(learner, minutes, True, f"{total}: not more than {limit}, but full-time because {opened}.")
    return Sum(learner, minutes, False, f"{total}: not more than {limit}.")


def _standing(standing: Standing) -> Iterator[Reason]:
    match standing:
        case Standing.REGISTERED:
            yield Reason(Light.GREEN, "Registered: the national register has this URN as an open school.")
        case Standing.NO_NUMBER:
            yield Reason(Light.AMBER, "The provider says it is registered, but we have no URN to look up.")
        case Standing.NOT_FOUND:
            yield Reason(Light.RED, "The provider says it is registered, but the national register has no such URN.")
        case Standing.CLOSED:
            yield Reason(Light.RED, "The provider says it is registered, but the national register has it as closed.")
        case Standing.NO_EXTRACT:
            text = "The provider says it is registered. The national register has not been imported, so look it up."
            yield Reason(Light.AMBER, text)


def _enough(wording: Wording, full_time: Sequence[Sum]) -> Iterator[Reason]:
    count = len(full_time)
    if count >= wording.pupils:
        text = f"{_pupils(count)} in full-time education here: {wording.pupils} or more need a registered school."
        yield Reason(Light.RED, text)
    for status in wording.one_pupil_with:
        having = sum(status in one.learner.statuses for one in full_time)
        if having:
            text = f"{_pupils(having)} {_of_many(status, having)} in full-time education here: one is enough."
            yield Reason(Light.RED, text)


def _nearly(wording: Wording, full_time: Sequence[Sum]) -> Iterator[Reason]:
    count = len(full_time)
    if wording.warn_from <= count < wording.pupils:
        more = wording.pupils - count
        text = f"{_pupils(count)} in full-time education here: {_many(more, 'more')} would need a registered school."
        yield Reason(Light.AMBER, text.replace("mores", "more"))
    elif 0 < count < wording.pupils:
        text = f"{_pupils(count)} in full-time education here, of the {wording.pupils} that need a registered school."
        yield Reason(Light.AMBER, text)


def _open_long(wording: Wording, opened: int) -> Iterator[Reason]:
    if opened > wording.open_over * 60:
        text = (
            f"Open for {in_hours(opened)} a week in the day. The Department for Education considers more than "
            f"{wording.open_over} to be full-time education, so every pupil of compulsory school age is counted."
        )
        yield Reason(Light.AMBER, text)


def _mentioned(wording: Wording, sums: Sequence[Sum]) -> Iterator[Reason]:
    near = sum(wording.mention_over * 60 < one.minutes <= wording.pupil_over * 60 for one in sums)
    if near:
        yield Reason(Light.GREEN, f"{_pupils(near)} here for more than {wording.mention_over} hours a week.")


def _unsure(stays: Sequence[Stay]) -> Iterator[Reason]:
    without = len({stay.learner.id for stay in stays if not stay.has_breaks})
    if without:
        text = f"The hours of {_pupils(without)} leave out breaks. Breaks and independent study count: ask for them."
        yield Reason(Light.AMBER, text)


_SEVERAL: Mapping[Status, str] = {
    Status.EHCP: "with EHC plans",
    Status.SEN_SUPPORT: "with SEN support",
    Status.LOOKED_AFTER: "who are looked after",
}


def _of_many(status: Status, count: int) -> str:
    return status.words if count == 1 else _SEVERAL[status]


def _pupils(count: int) -> str:
    return _many(count, "pupil")


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
