"""Every check of the council's own settings."""

from collections.abc import Iterable, Iterator, Mapping

from apflow.core.checks.closed_cases import check_closed_cases
from apflow.core.checks.findings import Finding, Path, each_known, known, known_key, unclaimed
from apflow.core.checks.reference import check_role_names
from apflow.core.checks.school import check_school_calendar
from apflow.core.definition.base import Claim
from apflow.core.definition.council import Council
from apflow.core.definition.events import CLOCK
from apflow.core.definition.labels import STAFF
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.definition.reminding import Reminders
from apflow.core.definition.roles import WorksWith
from apflow.core.definition.workflow import Workflow


def check_council(
    council: Council,
    registers: Iterable[str] = (),
    professionals: Iterable[str] = (),
    true_of_pupils: Iterable[str] = (),
    workflows: Mapping[str, Workflow] | None = None,
) -> list[Finding]:
    """What is wrong with the council's settings; `registers` are those whose people a notice can go to.

    `professionals` are what those who work with a pupil can be on record as, `true_of_pupils` what can be true of one.
    `workflows` are those of the folder, or None while one of them cannot be read.
    """
    found = [
        Finding(("roles", name), "no-mailbox", f'mail for "{name}" goes to a mailbox; say which (mailbox: …)', True)
        for name, role in council.roles.items()
        if role.mail == "mailbox" and not role.mailbox
    ]
    for name, role in council.roles.items():
        found += each_known(("roles", name, "passes_on"), "role", role.passes_on, council.roles)
        if role.mail == "register":
            found += known(("roles", name, "register"), "register", role.register_ or "", registers)
        if role.mail == "works_with" or role.works_with is not None:
            found += _works_with(("roles", name, "works_with"), role.works_with, professionals, true_of_pupils)
    if council.retention is not None:
        found += each_known(("retention", "decided_by"), "role", council.retention.decided_by, council.roles)
    found += [
        Finding(("applications", "closed_periods", n), "backwards", "this period ends before it starts")
        for n, period in enumerate(council.applications.closed_periods)
        if period.until < period.start
    ]
    return [
        *found,
        *check_school_calendar(council),
        *check_role_names(council.roles),
        *_nightly_check(council, council.nightly_check, workflows),
        *_reminders(council.reminders, workflows),
        *check_closed_cases(council, workflows),
        *(unclaimed(path) for path, claim in council_claims(council) if not (claim.source or claim.assumed)),
    ]


def _works_with(
    path: Path, those: WorksWith | None, professionals: Iterable[str], true_of_pupils: Iterable[str]
) -> Iterator[Finding]:
    yield from known((*path, "who") if those else path[:-1], "professional", those.who if those else "", professionals)
    for key in ("expected_of", "only_of"):
        yield from each_known((*path, key), "status", getattr(those, key, ()), true_of_pupils)


def _nightly_check(
    council: Council, check: NightlyCheck | None, workflows: Mapping[str, Workflow] | None
) -> Iterator[Finding]:
    """What is urgent is an alert or a deadline that there is; the e-mail of the day goes to a role of staff."""
    if check is not None and check.digest is not None:
        staff = [name for name, role in council.roles.items() if role.audience == STAFF]
        yield from known(("nightly_check", "digest", "to"), "role", check.digest.to, staff)
    for name, urgent in (check.urgent if check is not None and workflows is not None else {}).items():
        yield from known_key(("nightly_check", "urgent", name), "workflow", workflows or {})
        if workflows is not None and (workflow := workflows.get(name)):
            yield from each_known(("nightly_check", "urgent", name), "alert", urgent, _alerts_of(workflow))


def _reminders(reminders: Reminders | None, workflows: Mapping[str, Workflow] | None) -> Iterator[Finding]:
    """What waits for the morning is a notice that its workflow sends by the clock."""
    for name, notices in (reminders.in_the_morning if reminders is not None and workflows is not None else {}).items():
        yield from known_key(("reminders", "in_the_morning", name), "workflow", workflows or {})
        if workflows is not None and (workflow := workflows.get(name)):
            sent = sorted(set(_sent_by_the_clock(workflow)))
            yield from each_known(("reminders", "in_the_morning", name), "notice", notices, sent)


def _sent_by_the_clock(workflow: Workflow) -> Iterator[str]:
    """What its deadlines send as they pass, and its events that the clock does."""
    states = workflow.states.values()
    specs = (workflow.deadlines, *(state.deadlines for state in states))
    yield from (spec.then.notice for of in specs for spec in of.values() if spec.then.notice)
    events = (workflow.start, workflow.events, *(state.events for state in states))
    by_clock = (event for of in events for event in of.values() if CLOCK in event.by)
    yield from (use.notice for event in by_clock for use in event.notify.values())


def _alerts_of(workflow: Workflow) -> Iterator[str]:
    """What can open an alert: those that the workflow names, and its deadlines as they pass."""
    yield from workflow.alerts
    yield from workflow.deadlines
    for state in workflow.states.values():
        yield from state.deadlines


def council_claims(council: Council) -> Iterator[tuple[Path, Claim]]:
    """Every piece of the council's settings that must be sourced or owned up to as assumed, with its path."""
    yield ("calendar",), council.calendar
    if council.urgent is not None:
        yield ("urgent",), council.urgent
    if council.routine_visits is not None:
        yield ("routine_visits",), council.routine_visits
    if council.furthest_date is not None:
        yield ("furthest_date",), council.furthest_date
    if council.undo_sending is not None:
        yield ("undo_sending",), council.undo_sending
    if council.signing_in is not None:
        yield ("signing_in",), council.signing_in
    if council.meetings is not None:
        yield ("meetings",), council.meetings
    if council.putting_off is not None:
        yield ("putting_off",), council.putting_off
    if council.nightly_check is not None:
        yield ("nightly_check",), council.nightly_check
    if council.reminders is not None:
        yield ("reminders",), council.reminders
    if council.copy_of_record is not None:
        yield ("copy_of_record",), council.copy_of_record
    if council.retention is not None:
        yield ("retention",), council.retention
    if council.closed_cases is not None:
        yield from ((("closed_cases", "rules", name), rule) for name, rule in council.closed_cases.rules.items())
    if council.review_of_decisions is not None:
        yield ("review_of_decisions",), council.review_of_decisions
    if council.school_calendar is not None:
        yield ("school_calendar",), council.school_calendar
    yield from ((("roles", name), role) for name, role in council.roles.items())
