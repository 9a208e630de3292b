"""What happened to each provider: steps with their dates, in working days before today."""

from collections.abc import Callable
from typing import Any

from apflow.demo import leaving, quality
from apflow.demo.cast import MAGDA, MORRIS, OLIVE, OPAL, ORLA, OSCAR, OWEN, PAVEL, PERCY, PETRA, POPPY, PRIYA, Member
from apflow.demo.step import Step, Story

MEMBERS = (PETRA, PAVEL, POPPY, PERCY)


def _any(_key: str, _number: int) -> bool:
    return True


def _invited(back: int, by: Member, wait: int = 2) -> Story:
    yield Step(back, "enquire", hour=9)
    yield Step(back - wait, "invite", by, hour=14)


def _papers(back: int, by: Member, only: Callable[[str, int], bool] = _any) -> Story:
    yield from _invited(back, by)
    yield Step(back - 6, "supply", items=only, hour=11)


def _submitted(back: int, by: Member) -> Story:
    yield from _papers(back, by)
    yield Step(back - 8, "submit", hour=15, answers={"declaration": True})


def _with_panel(back: int, by: Member, panel_on: int | None = None) -> Story:
    """With the panel 12 working days after `back`; waiting for a meeting, unless members give their views by a day."""
    yield from _submitted(back, by)
    yield Step(back - 11, "accept", by, items=_any, hour=11)
    summary = "The papers are complete. They describe small groups with good staffing and clear routines."
    in_writing = {} if panel_on is None else {"panel_on": panel_on}
    yield Step(back - 12, "refer_to_panel", by, {"summary": summary} | in_writing, hour=12, days_on=tuple(in_writing))


def _view(back: int, member: Member, view: str = "visit", comments: str = "Clear papers and sensible ratios.") -> Step:
    return Step(back, "give_view", member, {"view": view, "comments": comments}, hour=13)


def _decision(back: int, event: str, by: Member, **more: Any) -> Step:
    answers = {
        "panel_on": -back,
        "chaired_by": PETRA.name,
        "reasons": "The papers show a safe and well-run offer that fills a gap in the area.",
    }
    return Step(back, event, by, answers | more, hour=16, days_on=("panel_on",))


def _agreed(back: int, by: Member) -> Story:
    """With the panel 12 working days after `back`, agreed 20 after."""
    yield from _with_panel(back, by, panel_on=20 - back)
    yield from (_view(back - 15 - n, member) for n, member in enumerate(MEMBERS[:3]))
    yield _decision(back - 20, "panel_agree", by)


def _visit_arranged(back: int, by: Member, visit_on: int) -> Step:
    answers = {"visit_on": visit_on, "visit_time": "10:30", "visit_place": "Your main site", "going": [by]}
    return Step(back, "arrange_visit", by, answers, hour=11, days_on=("visit_on",))


def _visited(back: int, by: Member, outcome: str) -> Step:
    answers = {
        "visited_on": -back,
        "seen": "We saw a calm session with six young people and two staff, and talked about routines and first aid.",
        "visit_outcome": outcome,
        "no_surprise": True,
    }
    if outcome == "actions":
        answers["agreed"] = "The sign-in sheet is moved to the front door by the end of the month."
    return Step(back, "record_visit", by, answers, hour=15, days_on=("visited_on",))


def _approved(back: int, by: Member) -> Story:
    yield from _agreed(back, by)
    yield Step(back - 21, "describe_entry", hour=9)
    yield _visit_arranged(back - 22, by, visit_on=28 - back)
    yield _visited(back - 28, by, "satisfied")
    yield Step(back - 29, "approve", by, {"ready": True}, hour=11)
    yield Step(back - 31, "finish_alerts", by, {"note": "Its site is recorded, and its entry read through"}, hour=10)


def _sent_back(back: int, by: Member) -> Story:
    yield from _submitted(back, by)
    yield Step(back - 10, "accept", by, items=lambda _key, number: number % 7 != 3, hour=11)
    reason = "This is from two years ago. Send the one in force now."
    yield Step(back - 10, "send_back", by, {"reason": reason}, items=lambda _key, number: number % 7 == 3, hour=12)
    what = "We need newer copies of the documents we sent back. The reasons are beside each."
    yield Step(back - 10, "ask_for_information", by, {"what_we_need": what}, hour=14)


def stories() -> list[Story]:
    """One story for each provider, in the order of the cast; the first is the one to sign in as."""
    return [
        _papers(14, OLIVE, only=lambda _key, number: number < 14),
        _declined_by_panel(70, OSCAR),
        iter([Step(1, "enquire", hour=16)]),
        iter([Step(4, "enquire", hour=10)]),
        iter([Step(9, "enquire", hour=11)]),
        _invited(3, OLIVE, wait=1),
        _papers(28, OSCAR, only=lambda _key, number: number % 3 == 0),
        _sent_back(20, OLIVE),
        _more_time(36, ORLA),
        _papers(8, OWEN),
        _submitted(9, OLIVE),
        _submitted(18, OLIVE),
        _half_checked(15, OSCAR),
        _submitted(12, ORLA),
        _submitted(24, OPAL),
        _with_panel(27, OLIVE),
        _two_views(20, OSCAR),
        _ready_to_decide(22, OLIVE),
        _overdue_panel(45, ORLA),
        _with_panel(24, OWEN),
        _with_visit_to_come(30, OLIVE),
        _with_actions(40, OSCAR),
        _ready_to_approve(36, ORLA),
        _with_two_plans(110, OLIVE),
        _with_a_note_to_read(90, OSCAR),
        _with_a_concern(64, OPAL),
        _approved(130, OWEN),
        _closed_enquiry(30, OPAL),
        _withdrawn(34, ORLA),
        _invited(60, OWEN),
        _with_a_change_proposed(75, ORLA),
        quality.with_a_visit_planned(_approved(82, OWEN), OWEN, ahead=60),
        quality.with_a_visit_planned(quality.with_short_insurance(_approved(98, OPAL), OPAL), OPAL, ahead=105),
        _approved(57, ORLA),
        quality.with_a_half_filled_self_assessment(_approved(300, OLIVE), OLIVE),
        quality.with_a_late_self_assessment(_approved(330, OSCAR), OSCAR),
        quality.with_a_reviewed_self_assessment(_approved(372, ORLA), ORLA),
        leaving.in_some_weeks(_approved(150, OPAL)),
        leaving.some_weeks_ago(_approved(160, OWEN)),
    ]


def _declined_by_panel(back: int, by: Member) -> Story:
    yield from _with_panel(back, by, panel_on=20 - back)
    yield from (
        _view(back - 15, member, "decline", "Supervision between sites is not explained.") for member in MEMBERS[:3]
    )
    what_next = "Describe who supervises young people between your two sites, and apply again when that is in place."
    reasons = "The papers do not show who supervises young people between the two sites."
    yield _decision(back - 20, "panel_decline", by, reasons=reasons, what_next=what_next)


def _more_time(back: int, by: Member) -> Story:
    yield from _papers(back, by, only=lambda _key, number: number < 6)
    yield Step(back - 20, "allow_more_time", by, {"why": "You told us your insurer needs two more weeks"}, hour=14)


def _half_checked(back: int, by: Member) -> Story:
    yield from _submitted(back, by)
    yield Step(2, "accept", by, items=lambda _key, number: number < 11, hour=15)


def _two_views(back: int, by: Member) -> Story:
    yield from _with_panel(back, by, panel_on=2)
    yield _view(3, PETRA)
    yield _view(2, PAVEL, "more", "I would like to hear how attendance is followed up.")


def _ready_to_decide(back: int, by: Member) -> Story:
    yield from _with_panel(back, by, panel_on=0)
    yield from (_view(4 - n, member) for n, member in enumerate((PETRA, PAVEL, POPPY)))
    yield Step(2, "declare_conflict", PRIYA, {"conflict": "My brother is a trustee of this organisation."}, hour=9)


def _overdue_panel(back: int, by: Member) -> Story:
    yield from _with_panel(back, by, panel_on=16 - back)
    yield _view(back - 15, PERCY)


def _with_visit_to_come(back: int, by: Member) -> Story:
    yield from _agreed(back, by)
    yield _visit_arranged(back - 22, by, visit_on=3)


def _with_actions(back: int, by: Member) -> Story:
    yield from _agreed(back, by)
    yield _visit_arranged(back - 22, by, visit_on=30 - back)
    yield _visited(back - 30, by, "actions")


def _ready_to_approve(back: int, by: Member) -> Story:
    yield from _agreed(back, by)
    yield Step(back - 21, "describe_entry", hour=9)
    yield _visit_arranged(back - 22, by, visit_on=-3)
    yield _visited(3, by, "satisfied")


def _plan(back: int, by: Member, why: str, *actions: tuple[str, int]) -> Story:
    """An action plan that the provider agrees; each action with its working day from today."""
    yield Step(back, "begin_action_plan", by, {"why": why}, hour=9)
    for what, due in actions:
        said = {"what": what, "by_when": due, "owner": "The head", "how_shown": "A photograph or a certificate"}
        yield Step(back, "add_action", by, said, hour=10, days_on=("by_when",), on="action_plan")
    yield Step(back, "ask_for_update", by, {"due_on": 12 - back}, hour=10, days_on=("due_on",), on="action_plan")
    yield Step(back, "propose", by, {"why": why}, hour=11, on="action_plan")
    yield Step(back - 2, "agree", None, {"agreed": True}, hour=14, on="action_plan")


def _with_two_plans(back: int, by: Member) -> Story:
    """One that is done, and one with an action overdue."""
    yield from _approved(back, by)
    yield from _plan(60, by, "The risk assessments for trips out are not complete.", ("Complete them", -50))
    yield Step(52, "say_done", None, {"what_was_done": "All five are written."}, hour=11, on="action_plan", item="1")
    yield Step(51, "accept_action", by, {}, hour=9, on="action_plan", item="1")
    judged = {"judgement": "The risk assessments are complete and in use."}
    yield Step(51, "judge_done", by, judged, hour=10, on="action_plan")
    why = "New staff begin before their training in safeguarding is done."
    yield from _plan(
        15, by, why, ("Train the two new tutors", -2), ("Change the induction, so that training is first", 6)
    )
    done = {"what_was_done": "The induction is changed, and the new list is on the wall."}
    yield Step(4, "say_done", None, done, hour=15, on="action_plan", item="2")
    told = {"update": "One of the two tutors is trained. The other begins on Monday."}
    yield Step(4, "send_update", None, told, hour=16, on="action_plan", item="1")


def _with_a_note_to_read(back: int, by: Member) -> Story:
    yield from _approved(back, by)
    planned = {"kind": "routine", "visit_by": 5}
    yield Step(20, "plan_visit", by, planned, hour=9, days_on=("visit_by",))
    said = {"visit_on": -4, "visit_time": "13:30", "visit_place": "Your main site", "going": [by]}
    yield Step(18, "arrange_visit", by, said, hour=10, days_on=("visit_on",), on="visit")
    made = {"visited_on": -4, "going": [by]}
    yield Step(4, "took_place", by, made, hour=16, days_on=("visited_on",), on="visit")
    for item in ("aims", "checks_on_staff", "raising_concerns", "site_security", "premises", "progress"):
        yield Step(3, "find_in_order", by, {}, hour=10, on="visit", item=item)
    seen = {"found": "A maths lesson built on last week's, with everyone taking part."}
    yield Step(3, "find_strength", by, seen, hour=11, on="visit", item="teaching")
    note = {
        "note": "Teaching seen: a strength. A maths lesson built on last week's. Everything else is in order.",
        "agreed": "The head sends us the new plan of the building by the end of the month.",
        "no_surprise": True,
    }
    yield Step(2, "circulate", by, note, hour=15, on="visit")


def _with_a_concern(back: int, by: Member) -> Story:
    yield from _approved(back, by)
    told = {
        "what_happened": "A school says that the register was not taken on two mornings this week.",
        "told_by": "school",
        "how_told": "By telephone this morning",
    }
    yield Step(1, "log_concern_here", by, told, hour=11)


def _with_a_change_proposed(back: int, by: Member) -> Story:
    yield from _approved(back, by)
    offer = "Animal care and science for ages 11 to 16, and now a woodland classroom for six."
    yield Step(2, "propose_entry", answers={"description": offer}, hour=11)


def afterwards() -> dict[str, Story]:
    """What happens once it is known where pupils are placed, by the provider's name."""
    return {"Beacon Motor Project": _removed(), "Goldcrest Kitchen": _suspended(), "Juniper Online": _to_be_removed()}


def _removed() -> Story:
    """By two managers; everybody is told, and a school without an address is rung."""
    reasons = "The agreed action plan was not followed, and learners were left without a qualified first aider."
    yield Step(4, "propose_removal", MAGDA, {"removal_reasons": reasons}, hour=15)
    agreed = {"why_confirmed": "I have read the plan, the updates and both notes of visit, and agree.", "sure": True}
    yield Step(2, "confirm_removal", MORRIS, agreed, hour=11)
    by_phone = {"how_told": "Owen rang the school office, and spoke to the head"}
    yield Step(1, "told_otherwise", OWEN, by_phone, hour=10, item="Quarry Lane School")
    in_place = {
        "in_place": "Our head of year visits every week. We look again at half-term.",
        "own_checks": True,
    }
    yield Step(1, "go_on", OWEN, in_place, hour=11, on="placement_review")


def _suspended() -> Story:
    reasons = "Your public liability insurance is being renewed on other terms, and we need to see what they are."
    said = {"reasons": reasons, "suspension_review_on": 10}
    yield Step(3, "suspend", MORRIS, said, hour=14, days_on=("suspension_review_on",))


def _to_be_removed() -> Story:
    reasons = "Two tutors taught alone before their checks were complete, and this was the second time."
    yield Step(1, "propose_removal", MAGDA, {"removal_reasons": reasons}, hour=14)


def _closed_enquiry(back: int, by: Member) -> Story:
    yield Step(back, "enquire", hour=12)
    reasons = "You offer training for adults. The list is for children of school age."
    yield Step(back - 3, "close_enquiry", by, {"reasons": reasons}, hour=10)


def _withdrawn(back: int, by: Member) -> Story:
    yield from _papers(back, by, only=lambda _key, number: number < 4)
    yield Step(back - 12, "withdraw", None, {"why": "We are moving out of the area.", "sure": True}, hour=17)
