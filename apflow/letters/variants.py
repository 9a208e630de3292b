"""What a notice is rehearsed with beside everything and as little as there can be: what its templates tell apart.

That is each choice that they compare an answer with and one that they do not, each optional answer left out alone,
items that are all in one status, deadlines that are over, and texts as long as they can be.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace as changed
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

from msgspec.structs import replace

from apflow.core.conditions import Facts
from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.firing.answers import is_asked
from apflow.core.outcome import Send
from apflow.letters.made_up import NOW, MadeUp, everything, nothing_optional, sample_of, sendings_of
from apflow.letters.notices import NoticeError, Notices

_LONG = 3_000
_LATER = timedelta(days=400)
_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)
_ABOUT_ONE = ("organisation", "kind", "pupils_there", "left_out")
_Form = Mapping[str, FieldSpec]
_Spoken = Mapping[str, set[str | None]]  # The names in each place; None for any of them.


def varied(definition: Definition, notices: Notices) -> Iterator[tuple[Send, dict[str, Any]]]:
    """What each notice is made of where something is otherwise that its templates speak of.

    Of all who send a notice to one kind of reader, with one form, the first stands for the others.
    """
    done = set[tuple[Any, ...]]()
    trying = _Trying(definition)
    told: dict[str, _Spoken] = {}
    for after, state, name, send in sendings_of(definition):
        notice = f"{definition.name}/{send.notice}"
        if notice not in told:
            told[notice] = _spoken_of(notices, notice)
        form = definition.forms.get((state, name), {})
        asked = {key: form[key] for key in _names(told[notice], "answers", form)}
        alike = (send.notice, definition.audience(send.role), *((key, spec.optional) for key, spec in asked.items()))
        if alike in done:
            continue
        done.add(alike)
        with suppress(NoticeError):  # It is told of when it is rendered with everything.
            for made_up in trying.otherwise(told[notice], asked, notices.compared(notice)):
                yield send, after(made_up, state, name, send)


def _spoken_of(notices: Notices, notice: str) -> _Spoken:
    spoken: dict[str, set[str | None]] = {}
    for one in notices.mentions(notice):
        spoken.setdefault(one.place, set()).add(one.name)
    return spoken


def _names(spoken: _Spoken, place: str, there_are: Collection[str]) -> list[str]:
    names = spoken.get(place, set())
    return [name for name in there_are if None in names or name in names] if names else []


class _Trying:
    """Made-up cases of one definition that differ in one thing from one that has everything, or as little as it can."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._full = MadeUp(definition, _long)
        self._bare = MadeUp(definition, nothing_optional, is_sparse=True)

    def otherwise(self, spoken: _Spoken, asked: _Form, compared: Collection[str]) -> Iterator[MadeUp]:
        """Each of them that a notice tells apart which has `spoken` of this, and asked for that."""
        workflow, full = self._definition.workflow, self._full
        told = {name: workflow.fields[name] for name in _names(spoken, "fields", workflow.fields)} | dict(asked)
        found = [*self._chosen(told, compared), *self._left_out(told)]
        collections = [workflow.collections[name] for name in _names(spoken, "items", workflow.collections)]
        found += [changed(full, status=one) for one in dict.fromkeys(chain(*(of.statuses for of in collections)))]
        if _names(spoken, "deadline", ["left"]):
            found += [changed(full, now=NOW + _LATER)]
        if _names(spoken, "to", _ABOUT_ONE):
            one = replace(full.to, organisation="Sample", kind="school", pupils_there=1, left_out=True)
            found += [changed(full, to=one), changed(full, to=replace(one, pupils_there=2))]
        if not found and any(spec.type in _TEXTS for spec in told.values()):
            found += [full]
        yield from found

    def _chosen(self, told: _Form, compared: Collection[str]) -> Iterator[MadeUp]:
        """With each choice that is compared with, and one that is not; with all else there is, and with as little."""
        for name, spec in told.items():
            choices = _choices(spec)
            heard = [one for one in choices if words.in_words(spec, one) in compared]
            others = [one for one in choices if one not in heard]
            for one in [*heard, *others[:1]] if heard else ():
                yield changed(self._full, fullness=partial(_long, chosen={name: one}))
                yield changed(self._bare, fullness=partial(_sparse, chosen={name: one}))

    def _left_out(self, told: _Form) -> Iterator[MadeUp]:
        for name, spec in told.items():
            if spec.optional:
                yield changed(self._full, fullness=partial(_long, without=name))


def _choices(spec: FieldSpec) -> Sequence[Any]:
    if spec.type in (FieldType.YES_NO, FieldType.CONFIRM):
        return (True, False)
    return [[one] if spec.type is FieldType.MANY else one for one in spec.options]


def _long(form: _Form, *, chosen: Mapping[str, Any] = {}, without: str = "") -> dict[str, Any]:
    """Everything with this otherwise, and every text as long as it can be."""
    texts = {name: _text(spec) for name, spec in form.items() if spec.type in _TEXTS}
    answers = everything(form) | texts | {name: one for name, one in chosen.items() if name in form}
    return {name: answer for name, answer in answers.items() if name != without}


def _text(spec: FieldSpec) -> str:
    return ("Sample " * _LONG)[: min(spec.max_length or _LONG, _LONG)].strip()


def _sparse(form: _Form, *, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """As little as can be answered where this has been chosen; what is then asked has been answered."""
    answers: dict[str, Any] = {}
    for name, spec in form.items():
        if name in chosen:
            answers[name] = chosen[name]
        elif not spec.optional and is_asked(spec, Facts(fields=answers, today=f"{NOW:%Y-%m-%d}", answers=answers)):
            answers[name] = sample_of(spec)
    return answers
