"""A notice that is sent often is rendered as one template with its layout: it says what it says as it is written."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, FileSystemLoader

from apflow.letters.in_one import OFTEN, Whole, put_together
from apflow.letters.language import Language, all_said
from apflow.letters.made_up import contexts
from apflow.letters.notices import PARTS, NoticeError, Notices
from apflow.loader import Library
from apflow.testing import SHIPPED_NOTICES

GIVEN = {"case": {"title": "Nobody & sons"}, "many": ["a", "b", "<b>", '"', "'", ">"]}
LAYOUT = (
    "Dear {% block whom %}you{% endblock +%}\n{% block said required %}{% endblock %}"
    "{% if many %}{% block end %}Goodbye{% endblock %}{% endif %}\n"
)
ALIKE = [
    "{% extends 'layout.html' %}{% block said %}{{ case.title }}{% endblock %}",
    "{% extends 'layout.html' %}{% block said %}{% if case %}x{% endif %}{% endblock %}-{% block end %}{% endblock %}",
    "{% extends 'layout.html' %}{% block said %}{% set one = many[0] %}{{ one }}{% endblock %}",
    "{% extends 'layout.html' %}{% block said %}{% for one in many %}{{ one }}{% endfor %}{% endblock %}",
    "{% extends 'between.html' %}{% block inner %}{{ case.title }}{% endblock %}",
    "{% extends 'between.html' %}{% block said %}No inner one{% endblock %}",
    "Nobody's layout{{ many|length }}",
]
AS_WRITTEN = [
    "{% extends 'layout.html' %}{% block said %}x{% endblock %}{% block end %}{{ super() }}{% endblock %}",
    "{% extends 'layout.html' %}{% set case = many %}{% block said %}{{ case.title }}{% endblock %}",
    "Before{% extends 'layout.html' %}{% block said %}x{% endblock %}",
    "{% if many %}{% extends 'layout.html' %}{% endif %}{% block said %}x{% endblock %}",
    "{% extends 'layout.html' %}{% block said %}{% set case = 1 %}{% block in %}{{ case }}{% endblock %}{% endblock %}",
    "{% for case in many %}{% block in %}{{ case.title }}{% endblock %}{% endfor %}",
    "{% extends case.title %}",
]
WRONG = [
    "{% extends 'layout.html' %}",
    "{% extends 'none.html' %}",
    "{% extends 'notice.html' %}",
    "{% extends 'layout.html' %}{% block said %}{% block said %}{% endblock %}{% endblock %}",
    "{{ 1",
]


def a_language(notice: str) -> Language:
    between = "{% extends 'layout.html' %}{% block said %}({% block inner %}{% endblock %}){% endblock %}"
    return Language(DictLoader({"layout.html": LAYOUT, "between.html": between, "notice.html": notice}))


@pytest.mark.parametrize("notice", ALIKE)
def test_a_notice_in_one_says_what_it_says_as_it_is_written(notice: str) -> None:
    language = a_language(notice)
    whole = put_together(language, "notice.html")
    assert whole is not None
    assert all_said(whole(GIVEN)) == language.get_template("notice.html").render(GIVEN)


@pytest.mark.parametrize("notice", [*AS_WRITTEN, *WRONG])
def test_one_that_might_say_something_else_or_cannot_be_rendered_is_not_put_together(notice: str) -> None:
    assert put_together(a_language(notice), "notice.html") is None


def test_every_shipped_notice_can_be_put_together_and_says_the_same(library: Library) -> None:
    language = Language(FileSystemLoader(SHIPPED_NOTICES.folder))
    wholes: dict[str, Whole | None] = {}
    for workflow in library.sources:
        for send, given in contexts(library.current(workflow)):
            for part in PARTS:
                name = f"{workflow}/{send.notice}.{part}"
                whole = wholes[name] = wholes.get(name) or put_together(language, name)
                assert whole is not None, name
                assert all_said(whole(given)) == all_said(language.get_template(name).generate(given)), name
    assert wholes


def test_a_slip_is_told_in_its_own_line_however_often_the_notice_was_sent(tmp_path: Path) -> None:
    notices = a_folder_with(
        tmp_path, "{% extends 'layout.txt' %}\n{% block said %}\n{{ case.title }}\n{% endblock %}\n"
    )
    for _ in range(OFTEN + 1):
        assert notices.render("loan/lent", GIVEN).text == "Dear you\nNobody & sons\nGoodbye\n"
    with pytest.raises(NoticeError, match='nothing here is called "title"') as told:
        notices.render("loan/lent", {**GIVEN, "case": {}})
    assert (Path(told.value.file or "").name, told.value.line) == ("lent.txt", 3)


def test_one_that_is_given_less_than_most_is_rendered_all_the_same_however_often_it_was_sent(tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, "{{ case.title }}{% if case.state is defined %}, {{ case.state }}{% endif %}.")
    for _ in range(OFTEN + 1):
        assert notices.render("loan/lent", GIVEN).text == "Nobody & sons.\n"


@pytest.mark.parametrize("notice", ["{% extends 3 %}", "{% extends 'layout.txt' %}", "{{ 1"])
def test_what_cannot_be_rendered_is_told_however_often_it_is_tried(notice: str, tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, notice)
    for _ in range(OFTEN + 1):
        with pytest.raises(NoticeError, match=r"notifications/loan/lent\.txt"):
            notices.render("loan/lent", GIVEN)


def test_what_loops_without_end_is_refused_however_often_the_notice_was_sent(tmp_path: Path) -> None:
    notices = a_folder_with(tmp_path, "{% for a in many %}{% for b in many %}{% endfor %}{% endfor %}")
    for _ in range(OFTEN + 1):
        notices.render("loan/lent", GIVEN)
    with pytest.raises(NoticeError, match="the loops go round more than"):
        notices.render("loan/lent", {"many": range(200)})


def a_folder_with(tmp_path: Path, notice: str) -> Notices:
    (tmp_path / "loan").mkdir()
    (tmp_path / "layout.txt").write_text(LAYOUT, encoding="utf-8")
    for part, text in zip(PARTS, ("Fine", notice, "Fine"), strict=True):
        (tmp_path / f"loan/lent.{part}").write_text(text, encoding="utf-8")
    return Notices(tmp_path)
