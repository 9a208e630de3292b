"""The demo's yearly quality assurance: self-assessments that are open, late and reviewed, and visits planned ahead."""

from apflow.demo.cast import OWEN, Member
from apflow.demo.step import Step, Story

_ANSWERS = {
    "aims": ("in_place", "We work with young people who have lost the thread of school, and count who finds it again."),
    "oversight": ("in_place", "Two directors run it; three trustees see the safeguarding log every half-term."),
    "changes": ("partly", "A second site opened in the spring. Next year we write our own scheme of work for maths."),
    "checks_on_staff": ("in_place", "The central record is complete, and each school has our letter."),
    "training": ("partly", "All are trained. Two of the four newest have their first-aid course next month."),
    "concerns": ("in_place", "Nine concerns were recorded and passed on the same day. We now ask at every handover."),
    "policies": ("in_place", "All were looked at in September, and staff signed that they read them."),
    "supervision": ("in_place", "Visitors sign in at one door. Somebody is in the yard at every break."),
    "premises": ("in_place", "Fire risk assessments of both sites are of this year, with a drill each term."),
    "risks": ("in_place", "Every activity has its sheet by the door, and every pupil one that the school sees."),
    "starting_points": ("partly", "We take a baseline in the first week; with two schools we agreed no objectives."),
    "progress": ("in_place", "Most of our pupils moved on by more than a level in English, half of them in maths."),
    "reports": ("in_place", "Schools hear from us each week, and every review took place within the half-term."),
    "attendance": ("in_place", "Attendance was 88% over the year. We ring within half an hour."),
}


def _renewed(back: int, by: Member) -> Story:
    """Every paper once more before it runs out, looked at and accepted."""
    yield Step(back, "supply", items=lambda _key, _number: True, hour=9)
    yield Step(back - 2, "accept", by, items=lambda _key, _number: True, hour=10)
    yield Step(back - 2, "finish_alerts", by, {"note": "Looked at, and accepted"}, hour=11)


def _answered(back: int, *keys: str) -> Story:
    for key in keys:
        judgement, answer = _ANSWERS[key]
        yield Step(back, "answer", None, {"judgement": judgement, "answer": answer}, on="self_assessment", item=key)


def with_a_half_filled_self_assessment(approved: Story, by: Member) -> Story:
    """Opened by itself some weeks ago; the provider has stopped halfway."""
    yield from approved
    yield from _renewed(130, by)
    yield from _answered(6, "aims", "oversight", "changes", "checks_on_staff")
    yield from _answered(2, "training", "concerns")


def with_a_late_self_assessment(approved: Story, by: Member) -> Story:
    """The day for it has passed, and the manager has heard of it."""
    yield from approved
    yield from _renewed(155, by)
    yield from _answered(40, "aims")


def with_a_reviewed_self_assessment(approved: Story, by: Member) -> Story:
    """Handed in, sent back with a query, completed and reviewed; the visit that validates it is arranged."""
    yield from approved
    yield from _renewed(190, by)
    yield from _answered(70, *_ANSWERS)
    yield Step(66, "hand_in", None, {"declaration": True}, hour=15, on="self_assessment")
    query = {"reason": "Which two schools, and by when will you have agreed objectives with them?"}
    yield Step(60, "query_answer", by, query, on="self_assessment", item="starting_points")
    missing = {"what_is_missing": "One answer leaves something open. Everything else is clear, thank you."}
    yield Step(60, "send_back", by, missing, hour=11, on="self_assessment")
    again = {"judgement": "partly", "answer": "With both we met last week. Objectives are agreed, and on each plan."}
    yield Step(56, "answer", None, again, on="self_assessment", item="starting_points")
    yield Step(56, "hand_in", None, {"declaration": True}, hour=15, on="self_assessment")
    found = {
        "result": "look",
        "findings": "A candid and complete self-assessment. Objectives for every pupil are what to keep at.",
        "for_the_visit": "Ask to see three pupils' plans.",
    }
    yield Step(50, "finish_review", by, found, hour=14, on="self_assessment")
    planned = {"kind": "routine", "visit_by": 15}
    yield Step(12, "plan_visit", by, planned, hour=9, days_on=("visit_by",))
    meeting = {"visit_on": 6, "visit_time": "10:00", "visit_place": "Your main site", "going": [by, OWEN]}
    yield Step(10, "arrange_visit", by, meeting, hour=10, days_on=("visit_on",), on="visit")


def with_short_insurance(approved: Story, by: Member) -> Story:
    """With a policy that runs out soon, of which the provider has been reminded."""
    yield from approved

    def is_insurance(key: str, _number: int) -> bool:
        return key == "public_liability"

    yield Step(30, "supply", None, {"expires_on": 15}, items=is_insurance, days_on=("expires_on",))
    yield Step(28, "accept", by, items=is_insurance, hour=11)
    yield Step(28, "finish_alerts", by, {"note": "Looked at, and accepted"}, hour=12)


def with_a_visit_planned(approved: Story, by: Member, *, ahead: int) -> Story:
    """The year's routine visit has its week."""
    yield from approved
    plan = {"routine_from": ahead - 30, "routine_by": ahead, "routine_kind": "routine"}
    yield Step(1, "plan_routine_visit", by, plan, hour=15, days_on=("routine_from", "routine_by"))
