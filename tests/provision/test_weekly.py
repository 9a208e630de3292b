"""What a week of a placement comes to on each day, when its hours or its cost change."""

from datetime import date

import pytest

from apflow.provision.weekly import Agreed, Earlier, Weekly

FIRST, MARCH, MAY = date(2027, 1, 4), date(2027, 3, 1), date(2027, 5, 3)
SIX, TEN, FULL = (Weekly(hours * 60, hours // 3, True, f"{hours * 20}.00") for hours in (6, 10, 20))
TWICE = Agreed(FULL, (Earlier(MARCH, SIX), Earlier(MAY, TEN)))


@pytest.mark.parametrize(
    ("day", "weekly"),
    [
        (date(2026, 9, 1), SIX),
        (date(2027, 2, 28), SIX),
        (MARCH, TEN),
        (date(2027, 5, 2), TEN),
        (MAY, FULL),
        (date(2028, 1, 1), FULL),
    ],
    ids=["before the first", "the day before", "the day", "the day before the next", "the next", "ever after"],
)
def test_what_was_agreed_holds_from_its_day(day: date, weekly: Weekly) -> None:
    assert TWICE.on(day) == weekly


@pytest.mark.parametrize(
    ("before", "now", "since", "after"),
    [
        (Agreed(SIX), TEN, MARCH, Agreed(TEN, (Earlier(MARCH, SIX),))),
        (Agreed(SIX), TEN, None, Agreed(TEN)),
        (Agreed(SIX), TEN, FIRST, Agreed(TEN)),
        (Agreed(SIX), TEN, date(2026, 12, 1), Agreed(TEN)),
        (Agreed(SIX), SIX, MARCH, Agreed(SIX)),
        (TWICE, SIX, MAY, Agreed(SIX, (Earlier(MARCH, SIX), Earlier(MAY, TEN)))),
        (TWICE, TEN, MAY, Agreed(TEN, (Earlier(MARCH, SIX),))),
        (TWICE, SIX, MARCH, Agreed(SIX)),
        (TWICE, SIX, date(2027, 4, 1), Agreed(SIX, (Earlier(MARCH, SIX), Earlier(date(2027, 4, 1), TEN)))),
        (TWICE, FULL, date(2027, 4, 1), Agreed(FULL, (Earlier(MARCH, SIX), Earlier(date(2027, 4, 1), TEN)))),
        (TWICE, TEN, None, Agreed(TEN, (Earlier(MARCH, SIX),))),
        (TWICE, FULL, FIRST, Agreed(FULL)),
    ],
    ids=[
        "from a day on",
        "put right",
        "from the first day",
        "from before the first day",
        "nothing else",
        "instead of the last",
        "as it was before the last",
        "as it was at first",
        "before the last",
        "the last, sooner",
        "the last put right, and so none",
        "all of it",
    ],
)
def test_a_change_holds_from_its_day_whatever_was_agreed_for_later(
    before: Agreed, now: Weekly, since: date | None, after: Agreed
) -> None:
    assert before.changed(now, since, FIRST) == after


@pytest.mark.parametrize(
    ("before", "now", "since", "after"),
    [
        (Agreed(SIX), TEN, None, Agreed(TEN)),
        (Agreed(SIX), TEN, MARCH, Agreed(TEN, (Earlier(MARCH, SIX),))),
        (Agreed(TEN, (Earlier(MARCH, SIX),)), FULL, MARCH, Agreed(FULL, (Earlier(MARCH, SIX),))),
        (Agreed(TEN, (Earlier(MARCH, SIX),)), TEN, MAY, Agreed(TEN, (Earlier(MAY, SIX),))),
        (Agreed(TEN, (Earlier(MAY, SIX),)), TEN, MARCH, Agreed(TEN, (Earlier(MARCH, SIX),))),
        (Agreed(TEN, (Earlier(MARCH, SIX),)), FULL, MAY, TWICE),
        (TWICE, FULL, None, Agreed(FULL)),
        (Agreed(SIX), SIX, MARCH, Agreed(SIX)),
        (TWICE, FULL, MAY, TWICE),
    ],
    ids=[
        "a mistake from the first day",
        "the first change",
        "a mistake since it changed",
        "changed later than was said",
        "changed sooner than was said",
        "one more change",
        "never changed",
        "nothing to have changed",
        "as it is",
    ],
)
def test_whoever_sees_the_latest_and_its_day_puts_either_right(
    before: Agreed, now: Weekly, since: date | None, after: Agreed
) -> None:
    assert before.put_right(now, since, FIRST) == after


def test_a_time_is_divided_where_something_changes_in_it() -> None:
    february, april, june = date(2027, 2, 1), date(2027, 4, 5), date(2027, 6, 1)

    assert [*TWICE.between(february, april)] == [
        (february, date(2027, 2, 28), SIX),
        (MARCH, april, TEN),
    ]
    assert [*TWICE.between(MARCH, MAY)] == [(MARCH, date(2027, 5, 2), TEN), (MAY, MAY, FULL)]
    assert [*TWICE.between(june, june)] == [(june, june, FULL)]


def test_what_is_to_come_is_told_with_its_day() -> None:
    assert [*TWICE.coming(FIRST)] == [(MARCH, TEN), (MAY, FULL)]
    assert [*TWICE.coming(MARCH)] == [(MAY, FULL)]
    assert [*TWICE.coming(MAY)] == []
    assert (TWICE.since, Agreed(SIX).since) == (MAY, None)
