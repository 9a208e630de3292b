"""Every check there is of the council's settings, of a catalogue and of a workflow, in one place to begin from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from apflow.core.checks.among import check_among
from apflow.core.checks.brought import check_brought
from apflow.core.checks.child import check_children
from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.counted import check_counted, check_flags
from apflow.core.checks.emptied import check_emptied
from apflow.core.checks.event import check_events, check_form, check_question
from apflow.core.checks.explored import check_explored, stand_in_the_way
from apflow.core.checks.family import check_family
from apflow.core.checks.field import check_fields
from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key, unclaimed
from apflow.core.checks.forgotten import check_standing
from apflow.core.checks.kept import check_kept
from apflow.core.checks.linked import check_linked
from apflow.core.checks.made import check_made
from apflow.core.checks.people import check_people
from apflow.core.checks.privacy import check_privacy
from apflow.core.checks.proposal import check_proposals
from apflow.core.checks.public_list import check_public_list
from apflow.core.checks.reference import check_references
from apflow.core.checks.school import check_school_units
from apflow.core.checks.shape import check_arrows
from apflow.core.checks.state import check_states
from apflow.core.checks.story import check_stories
from apflow.core.checks.time import check_time
from apflow.core.checks.unchanged import check_if_changed, check_if_holds
from apflow.core.checks.unless import check_unless
from apflow.core.definition.base import Claim
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import All, Condition, Every
from apflow.core.definition.fields import FieldType
from apflow.core.definition.workflow import Workflow
from apflow.core.explore.bounds import Bounds, bounds_of


def check_catalogue(catalogue: Catalogue) -> list[Finding]:
    """What is wrong with a catalogue."""
    found = [
        finding
        for name, item in catalogue.items.items()
        for finding in known(("items", name, "section"), "section", item.section, catalogue.sections)
    ]
    return [*found, *_unclaimed((("items", name), item) for name, item in catalogue.items.items())]


def check_definition(
    definition: Definition, notices: frozenset[str] | None, workflows: Mapping[str, Workflow] | None = None
) -> list[Finding]:
    """Every problem of one workflow; `notices` names the templates there are, or None to leave them unchecked.

    `workflows` are those of the folder, for what its child cases run; None leaves that unchecked.
    """
    return check_subject(Subject(definition, notices, workflows)).found


@dataclass(frozen=True, slots=True)
class Checked:
    """Every problem of one workflow, and how far it was followed; no bounds where a problem stood in the way."""

    found: list[Finding]
    bounds: Bounds | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What following a workflow comes to: every problem that only this shows, and how far it was followed."""

    found: list[Finding]
    bounds: Bounds


def follow(subject: Subject) -> Followed:
    """Follow the workflow, with which nothing may stand in the way."""
    return Followed([*check_explored(subject)], bounds_of(subject.exploration))


def check_subject(subject: Subject, follow: Callable[[Subject], Followed] = follow) -> Checked:
    """What a check of the workflow comes to, without all that it was worked out from."""
    found = check_unfollowed(subject)
    if stand_in_the_way(found):
        return Checked(found, None)
    followed = follow(subject)
    return Checked([*found, *followed.found], followed.bounds)


def check_unfollowed(subject: Subject) -> list[Finding]:
    """What is wrong with one workflow before it is followed anywhere: found in a tenth of the time."""
    words = Vocabulary(subject)
    return [
        *_heading(subject),
        *_collections(subject),
        *_questions(subject, words),
        *_guards(subject, words),
        *check_events(subject, words),
        *check_states(subject),
        *check_arrows(subject),
        *check_standing(subject),
        *check_references(subject),
        *check_people(subject),
        *check_children(subject, words),
        *check_linked(subject, words),
        *check_kept(subject),
        *check_counted(subject, words),
        *check_flags(subject, words),
        *check_made(subject),
        *check_family(subject),
        *check_stories(subject, words),
        *check_time(subject),
        *check_among(subject, words),
        *check_unless(subject, words),
        *check_brought(subject),
        *check_fields(subject),
        *check_privacy(subject),
        *check_public_list(subject),
        *_takes(subject),
        *check_proposals(subject),
        *check_if_changed(subject),
        *check_if_holds(subject, words),
        *check_emptied(subject),
        *check_school_units(subject),
        *_alerts(subject),
        *_unclaimed(claims(subject.definition)),
    ]


def claims(definition: Definition) -> Iterator[tuple[Path, Claim]]:
    """Every piece of the workflow that must be sourced or owned up to as assumed, with its path."""
    workflow = definition.workflow
    yield from ((("guards", name), guard) for name, guard in workflow.guards.items())
    yield from (
        (("guards", name, "override"), guard.override) for name, guard in workflow.guards.items() if guard.override
    )
    yield from ((("flags", name), flag) for name, flag in workflow.flags.items())
    yield from ((("fields", name, "counted"), counted) for name, counted in definition.counted.items())
    yield from ((("alerts", name), alert) for name, alert in workflow.alerts.items())
    if workflow.read_by_link is not None:
        yield ("read_by_link",), workflow.read_by_link
    if workflow.keeps is not None and workflow.keeps.paused is not None:
        yield ("keeps", "paused"), workflow.keeps.paused
    yield from ((("deadlines", name), spec) for name, spec in workflow.deadlines.items())
    yield from ((("invariants", name), invariant) for name, invariant in workflow.invariants.items())
    yield from ((("takes", kind, "late"), taking.late) for kind, taking in workflow.takes.items() if taking.late)
    for path, _, event in Subject(definition).events():
        if event.extends:
            yield (*path, "extends"), event.extends
    for name, state in workflow.states.items():
        yield from ((("states", name, "deadlines", key), spec) for key, spec in state.deadlines.items())
        yield from ((("states", name, "tasks", key), spec) for key, spec in state.tasks.items())


def _unclaimed(made: Iterator[tuple[Path, Claim]]) -> Iterator[Finding]:
    return (unclaimed(path) for path, claim in made if not (claim.source or claim.assumed))


def _heading(subject: Subject) -> Iterator[Finding]:
    workflow = subject.workflow
    yield from known(("called",), "field", workflow.called, workflow.fields)
    for key, party in (("party", workflow.party), ("other_party", workflow.other_party)):
        if party is not None:
            yield from known((key, "role"), "role", party.role, subject.definition.council.roles)
            yield from known((key, "name"), "field", party.name, workflow.fields)
            yield from known((key, "email"), "field", party.email, workflow.fields)
            if party.acts_for:
                yield from known((key, "acts_for"), "field", party.acts_for, workflow.fields)
    yield from each_known(("journey",), "state", workflow.journey, workflow.states)
    yield from each_known(("key_facts",), "field", workflow.key_facts, workflow.fields)
    several = [name for name, spec in workflow.fields.items() if spec.type is FieldType.PEOPLE]
    yield from each_known(("hidden_from",), "field", workflow.hidden_from, several)
    for role, field in workflow.writes_to.items():
        yield from known_key(("writes_to", role), "role", subject.definition.council.roles)
        yield from known(("writes_to", role), "field", field, several)
    for role, seen in workflow.seen_by.items():
        yield from known_key(("seen_by", role), "role", subject.definition.council.roles)
        yield from each_known(("seen_by", role, "states"), "state", seen.states, workflow.states)
        for privacy, states in seen.no_more.items():
            yield from each_known(("seen_by", role, "no_more", privacy), "state", states, workflow.states)


def _collections(subject: Subject) -> Iterator[Finding]:
    for name, spec in subject.workflow.collections.items():
        path = ("collections", name)
        if spec.catalogue:
            yield from known((*path, "catalogue"), "catalogue", spec.catalogue, subject.definition.catalogues)
        if spec.drawn_from:
            yield from known((*path, "drawn_from"), "source", spec.drawn_from, subject.sources("drawn"))
        if [spec.catalogue, spec.keyed_by, spec.drawn_from].count(None) != 2:
            message = "give one of catalogue:, keyed_by: and drawn_from:, so that its items are known"
            yield Finding(path, "collection", message, True)
        if spec.drawn_from and not spec.starts:
            yield Finding(path, "collection", "say how an item stands when it has been drawn (starts: …)", True)
        source = subject.definition.records.get(spec.drawn_from or "")
        if (source is not None and source.is_over) != (spec.ended_within is not None):
            message = "say of records that are over how long ago at most (ended_within: …), and of no others"
            yield Finding(path, "collection", message, True)
        if spec.starts:
            yield from known((*path, "starts"), "status", spec.starts, spec.statuses)
        yield from each_known((*path, "seen_by"), "role", spec.seen_by, subject.roles)


def _questions(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    for name, field in subject.workflow.fields.items():
        yield from check_question(("fields", name), field)
        if field.drafted_from:
            place, there_are = (
                ("fields", name, "drafted_from"),
                {**subject.workflow.collections, **subject.workflow.fields},
            )
            yield from each_known(place, "collection", field.drafted_from, there_are)
        if field.asked_if is not None:
            yield from check_condition(words, ("fields", name, "asked_if"), field.asked_if)
    for name, form in subject.workflow.forms.items():
        yield from check_form(subject, words, ("forms", name), form)


def _guards(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    for name, guard in subject.workflow.guards.items():
        yield from check_condition(words, ("guards", name, "when"), guard.when)
        if "{which}" in guard.reason and not _lists(guard.when):
            message = "{which} lists the items that fall short, and this guard looks at no items (every: …)"
            yield Finding(("guards", name, "reason"), "no-items", message)


def _lists(condition: Condition) -> bool:
    """Whether `falling_short` could name anything."""
    return isinstance(condition, Every) or (isinstance(condition, All) and any(_lists(part) for part in condition.all))


def _takes(subject: Subject) -> Iterator[Finding]:
    for kind, taking in subject.workflow.takes.items():
        path = ("takes", kind)
        yield from each_known((*path, "while_in"), "state", taking.while_in, subject.workflow.states)
        yield from each_known((*path, "requires"), "guard", taking.requires, subject.workflow.guards)
        if taking.late is not None:
            yield from each_known((*path, "late", "by"), "role", taking.late.by, subject.definition.council.roles)


def _alerts(subject: Subject) -> Iterator[Finding]:
    for name, alert in subject.workflow.alerts.items():
        yield from known(("alerts", name, "for"), "role", alert.for_, subject.definition.council.roles)
        yield from each_known(("alerts", name, "done_by"), "event", alert.done_by, subject.definition.event_names)
