"""The school-day clocks of the law on alternative provision. How many days each is, policy says; here is how to count.

School days are those of one calendar: what a school of another area counts by is given instead of the council's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from apflow.core.days.school import SchoolDays


@dataclass(frozen=True, slots=True)
class Begins:
    """By which day education must begin, and from which it should where that is possible."""

    latest: date
    wanted: date


def after_permanent_exclusion(
    first_day: date, school: SchoolDays, *, day: int, looked_after_since: date | None = None
) -> Begins:
    """When full-time education must begin: on the school day so many after the first day of the exclusion.

    Source: Education Act 1996, section 19(3A) and SI 2007/1870: the sixth school day; DfE, Suspension and Permanent
    Exclusion (2024). For a child who is looked after, from the first day where possible, or from becoming so.
    """
    return _begins(school.days_after(school.first_on(first_day), day).on, first_day, school, looked_after_since)


def after_suspension(
    first_day: date, school: SchoolDays, *, day: int, looked_after_since: date | None = None
) -> Begins:
    """The same of a suspension, whose own first day is the first that is counted.

    Source: Education and Inspections Act 2006, section 100 and SI 2007/1870: from the sixth school day of it.
    """
    return _begins(school.days_after(school.first_on(first_day), day - 1).on, first_day, school, looked_after_since)


def health_duty_on(
    absent: Iterable[date], expected_until: date | None, school: SchoolDays, *, days: int
) -> date | None:
    """The school day with which a child has missed, or will have missed, so many of the year for a health need.

    Source: DfE, Arranging education for children who cannot attend school because of health needs (2023): 15 school
    days, consecutive or cumulative. None while that is not in sight. Days on which schools are closed are not missed.
    """
    missed = sorted({day for day in absent if school.why_closed(day) is None})
    if len(missed) >= days:
        return missed[days - 1]
    day = missed[-1] if missed else None
    while day is not None and expected_until is not None and day < expected_until:
        day = school.days_after(day, 1).on
        if day <= expected_until:
            missed.append(day)
        if len(missed) == days:
            return day
    return None


def notice_by(starts_on: date, school: SchoolDays, *, days: int) -> date:
    """The last day on which parents can be told of an off-site direction.

    Source: Education (Educational Provision for Improving Behaviour) Regulations 2010 (SI 2010/1156), as amended: not
    later than two school days before it begins.
    """
    return school.day_before(starts_on, days)


def must_review_from(last_review_on: date, *, weeks: int) -> date:
    """The first day on which a parent's request makes the governors review an off-site direction again.

    Source: the same Regulations as amended by SI 2012/2532: unless one took place in the previous ten weeks.
    """
    return last_review_on + timedelta(weeks=weeks, days=1)


def last_day_of_weeks(first_day: date, *, weeks: int) -> date:
    """The last day of a placement of so many weeks.

    Source: DfE, Non-school alternative provision: voluntary national standards (2025): 12 weeks full-time are intended;
    that is not law.
    """
    return first_day + timedelta(weeks=weeks, days=-1)


def _begins(latest: date, first_day: date, school: SchoolDays, looked_after_since: date | None) -> Begins:
    if looked_after_since is None or looked_after_since > latest:
        return Begins(latest, latest)
    return Begins(latest, school.first_on(max(first_day, looked_after_since)))
