"""What is told of one slip of the hand: what to do about it, and nothing of what only follows from it."""

from pathlib import Path

import pytest

from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from apflow.loader import find_problems
from apflow.loader.reading import read_folder
from apflow.loader.reports import assumptions
from tests.lending import a_council
from tests.loader.folder import a_folder, rewrite
from tests.loader.small import a_small_folder
from tests.loader.test_yaml import told as told_of_yaml
from tests.mutants.bursary import FILES


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("a:\n  b: 1\n\tc: 2\n", "indent with spaces, not with tabs"),
        ("a:\n\tb: 1\n", "indent with spaces, not with tabs"),
        ("a: Panel: the decision\n", "put a text with a colon in it in quotes"),
        ("a: @panel\n", "put a text that begins with @, % or ` in quotes"),
        ("a:\n  b: {c: 1,\nd: 2\n", "close the bracket of line 2, or put a comma before this"),
        ("a:\n    b: 1\n  c: 2\n", "let the keys that belong together begin below each other"),
        ("a:\n  b: papers\n    c: 2\n", "let this line begin below the key of line 2"),
        ("a:\n  b papers\n\n  c: 2\n", "write a colon after the key of line 2"),
        ("a: 'it's'\n", "where quotes end, nothing more can follow"),
        ('a: "b\nc: "d"\n', "the quotes that begin on line 1 end only here"),
        ('a: {b: "c}\nd: "e"\n', "the quotes that begin on line 1 end only here"),
        ('a: 1\nb: "c\nd: 2\n', "close the quotes of line 2"),
        ("a: 1\nb\n", "write a colon after the key of line 2"),
        ("a:\n  - b\n  c: 1\n", "let the items of a list begin below each other, each with a dash"),
        ("a: 1\n---\nb: 2\n", "leave out the line of dashes"),
        ('a: "C:\\papers"\n', "use single quotes around a text with a backslash in it"),
        ("a: |b\n", "put a text that begins with | or > in quotes"),
        ("a: - b\n", "begin a list on a line of its own"),
        ("  a: 1\nb: 2\n", "let the first key of the file begin at the left edge"),
    ],
)
def test_what_cannot_be_read_comes_with_what_was_most_likely_meant(text: str, mend: str) -> None:
    (problem,) = told_of_yaml(text)

    assert mend in problem


def test_a_misspelt_state_is_one_problem_though_it_cuts_off_all_that_follow(tmp_path: Path) -> None:
    (problem,) = find_problems(a_small_folder(tmp_path, ("to: waiting, asks", "to: waitng, asks")))

    assert 'did you mean "waiting"' in str(problem)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("15", '"15 working days" or "15 calendar days"'),
        ("15 days", '"15 working days" or "15 calendar days"'),
        ("1 day", '"1 working day" or "1 calendar day"'),
        ("15 Working Days", '"15 working days"'),
        ("15 workingdays", '"15 working days"'),
        ("15 worknig days", '"15 working days"'),
        ("3 weaks", '"3 weeks"'),
    ],
)
def test_a_span_of_time_is_told_with_what_it_was_probably_meant_to_be(tmp_path: Path, written: str, meant: str) -> None:
    (problem,) = find_problems(
        a_small_folder(tmp_path, ("expires: 12 months", f"expires: {written}"), file="papers.yaml")
    )

    assert str(problem).endswith(f"hours; did you mean {meant}?")


@pytest.mark.parametrize("written", ["soon", "fifteen working days", "2 fortnights", "1 2 days"])
def test_nothing_is_made_of_a_span_that_could_be_anything(tmp_path: Path, written: str) -> None:
    (problem,) = find_problems(
        a_small_folder(tmp_path, ("expires: 12 months", f"expires: {written}"), file="papers.yaml")
    )

    assert str(problem).endswith("half-terms, terms, hours")


LIST = "this is {}; write a list here: in square brackets, or each on a line of its own after a dash"
PERIODS = "closed_periods: [{start: 2026-12-18, until: 2027-01-04, because: Stock-taking}]"


@pytest.mark.parametrize(
    ("file", "was", "written", "said"),
    [
        ("council", PERIODS, PERIODS.replace("[", "").replace("]", ""), LIST.format("a set of keys")),
        ("council", PERIODS, "closed_periods: 2026-12-18", LIST.format('"2026-12-18"')),
        (
            "council",
            PERIODS,
            "closed_periods: [2026-12-18]",
            "write keys with their values here, such as {start: …, until: …, because: …}",
        ),
        ("council", "title: Librarian", "title: [Librarian]", "this is a list; write one text here"),
        (
            "council",
            "title: Librarian",
            "title: 12",
            'this is "12"; write one text here, in quotes where it is a number',
        ),
        ("papers", "required: true", "required: perhaps", 'this is "perhaps"; write true or false here'),
        ("loan", "version: 1", "version: one", 'this is "one"; write a whole number here'),
        ("loan", "version: 1", "version: 1.5", 'this is "1.5"; write a whole number here'),
        ("loan", "size: {type: choice,", "size: {type: many, columns: 9,", "this must be 4 or less"),
        ("council", "working_days: [monday, tuesday]", "working_days: []", "this is empty; write one here at least"),
        ("loan", "{type: email,", "{type: post,", "\"post\" is not one of 'text', 'long text',"),
        (
            "papers",
            "expires: 12 months",
            "expires: yearly",
            "write never, on the date it states, or how long it is good",
        ),
        ("papers", "catalogue: papers", "catalog: papers", 'did you mean "catalogue"?'),
        (
            "loan",
            "then: {event: lapse, after_warning: 1 working day}",
            "",
            '"then" is missing here: what happens when it',
        ),
    ],
)
def test_a_value_of_another_kind_is_told_by_what_to_write(
    tmp_path: Path, file: str, was: str, written: str, said: str
) -> None:
    (problem,) = find_problems(a_small_folder(tmp_path, (was, written), file=f"{file}.yaml"))

    assert said in problem.message
    assert "valid" not in problem.message


def test_two_values_without_brackets_are_not_taken_for_a_misspelt_key(tmp_path: Path) -> None:
    at = "remind: {at: [10 working days left, 3 working days left], who: provider, notice: evidence_reminder}"
    without = at.replace("[", "").replace("]", "")

    told = [str(problem) for problem in find_problems(a_folder(tmp_path, (at, without)))]

    assert any('"3 working days left" is not a key here; put several values in square brackets' in one for one in told)


@pytest.mark.parametrize("written", ["label: A: passport", "label: [Passport]"])
def test_a_file_that_cannot_be_read_is_not_told_again_by_those_that_need_it(tmp_path: Path, written: str) -> None:
    (problem,) = find_problems(a_small_folder(tmp_path, ("label: Passport", written), file="papers.yaml"))

    assert problem.code in ("yaml", "wrong-value")


def test_a_deadline_that_runs_in_another_state_is_not_said_to_be_nowhere(tmp_path: Path) -> None:
    about = "\n    notify: {provider: {notice: removal_proposed, about: removal_decision_due}"
    folder = a_folder(tmp_path, (about, about.replace("removal_decision_due", "check_due")))

    (problem,) = find_problems(folder)

    assert '"check_due" does not run in "removal_proposed", which this leads to' in problem.message
    assert 'send this from the event that leads to "checking_evidence"' in problem.message


SENT = "    emails: [asked, to_look_at, granted]"


def trips(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The policy about paying for trips, with some of its lines written differently."""
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    rewrite(tmp_path / "bursary.yaml", *changes)
    return tmp_path


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[asked, to_look_at]", '"granted" goes out as well'),
        ("[asked, to_look_at, granted, refused]", '"refused" does not go out'),
        ("[asked, granted, to_look_at]", '"to_look_at" goes out where "granted" is written'),
        ("[]", '"asked" goes out as well'),
    ],
)
def test_a_story_of_other_emails_is_told_by_the_first_that_is_not_as_written(
    tmp_path: Path, written: str, said: str
) -> None:
    (problem,) = find_problems(trips(tmp_path, (SENT, f"    emails: {written}")))

    assert f"{said}; these go out, in order: asked, to_look_at" in problem.message


@pytest.mark.parametrize("part", ["subject.txt", "txt", "html"])
def test_a_notice_of_which_a_file_is_missing_is_told_by_the_files_that_are_there(tmp_path: Path, part: str) -> None:
    council = a_council(tmp_path)
    notices = council.notifications / "loan"
    (notices / f"lent.{part}").rename(notices / f"lemt.{part}")

    found = check_folder(council.workflows, Notices(council.notifications))

    said = {Path(problem.file).name: problem.message for problem in found if problem.code == "half-a-notice"}
    first = "txt" if part == "subject.txt" else "subject.txt"
    assert said[f"lent.{first}"].startswith(f"there is no loan/lent.{part} beside this")
    assert f"lemt.{part}" in said


@pytest.mark.parametrize("part", ["subject.txt", "txt", "html"])
def test_a_file_of_a_notice_in_which_nothing_is_written_is_told(tmp_path: Path, part: str) -> None:
    council = a_council(tmp_path)
    emptied = council.notifications / "loan" / f"lent.{part}"
    emptied.write_text(" \n")

    (problem,) = check_folder(council.workflows, Notices(council.notifications))

    assert (problem.file, problem.code) == (str(emptied), "half-a-notice")
    assert problem.message.startswith("nothing is written in this file; ")


@pytest.mark.parametrize(
    ("part", "written", "said"),
    [
        (
            "subject.txt",
            "{% if fields.name == 'x' %}Lent{% endif %}",
            "the e-mail would go without a subject; write one",
        ),
        ("txt", "{# Dear you #}", "the e-mail would be empty for whoever reads plain text"),
        ("html", "<html><body><p></p></body></html>", "the e-mail would be empty for most people"),
    ],
)
def test_a_notice_that_would_say_nothing_is_told_by_which_of_its_files(
    tmp_path: Path, part: str, written: str, said: str
) -> None:
    council = a_council(tmp_path)
    emptied = council.notifications / "loan" / f"lent.{part}"
    emptied.write_text(written)

    problems = check_folder(council.workflows, Notices(council.notifications))

    assert [(problem.file, problem.code) for problem in problems] == [(str(emptied), "notice")]
    assert said in problems[0].message


def test_a_misspelt_role_of_an_event_is_not_told_again_by_the_stories_in_which_it_is_done(tmp_path: Path) -> None:
    (problem,) = find_problems(
        trips(tmp_path, ("        by: treasurer\n        to: granted", "        by: tresurer\n        to: granted"))
    )

    assert 'there is no role called "tresurer"' in str(problem)


@pytest.mark.parametrize("written", ["Treasurer", "TREASURER"])
def test_a_name_with_capitals_is_told_with_the_name_that_was_meant(tmp_path: Path, written: str) -> None:
    (problem,) = find_problems(
        trips(tmp_path, ("        by: treasurer\n        to: granted", f"        by: {written}\n        to: granted"))
    )

    assert f'"{written}" is not a name; use small letters, digits and _; did you mean "treasurer"?' in problem.message


def test_a_value_that_is_not_there_in_an_email_is_told_with_those_that_are(tmp_path: Path) -> None:
    council = a_council(tmp_path)
    rewrite(council.notifications / "loan" / "due_soon.txt", ("deadline.on", "deadline.when"))

    (problem,) = check_folder(council.workflows, Notices(council.notifications))

    assert problem.message == 'there is no "deadline.when"; there is: label, left, on, time'


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("{{ case.title }", "what begins with {{ ends with }}"),
        ("{{ case.title", "what begins with {{ ends with }}"),
        ("{{ case title }}", "what begins with {{ ends with }}"),
        ("{% if case.title %}x", "has an end of its own, and what was begun last ends first"),
        ("{% if case.title %}{% block b %}x{% endif %}{% endblock %}", "what was begun last ends first"),
        ("{% endif %}", "has an end of its own"),
        ("{% fi case.title %}", "only if, elif, else, for, set, block and extends are used"),
        ("{{ case. }}", "say after the dot which value is meant"),
    ],
)
def test_a_slip_in_an_email_comes_with_what_was_most_likely_meant(tmp_path: Path, written: str, mend: str) -> None:
    council = a_council(tmp_path)
    (council.notifications / "loan" / "lent.subject.txt").write_text(written)

    found = check_folder(council.workflows, Notices(council.notifications))

    assert any(mend in problem.message for problem in found if problem.code == "notice")
    assert not any("Jinja" in problem.message for problem in found)


def test_a_key_that_belongs_elsewhere_is_not_offered_in_place_of_itself(tmp_path: Path) -> None:
    begun = "by: librarian, to: waiting, asks: request"

    (problem,) = find_problems(a_small_folder(tmp_path, (begun, f"{begun}, assumed: Our rule.")))

    assert str(problem).endswith('"assumed" is not a key here, though it is in other places')
    assert problem.suggestion is None


def test_what_is_assumed_is_said_as_what_it_is(tmp_path: Path) -> None:
    said = [line.split(": ", 1)[1] for line in assumptions(read_folder(a_folder(tmp_path)))]

    assert any(line.startswith("Set aside for at most 30 calendar days, by: manager: ") for line in said)
    assert "Nobody is visited before a panel has given its views, or has met and decided: Quorum of 3." in said
    assert len([line for line in said if line.startswith("Working days and hours")]) == 1
    assert any(line.startswith("A meeting stands in calendars for 120 minutes: ") for line in said)
    assert any(
        line.startswith("A link in an e-mail to somebody outside signs in for 14 calendar days: ") for line in said
    )


def test_the_folders_as_they_are_have_no_problem(tmp_path: Path) -> None:
    assert find_problems(a_small_folder(tmp_path)) == []
    assert find_problems(trips(tmp_path)) == []
