"""History in words: who did what and when, and what they answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import OF_RECORDS, FieldSpec, FieldType
from apflow.core.definition.labels import STAFF
from apflow.core.firing.overrides import in_words
from apflow.core.machine import START
from apflow.core.people.actor import Actor
from apflow.core.people.permission import readable
from apflow.core.snapshot import Upload
from apflow.store.reading.history import HistoryView
from apflow.web.case.emptied import EMPTIED, asked_or_emptied, emptied_by
from apflow.web.case.in_confidence import UNNAMED, is_in_confidence
from apflow.web.case.mails import Mail
from apflow.web.wording import lower_first

_A_RUN = 3
_UNCHANGED = "Nothing was changed by this."
_TASK_WORDS = {
    "claimed": "Took on",
    "released": "Put back",
    "completed": "Finished",
    "passed": "Passed on",
    "took_over": "Took over",
    "put_off": "Put off",
    "brought_back": "Brought back",
    "changed": "Changed",
    "sent_again": "Sent again",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words; `file` is set when it is a file. One that was emptied is said in words of ours.

    One of the case's own fields that was given again, and says what it said already, `is_as_before`.
    """

    label: str
    words: str
    file: Upload | None = None
    is_emptied: bool = False
    is_as_before: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history as a reader sees it. `is_new` says it happened since their last look."""

    version: int
    at: datetime
    actor_id: int | None
    who: str
    title: str
    moved_to: str | None
    said: tuple[Said, ...] = ()
    note: str = ""
    mails: tuple[Mail, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """Lines that say the same thing, of several items or again and again, one after the other; or a single line."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def is_one(self) -> bool:
        return len(self.lines) == 1

    @property
    def what(self) -> str:
        """What was done, without the item it was done to."""
        return self.first.title.partition(": ")[0]

    @property
    def is_of_items(self) -> bool:
        """Whether each of its lines says which item it is of; those of one that is not are alike in every word."""
        return ": " in self.first.title


@dataclass(frozen=True)
class Told:
    """What it takes to put history into words for one reader; `names` are those of people who were chosen in it.

    `labels` are what items are called that come from no catalogue.
    """

    definition: Definition
    reader: Actor
    audience: str = STAFF
    files: Mapping[str, Upload] | None = None
    mails: Mapping[int, tuple[Mail, ...]] | None = None
    seen: int | None = None
    names: words.Names = field(default_factory=dict)
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def lines(self, entries: Iterable[HistoryView]) -> list[Line]:
        return [self.line(entry) for entry in entries]

    def line(self, entry: HistoryView) -> Line:
        return replace(
            self.brief(entry),
            said=self._said(entry),
            note=self._note(entry),
            mails=(self.mails or {}).get(entry.version, ()),
        )

    def brief(self, entry: HistoryView) -> Line:
        """Who did what and when, without what was said: for a list of many cases."""
        moved = entry.from_state != entry.to_state and entry.kind == "event"
        return Line(
            version=entry.version,
            at=entry.at,
            actor_id=None if is_in_confidence(self.definition, entry, self.reader) else entry.actor_id,
            who=self._who(entry),
            title=self._title(entry),
            moved_to=self._state(entry.to_state) if moved else None,
            is_new=self.seen is not None and entry.version > self.seen,
        )

    def _who(self, entry: HistoryView) -> str:
        if entry.actor_audience == "clock":
            return "Automatic"
        if is_in_confidence(self.definition, entry, self.reader):
            return UNNAMED
        is_outside = self.audience != STAFF and entry.actor_audience == STAFF
        return self.definition.council.team if is_outside else entry.actor_name

    def _state(self, name: str) -> str:
        """What the state is called now: a line from before a move to another version may know it by another name."""
        known = self.definition.workflow.states.get(self.definition.now_called(name))
        return known.label.to(self.audience) if known else ("" if name == START else in_words(name).capitalize())

    def _title(self, entry: HistoryView) -> str:
        match entry.kind:
            case "event":
                return self._event(entry)
            case "task":
                how, _, task = entry.name.partition(" ")
                return f"{_TASK_WORDS.get(how, how.capitalize())}: {lower_first(self._task(task))}"
            case "reminder":
                return f"Reminder: {lower_first(self._deadline(entry))}"
            case "escalation":
                return f"Overdue, and passed on: {lower_first(self._deadline(entry))}"
            case "child":
                return self._child(entry)
            case "override":
                return self._override(entry)
            case "version":
                return entry.name.capitalize()
            case _:
                return self._task(entry.name)

    def _override(self, entry: HistoryView) -> str:
        _, _, guard = entry.name.partition(" aside ")
        if not guard:
            return f"Took back the override of “{in_words(entry.name.removeprefix('took back '))}”"
        until = [words.day(date.fromisoformat(one["until"])) for one in _set_aside(entry).values()]
        return f"Set aside “{in_words(guard)}”{f' until {until[0]}' if until else ''}"

    def _note(self, entry: HistoryView) -> str:
        """What was added in words; which guards an event passed only because they were set aside is for staff."""
        said = str(entry.payload.get("note") or "")
        if left_unchanged(self.definition, entry):
            said = " ".join([*([said] if said else []), _UNCHANGED])
        if self.audience != STAFF:
            return "" if entry.kind in ("override", "version") else said
        passed = (
            f"With “{in_words(guard)}” set aside until {words.day(date.fromisoformat(one['until']))} by {one['by']}."
            for guard, one in _set_aside(entry).items()
            if entry.kind != "override"
        )
        return " ".join([*([said] if said else []), *passed])

    def _event(self, entry: HistoryView) -> str:
        """What was done, in the words of whoever did it where staff read them."""
        audience = entry.actor_audience if self.audience == STAFF else self.audience
        label = event_label(self.definition, entry.from_state, entry.name, audience)
        item = self._item(entry.payload.get("item"))
        return f"{label}: {item}" if item else label

    def _item(self, item: Sequence[str] | None) -> str:
        if not item:
            return ""
        known = self.definition.catalogue_of(item[0]).get(item[1])
        return known.label if known else self.labels.get((item[0], item[1]), "")

    def _child(self, entry: HistoryView) -> str:
        how, _, kind = entry.name.partition(" ")
        spec = self.definition.workflow.children.get(kind)
        label = spec.label.to(self.audience) if spec else kind.replace("_", " ").capitalize()
        return f"{label}: {how}"

    def _task(self, name: str) -> str:
        workflow = self.definition.workflow
        if name.startswith("overdue_"):
            return f"Overdue: {lower_first(self._deadline_label(name.removeprefix('overdue_')))}"
        known = [state.tasks[name] for state in workflow.states.values() if name in state.tasks]
        known += [workflow.alerts[name]] if name in workflow.alerts else []
        return known[0].title if known else name.replace("_", " ")

    def _deadline(self, entry: HistoryView) -> str:
        return self._deadline_label(entry.name)

    def _deadline_label(self, name: str) -> str:
        by_state = self.definition.deadlines.values()
        return next((specs[name].label for specs in by_state if name in specs), name)

    def _said(self, entry: HistoryView) -> tuple[Said, ...]:
        form = readable(self.definition, asked_or_emptied(self.definition, entry), self.reader)
        answers, emptied = entry.payload.get("answers") or {}, emptied_by(entry)
        same = self._given_again(entry)
        return tuple(
            replace(self.answer(spec, answers[name]), is_as_before=name in same)
            if name in answers
            else Said(spec.label, EMPTIED, is_emptied=True)
            for name, spec in form.items()
            if name in emptied
            or (
                name in answers
                and spec.type is not FieldType.CONFIRM
                and not self._is_only_a_number(spec, answers[name])
            )
        )

    def _given_again(self, entry: HistoryView) -> set[str]:
        """The fields of the case that an event asked, and left as they were."""
        spec = self.definition.events.get(entry.from_state, {}).get(entry.name)
        changed = entry.payload.get("changed")
        if spec is None or spec.proposal or entry.kind != "event" or entry.from_state == START or changed is None:
            return set()
        return set(self.definition.workflow.fields) - set(changed) if not entry.payload.get("item") else set()

    def _is_only_a_number(self, spec: FieldSpec, value: Any) -> bool:
        """Whether it is a record that is not named here: which pupil it is, a page of its own says to whom it may."""
        several = value if isinstance(value, list) else [value]
        return spec.type in OF_RECORDS and any((spec.records, one) not in self.names for one in several)

    def answer(self, spec: FieldSpec, value: Any) -> Said:
        """One answer in words."""
        if spec.type is FieldType.FILE:
            file = (self.files or {}).get(str(value))
            return Said(spec.label, file.name if file else "A file", file)
        return Said(spec.label, words.in_words(spec, value, self.names) or "")


def left_unchanged(definition: Definition, entry: HistoryView) -> bool:
    """Whether something was done that does more where it changes a field of the case, and it changed none."""
    spec = definition.events.get(entry.from_state, {}).get(entry.name) if entry.kind == "event" else None
    return spec is not None and bool(spec.if_changed) and entry.payload.get("changed") == {}


def _set_aside(entry: HistoryView) -> Mapping[str, Any]:
    return entry.payload.get("set_aside") or {}


def event_label(definition: Definition, state: str, event: str, audience: str) -> str:
    """What the event is called in this state, or in any other that has it."""
    here = definition.events.get(state, {})
    spec = here.get(event) or next((found[event] for found in definition.events.values() if event in found), None)
    return spec.label.to(audience) if spec else event.replace("_", " ").capitalize()


def bundled(lines: Iterable[Line]) -> list[Bundle]:
    """The lines in their order, with runs of three or more alike gathered into one.

    Alike are what one person did to several items on a day, and what was done again in the same words.
    """
    bundles: list[Bundle] = []
    for _, run in groupby(lines, key=_alike):
        alike = tuple(run)
        bundles += [Bundle(alike)] if len(alike) >= _A_RUN else [Bundle((line,)) for line in alike]
    return bundles


def _alike(line: Line) -> tuple[Any, ...]:
    if line.moved_to or line.mails:
        return (line.version,)
    what, of_an_item, _ = line.title.partition(": ")
    same = (what,) if of_an_item else (line.title, line.note, line.said)
    return *same, line.who, local_date(line.at), line.is_new


def files_in(definition: Definition, entries: Iterable[HistoryView]) -> set[str]:
    """The ids of the files that are answers in these entries."""
    return {
        str(answers[name])
        for entry in entries
        if (answers := entry.payload.get("answers") or {})
        for name, spec in definition.forms.get((entry.from_state, entry.name), {}).items()
        if spec.type is FieldType.FILE and answers.get(name)
    }
