"""What owners ask of their files: what is assumed, whether the calendar will last, how far they were followed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from apflow.core.checks import claims, council_claims
from apflow.core.checks.explored import NO_HINDRANCE
from apflow.core.checks.findings import Finding
from apflow.core.codes.explored import EXPLORED
from apflow.core.days.calendar import LONDON
from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.base import Claim
from apflow.core.definition.by_link import ByLink, Settled
from apflow.core.definition.calendars import CalendarSpec, SchoolCalendar
from apflow.core.definition.catalogue import CatalogueItem
from apflow.core.definition.clocks import Counted
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import FurthestDate, ReviewOfDecisions, RoutineVisits, Urgent
from apflow.core.definition.keeping import CopyOfRecord, KeptFor, Retention
from apflow.core.definition.meeting_length import Meetings
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.definition.promises import Invariant
from apflow.core.definition.putting_off import PuttingOff
from apflow.core.definition.records import Late, Paused
from apflow.core.definition.reminding import Reminders
from apflow.core.definition.roles import Role
from apflow.core.definition.signing_in import SigningIn
from apflow.core.definition.timing import DeadlineSpec, Extension, GuardSpec, Override, TaskSpec
from apflow.core.definition.undoing import UndoSending
from apflow.core.definition.workflow import Flag
from apflow.core.errors import Problem
from apflow.core.explore.bounds import Bounds
from apflow.loader.library import Library
from apflow.loader.nodes import Document
from apflow.loader.nodes import Path as Place
from apflow.loader.reading import Reading
from apflow.provision.chasing import AbsencePattern, Chasing, LateMarks, LongAbsence, Missing
from apflow.provision.coding import Attendance, CodeTable, attendance_claims
from apflow.provision.law import Registration, Wording, registration_claims
from apflow.provision.returns import ReturnForm, returns_claims

_MARGIN = timedelta(days=180)
# Of what lies outside the workflows themselves.
_BEYOND = {
    "notice",
    "half-a-notice",
    "none-in-force",
    "calendar-ends",
    "school-calendar-ends",
    "nowhere-to-go",
    "item-held",
}
_FOLLOWED_ALL_THE_SAME = NO_HINDRANCE | {code.name for code in EXPLORED} | _BEYOND
_COUNTED = (Unit.WORKING_DAY, Unit.SCHOOL_DAY)  # What an unknown holiday would move.


def assumptions(reading: Reading) -> list[str]:
    """Every assumption as `file:line: what the policy says: what is assumed`, in file order."""
    return [line for document in reading.documents.values() for line in _assumed_in(reading.library, document)]


def calendar_problems(reading: Reading, today: date) -> list[Problem]:
    """A problem for each calendar that a deadline could fall beyond the end of, or that ends within half a year."""
    library = reading.library
    needed = max([today + _MARGIN, *_longest(library, today)])
    until = f"deadlines set from {today:%d %B %Y} can run until {needed:%d %B %Y}"
    holidays, terms = library.calendar.known_until, library.calendar.school.known_until
    found: list[Finding] = []
    if holidays < needed:
        message = f"holidays are known until {holidays:%d %B %Y}, but {until}; upgrade govuk-bank-holidays"
        found.append(Finding((), "calendar-ends", message))
    if terms is not None and terms < needed:
        message = f"school terms are listed until {terms:%d %B %Y}, but {until}; add the next year's"
        found.append(Finding(("school_calendar", "terms"), "school-calendar-ends", message, at_key=True))
    (council,) = reading.councils
    return [reading.documents[council].problem(one.path, one.code, one.message, at_key=one.at_key) for one in found]


def not_in_force(reading: Reading, today: date) -> list[Problem]:
    """A problem for the law on registration and for the codes of attendance where no wording has begun yet."""
    library = reading.library
    dated: Mapping[str, tuple[Registration | Attendance | None, str]] = {
        "registration": (library.registration, "wordings"),
        "attendance": (library.attendance, "tables"),
    }
    found: list[Problem] = []
    for kind, (part, key) in dated.items():
        for document in reading.documents.values() if part is not None and part.in_force(today) is None else ():
            if kind in document.value:
                message = f"none of these is in force on {today:%d %B %Y}; look at the year of each since:"
                found.append(document.problem((key,), "none-in-force", message, at_key=True))
    return found


def followed(reading: Reading, problems: Iterable[Problem]) -> list[Bounds]:
    """How far each workflow was followed; none where one of the problems stood in the way of following any."""
    if any(problem.code not in _FOLLOWED_ALL_THE_SAME for problem in problems):
        return []
    return [bounds for file in reading.workflows if (bounds := reading.check(file).bounds)]


def _longest(library: Library, today: date) -> Iterator[date]:
    """Where each deadline counted in working or school days would end, set today and given all the time it can be."""
    for workflow in library.sources:
        definition = library.current(workflow)
        more = [spec for _, spec in claims(definition) if isinstance(spec, Extension)]
        for state in definition.deadlines.values():
            for name, spec in state.items():
                spans = [
                    *_counted_after(state, name),
                    *(extra.by for extra in more if extra.deadline == name for _ in range(extra.at_most)),
                ]
                spans += [spec.paused_in.at_most] if spec.paused_in else []
                if any(span.unit in _COUNTED for span in spans):
                    yield _after(library, today, spans)


def _counted_after(running: Mapping[str, DeadlineSpec], name: str) -> list[Duration]:
    """How long the deadline runs, after the one that it is counted from, and that one after the one before it."""
    spans: list[Duration] = []
    while (spec := running.get(name)) is not None:
        spans, name = [spec.span, *spans], spec.after_deadline or ""
    return spans


def _after(library: Library, day: date, spans: Iterable[Duration]) -> date:
    for span in spans:
        day = library.calendar.due(datetime.combine(day, time.min, LONDON), span).on
    return day


def _assumed_in(library: Library, document: Document) -> list[str]:
    found = [
        (document.keys.get(place, (1, 1))[0], f"{_said(claim)}: {claim.assumed}")
        for place, claim in _claims_of(library, document)
        if claim.assumed
    ]
    return [f"{document.file}:{line}: {sentence}" for line, sentence in sorted(found)]


def _said(claim: Claim) -> str:
    """What the policy says, as the team would say it."""
    match claim:
        case DeadlineSpec():
            return f"{claim.label} within {claim.span}"
        case TaskSpec():
            return f"{claim.title}, within {claim.due}" if claim.due else claim.title
        case Extension():
            return f"More time: {claim.by}, at most {claim.at_most} times"
        case GuardSpec():
            return claim.reason.removesuffix(".")
        case Override():
            return f"Set aside for at most {claim.at_most}, by: {', '.join(claim.by)}"
        case Late():
            return f"Records that began earlier are added late by: {', '.join(claim.by)}"
        case Paused():
            return "While a record is paused"
        case ByLink():
            return "Links of those without an account"
        case Settled():
            return "Who is still written to is settled first"
        case Invariant() | Flag():
            return claim.says.removesuffix(".")
        case Counted():
            return f"{claim.span}, counted by the clock “{claim.clock}”"
        case CatalogueItem():
            return claim.label
        case Role() | Wording() | CodeTable() | ReturnForm():
            return claim.title
        case Chasing():
            return "When an unmarked session is chased"
        case AbsencePattern():
            return f"{claim.absences} absences in {claim.of} sessions are looked into"
        case LongAbsence():
            return f"A pupil away on {claim.school_days} school days ({claim.counted}) for: {', '.join(claim.reasons)}"
        case LateMarks():
            return f"Sessions of more than {claim.after} ago are marked by the council's staff alone"
        case Missing():
            return f"A pupil who is missing for {claim.days} days is looked for"
        case _:
            return _said_for_council(claim)


def _said_for_council(claim: Claim) -> str:
    """What the council's own file says, for all its work."""
    match claim:
        case Urgent():
            return "What is said first when it is urgent"
        case FurthestDate():
            return "How far ahead a date may be"
        case PuttingOff():
            return f"For how long a task can be put off: {claim.at_most} at most"
        case UndoSending():
            return f"For {claim.seconds} seconds an e-mail can be taken back by whoever causes it"
        case SigningIn():
            return f"A link in an e-mail to somebody outside signs in for {claim.links_last}"
        case Meetings():
            return f"A meeting stands in calendars for {claim.minutes} minutes"
        case RoutineVisits():
            return "How often everybody is visited as a matter of course"
        case NightlyCheck():
            return "What the nightly check raises as work"
        case Reminders():
            return "How people are reminded by email"
        case CopyOfRecord():
            return "What a copy of a child's record gives"
        case Retention():
            return f"What is held about a child is kept for {claim.years} years after the last placement"
        case KeptFor():
            return f"A closed case of {claim.of} is kept for {claim.keep}"
        case SchoolCalendar():
            return "School terms and INSET days"
        case ReviewOfDecisions():
            return f"Decisions looked at again by {claim.by}, if asked for within {claim.within}"
        case CalendarSpec():
            return "Working days and hours"
        case _:
            raise TypeError(f"nothing says what a {type(claim).__name__} is")


def _claims_of(library: Library, document: Document) -> Iterator[tuple[Place, Claim]]:
    named = document.value
    if "workflow" in named:
        definition: Definition = library.current(named["workflow"])
        yield from claims(definition)
    elif "council" in named:
        yield from council_claims(library.council)
    elif "registration" in named:
        yield from registration_claims(library.registration) if library.registration else ()
    elif "attendance" in named:
        yield from attendance_claims(library.attendance) if library.attendance else ()
    elif "returns" in named:
        yield from returns_claims(library.returns) if library.returns else ()
    elif "catalogue" in named:
        yield from ((("items", key), item) for key, item in library.catalogues[named["catalogue"]].items.items())
