"""A placement that is a sporting activity or work experience has a code of its own, where the school arranged it."""

import pytest

from apflow.handler import Handler
from apflow.records.attendance.coding import Coding
from apflow.store.records.attendance import Attending
from apflow.testing import TODAY
from tests.records.attendance import a_placed_pupil, a_plan, mark, said


@pytest.mark.parametrize(
    ("setting", "arranged_by", "code"),
    [("sport", "school", "P"), ("work_experience", "school", "W"), ("sport", "council", "K")],
)
def test_the_register_has_its_code(handler: Handler, setting: str, arranged_by: str, code: str) -> None:
    case, pip = a_placed_pupil(handler)
    a_plan(handler, pip, from_on=TODAY.isoformat(), setting=setting, arranged_by=arranged_by)
    mark(handler, case, said(pip))

    assert handler.library.attendance
    with handler.store.reading() as connection:
        coding = Coding(handler.library.attendance, handler.library, TODAY)
        sessions = coding.sessions(connection, Attending(TODAY, TODAY, case_id=case))
    assert [one.coded.code for one in sessions if one.mark and one.coded] == [code]
