"""A number, a text, a time or a list with which nobody could get on is a problem where it stands."""

from pathlib import Path

import pytest

from apflow.loader import find_problems
from tests.loader.folder import rewrite
from tests.loader.small import ATTENDANCE, RETURNS, a_small_folder

NO_TIME = "is no time at all; write 1 or more"
NO_WORDS = '"" has no words in it; write what people are to read here'
WHOLE = 'this is "true"; write a whole number here'
LONG_NAME = "a_name" * 11
KEPT = "closed_cases: {decided_by: librarian, rules: {lent: {of: loan, keep: 6 years, assumed: x}}}\n"
HELD = "retention: {years: 6, until_age: 25, decided_by: librarian, assumed: x}\n"
ROUTINE = "routine_visits: {every: 6 months, at_least: 1 month, at_most: 1 year, arrange: 1 week, assumed: x}\n"
DIGEST = "digest: {to: librarian, at: '9:00', again_after: 1 week, shows: 3}"
NIGHTLY = f"nightly_check: {{at: '4:00', at_most: 5, {DIGEST}, assumed: x}}\n"
WAYS_IN = (
    "signing_in: {links_last: 2 weeks, asked_for_minutes: 20, signed_in_hours: 8, idle_hours: 4, reading_hours: 3, "
    "assumed: x}\nmeetings: {minutes: 90, assumed: x}\n"
)
FURTHER = {
    "council.yaml": f"{KEPT}{HELD}{ROUTINE}{NIGHTLY}{WAYS_IN}"
    "furthest_date: {ahead: 2 years, assumed: x}\n"
    "review_of_decisions: {by: The Director, within: 2 weeks, assumed: x}\n"
    "urgent: {says: Ring us., assumed: x}\n"
    "telephone: 01632 960000\n"
    "agencies: {nhs: Health}\n",
    "marks.yaml": f"{ATTENDANCE}late_marks: {{after: 2 weeks, assumed: x}}\n",
    "returns.yaml": RETURNS,
}
OVERRIDE = "override: {by: librarian, at_most: 0 weeks, tell: {librarian: overdue}, assumed: x}, reason: Say when."


def a_folder(tmp_path: Path, file: str = "", was: str = "", now: str = "") -> Path:
    """The small policy with all that a council says besides, and one of its lines written differently."""
    folder = a_small_folder(tmp_path)
    for name, text in FURTHER.items():
        with (folder / name).open("a", encoding="utf-8") as opened:
            opened.write(text)
    if file:
        rewrite(folder / file, (was, now))
    return folder


@pytest.mark.parametrize(
    ("file", "was", "now", "marker", "mend"),
    [
        ("loan.yaml", "{type: number, label: How many?}", "{type: number, label: ''}", "''}", NO_WORDS),
        ("loan.yaml", "small: Small", "small: ' '", "' '", "has no words in it"),
        ("loan.yaml", "label: Waiting\n", "label: ''\n", "''\n", NO_WORDS),
        ("loan.yaml", "reason: Say when.", "reason: ''", "'', assumed", NO_WORDS),
        ("loan.yaml", "label: Someone should look", "label: ''", "''\n", NO_WORDS),
        ("loan.yaml", "title: Look for the book", "title: ''", "'', for", NO_WORDS),
        ("papers.yaml", "label: Passport", "label: ''", "'', section", NO_WORDS),
        ("papers.yaml", "identity: Who you are", "identity: ''", "''}", NO_WORDS),
        ("council.yaml", "telephone: 01632 960000", "telephone: ''", "''\n", NO_WORDS),
        ("council.yaml", "because: Stock-taking", "because: ''", "''}]", NO_WORDS),
        ("council.yaml", "agencies: {nhs: Health}", "agencies: {nhs: ''}", "''}", NO_WORDS),
        ("council.yaml", "says: Ring us.", "says: ''", "'', assumed", NO_WORDS),
        ("council.yaml", "title: Guardian", "title: ''", "'', audience", NO_WORDS),
        ("marks.yaml", "says: Busy", "says: ''", "'', code", NO_WORDS),
        ("returns.yaml", "heading: Surname", "heading: ''", "'', fact", NO_WORDS),
        ("loan.yaml", "label: Your name}", "label: Your name, max_length: 0}", "0}", "this must be 1 or more"),
        ("loan.yaml", "label: Your name}", "label: Your name, max_length: -5}", "-5}", "this must be 1 or more"),
        (
            "loan.yaml",
            "label: How many?}",
            "label: How many?, minimum: 5, maximum: 4}",
            "{type: number",
            "no answer is 5 or more and 4 or less; correct one of the two",
        ),
        ("loan.yaml", "version: 1\n", "version: true\n", "true\nreference", WHOLE),
        ("loan.yaml", "label: Your name}", "label: Your name, max_length: true}", "true}", WHOLE),
        ("loan.yaml", "at_most: 2, assumed", "at_most: true, assumed", "true, assumed", WHOLE),
        ("loan.yaml", "by: 1 week, at_most", "by: 0 weeks, at_most", "0 weeks", NO_TIME),
        ("loan.yaml", "reason: Say when.", OVERRIDE, "0 weeks", NO_TIME),
        (
            "loan.yaml",
            "  lapse: {label",
            f"  {LONG_NAME}: {{label",
            LONG_NAME,
            "this has 66 characters; write 60 or fewer",
        ),
        ("papers.yaml", "  passport:", f"  {LONG_NAME}:", LONG_NAME, "this has 66 characters; write 60 or fewer"),
        ("papers.yaml", "expires: 12 months", "expires: 0 months", "0 months", NO_TIME),
        (
            "council.yaml",
            "mailbox: library@council.example\nroles",
            "mailbox: the library\nroles",
            "the library",
            "is not an email address",
        ),
        (
            "council.yaml",
            "assigned, mailbox: library@council.example",
            "assigned, mailbox: library@council",
            "library@council,",
            '"library@council" is not an email address; write one like name@example.com',
        ),
        ("council.yaml", "keep: 6 years", "keep: 0 years", "0 years", NO_TIME),
        ("council.yaml", "until_age: 25", "until_age: 2", "2, decided", "this must be 18 or more"),
        ("council.yaml", "years: 6, until", "years: true, until", "true, until", WHOLE),
        ("council.yaml", "25, decided_by: librarian", "25, decided_by: []", "[], assumed", "write one here at least"),
        ("council.yaml", "{decided_by: librarian", "{decided_by: []", "[], rules", "write one here at least"),
        ("council.yaml", "ahead: 2 years", "ahead: 0 years", "0 years", NO_TIME),
        ("council.yaml", "{every: 6 months", "{every: 0 months", "0 months", NO_TIME),
        ("council.yaml", "within: 2 weeks", "within: 0 weeks", "0 weeks", NO_TIME),
        ("council.yaml", "{minutes: 90", "{minutes: 5", "5, assumed", "this must be 15 or more"),
        ("council.yaml", "links_last: 2 weeks", "links_last: 0 weeks", "0 weeks", NO_TIME),
        ("council.yaml", "links_last: 2 weeks", "links_last: 2 months", "2 months", "use calendar days or weeks"),
        ("council.yaml", "links_last: 2 weeks", "links_last: 14 weeks", "14 weeks", "write 90 calendar days or fewer"),
        ("council.yaml", "asked_for_minutes: 20", "asked_for_minutes: 0", "0, signed", "this must be 5 or more"),
        ("council.yaml", "signed_in_hours: 8", "signed_in_hours: 48", "48, idle", "this must be 24 or less"),
        ("council.yaml", "idle_hours: 4", "idle_hours: 9", "9, reading", "write signed_in_hours or fewer"),
        ("council.yaml", "again_after: 1 week", "again_after: 0 weeks", "0 weeks", NO_TIME),
        ("council.yaml", "[monday, tuesday]", "[monday, monday]", "[monday, monday]", '"monday" is here twice'),
        (
            "council.yaml",
            "bank_holidays: england-and-wales",
            "bank_holidays: england-and-wales, day_ends: '8:00'",
            "{working_days",
            "a day starts (day_starts), has its cut_off, and ends (day_ends), in this order",
        ),
        ("marks.yaml", "after: 5 school days", "after: 0 school days", "0 school days", NO_TIME),
        ("marks.yaml", "after: 2 weeks", "after: 0 weeks", "0 weeks", NO_TIME),
        ("marks.yaml", "absences: 3", "absences: true", "true, of", WHOLE),
    ],
)
def test_a_value_with_which_nobody_could_get_on_is_told_where_it_stands(
    tmp_path: Path, file: str, was: str, now: str, marker: str, mend: str
) -> None:
    folder = a_folder(tmp_path, file, was, now)

    (problem,) = find_problems(folder)

    text = (folder / file).read_text(encoding="utf-8")
    start = text[: text.index(now) + now.index(marker)] if marker in now else text[: text.index(marker)]
    assert (problem.file, problem.code) == (str(folder / file), "wrong-value")
    assert (problem.line, problem.column) == (start.count("\n") + 1, len(start) - start.rfind("\n"))
    assert mend in problem.message


def test_without_it_nothing_is_wrong(tmp_path: Path) -> None:
    assert find_problems(a_folder(tmp_path)) == []
