"""Making a policy live: read, checked, shown as sentences, and only then published as an edition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from apflow.core.checks import Finding, check_definition
from apflow.core.checks.stranded import Whereabouts, taken_away
from apflow.core.compare import Policy, compare, unified
from apflow.core.errors import DefinitionError, Problem, Refusal
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder, rehearse_earlier
from apflow.loader import Library, library_of
from apflow.loader.folders import NOTIFICATIONS, WORKFLOWS, part_of, read_policy
from apflow.loader.reading import Reading, read_folder, read_texts
from apflow.loader.stranded import lost_in, stranded_in
from apflow.provision.coding_compared import compare_attendances
from apflow.provision.law import compare_registrations
from apflow.provision.returns import compare_returns
from apflow.store import recounts
from apflow.store.cases.texts import pinned_text
from apflow.store.driver.engine import Store
from apflow.store.editions import (
    Altered,
    OpenCases,
    Publisher,
    add_edition,
    files_of_edition,
    held_items,
    live_edition,
    open_cases,
)
from apflow.versions.new_calendar import counts_otherwise

ALTERED = "The live edition is not in the database as it was published, so what changes cannot be said."
UNREADABLE = "The live edition cannot be read by this version of apflow, so what changes is only shown as files."


class NotFit(Refusal):
    """The policy is not fit to be published."""

    code = "not_fit"


@dataclass(frozen=True)
class Proposal:
    """A checked policy beside the edition `after` which it would be published; `refusals` say why it must not be.

    `keeping` has how many open cases keep their text of each workflow that changes; whether something else changes,
    such as an e-mail, and so `holds_at_once` for all of them. It `recounts` what is due where the calendar is another.
    """

    files: Mapping[str, str]
    live_files: Mapping[str, str]
    after: int | None
    sentences: tuple[str, ...]
    refusals: tuple[str, ...] = ()
    open_cases: int = 0
    keeping: Mapping[str, int] = field(default_factory=dict)
    holds_at_once: bool = True
    recounts: bool = False

    @property
    def is_new(self) -> bool:
        """Whether there is anything to publish."""
        return dict(self.files) != dict(self.live_files)

    @property
    def changed_files(self) -> list[str]:
        """What happens to which file, in words."""
        told = []
        for path in sorted({*self.files, *self.live_files}):
            if path not in self.live_files:
                told.append(f"{path} is added")
            elif path not in self.files:
                told.append(f"{path} is removed")
            elif self.files[path] != self.live_files[path]:
                told.append(f"{path} changes")
        return told

    @property
    def diff(self) -> str:
        return unified(self.live_files, self.files)


def propose(store: Store, workflows: Path, notifications: Path) -> Proposal:
    """Compare the folders with the live edition; DefinitionError with every problem when they are not sound."""
    files = read_policy(workflows, notifications)
    if problems := check_folder(workflows, Notices(notifications)):
        raise DefinitionError(problems)
    if read_policy(workflows, notifications) != files:
        raise DefinitionError([Problem(str(workflows), 1, 1, "changing", "the files changed while they were read")])
    with store.reading() as connection:
        after = live_edition(connection)
        live_files = _files_of(connection, after)
        cases, texts = _open_cases(connection)
    reading = read_texts(part_of(files, WORKFLOWS))
    library = reading.library
    if after is None:
        return Proposal(files, {}, None, _sentences(None, _Side(library, files)))
    if live_files is None:
        return Proposal(files, {}, after, (ALTERED,), (), _count(cases))
    try:
        live = library_in(live_files)
    except DefinitionError:
        return Proposal(files, live_files, after, (UNREADABLE,), (), _count(cases))
    sentences = _sentences(_Side(live, live_files), _Side(library, files))
    refusals = (
        *_same_version(live, library),
        *map(str, _stranded(library, cases, texts)),
        *map(str, _lost(store, live, reading, texts)),
        *_broken(_Side(live, live_files), _Side(library, files), texts),
    )
    keeping = {name: count for name in _changed(live, library) if (count := _count(cases, name))}
    return Proposal(
        files,
        live_files,
        after,
        sentences,
        refusals,
        _count(cases),
        keeping,
        _holds(library, files, live_files),
        counts_otherwise(live.calendar, library.calendar),
    )


def stranded_now(store: Store, workflows: Path) -> list[Problem]:
    """A problem for each state and item that open cases are in, or hold, now and that is not in the folder.

    Of states only those of which the folder does not say where to go instead.
    """
    with store.reading() as connection:
        live_files = _files_of(connection, live_edition(connection))
        cases, texts = _open_cases(connection)
    reading = read_folder(workflows)
    problems = [*_stranded(reading.library, cases, texts)]
    try:
        live = library_in(live_files) if live_files else None
    except DefinitionError:  # As when it is published: what changes cannot be said.
        live = None
    return [*problems, *(_lost(store, live, reading, texts) if live else ())]


def publish(store: Store, proposal: Proposal, *, by: Publisher, why: str, now: datetime) -> int:
    """Make the proposed policy live, in one transaction, and return its number; refused when another came between.

    Where its calendar is another, the same commit notes that what is due is to be counted anew.
    """
    if proposal.refusals:
        raise NotFit(" ".join(proposal.refusals))
    with store.writing() as connection:
        number = add_edition(
            connection,
            proposal.files,
            after=proposal.after,
            sentences=proposal.sentences,
            why=why,
            by=by,
            now=now,
        )
        if proposal.recounts:
            recounts.begin(connection, recounts.Recounting(number, by.name[:120], by.id))
    return number


def library_in(files: Mapping[str, str]) -> Library:
    """What the files of an edition, or of a proposal, say."""
    return library_of(part_of(files, WORKFLOWS))


def notices_of(files: Mapping[str, str]) -> Notices:
    """The templates of an edition."""
    return Notices(Path("notifications"), part_of(files, NOTIFICATIONS))


def _files_of(connection: Connection, edition: int | None) -> dict[str, str] | None:
    """The files of the live edition; None when they are not those that were published."""
    try:
        return files_of_edition(connection, edition) if edition else {}
    except Altered:
        return None


def _open_cases(connection: Connection) -> tuple[list[OpenCases], dict[str, str]]:
    """Where the open cases are, and the text that each digest stands for."""
    cases = open_cases(connection)
    return cases, {case.digest: pinned_text(connection, case.digest) for case in cases}


def _sentences(live: "_Side | None", new: "_Side") -> tuple[str, ...]:
    told = compare(_policy(live.library, live.files) if live else None, _policy(new.library, new.files))
    registration, attendance = (live.library.registration, live.library.attendance) if live else (None, None)
    told += (*compare_registrations(registration, new.library.registration),)
    titles = {name: role.title for name, role in new.library.council.roles.items()}
    told += (*compare_attendances(attendance, new.library.attendance, titles),)
    return (*told, *compare_returns(live.library.returns if live else None, new.library.returns))


def _policy(library: Library, files: Mapping[str, str]) -> Policy:
    workflows = {name: source.workflow for name, source in library.sources.items()}
    return Policy(library.council, workflows, library.catalogues, part_of(files, NOTIFICATIONS), library.documents)


def _count(cases: list[OpenCases], workflow: str | None = None) -> int:
    return sum(case.how_many for case in cases if workflow in (None, case.workflow))


def _changed(live: Library, library: Library) -> list[str]:
    """The workflows that say something else than before."""
    both = library.sources.keys() & live.sources.keys()
    return sorted(name for name in both if library.sources[name].workflow != live.sources[name].workflow)


def _holds(library: Library, files: Mapping[str, str], live_files: Mapping[str, str]) -> bool:
    """Whether something differs beside the workflows, which holds for cases whatever text they keep."""
    texts = {path: text for path, text in files.items() if not _is_workflow(library, path)}
    before = {path: text for path, text in live_files.items() if not _is_workflow(library, path)}
    return texts != before


def _is_workflow(library: Library, path: str) -> bool:
    return Path(path).name in {Path(source.file).name for source in library.sources.values()}


def _same_version(live: Library, library: Library) -> Iterator[str]:
    """Cases say which version they began under, so two texts must not share one."""
    for name in _changed(live, library):
        source, before = library.sources[name], live.sources[name]
        version = source.workflow.version
        if version <= before.workflow.version:
            yield (
                f"“{source.workflow.title}” has changed and still says version: {version}; "
                f"raise it above {before.workflow.version}, so that people can tell which text a case began under."
            )


def _stranded(library: Library, cases: list[OpenCases], texts: Mapping[str, str]) -> Iterator[Problem]:
    for name, source in library.sources.items():
        held: dict[str, list[OpenCases]] = {}
        for case in cases:
            if case.workflow == name:
                held.setdefault(case.state, []).append(case)
        yield from stranded_in(source, [_whereabouts(library, found, texts) for found in held.values()])


def _lost(store: Store, live: Library, reading: Reading, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Catalogues hold at once for every case, so what is held under an item that is gone would be out of reach."""
    gone = {*taken_away(live.catalogues, reading.library.catalogues)}
    held: dict[tuple[str, str], set[int]] = {}
    with store.reading() as connection:
        found = held_items(connection, {key for _, key in gone})
    for one in found:
        collections = live.pinned(one.digest, texts[one.digest]).workflow.collections
        catalogue = collections[one.collection].catalogue if one.collection in collections else None
        if catalogue is not None and (catalogue, one.key) in gone:
            held.setdefault((catalogue, one.key), set()).add(one.case)
    yield from lost_in(reading, live.catalogues, {place: len(numbers) for place, numbers in held.items()})


def _whereabouts(library: Library, cases: list[OpenCases], texts: Mapping[str, str]) -> Whereabouts:
    """One state and the open cases in it, by the label it has in the text of some of them."""
    first = cases[0]
    states = library.pinned(first.digest, texts[first.digest]).workflow.states
    label = states[first.state].label.staff if first.state in states else first.state
    return Whereabouts(first.state, label, _count(cases))


@dataclass(frozen=True)
class _Side:
    """One policy to decide by: what the council has now, or what it would have."""

    library: Library
    files: Mapping[str, str]

    def faults(self, digest: str, text: str) -> set[str]:
        """What would go wrong for cases that began under this text, were this the council's policy."""
        notices = notices_of(self.files)
        definition = self.library.pinned(digest, text)
        found: list[Finding] = check_definition(definition, notices.names())
        return {finding.message for finding in found} or {
            slip.message for slip in rehearse_earlier(definition, notices)
        }


def _broken(live: _Side, new: _Side, texts: Mapping[str, str]) -> Iterator[str]:
    """Cases keep the text they began under, but the roles, papers and e-mails that it speaks of are the new ones."""
    for digest, text in texts.items():
        if text in new.files.values():
            continue
        for fault in sorted(new.faults(digest, text) - live.faults(digest, text)):
            workflow = new.library.pinned(digest, text).workflow
            yield (
                f"Open cases that began under version {workflow.version} of “{workflow.title}” could not go on: "
                f"{fault}."
            )
