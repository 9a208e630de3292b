"""What playing a workflow shows to be broken: promises, what never happens, and cases that nothing moves on."""

from collections.abc import Hashable, Iterator, Set
from dataclasses import replace

from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import DeadlineSpec
from tests.mutants.judge.instance import Instance, small, with_one_that_runs_out
from tests.mutants.judge.playing import Playing
from tests.mutants.judge.seen import Seen, state_of


def seen_of(whole: Definition) -> Seen:
    """Nothing yet, of a small instance of the workflow."""
    return Seen(Instance(small(whole), whole))


def shown_by(playing: Playing) -> Iterator[str]:
    """What is seen to be broken when everything is tried."""
    seen, instance, whole = playing.seen, playing.instance, playing.instance.whole
    playing.run()
    workflow = whole.workflow
    for name, how in seen.broken.items():
        yield f"the invariant {name} does not hold: {how}"
    yield from (f"there are cases in {state} of which no deadline runs" for state in sorted(seen.unwatched))
    if not playing.is_whole or instance.is_cut_short:
        return
    yield from (f"no case ever comes to {state}" for state in workflow.states if state not in seen.entered)
    yield from (f"{event} of {state} never happens" for state, event in _never(playing))
    yield from _never_or_always_wanted(whole, seen)
    if not whole.watched_events:  # With steps kept apart, somebody else than the two who play would go on.
        yield from _stuck(seen, playing.settled)


def _never_or_always_wanted(whole: Definition, seen: Seen) -> Iterator[str]:
    """The deadlines that say themselves when they are not wanted, and never are, or never are not."""
    own: list[tuple[tuple[str, ...], str, DeadlineSpec]] = [
        ((state,), name, one) for state, spec in whole.workflow.states.items() for name, one in spec.deadlines.items()
    ]
    own += [(one.while_in, name, one) for name, one in whole.workflow.deadlines.items()]
    for states, name, one in own:
        found = {wanted for state, deadline, wanted in seen.wanted if deadline == name and state in states}
        if one.unless is not None and len(found) == 1:
            yield f"the deadline {name} is {'always' if True in found else 'never'} wanted"


def _never(playing: Playing) -> list[tuple[str, str]]:
    """The events that never happen, with papers that differ nor with one that runs out."""
    missing = _missing(playing.instance.whole, playing.seen.fired)
    one = with_one_that_runs_out(playing.instance.whole) if missing else None
    if one is None:
        return missing
    again = replace(playing, seen=Seen(Instance(one, playing.instance.whole)), settled=set(), is_whole=True)
    again.run(until=lambda: not _missing(playing.instance.whole, playing.seen.fired | again.seen.fired))
    return _missing(playing.instance.whole, playing.seen.fired | again.seen.fired) if again.is_whole else []


def _missing(whole: Definition, fired: Set[tuple[str, str]]) -> list[tuple[str, str]]:
    happened = {id(whole.events[state][event]) for state, event in fired}
    return [
        (state, event)
        for state, events in whole.events.items()
        for event, spec in events.items()
        if id(spec) not in happened
    ]


def _stuck(seen: Seen, settled: set[tuple[str, str]]) -> Iterator[str]:
    """States with a case from which no way that was found leads to another state."""
    free = {state for state, what in settled if what == "can always be left"}
    back: dict[Hashable, set[Hashable]] = {}
    for key, after in seen.onward.items():
        for one in after:
            back.setdefault(one, set()).add(key)
    leaving = {key for key, after in seen.onward.items() if any(state_of(one) != state_of(key) for one in after)}
    frontier = list(leaving)
    while frontier:
        for key in back.get(frontier.pop(), ()):
            if key not in leaving:
                leaving.add(key)
                frontier.append(key)
    states = {state_of(key) for key in seen.onward if key not in leaving}
    for state in sorted(states - free):
        if not seen.definition.state(state).final:
            yield f"there are cases in {state} that nothing can ever move on"
