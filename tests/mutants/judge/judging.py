"""The verdict: first what the files say, then what happens when they are played."""

from collections.abc import Callable, Iterator
from pathlib import Path

from apflow.core.definition.compiled import Definition
from apflow.provision.drawn import SOURCES
from apflow.provision.named_clocks import CLOCKS
from tests.mutants.judge import asides, clocks, facts, families, letters, links, names, people, public, returns, shape
from tests.mutants.judge.clocks import calendar_of
from tests.mutants.judge.playing import Playing
from tests.mutants.judge.playthrough import seen_of, shown_by
from tests.mutants.judge.raw import Flow, is_final, part, signalled
from tests.mutants.judge.reading import Policy, read_folder
from tests.mutants.judge.stories import told

WALKS: tuple[Callable[[Flow], Iterator[str]], ...] = (
    names.wrong,
    asides.wrong,
    links.wrong,
    public.wrong,
    families.wrong,
    facts.wrong,
    shape.wrong,
    clocks.wrong,
    people.wrong,
    letters.wrong,
)
_played: dict[tuple[str, ...], tuple[str, ...]] = {}
_shown: dict[tuple[str, ...], tuple[str, ...]] = {}


def judge(folder: Path, notifications: Path) -> tuple[str, ...]:
    """What is broken in the folder's policy, in sentences; nothing when it is sound.

    Each way of looking takes it for granted that those before it found nothing, and so only the first that finds
    something is heard.
    """
    policy = read_folder(folder, notifications)
    if policy.wrong:
        return policy.wrong
    return _walked(policy) or _plays(policy)


def _walked(policy: Policy) -> tuple[str, ...]:
    found = list(names.wrong_in_general(policy)) or list(returns.wrong(policy))
    for walk in WALKS:
        found = found or [one for raw in policy.workflows for one in walk(Flow(policy, raw))]
    return tuple(dict.fromkeys(found))


def _plays(policy: Policy) -> tuple[str, ...]:
    """The verdict of playing, remembered for each text of the files; templates make no difference to it."""
    key = tuple(repr(file.model) for file in policy.files)
    if key not in _played:
        _played[key] = tuple(dict.fromkeys(_found(policy)))
    return _played[key]


def _found(policy: Policy) -> Iterator[str]:
    stories = [one for definition in _definitions(policy) for one in told(definition)]
    if stories:
        yield from stories
        return
    for playing in playings(policy).values():
        yield from _shown_by(playing)


def playings(policy: Policy) -> dict[str, Playing]:
    """By workflow, all that is to be played of it."""
    flows = (Flow(policy, raw) for raw in policy.workflows)
    return {
        flow.name: Playing(seen_of(one), frozenset(_told(flow)), _child_ends(flow), _brought(flow))
        for one, flow in zip(_definitions(policy), flows, strict=True)
    }


def _definitions(policy: Policy) -> list[Definition]:
    calendar, (council,) = calendar_of(policy), policy.models("council")
    catalogues = {one.catalogue: one for one in policy.models("catalogue")}
    return [
        Definition(one, council, calendar, catalogues, records=SOURCES, clocks=CLOCKS)
        for one in policy.models("workflow")
    ]


def _shown_by(playing: Playing) -> tuple[str, ...]:
    """What playing one workflow shows, remembered for all that makes a difference to it.

    Most mutations leave the other workflows as they are.
    """
    whole = playing.instance.whole
    brought = sorted((start, *sorted(names)) for start, names in playing.brought.items())
    around = (whole.council, whole.catalogues, sorted(playing.told), playing.child_ends, brought)
    key = (repr(whole.workflow), *map(repr, around))
    if key not in _shown:
        _shown[key] = tuple(shown_by(playing))
    return _shown[key]


def _told(flow: Flow) -> Iterator[str]:
    """The events that a parent may tell a case of this workflow to do."""
    yield from flow.told_by_others
    for raw in flow.policy.workflows:
        for kind, child in part(raw, "children").items():
            if child["workflow"] == flow.name:
                for _, event in Flow(flow.policy, raw).written_events():
                    if kind in part(event, "signals"):
                        yield signalled(event)[kind]


def _child_ends(flow: Flow) -> dict[str, list[str]]:
    """Where each kind of child can end."""
    states = {raw["workflow"]: raw["states"] for raw in flow.policy.workflows}
    return {
        kind: [name for name, state in states[child["workflow"]].items() if is_final(state)]
        for kind, child in flow.children.items()
    }


def _brought(flow: Flow) -> dict[str, frozenset[str]]:
    """By start event, the collections whose items a parent may have a case of this workflow begin with."""
    children = [child for raw in flow.policy.workflows for child in part(raw, "children").values()]
    mine = [child for child in children if child["workflow"] == flow.name]
    starts = {child["start"] for child in mine}
    return {
        start: frozenset(name for child in mine if child["start"] == start for name in part(child, "brings"))
        for start in starts
    }
