"""The e-mails' words compared, file by file."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from apflow.core.compare.grammar import listed
from apflow.core.compare.names import in_words, role_words
from apflow.core.definition.council import Council
from apflow.core.definition.events import EventSpec
from apflow.core.definition.workflow import Workflow

_ENDINGS = (".subject.txt", ".html", ".txt")
_TEXTS = {".html": "HTML", ".txt": "plain text"}


@dataclass(frozen=True, slots=True)
class _Notice:
    """The words of one e-mail before and after, part by part; a part that is not there is None."""

    parts: Mapping[str, tuple[str | None, str | None]]

    @property
    def is_new(self) -> bool:
        return all(before is None for before, _ in self.parts.values())

    @property
    def is_gone(self) -> bool:
        return all(after is None for _, after in self.parts.values())

    @property
    def keeps_its_words(self) -> bool:
        return all((before or "").split() == (after or "").split() for before, after in self.parts.values())

    @property
    def what(self) -> str:
        """Which part alone is reworded: whoever reads the other reads something else."""
        changed = {ending for ending, (before, after) in self.parts.items() if before != after}
        if changed == {".subject.txt"}:
            return " (only its subject)"
        stays = [words for ending, words in _TEXTS.items() if ending in self.parts and ending not in changed]
        return f" (its {stays[0]} reads as before)" if stays else ""


def compare_notices(
    old: Mapping[str, str], new: Mapping[str, str], workflows: Iterable[Workflow], council: Council
) -> Iterator[str]:
    """A sentence for each e-mail, and each file beside them, that differs; the texts are by path."""
    if old == new:
        return
    reached = _recipients(workflows, council)
    notices: dict[str, dict[str, tuple[str | None, str | None]]] = {}
    for path in sorted({*old, *new}):
        name, ending = _split(path)
        notices.setdefault(name, {})[ending] = (old.get(path), new.get(path))
    for name, parts in notices.items():
        notice = _Notice(parts)
        if any(before != after for before, after in parts.values()):
            yield _sentence(name, notice, reached.get(name, ""))


def _sentence(name: str, notice: _Notice, to: str) -> str:
    if "/" not in name:
        return f"What every e-mail is laid out in (“{name}”) is {'added' if notice.is_new else 'changed'}."
    title = f"“{in_words(name.partition('/')[2])}”{to}"
    if notice.is_new:
        return f"An e-mail is added: {title}."
    if notice.is_gone:
        return f"The e-mail {title} is taken away."
    if notice.keeps_its_words:
        return f"The e-mail {title} is laid out differently; its words stay."
    return f"The e-mail {title} is reworded{notice.what}."


def _split(path: str) -> tuple[str, str]:
    ending = next((ending for ending in _ENDINGS if path.endswith(ending)), "")
    return path.removesuffix(ending), ending


def _recipients(workflows: Iterable[Workflow], council: Council) -> dict[str, str]:
    """Who gets each notice, as “ to the provider and the officer”."""
    roles: dict[str, dict[str, None]] = {}
    for workflow in workflows:
        for notice, role in _uses(workflow):
            roles.setdefault(f"{workflow.workflow}/{notice}", {})[role_words(council, role)] = None
    return {notice: f" to {listed(to)}" for notice, to in roles.items()}


def _uses(workflow: Workflow) -> Iterator[tuple[str, str]]:
    states = workflow.states.values()
    groups: list[Mapping[str, EventSpec]] = [workflow.start, workflow.events, *(state.events for state in states)]
    for events in groups:
        for event in events.values():
            yield from ((use.notice, role) for role, use in event.notify.items())
    for deadlines in (workflow.deadlines, *(state.deadlines for state in states)):
        for spec in deadlines.values():
            yield from ((ladder.notice, ladder.who) for ladder in spec.remind)
            if spec.then.notice and spec.then.escalate:
                yield spec.then.notice, spec.then.escalate
    for guard in workflow.guards.values():
        if guard.override:
            yield from ((notice, role) for role, notice in guard.override.tell.items())


def unified(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The difference line by line, for whoever wants to see the words themselves."""
    told: list[str] = []
    for path in sorted({*old, *new}):
        before, after = (texts.get(path, "").splitlines(keepends=True) for texts in (old, new))
        told += (
            line if line.endswith("\n") else f"{line}\n" for line in difflib.unified_diff(before, after, path, path)
        )
    return "".join(told)
