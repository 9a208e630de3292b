"""The check of the policy renders the e-mail about work left undone, and finds what is urgent nowhere."""

import shutil
from pathlib import Path

from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from apflow.settings import shipped
from tests.loader.folder import rewrite


def problems(tmp_path: Path) -> list[str]:
    notices = Notices(tmp_path / "notifications")
    return [f"{Path(one.file).name}: {one.message}" for one in check_folder(tmp_path / "workflows", notices)]


def a_copy(tmp_path: Path) -> Path:
    for name in ("workflows", "notifications"):
        shutil.copytree(shipped(name), tmp_path / name)
    return tmp_path


def test_a_slip_in_it_is_told_with_its_file(tmp_path: Path) -> None:
    rewrite(a_copy(tmp_path) / "notifications/nightly_check/left_undone.txt", ("{{ one.late }}", "{{ one.latest }}"))

    (said,) = problems(tmp_path)

    assert said.startswith("left_undone.txt: ")
    assert "latest" in said


def test_that_it_is_missing_is_told(tmp_path: Path) -> None:
    for file in (a_copy(tmp_path) / "notifications/nightly_check").iterdir():
        file.unlink()

    assert problems(tmp_path) == [
        "left_undone: there is no nightly_check/left_undone, by which nightly_check.digest in council.yaml is told"
    ]


def test_what_is_urgent_must_be_an_alert_or_a_deadline_of_its_workflow(tmp_path: Path) -> None:
    rewrite(a_copy(tmp_path) / "workflows/council.yaml", ("visit: [concern_has_changed]", "visit: [concern_changed]"))

    (said,) = problems(tmp_path)

    assert said.startswith('council.yaml: there is no alert called "concern_changed"')
    assert 'did you mean "concern_has_changed"' in said


def test_it_goes_to_a_role_of_staff(tmp_path: Path) -> None:
    rewrite(a_copy(tmp_path) / "workflows/council.yaml", ("    to: manager\n", "    to: provider\n"))

    assert problems(tmp_path) == ['council.yaml: there is no role called "provider"']
