"""Events compared: who may do what, when it is refused, where it leads, and who is told."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from apflow.core.compare.children import compare_begun, compare_told
from apflow.core.compare.consequences import consequence, only_where
from apflow.core.compare.event_notices import compare_notices
from apflow.core.compare.grammar import (
    Saying,
    capital,
    differences,
    gained_and_lost,
    keyed,
    listed,
    optional_label,
    relabelled,
)
from apflow.core.compare.linked import (
    calling_words,
    compare_calls,
    compare_tells,
    joining_words,
    signalling_words,
    telling_words,
)
from apflow.core.compare.names import Names, email, in_words
from apflow.core.compare.questions import compare_questions, questions
from apflow.core.definition.events import EventSpec, InConfidence, ItemMove
from apflow.core.definition.labels import Label
from apflow.core.definition.timing import Extension

_BUTTONS = {"main": "the main one", "usual": "a usual one", "quiet": "a quiet one", "danger": "one that warns"}
_PROPOSALS: Mapping[str | None, str] = {
    None: "changes what it asks at once",
    "made": "only proposes what it asks",
    "taken": "makes what was proposed so",
    "dropped": "forgets what was proposed",
}


def compare_events(
    names: Names, where: str, old: Mapping[str, EventSpec], new: Mapping[str, EventSpec]
) -> Iterator[str]:
    """The sentences for the events of one place."""
    return keyed(
        old,
        new,
        added=lambda _, spec: [f"{where}{_whole(names, spec)}"],
        removed=lambda _, spec: [f"{where}“{spec.label.staff}” is no longer possible."],
        changed=lambda _, before, after: _changed(names, where, before, after),
        order=f"{where}What can be done is offered in another order.",
        called=lambda spec: f"{where}“{spec.label.staff}”",
    )


def _changed(names: Names, where: str, old: EventSpec, new: EventSpec) -> Iterator[str]:
    subject = f"{where}“{new.label.staff}”"
    return differences(subject, old, new, {**_who_and_where(names, where, subject), **_what_follows(names, subject)})


def _who_and_where(names: Names, where: str, subject: str) -> dict[str, Saying]:
    return {
        "label": partial(relabelled, where, ""),
        "by": _lists(f"{subject} may now also be done by", f"{subject} may no longer be done by", names.role),
        "to": lambda before, after: [f"{subject} now {_leads(names, after)}, {_led(names, before)} before."],
        "from_": lambda before, after: [
            f"{subject} is now possible in {names.sources(after)}, was in {names.sources(before)}."
        ],
        "requires": _lists(f"{subject} is now also refused with", f"{subject} is no longer refused with", names.guard),
        "not_by": _lists(
            f"{subject} may no longer be done by whoever last did",
            f"{subject} may now also be done by whoever last did",
            names.event,
        ),
        "only": partial(_only, names, subject),
        "asks": _lists(
            f"{subject} now also asks the questions of", f"{subject} no longer asks the questions of", _form
        ),
        "form": partial(compare_questions, names, subject),
        "item": lambda before, after: [f"{subject} now {_acts(names, after)}; so far, it {_acts(names, before)}."],
    }


def _what_follows(names: Names, subject: str) -> dict[str, Saying]:
    return {
        "clears": _lists(f"{subject} now also clears", f"{subject} no longer clears", names.collection),
        "empties": _lists(f"{subject} now also empties", f"{subject} no longer empties", names.field),
        "if_changed": _lists(
            f"{subject}, where it changes nothing, now leaves out",
            f"{subject}, where it changes nothing, no longer leaves out",
            consequence,
        ),
        "if_holds": lambda before, after: [
            f"{subject} {only_where(names, after)}; so far, it {only_where(names, before)}."
        ],
        "draws": _lists(f"{subject} now also draws up", f"{subject} no longer draws up", names.collection),
        "keeps": _switch(
            f"{subject} now also writes the record that the case keeps",
            f"{subject} no longer writes the record that the case keeps",
        ),
        "settles_anew": _switch(
            f"{subject} now also asks anew of each reader by a link that they are still written to",
            f"{subject} no longer asks anew of each reader by a link that they are still written to",
        ),
        "joins": lambda before, after: [
            f"{subject} now {joining_words(names, after)}; so far, it {joining_words(names, before)}."
        ],
        "signs": lambda before, after: [f"{subject} now signs {_signed(after)}; so far, it signed {_signed(before)}."],
        "opens": _lists(f"{subject} now also opens the task", f"{subject} no longer opens the task", names.alert),
        "begins": partial(compare_begun, names, subject),
        "signals": partial(compare_told, names, subject),
        "tells": partial(compare_tells, names, subject),
        "calls": partial(compare_calls, names, subject),
        "extends": lambda before, after: [f"{subject} now {_more(names, after)}; so far, it {_more(names, before)}."],
        "proposal": lambda before, after: [
            f"{subject} now {_PROPOSALS.get(after, after)}; so far, it {_PROPOSALS.get(before, before)}."
        ],
        "notify": partial(compare_notices, names, subject),
        **_what_is_shown(names, subject),
    }


def _what_is_shown(names: Names, subject: str) -> dict[str, Saying]:
    """What whoever does it reads, before and afterwards."""
    return {
        "done": lambda before, after: optional_label(subject, "what the page says afterwards", before, after),
        "in_confidence": lambda before, after: [
            f"{subject} now {_kept_from_whom(names, after)}; so far, it {_kept_from_whom(names, before)}."
        ],
        "as_party": _switch(
            f"{subject} now fills in the name and address of whoever does it",
            f"{subject} no longer fills in the name and address of whoever does it",
        ),
        "check_answers": _switch(
            f"{subject} now has a page to check the answers before they are sent",
            f"{subject} is now sent without a page to check the answers",
        ),
        "warning": lambda before, after: [f"{subject}: now {_warned(after)}; so far, {_warned(before)}."],
        "emphasis": lambda before, after: [
            f"{subject}: its button is now {_BUTTONS.get(after, after)}, was {_BUTTONS.get(before, before)}."
        ],
    }


def _kept_from_whom(names: Names, spec: InConfidence | None) -> str:
    if spec is None:
        return "names whoever does it to all who see that it was done"
    claims = "".join(
        f" ({what}: {said})" for what, said in (("source", spec.source), ("assumed", spec.assumed)) if said
    )
    return f"names whoever leaves {names.field(spec.without)} empty to {names.roles(spec.known_to)} alone{claims}"


def _lists(gained: str, lost: str, name: Callable[[str], str]) -> Saying:
    def saying(old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
        more, less = gained_and_lost(old, new)
        if more:
            yield f"{gained} {listed(name(one) for one in more)}."
        if less:
            yield f"{lost} {listed(name(one) for one in less)}."

    return saying


def _signed(name: str | None) -> str:
    return f"the document “{in_words(name)}”" if name else "nothing"


def _form(name: str) -> str:
    return f"“{in_words(name)}”"


def _switch(on: str, off: str) -> Saying:
    return lambda _, new: [f"{on if new else off}."]


def _leads(names: Names, to: str | None) -> str:
    return f"leads to {names.state(to)}" if to else "leaves the case where it is"


def _led(names: Names, to: str | None) -> str:
    return f"led to {names.state(to)}" if to else "left the case where it was"


def _acts(names: Names, item: ItemMove | None) -> str:
    if item is None:
        return "acts on the whole case"
    afresh = ", dropping what was said of it before" if item.afresh else ""
    afresh += f", adding what is said to “{in_words(item.adds_to)}”" if item.adds_to else ""
    sources = " or ".join(names.status(item.of, status) for status in item.from_)
    whose = f", of whoever “{in_words(item.whose)}” names," if item.whose else ""
    whose += f", for the {names.role(item.side)}," if item.side else ""
    return f"takes one of {names.collection(item.of)}{whose} from {sources} to {names.status(item.of, item.to)}{afresh}"


def _more(names: Names, extends: Extension | None) -> str:
    if extends is None:
        return "gives no more time"
    often = "once" if extends.at_most == 1 else f"{extends.at_most} times"
    claims = "".join(
        f" ({said}: {value})" for said, value in (("source", extends.source), ("assumed", extends.assumed)) if value
    )
    return f"gives {names.deadline(extends.deadline)} {extends.by} more, at most {often}{claims}"


def _only(names: Names, subject: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    def named(role: str, field: str) -> list[str]:
        return [f"Of {names.role(role)}, now only whoever {names.field(field)} names may do {subject}."]

    return keyed(
        old,
        new,
        added=named,
        removed=lambda role, _: [f"Everybody who is {names.role(role)} may now do {subject}."],
        changed=lambda role, _, field: named(role, field),
    )


def _warned(warning: str | None) -> str:
    return f"people are warned “{warning}”" if warning else "nobody is warned"


def _whole(names: Names, spec: EventSpec) -> str:
    """A new event, told in as many sentences as it takes to agree to it."""
    label: Label = spec.label
    asked = questions(names, spec.form)
    told: list[Any] = [
        f"{capital(names.roles(spec.by))} can now “{label.staff}”, which {_leads(names, spec.to)}.",
        f" It is possible in {names.sources(spec.from_)}." if spec.from_ else "",
        f" It is refused with {listed(names.guard(one) for one in spec.requires)}." if spec.requires else "",
        f" It is not for whoever last did {listed(names.event(one) for one in spec.not_by)}." if spec.not_by else "",
        *(f" Of {names.role(role)} it is for whoever {names.field(one)} names." for role, one in spec.only.items()),
        f" It {_acts(names, spec.item)}." if spec.item else "",
        f" It {joining_words(names, spec.joins)}." if spec.joins else "",
        f" It asks the questions of {listed(_form(one) for one in spec.asks)}." if spec.asks else "",
        f" It asks {listed(asked)}." if asked else "",
        *(f" It sends {names.role(role)} {email(use.notice)}." for role, use in spec.notify.items()),
        f" It clears {listed(names.collection(one) for one in spec.clears)}." if spec.clears else "",
        f" It empties {listed(names.field(one) for one in spec.empties)}." if spec.empties else "",
        f" Where it changes nothing, it leaves out {listed(consequence(one) for one in spec.if_changed)}."
        if spec.if_changed
        else "",
        f" It {only_where(names, spec.if_holds)}." if spec.if_holds else "",
        f" It draws up {listed(names.collection(one) for one in spec.draws)}." if spec.draws else "",
        " It asks anew of each reader by a link that they are still written to." if spec.settles_anew else "",
        f" It opens the task {listed(names.alert(one) for one in spec.opens)}." if spec.opens else "",
        *(f" It opens a case of {names.child(kind)}." for kind in spec.begins),
        *(
            f" It tells every open case of {names.child(kind)} to do {signalling_words(names, what)}."
            for kind, what in spec.signals.items()
        ),
        *(f" It tells {telling_words(names, kept, telling)}." for kept, telling in spec.tells.items()),
        *(f" It calls {calling_words(names, kept, calling)}." for kept, calling in spec.calls.items()),
        f" It {_more(names, spec.extends)}." if spec.extends else "",
        f" It {_PROPOSALS[spec.proposal]}." if spec.proposal else "",
    ]
    return "".join(told)
