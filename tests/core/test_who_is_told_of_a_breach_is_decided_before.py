"""Whether the people concerned are told of a breach is asked only while it is not decided."""

import pytest

from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does, items_for
from apflow.loader import Library

DPO = "data_protection_officer"


class Breach:
    """A breach that is reported, taken on and weighed."""

    def __init__(self, library: Library) -> None:
        definition = library.current("data_breach")
        cast = Cast(definition)
        self.play: Play = a_play(definition)
        self.dpo = cast.person(DPO)
        does(self.play, cast.person("officer"), "report_breach")
        self.does("take_on")
        for key in items_for(self.play, "weighs_some", required_only=True):
            self.does("weighs_some", key)

    def does(self, event: str, item: str | None = None, **given: str) -> None:
        does(self.play, self.dpo, event, item, **given)

    def followed(self, risk: str) -> "Breach":
        self.does("decide_to_tell_ico", risk=risk)
        self.does("ico_told")
        return self

    def a_day_later(self) -> list[str]:
        """What of deciding about people has passed by then, and is somebody's to see to."""
        self.play.wait_until(self.play.now.replace(day=self.play.now.day + 2))
        return self.overdue()

    def overdue(self) -> list[str]:
        asked = ("overdue_people_due", "overdue_left_out_due")
        return [task.name for task in self.play.case.tasks if task.name in asked]


@pytest.fixture
def breach(library: Library) -> Breach:
    return Breach(library)


def test_it_is_asked_while_nobody_has_decided(breach: Breach) -> None:
    assert breach.followed("risk").a_day_later() == ["overdue_people_due"]


def test_it_is_not_asked_where_it_was_decided_before(breach: Breach) -> None:
    breach.does("people_to_tell")

    assert breach.followed("risk").a_day_later() == []


def test_it_is_not_asked_where_a_risk_is_unlikely(breach: Breach) -> None:
    breach.does("decide_not_to_tell_ico", risk="unlikely")

    assert breach.a_day_later() == []


def test_what_is_overdue_is_done_with_once_it_is_decided(breach: Breach) -> None:
    breach.followed("risk").a_day_later()

    breach.does("people_not_told", not_told_because="low")

    assert breach.overdue() == []


def test_it_is_asked_anew_of_those_left_out_as_the_risk_was_low_once_it_is_high(breach: Breach) -> None:
    breach.followed("risk").does("people_not_told", not_told_because="low")
    assert breach.a_day_later() == []
    breach.does("more_came_out")

    breach.followed("high")
    assert breach.a_day_later() == ["overdue_left_out_due"]

    breach.does("told_after_all", "1")
    assert "left_out_due" not in breach.play.case.deadlines
