"""The check of the policy renders the e-mail about work left undone, and finds what is urgent nowhere."""

import shutil
from pathlib import Path

from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from apflow.settings import shipped
from tests.lending import a_council
from tests.loader.folder import rewrite

OF_NO_CASE = ("nightly_check", "reminders", "sign_in")
SAID_OF_THEM = """\
reminders: {in_one_email: true, in_the_morning: {loan: [overdue]}, assumed: x}
nightly_check:
  at: "04:00"
  raises: [urgent_undone, left_undone]
  at_most: 25
  undone_after: 1 working day
  urgent: {loan: [tell_everyone]}
  digest:
    to: librarian
    at: "08:00"
    again_after: 3 working days
    urgent_again_after: 1 working day
    shows: 10
  assumed: x
"""


def problems(tmp_path: Path) -> list[str]:
    notices = Notices(tmp_path / "notifications")
    return [f"{Path(one.file).name}: {one.message}" for one in check_folder(tmp_path / "workflows", notices)]


def a_policy(tmp_path: Path) -> Path:
    """The policy about lending books, which is followed in no time, with the e-mails of no case as they ship."""
    a_council(tmp_path)
    council = tmp_path / "workflows/council.yaml"
    council.write_text(council.read_text(encoding="utf-8") + SAID_OF_THEM, encoding="utf-8")
    for name in OF_NO_CASE:
        shutil.copytree(shipped("notifications") / name, tmp_path / "notifications" / name)
    for layout in shipped("notifications").glob("layout.*"):
        shutil.copy(layout, tmp_path / "notifications")
    return tmp_path


def test_as_they_ship_they_have_no_slip(tmp_path: Path) -> None:
    a_policy(tmp_path)

    assert problems(tmp_path) == []


def test_a_slip_in_it_is_told_with_its_file(tmp_path: Path) -> None:
    rewrite(a_policy(tmp_path) / "notifications/nightly_check/left_undone.txt", ("{{ one.late }}", "{{ one.latest }}"))

    (said,) = problems(tmp_path)

    assert said.startswith("left_undone.txt: ")
    assert "latest" in said


def test_that_it_is_missing_is_told(tmp_path: Path) -> None:
    for file in (a_policy(tmp_path) / "notifications/nightly_check").iterdir():
        file.unlink()

    assert problems(tmp_path) == [
        "left_undone: there is no nightly_check/left_undone, by which nightly_check.digest in council.yaml is told"
    ]


def test_what_is_urgent_must_be_an_alert_or_a_deadline_of_its_workflow(tmp_path: Path) -> None:
    rewrite(a_policy(tmp_path) / "workflows/council.yaml", ("loan: [tell_everyone]", "loan: [tell_everybody]"))

    (said,) = problems(tmp_path)

    assert said.startswith('council.yaml: there is no alert called "tell_everybody"')
    assert 'did you mean "tell_everyone"' in said


def test_it_goes_to_a_role_of_staff(tmp_path: Path) -> None:
    rewrite(a_policy(tmp_path) / "workflows/council.yaml", ("    to: librarian\n", "    to: reader\n"))

    assert problems(tmp_path) == ['council.yaml: there is no role called "reader"']
