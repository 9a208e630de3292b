"""Who is in the demo's year of placements: eight schools, four providers' sites, and pupils plainly invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apflow.demo.records import upn_of
from apflow.provision.sessions import HALVES

_HOURS_A_SESSION = 2.5
_FIRST_NUMBER = 500  # Of invented UPNs: those below are the demo's other pupils.
# Those that the demo has already are known again by their numbers.
SCHOOLS = """Name,Kind,URN,Contact,Email,Phone
Larkspur Primary School,School,999921,Lottie Larkin,office@larkspur.example,01632 960021
Millstone Community School,School,999922,Miles Millard,office@millstone.example,01632 960022
Northfield Academy,School,999923,Nadia Norris,office@northfield.example,01632 960023
Otterbourne School,School,999924,Oona Otter,office@otterbourne.example,01632 960024
Tansy Bank School,School,999931,Tamsin Tansley,office@tansybank.example,01632 960041
Umberfold Academy,School,999932,Ugo Upavon,office@umberfold.example,01632 960042
Vetch Hill Community School,School,999933,Vita Venning,office@vetchhill.example,01632 960043
Wigeon Vale School,School,999934,Wanda Wick,office@wigeonvale.example,01632 960044
"""
SITES = """Provider,Site,Proprietor,Address,Postcode,Monday,Tuesday,Wednesday,Thursday,Friday
Marigold Makers,The workroom,Marigold Makers CIC,1 Invented Yard,BS31 4BQ,10am to 3pm,10am to 3pm,10am to 3pm,,
Larkspur Learning,The cottage,Larkspur Learning Ltd,2 Invented Lane,BA2 8BP,9:30-13:30,,9:30-13:30,,9:30-13:30
Kingfisher Canoes,The boat store,Kingfisher Canoes CIC,3 Invented Wharf,BA1 7BN,,10am to 3pm,,10am to 3pm,
Foxglove Fields,The barn,Foxglove Fields Ltd,,,10am to 2pm,,,10am to 2pm,10am to 2pm
"""
DAYS = {
    "Marigold Makers": ("monday", "tuesday", "wednesday"),
    "Larkspur Learning": ("monday", "wednesday", "friday"),
    "Kingfisher Canoes": ("tuesday", "thursday"),
    "Foxglove Fields": ("friday", "thursday", "monday"),
}


@dataclass(frozen=True, slots=True)
class Stay:
    """One pupil's placement: so many weeks ago it is referred, and so many weeks long it runs.

    `end` is a destination, or "goes_on", "broken_down", "declined" or "withdrawn". `considered` is by whom the duty of
    section 19 was considered, if anybody wrote it down.
    """

    surname: str
    forename: str
    age: int
    true_of: tuple[str, ...]
    school: str
    provider: str
    kind: str
    ago: int
    weeks: int
    sessions: int
    cost: str
    end: str
    considered: str

    def last_day(self, first: date) -> date:
        """The day by which it is planned to end, when it begins on `first`."""
        return first + timedelta(weeks=self.weeks)

    @property
    def which_sessions(self) -> list[str]:
        """Mornings first, on the days on which the provider is open."""
        return [f"{day} {half}" for half in HALVES for day in DAYS[self.provider]][: self.sessions]


# Surname, first name, age, what is true, school, provider, kind, weeks ago, weeks, sessions, cost, end, section 19
_STAYS = """
Avocet|Ada|14|sen|Millstone Community School|Marigold Makers|alongside|50|22|4|240.00|school|
Bittern|Bo|15|ehcp|Millstone Community School|Marigold Makers|whole|46|30|6|410.00|post_16|The SEN caseworker
Curlew|Cal|13|sen|Millstone Community School|Larkspur Learning|health|38|16|3|210.00|school|The inclusion lead
Dunnock|Dee|14||Millstone Community School|Kingfisher Canoes|alongside|12|40|4|260.00|goes_on|
Egret|Eli|12||Northfield Academy|Larkspur Learning|directed|49|10|3|195.00|school|
Fulmar|Fay|15|lac|Northfield Academy|Marigold Makers|excluded|44|26|6|420.00|training|The Virtual School
Gannet|Gus|14|sen|Northfield Academy|Kingfisher Canoes|alongside|40|18|2|150.00|broken_down|
Hoopoe|Hal|13|cin|Northfield Academy|Marigold Makers|alongside|11|40|4|240.00|goes_on|The inclusion lead
Ibis|Ivy|11|ehcp|Otterbourne School|Larkspur Learning|health|45|24|3|215.00|another_setting|The SEN caseworker
Jackdaw|Jo|15||Otterbourne School|Kingfisher Canoes|whole|47|30|4|300.00|employment|
Kestrel|Kim|14|sen|Otterbourne School|Marigold Makers|directed|30|8|4|235.00|school|
Lapwing|Lou|12|cin|Otterbourne School|Larkspur Learning|alongside|13|40|3|205.00|goes_on|The inclusion lead
Magpie|Mo|10||Larkspur Primary School|Larkspur Learning|alongside|42|14|2|140.00|school|
Nuthatch|Nia|9|sen|Larkspur Primary School|Larkspur Learning|health|26|12|2|145.00|school|The inclusion lead
Osprey|Oz|10|ehcp|Larkspur Primary School|Larkspur Learning|alongside|10|30|3|210.00|goes_on|The SEN caseworker
Pipit|Pat|14||Tansy Bank School|Marigold Makers|alongside|48|20|2||school|
Quail|Quin|15|sen|Tansy Bank School|Kingfisher Canoes|alongside|43|28|4|270.00|post_16|
Redwing|Rae|13|lac|Tansy Bank School|Larkspur Learning|health|9|30|3|220.00|goes_on|The Virtual School
Siskin|Sid|12||Tansy Bank School|Foxglove Fields|alongside|6|20|2|155.00|declined|
Tern|Tia|14|sen|Umberfold Academy|Marigold Makers|alongside|41|16|4|240.00|school|
Uhu|Uma|15||Umberfold Academy|Kingfisher Canoes|excluded|33|20|4|310.00|training|The inclusion lead
Vireo|Vic|13|cin|Umberfold Academy|Foxglove Fields|alongside|8|30|3|230.00|goes_on|
Wagtail|Wil|14|sen|Umberfold Academy|Larkspur Learning|directed|28|6|3|200.00|withdrawn|
Yaffle|Yas|15|ehcp|Vetch Hill Community School|Marigold Makers|whole|45|32|6|430.00|post_16|The SEN caseworker
Zitting|Zed|13||Vetch Hill Community School|Kingfisher Canoes|alongside|39|12|2|150.00|school|
Wryneck|Wyn|14|sen|Vetch Hill Community School|Kingfisher Canoes|alongside|10|30|4|265.00|goes_on|
Whimbrel|Win|12||Wigeon Vale School|Larkspur Learning|alongside|37|10|3|205.00|broken_down|
Shrike|Shay|15|sen|Wigeon Vale School|Marigold Makers|alongside|36|18|4|245.00|other|
Turnstone|Tod|14|ehcp|Wigeon Vale School|Foxglove Fields|budget|9|30|3|235.00|goes_on|The SEN caseworker
Dotterel|Dot|13|sen|Wigeon Vale School|Kingfisher Canoes|alongside|7|30|2|150.00|goes_on|The inclusion lead
"""


def stays() -> list[Stay]:
    """All of them, in the order in which they are referred."""
    made = [_stay(*line.split("|")) for line in _STAYS.strip().splitlines()]
    return sorted(made, key=lambda stay: -stay.ago)


def _stay(
    surname: str, forename: str, age: str, true_of: str, school: str, provider: str, kind: str, *more: str
) -> Stay:
    ago, weeks, sessions, cost, end, considered = more
    counted = (int(ago), int(weeks), int(sessions))
    true = tuple(true_of.split())
    return Stay(surname, forename, int(age), true, school, provider, kind, *counted, cost, end, considered)


PROGRAMMES: Mapping[str, tuple[str, str]] = {
    "Marigold Makers": (
        "Cutting, sewing and printing for a stall that the group runs; measuring, pricing and keeping the till.",
        "A level 1 award in textiles, and from there to college or back to art and maths at school.",
    ),
    "Larkspur Learning": (
        "English and maths in threes, at the pupil's own pace, with breaks outdoors and a plan for each hard day.",
        "Back to the same lessons at school, one subject after the other.",
    ),
    "Kingfisher Canoes": (
        "Paddling and river safety; logs of distance and weather; writing the trip up for the others.",
        "A paddling award, and from there to outdoor or sports courses, or to physical education at school.",
    ),
    "Foxglove Fields": (
        "Daily care of animals with a record of feed and weight, and the science behind it.",
        "A level 1 award in land-based studies, or back to science at school.",
    ),
}
NEEDS = (
    "Short tasks with a clear end, and one adult who knows the day. Reads fluently; writing is slow.",
    "Very anxious in corridors and at lunch. Works well in a small room, best in the mornings.",
    "Needs to move and to see what a thing is for. Two years behind in maths, keen on measuring.",
)
OBJECTIVES = ("To come to four sessions of five", "To finish one piece of work each half-term")
PROGRESS = (
    "Came on most days, and finished what was begun. Writes half a page now without being asked.",
    "A slow start after the holiday, then three good weeks. The second objective is met.",
    "Works with two others now. Maths is at the level of the plan; attendance is still what we talk about.",
)
FOUND = (
    ("The objectives of this half-term are met or nearly.", "I like that it is the same people every day."),
    ("Attendance is better than at school, and the mornings are calm.", "I want to do more lessons at school again."),
    ("One objective is met, one is changed: it was too much at once.", "It is hard when there are new people."),
)
REFLECTIONS = (
    "I did not think that I would finish anything, and I did.",
    "They asked me what I wanted. It helped that I could start again.",
    "I miss it, but I am with my friends now.",
)
DETAILS: Mapping[str, str] = {
    "school": "The home school, with a timetable that grows over four weeks",
    "another_setting": "A special school, from the new term",
    "post_16": "A level 1 course at a college",
    "training": "A traineeship, three days a week",
    "employment": "An apprenticeship at a boat yard",
    "other": "Moved away; the new council is told",
}


def referral(stay: Stay) -> dict[str, Any]:
    """What the school says of the pupil, and of who considered the council's duty, if anybody has written it down."""
    said = {
        "needs": NEEDS[stay.ago % len(NEEDS)],
        "why_it_suits": f"{stay.provider} works in small groups with people who stay the same, and starts from doing.",
    }
    if not stay.considered:
        return said
    evidence = "The school's letter, attendance of the last term, and a meeting with the parents: it is needed."
    return said | {"considered_by": stay.considered, "considered_evidence": evidence}


def pupil_of(stay: Stay, number: int, today: date) -> dict[str, Any]:
    """The record of the pupil, the so-many-th of the year."""
    names = {"sen": "sen_support", "lac": "looked_after"}
    born = today.replace(year=today.year - stay.age, day=1) - timedelta(days=40)
    return {
        "surname": stay.surname,
        "forename": stay.forename,
        "born": born.isoformat(),
        "upn": upn_of(_FIRST_NUMBER + number),
        "home_school": stay.school,
        "true_of": [names.get(one, one) for one in stay.true_of],
    }


def why(stay: Stay, monday: date) -> dict[str, str]:
    """The kind, with the day that its law counts from."""
    day = (monday - timedelta(days=3)).isoformat()
    more = {"health": {"missed_from": day}, "excluded": {"permanently_excluded_on": day}}
    return {"kind": stay.kind, **more.get(stay.kind, {})}


def plan_of(stay: Stay, first: date, report_on: date) -> dict[str, Any]:
    """The school's plan of a placement that begins on `first`."""
    is_whole = stay.kind in ("whole", "excluded")
    part_time = {
        "why_part_time": "One lesson more at school each half-term, until the timetable is full in the summer.",
        "part_time_agreed": "A parent, and the head of year",
        "part_time_until": (first + timedelta(weeks=20)).isoformat(),
    }
    return {
        "starts_on": first.isoformat(),
        "until": stay.last_day(first).isoformat(),
        "hours": int(stay.sessions * _HOURS_A_SESSION),
        "has_breaks": True,
        "which_sessions": stay.which_sessions,
        "setting": "provider",
        "is_supervised": True,
        "authorised": "The lead tutor",
        **({"cost": stay.cost} if stay.cost else {}),
        "is_full_time": is_whole,
        **({} if is_whole else part_time),
        "plan": "To come to four sessions of five, and to finish one project each half-term. Now: two of five.",
        "linked_plans": [plan for plan in ("ehcp", "cin") if plan in stay.true_of] or ["unlinked"],
        "english_and_maths": "At school, and in what is made",
        "risk_assessment": "Leaves a room when it is loud: a door to the yard, and one adult who follows.",
        "attendance_plan": "The provider marks every session by 10am; the office rings home at once.",
        "named_at_school": "The head of year, 01632 960203",
        "leads_at_school": "The deputy head, 01632 960207; when away the head of year, 01632 960203",
        "afterwards": "Back to the timetable step by step, or to college, from the day that is planned.",
        "first_review_on": (first + timedelta(weeks=6)).isoformat(),
        "next_report_on": report_on.isoformat(),
        "reports_every": "half_term",
    }
