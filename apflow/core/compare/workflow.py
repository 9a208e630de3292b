"""Two versions of one workflow as sentences, those about time and who may act first."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

from apflow.core.compare.children import compare_children
from apflow.core.compare.collections import compare_collections
from apflow.core.compare.deadlines import compare_deadlines
from apflow.core.compare.events import compare_events
from apflow.core.compare.grammar import Saying, behind_the_scenes, differences, gained_and_lost, keyed, listed
from apflow.core.compare.guards import compare_flags, compare_guards, compare_invariants
from apflow.core.compare.linked import compare_pack
from apflow.core.compare.made import compare_documents_made, compare_read_by_link
from apflow.core.compare.names import Names, in_words
from apflow.core.compare.public_list import compare_public_list
from apflow.core.compare.questions import compare_fields, compare_forms
from apflow.core.compare.references import carried, renamed_states
from apflow.core.compare.scenarios import compare_scenarios
from apflow.core.compare.states import compare_states, how_many
from apflow.core.compare.tasks import compare_tasks
from apflow.core.definition.base import Claim, Part
from apflow.core.definition.council import Council
from apflow.core.definition.offered import unoffered
from apflow.core.definition.records import AboutPlacement, Kept, Late, Paused, Taking
from apflow.core.definition.workflow import Seen, Workflow


def compare_workflows(old: Workflow | None, new: Workflow, council: Council) -> Iterator[str]:
    """At least one sentence for every difference; a workflow that is new is summed up in one."""
    if old is None:
        yield _summary(new)
        return
    names, old = Names.of(old, new, council), carried(old, new)
    parts = _parts(names, renamed_states(old, new), old.states.keys() - new.states.keys())
    beside = new.model_copy(update={key: getattr(old, key) for key in parts})
    yield from differences(f"“{new.title}”", old, beside, _heading(names))
    for key, said in parts.items():
        yield from said(getattr(old, key), getattr(new, key))
    yield from _offered_by_no_form(names, old, new)


def _offered_by_no_form(names: Names, old: Workflow, new: Workflow) -> Iterator[str]:
    """Of a choice that is new, or is left out of the last form that had it, that nobody is offered it."""
    before = set(unoffered(old))
    for field, option in unoffered(new):
        if (field, option) not in before:
            choice = names.answer(field, option) or f"“{in_words(option)}”"
            asking = "each form that asks lists choices of its own"
            yield f"{names.field(field)}: no form offers the choice {choice}, as {asking}."


def _summary(workflow: Workflow) -> str:
    states = workflow.states.values()
    deadlines = sum(len(state.deadlines) for state in states) + len(workflow.deadlines)
    events = sum(len(state.events) for state in states) + len(workflow.events) + len(workflow.start)
    counted = (
        (len(workflow.states), "state"),
        (events, "event"),
        (deadlines, "deadline"),
        (len(workflow.guards), "guard"),
    )
    parts = listed(how_many(count, what) for count, what in counted)
    return f"A workflow is added: “{workflow.title}”, version {workflow.version}, with {parts}."


_Said = Callable[[Any, Any], Iterator[str]]


def _parts(names: Names, renames: Mapping[str, str], left: Set[str]) -> Mapping[str, _Said]:
    """What has sentences of its own, in the order in which it matters; of the states `left` is told where they are."""
    return {
        "states": lambda old, new: compare_states(names, old, new, renames),
        "deadlines": lambda old, new: compare_deadlines(names, "The whole case: ", old, new),
        "events": lambda old, new: compare_events(names, "In several states: ", old, new),
        "start": lambda old, new: compare_events(names, "To begin: ", old, new),
        "guards": lambda old, new: compare_guards(names, old, new),
        "flags": lambda old, new: compare_flags(names, old, new),
        "alerts": lambda old, new: compare_tasks(names, "", old, new, what="alert"),
        "seen_by": lambda old, new: _seen(names, old, new),
        "writes_to": lambda old, new: _written_to(names, old, new),
        "hidden_from": lambda old, new: _hidden(names, old, new),
        "fields": lambda old, new: compare_fields(names, old, new),
        "forms": lambda old, new: compare_forms(names, old, new),
        "collections": lambda old, new: compare_collections(names, old, new),
        "public_list": lambda old, new: compare_public_list(names, old, new),
        "takes": lambda old, new: _takes(names, old, new),
        "keeps": lambda old, new: _kept(names, old, new),
        "about_placement": lambda old, new: _about(names, old, new),
        "pack": lambda old, new: compare_pack(names, old, new),
        "documents": lambda old, new: compare_documents_made(names, old, new),
        "read_by_link": lambda old, new: compare_read_by_link(names, old, new),
        "children": lambda old, new: compare_children(names, old, new),
        "invariants": lambda old, new: compare_invariants(names, old, new),
        "scenarios": lambda old, new: compare_scenarios(names, old, new),
        "migrate": lambda old, new: _migrate(names, old, {gone: to for gone, to in new.items() if gone not in left}),
    }


def _heading(names: Names) -> Mapping[str, Saying]:
    return {
        "workflow": lambda old, new: [behind_the_scenes(f"“{names.new.title}”", in_words(old), in_words(new)) + "."],
        "version": lambda old, new: [f"“{names.new.title}” is now version {new}, was {old}."],
        "title": lambda old, new: [f"“{old}” is now called “{new}”."],
        "called": lambda old, new: [f"Cases are now called by {names.field(new)}, were by {names.field(old)}."],
        "reference": lambda old, new: [f"References of new cases now begin with {new}, did with {old}."],
        "school_days_of": lambda old, new: [
            f"School days are now those of {_school(names, new)}, were those of {_school(names, old)}."
        ],
        "journey": lambda old, new: list(_journey(names, old, new)),
        "key_facts": lambda _, new: [
            f"At the top of a case's page now stand: {', '.join(map(names.field, new)) or 'no fields'}."
        ],
        "party": lambda old, new: (
            _party(names, old, new) if old and new else [f"Cases are now about {'an outsider' if new else 'nobody'}."]
        ),
        "other_party": lambda old, new: (
            _party(names, old, new, "second outsider")
            if old and new
            else [f"Cases are now between {'two outsiders' if new else 'one outsider and the council'}."]
        ),
    }


def _school(names: Names, field: str | None) -> str:
    return f"the school in {names.field(field)}" if field else "the council"


def _journey(names: Names, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    more, less = gained_and_lost(old, new)
    if more:
        yield f"The steps shown to the provider now also have {names.states(more)}."
    if less:
        yield f"The steps shown to the provider no longer have {names.states(less)}."
    if not more and not less:
        yield f"The steps shown to the provider now go {names.states(new)}."


def _party(names: Names, old: Part, new: Part, who: str = "outsider") -> Iterator[str]:
    said: Mapping[str, Saying] = {
        "role": lambda was, now: [f"The {who} a case is about is now {names.role(now)}, was {names.role(was)}."],
        "name": lambda was, now: [f"The {who}'s name is now in {names.field(now)}, was in {names.field(was)}."],
        "email": lambda was, now: [f"The {who}'s address is now in {names.field(now)}, was in {names.field(was)}."],
        "acts_for": lambda was, now: [f"The {who} is now called by {_side(names, now)}, was by {_side(names, was)}."],
    }
    return differences(f"The {who}", old, new, said)


def _side(names: Names, acts_for: str | None) -> str:
    return names.field(acts_for) if acts_for else "their own name"


def _kept(names: Names, old: Kept | None, new: Kept | None) -> Iterator[str]:
    """The record that cases keep: from what it is made, and who may look up its pupil."""
    if old == new:
        return
    if old is None or new is None:
        yield f"Cases now keep {f'a record of “{in_words(new.records)}”' if new else 'no record'}."
        return
    if old.records != new.records:
        yield f"Cases now keep a record of “{in_words(new.records)}”, not of “{in_words(old.records)}”."
    yield from keyed(
        old.as_,
        new.as_,
        added=lambda theirs, ours: [f"The record's “{in_words(theirs)}” is now {names.field(ours)} of the case."],
        removed=lambda theirs, _: [f"The record's “{in_words(theirs)}” is no longer taken from the case."],
        changed=lambda theirs, was, now: [
            f"The record's “{in_words(theirs)}” is now {names.field(now)} of the case, was {names.field(was)}."
        ],
        order="What the record takes from the case is listed in another order.",
    )
    yield from _pupil_seen(names, old.pupil_seen_by, new.pupil_seen_by)
    if old.paused != new.paused:
        yield f"The record is now {_pausing(names, new.paused)}; so far, it was {_pausing(names, old.paused)}."


def _about(names: Names, old: AboutPlacement | None, new: AboutPlacement | None) -> Iterator[str]:
    """The placement that cases speak of and do not keep: where its number is, and who may look up its pupil."""
    if (old.number if old else None) != (new.number if new else None):
        said = f"the placement whose number is in {names.field(new.number)}" if new else "no placement"
        yield f"Cases now speak of {said}."
    yield from _pupil_seen(names, old.pupil_seen_by if old else {}, new.pupil_seen_by if new else {})


def _pupil_seen(names: Names, old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield from keyed(
        old,
        new,
        added=lambda role, states: [f"{names.role(role)} may now look up the pupil {_while(names, states)}."],
        removed=lambda role, _: [f"{names.role(role)} may no longer look up the pupil."],
        changed=lambda role, was, now: [
            f"{names.role(role)} may now look up the pupil {_while(names, now)}, was {_while(names, was)}."
        ],
    )


def _pausing(names: Names, paused: Paused | None) -> str:
    if paused is None:
        return "never paused"
    between = f"from the entry into {names.states(paused.begins_in)} to that into {names.states(paused.ends_in)}"
    return f"paused {between}{_claims(paused)}"


def _while(names: Names, states: tuple[str, ...]) -> str:
    return f"in {names.states(states)}" if states else "all the time"


def _seen(names: Names, old: Mapping[str, Seen], new: Mapping[str, Seen]) -> Iterator[str]:
    return keyed(
        old,
        new,
        added=lambda role, seen: [f"Cases can now be seen by {names.role(role)}: {_sight(names, seen)}."],
        removed=lambda role, _: [f"Cases can no longer be seen by {names.role(role)}."],
        changed=lambda role, was, now: [
            f"Cases can now be seen by {names.role(role)}: {_sight(names, now)}; before, {_sight(names, was)}."
        ],
    )


def _hidden(names: Names, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    more, less = gained_and_lost(old, new)
    yield from (f"A case is now hidden from those in {names.field(field)}." for field in more)
    yield from (f"A case is no longer hidden from those in {names.field(field)}." for field in less)


def _written_to(names: Names, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    def chosen(role: str, field: str) -> list[str]:
        return [f"Of {names.role(role)}, a case now writes to those in {names.field(field)}."]

    return keyed(
        old,
        new,
        added=chosen,
        removed=lambda role, _: [f"A case now writes to everybody who is {names.role(role)}."],
        changed=lambda role, _, field: chosen(role, field),
    )


def _sight(names: Names, seen: Seen) -> str:
    whose = "only their own" if seen.own else "all"
    where = f"{whose}, in {names.states(seen.states)}" if seen.states else whose
    less = "".join(
        f", without what is of the class “{privacy}” in {names.states(states)}"
        for privacy, states in seen.no_more.items()
    )
    return f"{where}{less}"


def _takes(names: Names, old: Mapping[str, Taking], new: Mapping[str, Taking]) -> Iterator[str]:
    return keyed(
        old,
        new,
        added=lambda kind, taking: [
            f"Records of “{in_words(kind)}” can be added to a case only {_when(names, taking)}."
        ],
        removed=lambda kind, _: [f"Records of “{in_words(kind)}” can be added to a case at any time."],
        changed=lambda kind, was, now: [
            f"Records of “{in_words(kind)}” can be added to a case {_when(names, now)}; before, {_when(names, was)}."
        ],
    )


def _when(names: Names, taking: Taking) -> str:
    held = f" and while it holds that {listed(names.guard(one) for one in taking.requires)}" if taking.requires else ""
    standing = " as it is registered" if taking.standing == "registered" else ""
    return f"in {names.states(taking.while_in)}{standing}{held}{_late(names, taking.late)}"


def _late(names: Names, late: Late | None) -> str:
    if late is None:
        return ""
    return f"; one that had begun while it could be may be added late by {names.roles(late.by)}{_claims(late)}"


def _claims(made: Claim) -> str:
    return "".join(f" ({key}: {said})" for key in ("source", "assumed") if (said := getattr(made, key)))


def _migrate(names: Names, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Where cases go that may still be in a state of an earlier version."""
    return keyed(
        old,
        new,
        added=lambda state, to: [
            f"Cases still in “{in_words(state)}”, of an earlier version, move to {names.state(to)}."
        ],
        removed=lambda state, _: [
            f"It is no longer said where cases go that are still in “{in_words(state)}”, of an earlier version."
        ],
        changed=lambda state, was, now: [
            f"Cases still in “{in_words(state)}”, of an earlier version, now move to {names.state(now)}, "
            f"not to {names.state(was)}."
        ],
    )
