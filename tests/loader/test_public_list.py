"""What anybody may read is held to what is public, however the policy asks for more."""

from pathlib import Path

import pytest

from tests.loader.snippet import problems_with

LIST = "public_list: {title: Readers, states: {lent: Has a book}, shows: {blurb: About}}\n"
BLURB = "fields: {blurb: {type: text, label: About them, privacy: public}}\n"


def codes(tmp_path: Path, snippet: str) -> list[str]:
    return [problem.code for _, problem in problems_with(tmp_path, snippet, "workflow")]


def test_a_list_of_what_is_public_has_no_problems(tmp_path: Path) -> None:
    assert codes(tmp_path, BLURB + LIST) == []


@pytest.mark.parametrize("privacy", ["case", "personal", "child", "safeguarding"])
def test_a_field_of_any_other_class_is_refused(privacy: str, tmp_path: Path) -> None:
    assert codes(tmp_path, BLURB.replace("public", privacy) + LIST) == ["not-public"]


def test_a_public_field_that_only_some_may_read_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, BLURB.replace("public", "public, read: librarian") + LIST) == ["not-public"]


def test_that_everybody_may_see_more_makes_no_field_public(tmp_path: Path) -> None:
    council = "roles: {public: {title: Anyone, audience: provider, mail: nobody, sees: [public, case], assumed: x}}\n"
    snippet = BLURB.replace("public", "case") + LIST

    assert "not-public" in [one.code for _, one in problems_with(tmp_path, snippet, "workflow", council=council)]


def test_what_people_said_of_a_case_does_not_count_as_checked_for_all_to_read(tmp_path: Path) -> None:
    checked = LIST.replace("}}\n", "}, checked: {collection: views, statuses: given}}\n")

    assert codes(tmp_path, BLURB + checked) == ["not-public"]
