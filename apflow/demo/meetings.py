"""The panel's meetings in the demo: one that was held, with its minutes, and one to come with its agenda."""

from typing import Any

from apflow.demo.cast import OLIVE, OWEN, PAVEL, PERCY, PETRA, POPPY, PRIYA
from apflow.demo.step import Step, Story

AGREED, HELD_OVER, WITH_VIEWS = "Tumbledown Gardens", "Paddlewheel Boats", "Quillfeather Books"
_PLACE = {"meeting_time": "10:30", "meeting_place": "Room 2, Made Up Hall, or online by the link in the calendar"}
_MINUTES = """\
Members present: Pavel Inglewood, Percy Kilmersdon, Petra Hollowell, Poppy Jessop
Members who sent apologies: Priya Larkhall
Tumbledown Gardens: agreed to a visit. The papers show a safe and well-run offer that fills a gap in the area.
Paddlewheel Boats: held over to another meeting. The risk assessment for the weir came in on the morning of the meeting.
The next meeting looks at Paddlewheel Boats first."""


def meetings() -> dict[str, Story]:
    """What happened to each meeting, by a name that only the demo has for it."""
    return {"held": _held(14), "to come": _to_come(5)}


def _planned(back: int, by: Any, meeting_on: int) -> Step:
    answers = {"meeting_on": meeting_on, "chair": PETRA} | _PLACE
    return Step(back, "plan_meeting", by, answers, hour=9, days_on=("meeting_on",))


def _held(back: int) -> Story:
    yield _planned(back, OWEN, meeting_on=-6)
    for organisation in (AGREED, HELD_OVER):
        yield Step(11, "put_on_agenda", OWEN, {}, hour=14, item=organisation)
    yield Step(11, "send_papers", OWEN, {"message": "The two packs are short this time."}, hour=15)
    here = {"present": [PAVEL, PERCY, PETRA, POPPY], "chair": PETRA, "apologies": [PRIYA]}
    yield Step(6, "open_meeting", OWEN, here, hour=10)
    reasons = {"reasons": "The papers show a safe and well-run offer that fills a gap in the area."}
    yield Step(6, "agree", OWEN, reasons, hour=11, item=AGREED)
    why = {"why": "The risk assessment for the weir came in on the morning of the meeting."}
    yield Step(6, "hold_over", OWEN, why, hour=11, item=HELD_OVER)
    yield Step(5, "write_minutes", OWEN, {"minutes": _MINUTES, "retention": "six_years"}, hour=9)
    yield Step(4, "agree_minutes", PETRA, {"minutes": _MINUTES, "right": True}, hour=13)


def _to_come(back: int) -> Story:
    yield _planned(back, OLIVE, meeting_on=4)
    for organisation in (HELD_OVER, WITH_VIEWS):
        yield Step(4, "put_on_agenda", OLIVE, {}, hour=15, item=organisation)
    yield Step(3, "send_papers", OLIVE, {}, hour=16)
