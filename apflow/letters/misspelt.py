"""Names in notices that stand for nothing, wherever in a template they are: a condition on one is never true."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apflow.core.checks.findings import meant, nearest
from apflow.core.checks.privacy import Mention
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Problem
from apflow.core.outcome import Send
from apflow.letters.contexts import OF_AN_ITEM, SPOKEN_OF

_FEW = 12
_PLACES = frozenset({*SPOKEN_OF, "fields", "answers", "items", "link"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A workflow's sendings (state, event or deadline, and role), and what each of its notices speaks of."""

    definition: Definition
    sends: Sequence[tuple[str, str, Send]]
    mentions: Mapping[str, Sequence[Mention]]


def unknown_names(spoken: Iterable[Spoken]) -> Iterator[Problem]:
    """A problem for each name known to nothing that sends the notice; of a layout's names, to no notice that has it."""
    there_are: dict[Mention, set[str]] = {}
    for one in spoken:
        for notice, mentions in one.mentions.items():
            known = _known(one.definition, [send for send in one.sends if send[2].notice == notice])
            for mention in mentions:
                there_are.setdefault(mention, set()).update(known.get(mention.place, ()))
    for mention, names in there_are.items():
        if mention.name is not None and mention.name not in names:
            yield _told(mention, names)


def _known(definition: Definition, sends: Iterable[tuple[str, str, Send]]) -> dict[str, set[str]]:
    """The names in each place; an item's are any at all, since nobody can tell what a name set in a template holds."""
    workflow = definition.workflow
    asked = {name for state, event, _ in sends for name in definition.forms.get((state, event), {})}
    known = {place: set(names) for place, names in SPOKEN_OF.items()}
    known |= {"fields": set(workflow.fields), "answers": asked, "items": set(workflow.collections)}
    return known | {"item": {*OF_AN_ITEM}.union(*known.values())}


def _told(mention: Mention, names: set[str]) -> Problem:
    name = mention.name or ""
    near = nearest(name, names if mention.place else _PLACES)
    match mention.place:
        case "":
            what = f'there is nothing called "{name}" here'
        case "item":
            what = f'nothing here has a "{name}"'
        case "answers":
            what = f'nothing that sends this notice asks for "{name}"'
        case place:
            what = f'there is no "{place}.{name}"'
    there_are = f"; there is: {', '.join(sorted(names))}" if mention.place and 0 < len(names) <= _FEW else ""
    return Problem(mention.file, mention.line, 1, "unknown-value", what + (meant(near) or there_are), near)
