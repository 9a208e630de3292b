"""What an officer reads when how attendance is coded and chased changes: sentences, and no keys of a file."""

from functools import lru_cache

import pytest

from apflow.loader.reading import library_of
from apflow.provision.coding import Attendance
from apflow.provision.coding_compared import compare_attendances
from apflow.settings import shipped

LAW = "School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208)"
CARED_FOR = "who is looked after, or on a child protection or child in need plan,"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in shipped("workflows").glob("*.yaml")}
EXCLUDED = "Suspended or excluded, and no other provision made for the session"
MISSING = TEXTS["attendance.yaml"][
    TEXTS["attendance.yaml"].index("missing:  ") : TEXTS["attendance.yaml"].index("long_absences:")
]
LONG = TEXTS["attendance.yaml"][
    TEXTS["attendance.yaml"].index("long_absences:") : TEXTS["attendance.yaml"].index("late_")
]
LATE = TEXTS["attendance.yaml"][
    TEXTS["attendance.yaml"].index("late_marks:") : TEXTS["attendance.yaml"].index("pattern:")
]
TITLES = {"pupils_virtual_school": "Virtual School", "pupils_sen_caseworker": "SEN caseworker of the pupil"}
SPORT_RULE = """      - setting: [sport]
        code: P
        because: The school arranged"""


@lru_cache
def attendance_of(text: str) -> Attendance:
    found = library_of({**TEXTS, "attendance.yaml": text}).attendance
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            'am: {remind_at: "10:30"',
            'am: {remind_at: "10:00"',
            "A provider is now reminded at 10am of a morning that it has not marked, was at 10:30am.",
        ),
        (
            'flag_at: "15:30"',
            'flag_at: "16:00"',
            "The council is now told at 4pm of an afternoon that is not marked, was at 3:30pm.",
        ),
        (
            "after_days: 2",
            "after_days: 3",
            "A school is now told once 3 days of a pupil were not marked, was once 2 were.",
        ),
        ("within: 2 weeks", "within: 3 weeks", "For that, days within 3 weeks now count, were those within 2 weeks."),
        (
            "every: 1 week",
            "every: 2 weeks",
            "A school is now told again 2 weeks later while it lasts, was 1 week later.",
        ),
        (
            "  school: {after_days: 2, within: 2 weeks, every: 1 week}",
            "",
            "Schools are no longer told that attendance of their pupils is not marked.",
        ),
        ("  days: 2  ", "  days: 3  ", "A pupil is now missing after 3 days without a reason, was after 2."),
        (
            "  days: 2                               # running, of those on which the pupil was due there\n  sooner: 1",
            "  days: 3\n  sooner: 2",
            f"One {CARED_FOR} is now missing after 2 days, was after 1.",
        ),
        (
            "also: [pupils_social_worker, pupils_virtual_school]  ",
            "also: [pupils_social_worker, pupils_sen_caseworker]  ",
            "SEN caseworker of the pupil is now told too of a pupil who is missing.",
        ),
        (
            "also: [pupils_social_worker, pupils_virtual_school]  ",
            "also: [pupils_social_worker]  ",
            "Virtual School is no longer told of a pupil who is missing.",
        ),
        (
            "school_days: 15",
            "school_days: 10",
            "The council and the school are now told of a pupil who is away for “Ill” on 10 school days of a school "
            "year, were on 15 school days of a school year.",
        ),
        (
            "in_care: 1\n",
            "in_care: 2\n",
            f"The council and the school are now told of a pupil who is away for “{EXCLUDED}” on 6 school days "
            "running, looked after on 2, were on 6 school days running, looked after on 1.",
        ),
        (
            "reasons: ill\n",
            "reasons: [ill, appointment]\n",
            "The council and the school are now told of a pupil who is away for “Ill” and “At a medical or "
            "dental appointment”, were of a pupil who is away for “Ill”.",
        ),
        (
            LONG[LONG.index("  away_as_excluded") :],
            "\n",
            f"Nobody is told any more of a pupil who is away for “{EXCLUDED}” on 6 school days running, "
            "looked after on 1.",
        ),
        (MISSING, "", "Nobody is told any more of a pupil who does not come and of whom nobody says why."),
        (
            "after: 60 calendar days",
            "after: 3 months",
            "A provider and a school can now mark and explain a session for 3 months, could for 60 calendar days.",
        ),
        (LATE, "", "A provider can now mark a session, and a school give a reason, however long ago it was."),
        ("absences: 3", "absences: 4", "Absences are now a pattern at 4 of 10 sessions, were at 3 of 10."),
        ("  of: 10", "  of: 20", "Absences are now a pattern at 3 of 20 sessions, were at 3 of 10."),
        (
            "I: {says: Illness, counts: authorised}",
            "I: {says: Illness, counts: unauthorised}",
            f"{LAW}: a session with code I now counts as unauthorised, was authorised.",
        ),
        ("says: Illness", "says: Ill", f"{LAW}: code I now says “Ill”, was “Illness”."),
        (
            "      X: {says: Not of",
            "      Z: {says: Made up, counts: not counted}\n      X: {says: Not of",
            f"{LAW}: code Z is added, “Made up”, which counts as not counted.",
        ),
        (
            "ill: {says: Ill, code: I}",
            "ill: {says: Ill, code: I, told_by: [school]}",
            f"{LAW}: the reason “Ill” can now be given by the school, could be by the provider and the school.",
        ),
        (
            "ill: {says: Ill, code: I}",
            "ill: {says: Ill, code: M}",
            f"{LAW}: the reason “Ill” now leads to code M, did to I.",
        ),
        (
            "      ill: {says: Ill",
            "      hurt: {says: Hurt, code: I}\n      ill: {says: Ill",
            f"{LAW}: the provider and the school can now give the reason “Hurt”, which leads to code I.",
        ),
        (
            "after: 5 school days",
            "after: 10 school days",
            f"{LAW}: an absence can now be explained for 10 school days before that, could be for 5 school days.",
        ),
        (
            SPORT_RULE,
            SPORT_RULE.replace("code: P", "code: B"),
            f"{LAW}: of a session at a sporting activity it is now code B, was code P.",
        ),
        (
            SPORT_RULE,
            SPORT_RULE.replace("setting: [sport]", "setting: [sport]\n        arranged_by: [school]"),
            f"{LAW}: a rule is taken away: at a sporting activity: code P.",
        ),
        (
            "because: The provider marked an absence.",
            "because: The pupil did not come.",
            f"{LAW}: why it is the code of the absence of a session that was not attended now reads "
            "“The pupil did not come.”, was “The provider marked an absence.”.",
        ),
        (
            "since: 2024-08-19",
            "since: 2024-09-01",
            f"{LAW}: these codes are now in force from 1 Sep 2024, were from 19 Aug 2024.",
        ),
    ],
)
def test_each_change_is_one_plain_sentence(before: str, after: str, sentence: str) -> None:
    ours = TEXTS["attendance.yaml"]
    assert before in ours

    told = list(compare_attendances(attendance_of(ours), attendance_of(ours.replace(before, after, 1)), TITLES))

    assert sentence in told
    assert not [one for one in told if "remind_at" in one or "{" in one or ": nothing" in one]


def test_what_is_added_is_told_with_its_numbers() -> None:
    ours = TEXTS["attendance.yaml"]
    without = (
        ours.replace(MISSING, "")
        .replace(LONG, "")
        .replace(LATE, "")
        .replace("  school: {after_days: 2, within", "  # school: {", 1)
    )

    told = list(compare_attendances(attendance_of(without), attendance_of(ours), TITLES))

    assert told == [
        "A school is now told once 2 days of a pupil within 2 weeks were not marked, and again 1 week later "
        "while it lasts.",
        f"A pupil is now missing who does not come for 2 days running, and one {CARED_FOR} for 1 day, "
        "while nobody says why.",
        "The council and the school are now told of a pupil who is away for “Ill” on 15 school days of a school year.",
        f"The council and the school are now told of a pupil who is away for “{EXCLUDED}” on 6 school days running, "
        "looked after on 1.",
        "A session longer than 60 calendar days ago can now be marked, and its reason given, by the council alone.",
    ]
