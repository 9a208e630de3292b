"""What the checker finds of values that would reach somebody who may not read them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from apflow.core.errors import Problem
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import rehearse
from apflow.loader import find_problems
from apflow.settings import shipped
from apflow.testing import SHIPPED_NOTICES, shipped_library
from tests.loader.family import a_family_folder
from tests.loader.folder import place_of, rewrite
from tests.loader.small import NOTICES, a_small_folder
from tests.loader.test_checks import has, told
from tests.versions import changed

PARTS = ("txt", "html")
POSTCODE = "    type: postcode\n"
FOR_OFFICERS = (POSTCODE, f"{POSTCODE}    read: officer\n")


@pytest.fixture
def notifications(tmp_path: Path) -> Path:
    """A copy of the shipped notices."""
    return Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))


def of_provider(notifications: Path, *changes: tuple[str, str]) -> list[Problem]:
    """What is found of these notices when those of the provider workflow, as changed, are tried out."""
    library = changed(shipped_library(), *changes, is_next=False)
    return rehearse(replace(library, sources={"provider": library.sources["provider"]}), Notices(notifications))


def test_the_shipped_notices_tell_nobody_what_they_may_not_read() -> None:
    assert rehearse(shipped_library(), SHIPPED_NOTICES) == []


@pytest.mark.parametrize("change", ["privacy: child", "privacy: safeguarding", "read: librarian"])
def test_an_invitation_that_tells_a_reader_too_much_is_found_where_it_says_so(tmp_path: Path, change: str) -> None:
    day = "wanted_on: {type: date,"

    found = find_problems(a_small_folder(tmp_path, (day, f"{day} {change},")), NOTICES)

    assert {problem.code for problem in found} == {"not-theirs-to-read"}
    assert 'the invitation goes to "reader", which may not read that' in found[0].message


def test_a_line_of_a_notice_that_says_too_much_is_found_at_its_place(notifications: Path) -> None:
    notice = notifications / "provider" / "invited_to_apply.txt"
    text = notice.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line and not line.startswith("{%"))
    rewrite(notice, (first, f"{first} Near {{{{ fields.postcode }}}}."))

    (problem,) = of_provider(notifications, FOR_OFFICERS)

    assert (problem.file, problem.line) == (str(notice), place_of(notice, "fields.postcode")[0])
    assert problem.message == (
        '"fields.postcode" is public, for officer only, and this goes to "provider" ("invite" in "enquiry"), '
        "which may not read that"
    )


@pytest.mark.parametrize(
    "said",
    [
        "{% set all = fields %}{{ all.postcode }}",
        '{{ fields["postcode"] }}',
        "{% if fields.postcode %}Near you.{% endif %}",
        "{% for name in fields %}{{ name }}{% endfor %}",
    ],
)
def test_no_way_of_speaking_of_a_value_is_overlooked(notifications: Path, said: str) -> None:
    notice = notifications / "provider" / "invited_to_apply.html"
    text = notice.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line.startswith("<p>"))
    rewrite(notice, (first, f"{first}{said}"))

    found = of_provider(notifications, FOR_OFFICERS)

    assert [(problem.code, Path(problem.file).name) for problem in found] == [
        ("not-theirs-to-read", "invited_to_apply.html")
    ]


def test_a_subject_is_read_by_all_staff_who_see_the_case(notifications: Path) -> None:
    subject = notifications / "provider" / "invited_to_apply.subject.txt"
    subject.write_text(subject.read_text(encoding="utf-8").rstrip() + " {{ fields.postcode }}\n", encoding="utf-8")

    (problem,) = of_provider(notifications, (POSTCODE, f"{POSTCODE}    read: [officer, manager, provider, public]\n"))

    assert 'a subject is shown in the case\'s history, and "panel_member" may not read that' in problem.message


@pytest.mark.parametrize("said", ["{{ case.state }}", '{{ case["state"] }}', "{% set it = case %}{{ it.state }}"])
def test_where_a_case_stands_is_told_to_nobody_who_does_not_see_it(notifications: Path, said: str) -> None:
    notice, happened = notifications / "concern" / "ring_today.txt", "{% block happened %}\n"
    rewrite(notice, (happened, f"{happened}{said}\n"))
    library = shipped_library()

    found = rehearse(replace(library, sources={"concern": library.sources["concern"]}), Notices(notifications))

    told_of = [problem for problem in found if "case.state" in problem.message]
    assert [(problem.code, problem.file, problem.line) for problem in told_of] == [
        ("not-theirs-to-read", str(notice), 3)
    ]
    assert told_of[0].message == (
        '"case.state" says “Safeguarding: contact the LADO”, and this goes to "placing_commissioners" '
        '("ask_them_to_ring" in "contact_lado"), which does not see the case as it then stands'
    )


def test_nor_to_a_role_that_sees_the_case_but_not_in_that_state(notifications: Path) -> None:
    found = of_provider(notifications, ("  provider: own\n", "  provider: {own: true, states: [enquiry, panel]}\n"))

    assert {(problem.code, Path(problem.file).name) for problem in found} == {
        ("not-theirs-to-read", f"{notice}.{part}")
        for notice in ("contact_changed", "removal_refused", "stays_suspended")
        for part in PARTS
    }


def test_those_who_work_with_a_pupil_are_told_only_in_words_for_people_outside(notifications: Path) -> None:
    placement = {"placement": shipped_library().sources["placement"]}
    words = "The placement has broken down"
    without = changed(shipped_library(), (f", provider: {words}", ""), workflow="placement")

    as_shipped = rehearse(replace(shipped_library(), sources=placement), Notices(notifications))
    found = rehearse(replace(without, sources={"placement": without.sources["placement"]}), Notices(notifications))

    assert as_shipped == []
    assert {(problem.code, Path(problem.file).name) for problem in found} == {
        ("not-theirs-to-read", f"others_stopped.{part}") for part in PARTS
    }
    assert all("“Broken down, and followed up”" in problem.message for problem in found)


def test_items_that_a_role_does_not_see_are_kept_out_of_its_notices(notifications: Path) -> None:
    seen_by = "    seen_by: [officer, manager, panel_member, provider]\n"

    found = of_provider(notifications, (seen_by, seen_by.replace(", provider]", "]")))

    assert "not-theirs-to-read" in {problem.code for problem in found}


def test_the_reason_something_was_sent_back_may_be_kept_from_the_provider(notifications: Path) -> None:
    question = '      reason:\n        type: long text\n        label: "What is wrong,'

    found = of_provider(
        notifications, (question, question.replace("text\n", "text\n        read: [officer, manager]\n"))
    )

    assert found
    assert all('"reason" is case, for officer, manager only' in problem.message for problem in found)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("label: Lend\n", 'label: "Lend {name}"\n', 'not-filled-in: "lend" would show {name} as it is written'),
        ("title: Look for the book,", 'title: "Look for {book}",', 'not-filled-in: "look" would show {book}'),
        ("reason: Say when.", 'reason: "Say {when}."', 'not-filled-in: "is_wanted" would show {when}'),
        ("title: A book}", 'title: "A book for {name}"}', 'not-filled-in: "invite" would show {name}'),
        (
            "        label: Lend\n        by: librarian\n",
            "        label: Lend\n        by: [librarian, reader]\n",
            'reason-says-too-much: the reason lists items of "papers", which "reader" does not see',
        ),
        ("wanted_on: {type: date,", "wanted_on: {type: date, read: librarian,", 'not-theirs-to-read: "wanted_on" is'),
    ],
)
def test_in_words_that_need_no_template(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_small_folder(tmp_path, (before, after))), problem)


def test_what_is_copied_into_a_child_case_is_kept_there_as_close(tmp_path: Path) -> None:
    concern = "concern: {type: long text, label: What is wrong?"
    folder = a_family_folder(tmp_path, (f"{concern}}}", f"{concern}, read: officer}}"), file="provider.yaml")

    found = [problem for problem in find_problems(folder) if problem.code == "copied-too-openly"]

    assert len(found) == 2
    assert {problem.line for problem in found} == {place_of(folder / "provider.yaml", "begins: {action_plan")[0]}
    assert found[0].message == '"manager" may not read "concern" here, and would as "why" in the other case'


LOOKER = (
    "  books: {type: number,",
    "  looker: {type: person, label: Who looked?, role: librarian}\n  books: {type: number,",
)
RETURN = "return: {label: Return, by: reader, to: closed"


@pytest.mark.parametrize(
    ("by", "asked"),
    [
        ("by: reader", "form: {looker: }"),
        ("by: [librarian, reader]", "form: {looker: }"),
        ("by: reader", "form: {whom: {type: person, label: Who helped?, role: librarian}}"),
    ],
)
def test_nobody_but_staff_is_shown_the_names_of_staff_to_choose_from(tmp_path: Path, by: str, asked: str) -> None:
    change = (RETURN, f"{RETURN.replace('by: reader', by)}, {asked}")

    found = told(a_small_folder(tmp_path, LOOKER, change))

    assert any('"reader" would be shown the names of everybody who is "librarian"' in line for line in found)


def test_somebody_who_asks_without_signing_in_is_shown_no_names_either(tmp_path: Path) -> None:
    public = "  reader: {title: Reader,"
    folder = a_small_folder(
        tmp_path,
        (public, f"  public: {{title: Anyone, audience: provider, sees: [public], assumed: x}}\n{public}"),
        file="council.yaml",
    )
    rewrite(folder / "loan.yaml", LOOKER, ("by: librarian, to: waiting", "by: public, to: waiting, form: {looker: }"))

    assert has(told(folder), 'shows-names: to choose "looker", "public" would be shown')


def test_staff_choose_people_and_what_only_they_are_asked_is_shown_to_nobody_else(tmp_path: Path) -> None:
    only = (LOOKER[0], LOOKER[1].replace("role: librarian", "role: librarian, write: librarian"))
    both = f"{RETURN.replace('by: reader', 'by: [librarian, reader]')}, form: {{looker: }}"

    assert told(a_small_folder(tmp_path, only, (RETURN, both))) == []
