"""Under the rules it went by, every history there is comes out as it was: the demo's, and each workflow's scenarios."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from apflow.core.definition.compiled import Definition
from apflow.core.definition.promises import Does, Scenario
from apflow.core.errors import Refusal
from apflow.core.outcome import Outcome
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does, items_for
from apflow.core.replay.comparing import compared
from apflow.core.replay.past import Happened, OtherCase, Past, Stood
from apflow.demo.build import Stage, pass_time
from apflow.demo.clock import DemoDays
from apflow.demo.run import DATABASE, demo_site
from apflow.foresight.replaying import Replayed, replay
from apflow.loader import Library
from apflow.store.driver.engine import Store, read_only
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.tables.cases import cases
from apflow.web.site import Site


@pytest.fixture
def site(demo: Path) -> Iterator[Site]:
    made = _site(demo)
    yield made
    made.store.close()


def _site(folder: Path) -> Site:
    return demo_site(folder, "http://testserver.local", DemoDays(Store(f"sqlite:///{folder / DATABASE}")))


def differing(site: Site, until: datetime) -> tuple[int, list[object]]:
    """How many cases there are, and those that would have gone otherwise, or could not be played, as things are."""
    with site.store.reading() as connection:
        found = [
            case
            for workflow in connection.scalars(select(cases.c.workflow).distinct())
            for case in _replayed(site, connection, workflow, until).cases
        ]
    return len(found), [case for case in found if case.verdict != "same" or case.differences]


def _replayed(site: Site, connection: Connection, workflow: str, until: datetime) -> Replayed:
    return replay(site.handler, connection, site.library, workflow, until, lambda each: each)


def test_no_history_of_the_demo_would_have_gone_otherwise_under_its_own_rules(site: Site) -> None:
    now = site.now()
    pass_time(Stage(site, now), now)  # What has come due since it was made: at nine reminders go.

    count, otherwise = differing(site, now)

    assert count > 50
    assert otherwise == []


@pytest.mark.slow
def test_nor_would_any_when_the_demo_has_gone_on_by_itself_for_a_year(demo: Path) -> None:
    site = _site(demo)
    later = site.now() + timedelta(days=365)
    pass_time(Stage(site, site.now()), later)

    count, otherwise = differing(site, later)
    site.store.close()

    assert count > 60
    assert otherwise == []


def test_no_scenario_of_any_shipped_workflow_would_have_gone_otherwise(library: Library) -> None:
    told = {}
    for name in library.sources:
        definition = library.current(name)
        for scenario, spec in definition.workflow.scenarios.items():
            play = played(definition, spec)
            texts = {definition.digest: definition}
            if (case := compared(texts.__getitem__, definition, past_of(play), play.now)).verdict != "same":
                told[name, scenario] = case.why or case.differences

    assert told == {}


def played(definition: Definition, scenario: Scenario) -> Play:
    """The case as the scenario's people and its waits leave it."""
    play, cast = a_play(definition), Cast(definition)
    for step in scenario.steps:
        if isinstance(step, Does):
            _do(play, cast, step)
            play.wait_until(play.now + timedelta(minutes=1))
        else:
            play.wait_until(definition.calendar.due(play.now, step.wait).at)
    return play


def _do(play: Play, cast: Cast, step: Does) -> None:
    keys = list(items_for(play, step.does, required_only=True)) if step.item == "every required" else [step.item]
    for number in range(step.people):
        actor = cast.person(step.who, number) if step.people > 1 else cast.anybody(play, step.who, step.does)
        for key in keys:
            try:
                does(play, actor, step.does, key, **step.answers)
            except Refusal:
                assert step.refused
        play.now += timedelta(seconds=1)


def past_of(play: Play) -> Past:
    people = {role: dict(offered) for role, offered in play.people.items()}
    return Past(
        reference=play.case.reference,
        title="Made Up",
        happened=tuple(_happened(outcome, play.definition.digest) for outcome in play.outcomes),
        parties=play.case.parties,
        items=play.case.items,
        people=people,
        agencies=play.world.agencies,
        facts=play.facts,
        linked=tuple(_made_up(play)),
    )


def _made_up(play: Play) -> Iterator[OtherCase]:
    """The cases that a play makes up as items, each where it could become one."""
    long_ago = play.outcomes[0].entry.at - timedelta(days=1)
    for name, wanted in play.definition.of_cases.items():
        stood = (Stood(long_ago, wanted.states[0], is_open=True),)
        for key in play.case.items.get(name, {}):
            yield OtherCase(key, wanted.workflow, f"Sample case {key}", stood)


def _happened(outcome: Outcome, digest: str) -> Happened:
    entry = outcome.entry
    return Happened(
        kind=entry.kind,
        name=entry.name,
        actor=entry.actor,
        at=entry.at,
        from_state=entry.from_state,
        to_state=entry.to_state,
        answers=entry.answers,
        changed=entry.changed,
        item=entry.item[1] if entry.item else None,
        note=entry.note,
        digest=digest,
    )


def test_a_database_that_is_only_read_cannot_be_written_nor_made(demo: Path) -> None:
    store = Store(read_only(f"sqlite:///{demo / DATABASE}"))
    with store.reading() as connection:
        assert connection.scalar(select(cases.c.id).limit(1))
    with pytest.raises(StoreUnavailable), store.writing() as connection:
        connection.execute(update(cases).values(title="Changed"))
    store.close()

    absent = Store(read_only(f"sqlite:///{demo / 'absent.db'}"))
    with pytest.raises(StoreUnavailable), absent.reading():
        pass
    assert not (demo / "absent.db").exists()
