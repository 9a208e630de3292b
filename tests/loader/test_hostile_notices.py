"""A template is somebody's text: it can neither loop without end, nor grow without end, nor stop anybody's work."""

import shutil
from pathlib import Path

import pytest

from apflow.letters.language import LENGTH_LIMIT, ROUNDS_LIMIT
from apflow.letters.notices import NoticeError, Notices
from apflow.letters.rehearsal import rehearse
from apflow.loader import load_library
from tests.loader.small import a_small_folder

CONTEXT = {"fields": {"name": "Nobody", "many": [str(number) for number in range(200)]}}


def a_folder_with(tmp_path: Path, template: str, part: str = "txt") -> Notices:
    folder = tmp_path / "notifications"
    (folder / "loan").mkdir(parents=True)
    for notice in ("due_soon", "overdue", "lent"):
        for name in ("subject.txt", "txt", "html"):
            (folder / f"loan/{notice}.{name}").write_text("Fine\n", encoding="utf-8")
    (folder / f"loan/lent.{part}").write_text(template, encoding="utf-8")
    return Notices(folder)


def refusal(tmp_path: Path, template: str) -> str:
    notices = a_folder_with(tmp_path, template)
    with pytest.raises(NoticeError) as refused:
        notices.render("loan/lent", CONTEXT)
    return refused.value.message.removeprefix("notifications/loan/lent.txt: ")


LOOPS = [
    ("{% for i in range(10**9) %}{% endfor %}", '"range(…)" is not used in notices'),
    (
        "{% for a in fields.many %}{% for b in fields.many %}{% endfor %}{% endfor %}",
        f"the loops go round more than {ROUNDS_LIMIT:,} times",
    ),
    (
        "{% for a in fields.many %}{% for b in fields.many if false %}{% endfor %}{% endfor %}",
        f"the loops go round more than {ROUNDS_LIMIT:,} times",
    ),
    ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "macro is not used in notices"),
    (
        "{% for a in fields.many recursive %}{{ loop(fields.many) }}{% endfor %}",
        "recursive loops are not used in notices",
    ),
    ("{% for a in fields.many recursive %}x{% endfor %}", "recursive loops are not used in notices"),
    ('{% include "loan/lent.txt" %}', "include is not used in notices"),
    ('{% extends "loan/lent.txt" %}', "it refers to itself without end"),
    ("{% block a %}{{ self.a() }}{% endblock %}", '"a(…)" is not used in notices'),
]
GROWING = [
    ('{{ "x" * 10**10 }}', "notices do no sums"),
    ('{{ "%1000000000d" % 5 }}', "notices do no sums"),
    ('{{ "{:1000000000}".format(5) }}', '"format(…)" is not used in notices'),
    ('{{ "x".center(1000000000) }}', '"center(…)" is not used in notices'),
    ('{{ "x"|center(1000000000) }}', "No filter named 'center'."),
    ('{{ ["x"]|map("center", 1000000000)|list }}', "No filter named 'center'."),
    ("{% set a = fields.name ~ fields.name %}", "notices do no sums, and join no texts"),
    (
        f'{{{{ fields.many|join("{"x" * 2000}")|join("{"x" * 2000}")|join("{"x" * 2000}")|join("{"x" * 20}") }}}}',
        "this is longer than",
    ),
    ("{% for a in fields.many %}" + "x" * 2000 + "{% endfor %}", f"what it says is longer than {LENGTH_LIMIT:,}"),
    ("x" * (LENGTH_LIMIT + 1), f"the template is longer than {LENGTH_LIMIT:,} characters"),
    ("{{ " + "(" * 5000 + ")" * 5000 + " }}", "it refers to itself without end"),
    ("{% if 1 %}" * 150 + "{% endif %}" * 150, ""),
]
SLIPS = [
    ("{{ fields.nam }}", 'nothing here is called "nam"; if only some cases have it, ask first whether it "is defined"'),
    ("{{ fields.many > 3 }}", "'>' not supported between instances of 'list' and 'int'"),
    ("{{ nothing }}", "'nothing' is undefined"),
    ("{{ fields.__class__.__mro__ }}", "access to attribute '__class__' of 'dict' object is unsafe."),
    ("{% if %}", "Expected an expression, got 'end of statement block'"),
]


UNESCAPED = [
    (f"{{% autoescape {how} %}}{{{{ fields.name }}}}{{% endautoescape %}}", "what somebody typed is always escaped")
    for how in ("false", "true", "fields.name")
] + [("{{ fields.name|safe }}", "No filter named 'safe'.")]


@pytest.mark.parametrize(("template", "reason"), [*LOOPS, *GROWING, *SLIPS, *UNESCAPED])
def test_a_template_that_cannot_be_a_letter_is_refused(tmp_path: Path, template: str, reason: str) -> None:
    assert refusal(tmp_path, template).startswith(reason)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% for one in fields.many if one == '7' %}{{ one }}{% endfor %}", "7\n"),
        ("{% for one in [] %}x{% else %}None{% endfor %}", "None\n"),
        ('{{ fields.many[:3]|join(", ") }}', "0, 1, 2\n"),
        ('{% for word in "a\nb".splitlines() %}{{ loop.index }}{{ word.upper() }}{% endfor %}', "1A2B\n"),
        ("{{ fields.name[:1]|lower }}{{ fields.many|length }}", "n200\n"),
    ],
)
def test_what_letters_need_is_there(tmp_path: Path, template: str, text: str) -> None:
    assert a_folder_with(tmp_path, template).render("loan/lent", CONTEXT).text == text


def test_the_check_refuses_it_at_its_own_file_and_line(tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, "Hello\n{% for i in range(10**9) %}{% endfor %}\n")

    (problem,) = rehearse(load_library(a_small_folder(tmp_path), notices.names()), notices)

    assert (problem.file, problem.line) == (str(notices.folder / "loan/lent.txt"), 2)
    assert (problem.code, problem.message) == (
        "notice",
        'notifications/loan/lent.txt: "range(…)" is not used in notices',
    )


def test_notices_of_one_name_are_told_each_by_its_own_file(tmp_path: Path) -> None:
    notices, folder = a_folder_with(tmp_path, "{{ 2 * 3 }}"), a_small_folder(tmp_path)
    shutil.copytree(notices.folder / "loan", notices.folder / "hire")
    text = (folder / "loan.yaml").read_text(encoding="utf-8")
    for loan, hire in (("workflow: loan", "workflow: hire"), ("  ask:", "  ask_to_hire:"), ("ask,", "ask_to_hire,")):
        text = text.replace(loan, hire)
    (folder / "hire.yaml").write_text(text, encoding="utf-8")

    problems = rehearse(load_library(folder, notices.names()), notices)

    assert [problem.file for problem in problems] == [str(notices.folder / f"{of}/lent.txt") for of in ("hire", "loan")]


@pytest.mark.parametrize(
    "template",
    [
        '{% extends "loan/lent.txt" %}',
        "{{ case.title|nofilter }}",
        "{% set wanted = items.papers|nofilter %}{{ wanted }}",
        "{% if link %}" * 600 + "{% endif %}" * 600,
    ],
)
def test_the_check_tells_of_a_template_that_it_cannot_even_read(tmp_path: Path, template: str) -> None:
    notices = a_folder_with(tmp_path, template)

    (problem,) = rehearse(load_library(a_small_folder(tmp_path), notices.names()), notices)

    assert (problem.file, problem.code) == (str(notices.folder / "loan/lent.txt"), "notice")


def test_a_template_that_is_no_text_is_told_by_the_check(tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, "")
    (notices.folder / "loan/lent.txt").write_bytes(b"\xff")

    (problem,) = rehearse(load_library(a_small_folder(tmp_path), notices.names()), notices)

    assert (problem.file, problem.code) == (str(notices.folder / "loan/lent.txt"), "notice")


def test_a_template_is_compiled_once_however_many_there_are(tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, "As it was")
    notices.render("loan/lent", CONTEXT)
    (notices.folder / "loan/lent.txt").write_text("As it is", encoding="utf-8")
    for number in range(150):
        for part in ("subject.txt", "txt", "html"):
            (notices.folder / f"loan/{number}.{part}").write_text("Fine\n", encoding="utf-8")
        notices.render(f"loan/{number}", CONTEXT)

    assert notices.render("loan/lent", CONTEXT).text == "As it was\n"


def test_a_slip_is_told_at_the_line_it_is_on(tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, "<p>Hello</p>\n<p>\n{{ fields.nobody }}</p>\n", part="html")

    (problem,) = rehearse(load_library(a_small_folder(tmp_path), notices.names()), notices)

    assert (problem.file, problem.line) == (str(notices.folder / "loan/lent.html"), 3)


def test_a_template_that_is_a_directory_is_told(tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, "Fine\n")
    (notices.folder / "loan/lent.txt").unlink()
    (notices.folder / "loan/lent.txt").mkdir()

    with pytest.raises(NoticeError, match="lent"):
        notices.render("loan/lent", CONTEXT)
