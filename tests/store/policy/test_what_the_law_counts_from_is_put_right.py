"""A day of exclusion or absence, or a kind, that was said wrongly is put right after the referral is sent."""

from datetime import date
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_of
from apflow.testing import MONDAY, OLIVE, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

WRONG: dict[str, Any] = {"kind": "excluded", "permanently_excluded_on": "2026-10-20"}
WHY: dict[str, Any] = {"why_corrected": "The head teacher's letter says the 30th."}


class Sent:
    """Pip's referral with a wrong day, and who sent it."""

    def __init__(self, handler: Handler) -> None:
        _, place = a_listed_site(handler)
        self.handler = handler
        self.school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
        self.reference = refer(handler, self.school, a_pupil_of(handler, "Hill School", "Pip"), place, **WRONG)

    def does(self, event: str, who: Actor | None = None, **said: Any) -> None:
        self.handler.fire(self.reference, event, said, actor=who or self.school, now=MONDAY)

    def case(self) -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, self.reference)
        assert found is not None
        return found

    def law_day(self, deadline: str = "sixth_day_excluded") -> date | None:
        running = self.case().deadlines.get(deadline)
        return running.due_at.date() if running else None

    def told(self, notice: str) -> list[str]:
        with self.handler.store.reading() as connection:
            rows = messages_of(connection, self.reference)
        return [row.text for row in rows if row.notice == f"placement/{notice}"]


@pytest.fixture
def sent(store: Store) -> Sent:
    add_people(store)
    return Sent(a_handler(store))


def test_a_day_put_right_counts_the_law_s_day_anew_and_both_others_are_told_without_it(sent: Sent) -> None:
    assert sent.law_day() == date(2026, 11, 4)

    sent.does("correct_kind_and_day", kind="excluded", permanently_excluded_on="2026-10-30", **WHY)

    assert sent.law_day() == date(2026, 11, 10)
    assert sent.case().state == "referred", "nothing else changes"
    (provider,), (officer,) = sent.told("day_corrected"), sent.told("day_corrected_staff")
    for text in (provider, officer):
        assert "head teacher" not in text
        assert "exclu" not in text.casefold()


def test_sent_as_it_was_it_writes_to_nobody(sent: Sent) -> None:
    sent.does("correct_kind_and_day", OLIVE, **WRONG, **WHY)

    assert sent.told("day_corrected") == []


def test_a_wrong_kind_takes_the_days_of_the_other_with_it(sent: Sent) -> None:
    sent.does("correct_kind_and_day", OLIVE, kind="health", missed_from="2026-10-20", **WHY)

    assert sent.law_day() is None
    assert sent.law_day("fifteenth_day") == date(2026, 11, 16)
    assert "permanently_excluded_on" not in {name for name, said in sent.case().fields.items() if said}


def test_while_it_is_prepared_the_signatures_stand(sent: Sent) -> None:
    prepare(sent.handler, sent.reference, sent.school)

    sent.does("correct_kind_and_day", kind="excluded", permanently_excluded_on="2026-10-30", **WHY)

    assert sent.law_day() == date(2026, 11, 10)
    assert len(sent.case().items["signatures"]) == 2


def test_after_the_start_the_day_is_counted_anew_as_well(sent: Sent) -> None:
    prepare(sent.handler, sent.reference, sent.school)
    sent.does("start_placement")
    assert sent.law_day("due_before_it_begins") == date(2026, 11, 4), "five days before the first day"

    sent.does("correct_kind_and_day", kind="excluded", permanently_excluded_on="2026-10-30", **WHY)

    assert sent.case().state == "induction"
    assert sent.case().fields["excluded_due_on"] == "2026-11-10"
    assert sent.law_day("due_before_it_begins") is None, "it begins in time"
