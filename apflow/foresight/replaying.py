"""What a changed workflow would have done to the cases there have been, in words; nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.labels import STAFF
from apflow.core.errors import ApflowError, Problem
from apflow.core.machine import START
from apflow.core.replay.comparing import Compared, Difference, compared
from apflow.core.replay.playing import Texts
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_reading
from apflow.loader import Library, read_texts
from apflow.loader.files import read_text
from apflow.loader.folders import NOTIFICATIONS, WORKFLOWS, part_of
from apflow.store.cases.loading import load_case
from apflow.store.reading.past import everybody, past_of, references_of

Progress = Callable[[Sequence[str]], Iterable[str]]


class NoSuchWorkflow(ApflowError):
    """There is no workflow of that name."""


class NothingToReplay(ApflowError):
    """No case of the workflow has been begun yet, so there is no history to replay."""


class UnfitChange(ApflowError):
    """The changed file does not pass the check."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        told = "\n".join(str(problem) for problem in problems)
        super().__init__(f"{told}\nThe changed file does not pass the check, so nothing was replayed.")


def changed_policy(files: Mapping[str, str], notifications: Mapping[str, str], workflow: str, changed: Path) -> Library:
    """The live policy with one workflow as the changed file has it; UnfitChange unless it passes the whole check.

    E-mails that are new with it are looked for in `notifications`.
    """
    text = read_text(changed)
    if isinstance(text, Problem):
        raise UnfitChange([text])
    texts = part_of(files, WORKFLOWS)
    alone = read_texts({str(changed): text}).workflows
    if str(changed) in alone and (found := alone[str(changed)].workflow) != workflow:
        raise UnfitChange(
            [Problem(str(changed), 1, 1, "unknown-workflow", f'this is the workflow "{found}", not "{workflow}"')]
        )
    own = {name for name, read in read_texts(texts).workflows.items() if read.workflow == workflow}
    notices = Notices(Path("notifications"), {**notifications, **part_of(files, NOTIFICATIONS)})
    reading = read_texts(
        {name: kept for name, kept in texts.items() if name not in own} | {str(changed): text}, notices.names()
    )
    if problems := check_reading(reading, notices):
        raise UnfitChange(problems)
    return reading.library


@dataclass(frozen=True)
class Replayed:
    """What came of every case of a workflow, and the definition that would have made it so."""

    changed: Definition
    cases: tuple[Compared, ...]
    until: datetime

    @property
    def differs(self) -> bool:
        return any(case.verdict not in ("same", "unknown") for case in self.cases)

    @property
    def verdicts(self) -> Mapping[str, int]:
        return Counter(case.verdict for case in self.cases)


def histories(connection: Connection, workflow: str) -> Sequence[str]:
    """The references of all cases of the workflow; NothingToReplay when there are none."""
    references = references_of(connection, workflow)
    if not references:
        raise NothingToReplay(f"No case of “{workflow}” has been begun yet, so there is no history to replay.")
    return references


def replay(
    handler: Handler, connection: Connection, changed: Library, workflow: str, until: datetime, progress: Progress
) -> Replayed:
    """Every case of the workflow, each played again as it went and with the changed definition for its last."""
    definition, known = changed.current(workflow), everybody(connection)
    # Whoever began a case could do so then, whether or not applications are open today.
    facts = {**handler.world(until).facts, "applications_open": True}
    labels = state_labels(handler.library)
    found = []
    for reference in progress(histories(connection, workflow)):
        case = load_case(connection, reference)
        assert case is not None
        past = past_of(connection, handler.definition_of(connection, case), reference, known, facts, labels)
        of_case = handler.in_its_days(connection, definition, case)
        found.append(compared(_texts(handler, connection, case), of_case, past, until))
    return Replayed(definition, tuple(found), until)


def _texts(handler: Handler, connection: Connection, case: Snapshot) -> Texts:
    return lambda digest: handler.in_its_days(connection, handler.definition(connection, digest), case)


def state_labels(library: Library) -> dict[str, dict[str, str]]:
    """What staff call the states of each workflow."""
    return {
        name: {state: spec.label.staff for state, spec in library.current(name).workflow.states.items()}
        for name in library.sources
    }


def what(definition: Definition, one: Difference) -> str:
    """What a difference is about, in the words of staff."""
    event = next((events[one.name] for events in _around(definition, one) if one.name in events), None)
    deadline = definition.deadlines.get(one.state, {}).get(one.name)
    match one.kind:
        case "event":
            return event.label.to(STAFF) if event else one.name
        case "reminder" | "escalation":
            label = deadline.label if deadline else one.name
            return f"{'Reminder' if one.kind == 'reminder' else 'Overdue, and passed on'}: {label}"
        case _:
            return one.name


def _around(definition: Definition, one: Difference) -> Iterator[Mapping[str, EventSpec]]:
    yield definition.events.get(one.state, {})
    yield from definition.events.values()


def where(definition: Definition, state: str) -> str:
    """What staff call the state; its name where the changed definition has it no more."""
    known = definition.workflow.states.get(state)
    return known.label.to(STAFF) if known else ("Not begun" if state == START else state)


def in_sum(replayed: Replayed) -> Iterator[str]:
    """The whole in a few sentences."""
    verdicts, cases = replayed.verdicts, replayed.cases
    yield f"{_cases(len(cases))}: {verdicts['same']} would have gone the same."
    for verdict in ("later", "earlier"):
        if verdicts[verdict]:
            yield f"{_cases(verdicts[verdict])} would have gone {verdict}{_typical(cases, verdict)}."
    if verdicts["otherwise"]:
        yield f"{_cases(verdicts['otherwise'])} would have gone otherwise."
    if verdicts["impossible"]:
        yield f"{_cases(verdicts['impossible'])} would have met something that could not have been done:"
        yield from (f"  {count} × {why}" for why, count in _reasons(cases).most_common())
    elsewhere = Counter((case.state, case.would_be) for case in cases if case.state != case.would_be)
    for (state, would_be), count in elsewhere.most_common():
        names = where(replayed.changed, would_be), where(replayed.changed, state)
        yield f"{_cases(count)} would stand at “{names[0]}” today, not at “{names[1]}”."
    mails, would_send = sum(case.mails for case in cases), sum(case.would_send for case in cases)
    if mails != would_send:
        yield f"E-mails: {would_send:,} instead of {mails:,}."
    if moved := sum(case.since is not None for case in cases):
        yield f"{_cases(moved)} had been moved to another version: the changed file counts only from then on."
    if verdicts["unknown"]:
        yield f"Of {_cases(verdicts['unknown'])} nothing can be told."


def _cases(count: int) -> str:
    return f"{count:,} case{'' if count == 1 else 's'}"


def _typical(cases: Iterable[Compared], verdict: str) -> str:
    by = sorted(abs(case.by) for case in cases if case.verdict == verdict and case.by)
    if len(by) < 2:
        return f", by {span(by[0])}" if by else ""
    return f", half of them by {span(by[len(by) // 2])} or more"


def _reasons(cases: Iterable[Compared]) -> Counter[str]:
    """The first thing that could not be done in each case, and why."""
    firsts = (
        next(one for one in case.differences if one.how == "impossible")
        for case in cases
        if case.verdict == "impossible"
    )
    return Counter(f"{one.name}: {one.why}" for one in firsts)


def span(by: timedelta) -> str:
    """A length of time in days, or in hours where it is less than one."""
    days, hours = round(by / timedelta(days=1)), round(by / timedelta(hours=1))
    if by >= timedelta(days=1):
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{hours} hour{'' if hours == 1 else 's'}" if hours else "less than an hour"


def days(by: timedelta | None) -> str:
    """A length of time as a number of days, to a tenth, whichever way; empty for none."""
    return f"{abs(by) / timedelta(days=1):.1f}" if by else ""
