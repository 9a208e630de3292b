"""Notices: whether each can be written for everybody it goes to, and says nothing that they may not read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests.mutants.judge.raw import START, Flow, many, part
from tests.mutants.judge.reading import Raw

PARTS = (".subject.txt", ".txt", ".html")
KNOWN: Mapping[str, tuple[str, ...]] = {
    "to": ("name", "audience", "kind", "pupils_there", "left_out"),
    "case": ("reference", "title", "state"),
    "deadline": ("label", "on", "time", "left"),
    "override": ("guard", "by", "until", "reason"),
    "council": ("name", "short_name", "team", "mailbox", "telephone", "review_by", "review_within"),
    "link": (),
    "fields": (),
    "answers": (),
    "items": (),
}
OF_ITEMS = ("label", "status", "status_label", "reason", "required", "section_label", "expires_on", "days_left")
METHODS = ("splitlines", "strip", "lower", "upper", "startswith", "endswith")
UNUSED = (nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport)
SLIPS = (TemplateError, TypeError, ValueError, AttributeError, LookupError)
SEES = ("public", "case", "personal")  # What a role reads that says nothing of it.


@dataclass(frozen=True)
class Send:
    """A notice on its way: what sends it, to which role, with whose answers and about which deadline, if any."""

    notice: str
    role: str
    why: str
    state: str
    form: Mapping[str, Raw]
    has_deadline: bool
    has_override: bool = False


@dataclass(frozen=True)
class Said:
    """One value that a template speaks of: `place` and `name` as in {{ fields.visit_on }}; without a name, any."""

    place: str
    name: str | None
    in_subject: bool


def wrong(flow: Flow) -> Iterator[str]:
    sends = list(_sends(flow))
    for notice in sorted({send.notice for send in sends}):
        yield from _template(flow, notice, [send for send in sends if send.notice == notice])
    for state, name, event in flow.each_event():
        yield from _invitations(flow, f"{name} of {state}", event)
        yield from _reasons(flow, f"{name} of {state}", event)
    yield from _braces(flow)


def reads(flow: Flow, role: str, field: Raw) -> bool:
    """Whether the role may read an answer to this question at all."""
    if role not in flow.roles:
        return True
    sees = many(flow.roles[role].get("sees")) or list(SEES)
    return field.get("privacy", "case") in sees and (not field.get("read") or role in many(field["read"]))


def _sends(flow: Flow) -> Iterator[Send]:
    for state, name, event in flow.each_event():
        after = str(event.get("to") or state)
        for role, use in part(event, "notify").items():
            notice = use["notice"] if isinstance(use, dict) else use
            yield Send(notice, role, f"{name} of {state}", after, flow.form(event), bool(flow.deadlines(after)))
    for name, states, spec in flow.each_deadline():
        for state in states:
            told = [(ladder["notice"], ladder["who"]) for ladder in many(spec.get("remind"))]
            told += [(spec["then"]["notice"], spec["then"].get("escalate", ""))] if "notice" in spec["then"] else []
            yield from (Send(notice, role, name, state, {}, has_deadline=True) for notice, role in told)
    for name, guard in flow.guards.items():
        for role, notice in part(part(guard, "override"), "tell").items():
            asking = [
                state for state, _, event in flow.each_event() if name in many(event.get("requires")) and state != START
            ]
            if asking:
                yield Send(notice, role, f"setting {name} aside", asking[0], {}, bool(flow.deadlines(asking[0])), True)


def _template(flow: Flow, notice: str, sends: list[Send]) -> Iterator[str]:
    templates = flow.policy.templates
    for ending in PARTS:
        file = f"{flow.name}/{notice}{ending}"
        parents, texts = [file], {}
        while parents:
            at = parents.pop()
            if at not in templates:
                yield f"{file} builds on {at}, which there is not"
                return
            texts[at] = templates[at]
            problem, _, above = _parsed(templates[at])
            if problem:
                yield f"{at}: {problem}"
                return
            parents += above
        said = {one for text in texts.values() for one in _parsed(text)[1]}
        yield from _unknown(flow, file, said, sends)
        yield from _leaks(flow, file, said, sends)
        yield from _rendered(flow, file, texts, sends)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[str, frozenset[tuple[str, str | None]], tuple[str, ...]]:
    """What is wrong with a template by itself, what it speaks of, and which it builds on."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    try:
        tree = environment.parse(text)
    except TemplateError as error:
        return str(error), frozenset(), ()
    if any(True for _ in tree.find_all(UNUSED)):
        return "it uses what notices do without", frozenset(), ()
    unknown = sorted(meta.find_undeclared_variables(tree) - set(KNOWN) - {"super"})
    if unknown:
        return f"it speaks of {', '.join(unknown)}, which there is not", frozenset(), ()
    above = tuple(str(one) for one in meta.find_referenced_templates(tree))
    return "", frozenset(_mentioned(tree)), above


def _mentioned(tree: nodes.Template) -> Iterator[tuple[str, str | None]]:
    every: Iterator[nodes.Getattr | nodes.Getitem] = tree.find_all((nodes.Getattr, nodes.Getitem))
    looked_up = list(every)
    bases = {id(node.node) for node in looked_up}
    for node in looked_up:
        arg = node.arg if isinstance(node, nodes.Getitem) else None
        name = node.attr if isinstance(node, nodes.Getattr) else arg.value if isinstance(arg, nodes.Const) else None
        base = node.node.name if isinstance(node.node, nodes.Name) else ""
        if base in KNOWN:
            yield base, None if name is None else str(name)
        elif isinstance(name, str) and name not in METHODS and base != "loop":
            yield "item", name
    for one in tree.find_all(nodes.Name):
        if one.name in ("fields", "answers", "items", "case") and id(one) not in bases:
            yield one.name, None
    for used in tree.find_all(nodes.Filter):
        first = used.args[0] if used.args and used.name in ("selectattr", "rejectattr") else None
        named = [first, *(pair.value for pair in used.kwargs if pair.key == "attribute")]
        yield from (("item", str(one.value)) for one in named if isinstance(one, nodes.Const))


def _unknown(flow: Flow, file: str, said: set[tuple[str, str | None]], sends: list[Send]) -> Iterator[str]:
    asked = {name for send in sends for name in send.form}
    for place, name in sorted(said, key=str):
        known = {"fields": set(flow.fields), "answers": asked, "items": set(flow.collections), "item": set(OF_ITEMS)}
        there = known.get(place, set(KNOWN.get(place, ())))
        if (name is not None and there and name not in there) or (
            name is not None and place == "answers" and name not in asked
        ):
            yield f"{file} speaks of {place}.{name}, which there is not"


def _leaks(flow: Flow, file: str, said: set[tuple[str, str | None]], sends: list[Send]) -> Iterator[str]:
    watching = [
        role for role in part(flow.raw, "seen_by") if flow.roles.get(role, {}).get("audience", "staff") == "staff"
    ]
    for send in sends:
        readers = [send.role, *(watching if file.endswith(".subject.txt") else ())]
        for place, name in sorted(said, key=str):
            for role in readers:
                for what in _unread(flow, send, place, name, role):
                    yield f"{file} tells a {role} of {what}, sent by {send.why}"


def _unread(flow: Flow, send: Send, place: str, name: str | None, role: str) -> Iterator[str]:
    if place == "case" and name in ("title", None):
        place, name = "fields", str(flow.raw["called"])
    if place in ("fields", "answers"):
        asked = flow.fields if place == "fields" else send.form
        for key, spec in asked.items():
            if name in (None, key) and not reads(flow, role, spec):
                yield f"{place}.{key}"
    if place == "items":
        for key, spec in flow.collections.items():
            if name in (None, key) and spec.get("seen_by") and role not in many(spec["seen_by"]):
                yield f"items.{key}"
    if place == "item" and name == "reason":
        forms = [flow.form(event) for _, _, event in flow.each_event() if event.get("item")]
        if any("reason" in form and not reads(flow, role, form["reason"]) for form in forms):
            yield "the reason of an item"


def _rendered(flow: Flow, file: str, texts: Mapping[str, str], sends: list[Send]) -> Iterator[str]:
    for send in sends:
        for is_full in (True, False):
            context = json.dumps(_context(flow, send, is_full), sort_keys=True)
            problem = _written(file, tuple(sorted(texts.items())), context)
            if problem:
                yield f"{file}, sent by {send.why}, cannot be written: {problem}"
                return


@lru_cache(maxsize=64)
def _environment(texts: tuple[tuple[str, str], ...]) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(texts)), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@lru_cache(maxsize=8192)
def _written(file: str, texts: tuple[tuple[str, str], ...], context: str) -> str:
    try:
        _environment(texts).get_template(file).render(json.loads(context))
    except SLIPS as error:
        return str(error)
    return ""


def _context(flow: Flow, send: Send, is_full: bool) -> dict[str, Any]:
    """Made-up values: all there could be, or only those that there must be."""
    role = flow.roles.get(send.role, {})
    deadline = {"label": "Sample", "on": "Friday", "time": "5pm", "left": "3 working days"}
    override = {"guard": "sample", "by": "Sample", "until": "Friday", "reason": "Sample"}
    return {
        "to": {
            "name": "Sample",
            "audience": role.get("audience", "staff"),
            "kind": "school",
            "pupils_there": 2,
            "left_out": True,
        },
        "case": {"reference": "XX-0000", "title": "Sample", "state": "Sample"},
        "fields": _answers(flow, send.role, flow.fields, is_full),
        "answers": _answers(flow, send.role, send.form, is_full),
        "deadline": deadline if send.has_deadline else None,
        "override": override if send.has_override else None,
        "items": {name: _items(flow, name, send.role) for name in flow.collections},
        "council": dict.fromkeys(KNOWN["council"], "Sample"),
        "link": "https://council.example",
    }


def _answers(flow: Flow, role: str, form: Mapping[str, Raw], is_full: bool) -> dict[str, str | None]:
    must = {name for name, spec in form.items() if not spec.get("optional") and not spec.get("asked_if")}
    return {
        name: "Sample" if (is_full or name in must) and reads(flow, role, spec) else None for name, spec in form.items()
    }


def _items(flow: Flow, collection: str, role: str) -> list[dict[str, Any]]:
    spec = flow.collections[collection]
    if spec.get("seen_by") and role not in many(spec["seen_by"]):
        return []
    return [
        dict(zip(OF_ITEMS, ("Sample", status, "Sample", "Sample", required, "Sample", "Sample", 3), strict=True))
        for status in spec["statuses"]
        for required in (True, False)
    ]


def _invitations(flow: Flow, where: str, event: Raw) -> Iterator[str]:
    for role, use in part(event, "notify").items():
        invite = part(use, "invite") if isinstance(use, dict) else {}
        carried = [invite[key] for key in ("on", "at", "place") if key in invite]
        carried += [flow.raw["called"]] if "{case}" in invite.get("title", "") else []
        for name in carried:
            if not reads(flow, role, flow.fields.get(name, {})):
                yield f"{where} invites a {role} with {name}, which they may not read"


def _reasons(flow: Flow, where: str, event: Raw) -> Iterator[str]:
    for name in many(event.get("requires")):
        guard = flow.guards[name]
        looked_at = [one["every"] for one in [guard["when"], *many(guard["when"].get("all"))] if "every" in one]
        for collection in looked_at if "{which}" in guard["reason"] else ():
            seen_by = many(part(flow.collections, collection).get("seen_by"))
            for role in many(event["by"]):
                if seen_by and role not in seen_by and role in flow.roles:
                    yield f"{where}: why {name} says no would tell a {role} of {collection}"


def _braces(flow: Flow) -> Iterator[str]:
    shown = [(name, event["label"]) for name, event in flow.written_events()]
    shown += [(name, state["label"]) for name, state in flow.states.items()]
    shown += [(name, task["title"]) for _, name, task in flow.each_task()]
    shown += [(name, guard["reason"].replace("{which}", "")) for name, guard in flow.guards.items()]
    for name, label in shown:
        texts = [str(text) for text in (label.values() if isinstance(label, dict) else [label])]
        if any("{" in text and "}" in text for text in texts):
            yield f"{name} would show its braces"
