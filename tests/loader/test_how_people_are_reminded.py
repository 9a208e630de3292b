"""The check of the policy renders the e-mail that lists reminders, and finds what could not wait for the morning."""

from pathlib import Path

import pytest

from apflow.core.compare import compare
from tests.core.test_compare import said, small
from tests.loader.folder import rewrite
from tests.loader.small import COUNCIL
from tests.loader.test_the_email_of_the_day_is_rehearsed import a_policy, problems


@pytest.mark.parametrize(("part", "slip"), [("txt", "{{ one.whose }}"), ("html", "{{ case.reference }}")])
def test_a_slip_in_the_email_that_lists_reminders_is_told(tmp_path: Path, part: str, slip: str) -> None:
    file = a_policy(tmp_path) / f"notifications/reminders/several.{part}"
    rewrite(file, ("{% for one in reminders %}\n", f"{{% for one in reminders %}}\n{slip}\n"))

    (told,) = problems(tmp_path)

    assert told.startswith(f"several.{part}: ")


def test_that_it_is_missing_is_told(tmp_path: Path) -> None:
    for file in (a_policy(tmp_path) / "notifications/reminders").iterdir():
        file.unlink()

    assert problems(tmp_path) == [
        "several: there is no reminders/several, which reminders.in_one_email in council.yaml needs"
    ]


def test_what_waits_for_the_morning_is_a_notice_that_the_clock_sends(tmp_path: Path) -> None:
    rewrite(a_policy(tmp_path) / "workflows/council.yaml", ("{loan: [overdue]}", "{loan: [overdu]}"))

    (told,) = problems(tmp_path)

    assert told == 'council.yaml: there is no notice called "overdu"; did you mean "overdue"?'


def test_what_waits_for_the_morning_does_not_say_how_much_time_is_left(tmp_path: Path) -> None:
    file = a_policy(tmp_path) / "notifications/loan/overdue.txt"
    rewrite(file, ("is overdue", "is due in {{ deadline.left }}"))

    assert problems(tmp_path) == [
        'overdue.txt: "overdue" waits for the morning, when less time is left than this says; say deadline.on'
    ]


REMINDERS = "reminders: {in_one_email: true, in_the_morning: {loan: [overdue]}, assumed: x}\n"


def test_how_people_are_reminded_is_compared_in_sentences() -> None:
    without, with_it = (small(council=f"{COUNCIL}{said_of}") for said_of in ("reminders: {assumed: x}\n", REMINDERS))

    assert list(compare(without, with_it)) == [
        "What one person is reminded of on one morning now goes as one email, which lists it.",
        "What the clock sends of loan outside working hours now waits for them: overdue.",
    ]
    assert list(compare(with_it, without)) == [
        "Each reminder is now an email of its own, however many somebody is reminded of on one morning.",
        "What the clock sends of loan at any hour now goes at once: overdue.",
    ]


def test_that_a_reminder_goes_at_once_is_compared_in_sentences() -> None:
    remind = "remind: {at: 1 working day left, who: reader, notice: due_soon}"

    assert said((remind, remind.replace("}", ", at_once: true}"))) == [
        "Waiting: “Someone should look”: the reminder 1 working day before, to the reader, now goes at once and by "
        "itself."
    ]
