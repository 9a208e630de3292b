"""A notice that speaks of what nobody can have answered when it is sent is a problem of the check."""

from pathlib import Path

import pytest

from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from tests.lending import a_council


def told(folder: Path, notice: str, said: str) -> list[str]:
    """The problems of the small policy with this said in one of its notices."""
    settings = a_council(folder)
    text = settings.notifications / "loan" / f"{notice}.txt"
    text.write_text(f"{text.read_text()}{said}\n")
    found = check_folder(settings.workflows, Notices(settings.notifications))
    return [f"{Path(one.file).name}:{one.line}: {one.code}: {one.message}" for one in found]


@pytest.mark.parametrize("said", ["{{ fields.books }}", "{% if fields.books %}So many.{% endif %}"])
def test_what_is_asked_later_alone_is_told_at_its_line(tmp_path: Path, said: str) -> None:
    assert told(tmp_path, "due_soon", said) == [
        'due_soon.txt:2: not-asked-by-then: "fields.books" says nothing yet: no event on any way to where this is '
        "sent asks for it"
    ]


@pytest.mark.parametrize(
    ("notice", "said"),
    [("lent", "{{ fields.books }}"), ("due_soon", "{{ fields.wanted_on }}"), ("due_soon", "{{ fields.size or '' }}")],
    ids=["asked by what sends it", "asked before", "asked by no form"],
)
def test_what_can_be_known_by_then_is_none(tmp_path: Path, notice: str, said: str) -> None:
    assert told(tmp_path, notice, said) == []
