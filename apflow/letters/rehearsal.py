"""Rendering every notice with made-up data before any is needed, so that a slip in a template stops nobody's work."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from apflow.core.checks.emptied import never_answered
from apflow.core.checks.privacy import Mention, leaks
from apflow.core.definition.compiled import Definition
from apflow.core.definition.reminding import Reminders
from apflow.core.errors import Problem
from apflow.letters.digest import rehearse_digest
from apflow.letters.made_up import contexts, overrides_of, sends_of
from apflow.letters.misspelt import Spoken, unknown_names
from apflow.letters.notices import NoticeError, Notices
from apflow.letters.several import rehearse_several
from apflow.letters.variants import varied
from apflow.letters.ways_in import rehearse_way_in
from apflow.loader import Library, Reading, read_folder, read_texts


def check_folder(folder: Path, notices: Notices) -> list[Problem]:
    """Every problem of the workflow files and, once they have none, of the notices they send."""
    return check_reading(read_folder(folder, notices.names()), notices)


def check_texts(texts: Mapping[str, str], notices: Notices) -> list[Problem]:
    """The same of workflow files that are at hand as texts, such as those of an edition."""
    return check_reading(read_texts(texts, notices.names()), notices)


def check_reading(reading: Reading, notices: Notices) -> list[Problem]:
    """The same of workflow files that have been read already, with the names of these notices."""
    return check_written(reading, notices) or rehearse(reading.library, notices)


def check_written(reading: Reading, notices: Notices) -> list[Problem]:
    """What keeps the notices from being rehearsed: every problem of the workflow files, and of what files there are."""
    written = sorted([*reading.problems, *_incomplete(notices), *_blank(notices)])
    if written:
        return written
    council = reading.library.council
    of_no_case = (rehearse_digest, rehearse_several, rehearse_way_in)
    return [problem for rehearsed in of_no_case for problem in rehearsed(council, notices)]


@dataclass(frozen=True)
class Rehearsed:
    """What each notice of one workflow speaks of, and the slips by which some cannot be rendered."""

    workflow: str
    mentions: Mapping[str, Sequence[Mention]]
    slips: Sequence[Problem]


def rehearse(library: Library, notices: Notices) -> list[Problem]:
    """A problem for each notice that cannot be rendered, with all optional answers or none, or says what it may not."""
    return slips_of(library, [rehearse_one(library, notices, workflow) for workflow in library.sources])


def rehearse_earlier(definition: Definition, notices: Notices) -> list[Problem]:
    """The same for cases that began under an earlier text: there, a name that is new may stand for nothing.

    A notice can ask whether it `is defined`; one that does not, and cannot be rendered, is a problem.
    """
    rehearsed = _rehearsed(definition, notices)
    return [*rehearsed.slips, *_leaks(_spoken(definition, rehearsed.mentions))]


def rehearse_one(library: Library, notices: Notices, workflow: str) -> Rehearsed:
    """The notices of one workflow read and rendered, which takes nearly all the time that rehearsing them does."""
    return _rehearsed(library.current(workflow), notices)


def slips_of(library: Library, rehearsed: Sequence[Rehearsed]) -> list[Problem]:
    """Every problem of the notices of all workflows, in order."""
    spoken = [_spoken(library.current(one.workflow), one.mentions) for one in rehearsed]
    unknown = {(problem.file, problem.line): problem for problem in unknown_names(spoken)}
    failing = {(problem.file, problem.line): problem for one in rehearsed for problem in one.slips}
    leaking = (leak for one in spoken for leak in _leaks(one))
    stale = (problem for one in rehearsed for problem in _stale(library.council.reminders, one))
    return sorted([*(failing | unknown).values(), *leaking, *stale, *_too_early(spoken)])


def mentions_of(rehearsed: Sequence[Rehearsed]) -> dict[str, Sequence[Mention]]:
    """What each notice speaks of, by `workflow/notice`."""
    return {f"{one.workflow}/{name}": said for one in rehearsed for name, said in one.mentions.items()}


def _rehearsed(definition: Definition, notices: Notices) -> Rehearsed:
    names = sorted({send.notice for _, _, send in (*sends_of(definition), *overrides_of(definition))})
    mentions = {name: notices.mentions(f"{definition.name}/{name}") for name in names}
    return Rehearsed(definition.name, mentions, _failing(definition, notices))


def _incomplete(notices: Notices) -> Iterator[Problem]:
    """A problem for each notice of which a file is missing, or called otherwise."""
    for there, lacking in notices.incomplete():
        message = f"there is no {lacking} beside this; a notice is a .subject.txt, a .txt and a .html of one name"
        yield Problem(str(notices.folder / there), 1, 1, "half-a-notice", message)


def _blank(notices: Notices) -> Iterator[Problem]:
    """A problem for each file of a notice in which nothing is written, whatever sends it."""
    for path in notices.blank():
        message = "nothing is written in this file; a notice has words in its .subject.txt, its .txt and its .html"
        yield Problem(str(notices.folder / path), 1, 1, "half-a-notice", message)


def _failing(definition: Definition, notices: Notices) -> list[Problem]:
    found: dict[str, Problem] = {}
    for send, context in chain(contexts(definition), varied(definition, notices)):
        try:
            notices.rehearsed(f"{definition.name}/{send.notice}", context)
        except NoticeError as error:
            file = error.file or str(notices.folder / f"{definition.name}/{send.notice}")
            found[send.notice] = Problem(file, error.line or 1, 1, "notice", error.message)
    return list(found.values())


def _spoken(definition: Definition, mentions: Mapping[str, Sequence[Mention]]) -> Spoken:
    return Spoken(definition, [*sends_of(definition), *overrides_of(definition)], mentions)


def _stale(reminders: Reminders | None, rehearsed: Rehearsed) -> Iterator[Problem]:
    """A problem for each notice that waits for the morning, and says how much time is left as it is written."""
    for notice in () if reminders is None else reminders.in_the_morning.get(rehearsed.workflow, ()):
        for said in rehearsed.mentions.get(notice, ()):
            if (said.place, said.name) == ("deadline", "left"):
                message = f'"{notice}" waits for the morning, when less time is left than this says; say deadline.on'
                yield Problem(said.file, said.line, 1, "left-by-then", message)


def _too_early(spoken: Iterable[Spoken]) -> Iterator[Problem]:
    """A problem for each field that no event on any way to what sends a notice has asked, wherever that has it from.

    A layout may speak of what some of the notices that are made of it know by then.
    """
    told: dict[tuple[str, int, str], bool] = {}
    for one in spoken:
        for notice, fields in _unasked(one).items():
            for said in one.mentions.get(notice, ()):
                if said.place == "fields" and said.name is not None:
                    place = (said.file, said.line, said.name)
                    told[place] = told.get(place, True) and said.name in fields
    for file, line, name in (place for place, is_unasked in told.items() if is_unasked):
        message = f'"fields.{name}" says nothing yet: no event on any way to where this is sent asks for it'
        yield Problem(file, line, 1, "not-asked-by-then", message)


def _unasked(spoken: Spoken) -> Mapping[str, frozenset[str]]:
    """By notice, the fields that nobody was asked by then, whatever sends it."""
    never, found = never_answered(spoken.definition), dict[str, frozenset[str]]()
    for state, event, send in spoken.sends:
        fields = never[state] - spoken.definition.forms.get((state, event), {}).keys()
        found[send.notice] = found.get(send.notice, fields) & fields
    return found


def _leaks(spoken: Spoken) -> Iterator[Problem]:
    """A problem for each value in a notice that somebody it goes to may not read, told of the first who may not."""
    found = reversed(list(leaks(spoken.definition, spoken.sends, spoken.mentions)))
    told = {(one.file, one.line): one for one in found}
    yield from (Problem(one.file, one.line, 1, "not-theirs-to-read", one.message) for one in told.values())
