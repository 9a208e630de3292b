"""What the guidance and the law want said of a placement, and when: whoever leaves it out is told which it is."""

from typing import Any

import pytest

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library

SCHOOL, PROVIDER = "commissioner", "provider"
STORY = (
    (SCHOOL, "describe"),
    (SCHOOL, "confirm_checks"),
    (SCHOOL, "refer"),
    (PROVIDER, "offer"),
    (PROVIDER, "set_programme"),
    (SCHOOL, "set_plan"),
    (SCHOOL, "add_objective"),
    (SCHOOL, "give_notice"),
    (PROVIDER, "sign"),
    (SCHOOL, "sign"),
    (SCHOOL, "start_placement"),
    (PROVIDER, "record_induction"),
    (PROVIDER, "report_progress"),
    (SCHOOL, "call_review_now"),
    (PROVIDER, "say"),
    (SCHOOL, "decide_to_end"),
    (SCHOOL, "finish"),
)
GIVEN: dict[str, dict[str, Any]] = {
    "confirm_checks": {"visited": "seen"},
    "set_plan": {"is_full_time": False},
}
# Of each event the questions, beside the sentence that wants them answered.
WANTED = {
    "guidance, Responsibilities during a placement: additional learning needs and outcomes set": {
        "describe": ["needs"]
    },
    "guidance, Definition of efficient and suitable full-time education: age, ability, aptitude, and special needs": {
        "describe": ["why_it_suits"]
    },
    "guidance, Key checks that commissioners must carry out prior to placement": {
        "confirm_checks": [
            *("registration", "policies", "insurance", "assessment", "curriculum", "safeguarding", "attendance"),
            *("references", "checks_confirmed_by"),
        ]
    },
    "DfE, Keeping children safe in education, part three: written confirmation of checks on staff, and of changes": {
        "confirm_checks": ["staff_checked"]
    },
    "guidance, Responsibilities during a placement: seek assurance of safeguarding, health and safety, insurance": {
        "confirm_checks": ["assured"]
    },
    "guidance, Responsibilities during a placement: visit the provision (where applicable) before the referral": {
        "confirm_checks": ["visited", "seen_by"]
    },
    "guidance, Responsibilities during a placement: an agreed structured programme, with a clear progression route": {
        "set_programme": ["programme", "progression", "delivery"]
    },
    "guidance, Responsibilities during a placement: the named person on each side": {
        "set_programme": ["named_at_provider"],
        "set_plan": ["named_at_school"],
    },
    "guidance: a personalised plan, linked to EHCPs, CP or CIN plans or PEPs": {"set_plan": ["plan", "linked_plans"]},
    "guidance: good academic attainment, particularly in English and maths": {"set_plan": ["english_and_maths"]},
    "guidance: on a part-time timetable, a clearly defined plan and timeline back to full-time education": {
        "set_plan": ["why_part_time"]
    },
    "guidance, Responsibilities during a placement: risk assessment as appropriate": {"set_plan": ["risk_assessment"]},
    "guidance: a clear plan around reporting and oversight of daily attendance": {"set_plan": ["attendance_plan"]},
    "guidance: on track to return to school or, if post 16, to education, training, or employment": {
        "set_plan": ["afterwards"],
        "finish": ["destination"],
    },
    "DfE, Arranging alternative provision (2025): review dates are built in from the start": {
        "set_plan": ["first_review_on", "starts_on", "until", "hours", "has_breaks", "which_sessions"]
    },
    "guidance: regular updates around these objectives to the commissioner and parent or carer": {
        "set_plan": ["next_report_on", "reports_every"],
        "report_progress": ["progress", "next_report_on"],
    },
    "guidance: clear objectives, clear timeframes, arrangements for assessment, and a baseline": {
        "add_objective": ["objective", "by_when", "assessed", "baseline"]
    },
    "SI 2010/1156: what the notice of a direction off-site says": {
        "give_notice": ["notice_on", "says_where", "says_why", "says_when"]
    },
    "guidance: a clear service level agreement should be in place": {"sign": ["signed_as", "agrees"]},
    "guidance, Responsibilities during a placement: a thorough induction, including health and safety": {
        "record_induction": ["inducted_on", "given_by", "health_and_safety"]
    },
    "DfE, Arranging alternative provision (2025): reviews of the placement, with the pupil and the parents heard": {
        "decide_to_end": ["reviewed_on", "found", "pupil_says", "parents_say"]
    },
    "guidance: clear timeframes for the intervention": {"set_plan": ["until"], "decide_to_end": ["until"]},
    "guidance: a full record, with progress, achievements, destination, and the pupil's own reflections": {
        "finish": ["ends_on", "outcome_progress", "reflections", "kept_for"]
    },
}


def before(library: Library, event: str) -> tuple[Play, Actor]:
    """A direction off-site that has come as far as this event, and who does it."""
    definition = library.current("placement")
    play, cast = a_play(definition), Cast(definition)
    does(play, cast.person(SCHOOL), "refer_a_pupil", kind="directed")
    for role, step in STORY:
        if step == event:
            return play, cast.person(role)
        does(play, cast.person(role), step)
    raise AssertionError(event)


@pytest.mark.parametrize(
    ("source", "event", "question"),
    [
        pytest.param(source, event, question, id=f"{event}-{question}")
        for source, asked in WANTED.items()
        for event, questions in asked.items()
        for question in questions
    ],
)
def test_what_is_wanted_by_then_cannot_be_left_out(library: Library, source: str, event: str, question: str) -> None:
    play, actor = before(library, event)
    answers = play.answers(event, **GIVEN.get(event, {}))
    assert question in answers, source
    with pytest.raises(Invalid) as refusal:
        play.fire(actor, event, **{name: answer for name, answer in answers.items() if name != question})
    assert list(refusal.value.errors) == [question]
