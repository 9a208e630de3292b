"""The bench measures what it says, at the smallest size, and its audit notices what went wrong; no test of speed."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update

from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks, timers
from bench.audit import audit, still_due
from bench.figures import Figure, Target
from bench.fill import Filling
from bench.pairs import Pairs, Spread, Turn, in_pairs
from bench.place import Place, a_place, opened
from bench.policy import NOW
from bench.profile import profile
from bench.report import table
from bench.running import as_json, faults_of, run_all
from bench.sample import TABLES, Sample, sample_of
from bench.scenario import Found, NotHere, Scenario, Size, Tick
from bench.scenarios import SCENARIOS
from bench.subject import Subject, a_subject

MARKS = {
    "postgresql": (pytest.mark.slow, pytest.mark.postgres),
    **dict.fromkeys(("queue", "web", "startup", "memory"), (pytest.mark.slow,)),  # They start processes.
    "placement": (pytest.mark.slow,),  # It makes the demonstration.
}
NAMES = [pytest.param(name, marks=MARKS.get(name, ())) for name in SCENARIOS]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with a_place(Path(tempfile.gettempdir())) as made:  # Not pytest's own, which PostgreSQL's account may not enter.
        yield made


@pytest.fixture
def subject(place: Place) -> Iterator[Subject]:
    """Three cases, each handed on a few times."""
    with place.sqlite("audited") as store:
        made = a_subject(place, store, 3)
        made.run(9)
        yield made


def nothing() -> None:
    """Nobody watches the progress."""


def counted(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_runs_at_the_smallest_size_and_passes_its_audit(place: Place, name: str) -> None:
    ticks: list[None] = []
    scenario, size = SCENARIOS[name], SCENARIOS[name].sizes["tiny"]
    try:
        found = scenario.measure(place, size, lambda: ticks.append(None))
    except NotHere as why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(why))

    assert list(found.faults) == []
    assert found.figures
    assert all(figure.spread.low <= figure.spread.median <= figure.spread.high for figure in found.figures)
    assert len(ticks) <= scenario.ticks(size)


def test_a_transition_writes_the_rows_the_reference_writes(place: Place) -> None:
    with place.sqlite("subject") as store:
        subject = a_subject(place, store, 1)
        subject.step()
        before = counted(store)
        subject.step()
        ours = {table: after - before[table] for table, after in counted(store).items()}
        with (
            place.reference(sample_of(store, subject.cases[0].reference), 1) as raw,
            opened(place.file("reference")) as reference,
        ):
            before = counted(reference)
            raw.run(1)
            theirs = {table: after - before[table] for table, after in counted(reference).items()}

    assert ours == theirs == {"cases": 0, "history": 1, "tasks": 1, "timers": 1, "messages": 1}


def test_a_row_of_the_reference_is_as_large_as_a_real_one(place: Place) -> None:
    with place.sqlite("subject") as store:
        subject = a_subject(place, store, 1)
        subject.step()
        sample = sample_of(store, subject.cases[0].reference)
        with place.reference(sample, 1) as raw, opened(place.file("reference")) as reference:
            raw.run(1)
            written = sample_of(reference, raw.references[0])

    assert sizes(written) == pytest.approx(sizes(sample), abs=12)


def sizes(sample: Sample) -> list[int]:
    rows = (sample.case, sample.history, sample.task, sample.timer, sample.message)
    return [sum(len(str(value)) for value in row.values()) for row in rows]


def test_the_audit_has_nothing_against_a_run_that_went_well(subject: Subject) -> None:
    assert audit(subject.store, subject.ledger) == []


def test_the_audit_finds_a_command_that_was_acknowledged_and_lost(subject: Subject) -> None:
    number = subject.ledger.number()
    subject.ledger.acknowledge(number, subject.ledger.acknowledged[0])

    assert audit(subject.store, subject.ledger) == [f"command {number} was acknowledged and is lost"]


def test_the_audit_finds_a_command_that_was_done_twice(subject: Subject) -> None:
    with subject.store.writing() as connection:
        row = dict(connection.execute(select(history).where(history.c.version == 2).limit(1)).mappings().one())
        del row["id"]
        connection.execute(insert(history), {**row, "version": 99})

    assert any("was done 2 times" in fault for fault in audit(subject.store, subject.ledger))


def test_the_audit_finds_a_command_nobody_was_told_of(subject: Subject) -> None:
    number = max(subject.ledger.acknowledged)
    del subject.ledger.acknowledged[number]

    assert audit(subject.store, subject.ledger) == [f"command {number} was done and never acknowledged"]


@pytest.mark.parametrize(
    ("spoiling", "said"),
    [
        (update(history).where(history.c.version == 2).values(name="close"), "is not what was written"),
        (delete(history).where(history.c.version == 2), "is missing"),
        (update(cases).values(state="closed"), "the case and its history do not agree"),
        (delete(tasks).where(tasks.c.closed_at.is_(None)), "has 0 open tasks"),
        (update(timers).values(stopped_at=NOW), "has 0 running deadlines"),
        (delete(messages), "messages where its history tells of"),
    ],
)
def test_the_audit_finds_what_is_not_whole(subject: Subject, spoiling: object, said: str) -> None:
    with subject.store.writing() as connection:
        connection.execute(spoiling)  # type: ignore[call-overload]

    assert any(said in fault for fault in audit(subject.store, subject.ledger))


def test_what_was_filled_in_passes_the_audit_and_a_tenth_of_it_is_due(place: Place) -> None:
    file, _ = place.filled(Filling(50, with_letters=True), nothing)
    with opened(file) as store:
        assert audit(store) == []
        assert still_due(store, NOW) == ["6 deadlines are still due"]  # with that of the case they are copies of


def test_turns_are_taken_in_pairs_and_whoever_was_second_is_first_in_the_next() -> None:
    turns: list[str] = []
    pairs = in_pairs(lambda _: turns.append("raw"), lambda _: turns.append("ours"), pairs=3, steps=100, tick=nothing)

    assert turns[2:] == ["raw", "ours", "ours", "raw", "raw", "ours"]
    assert len(pairs.reference) == len(pairs.subject) == 3


def test_shares_are_worked_out_pair_by_pair() -> None:
    slow_disk, fast_disk = 4.0, 1.0
    reference = [Turn(wall, 0.001) for wall in (slow_disk, fast_disk, fast_disk)]
    subject = [Turn(wall * 2, 0.003) for wall in (slow_disk, fast_disk, fast_disk)]

    assert Pairs(reference, subject).share() == Spread(0.5, 0.5, 0.5)
    assert Pairs(reference, subject).added().median == pytest.approx(2000)


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (Target(floor=0.5, want=0.7), 0.8, "want"),
        (Target(floor=0.5, want=0.7), 0.6, "floor"),
        (Target(floor=0.5, want=0.7), 0.4, "missed"),
        (Target(floor=600, want=250), 200, "want"),
        (Target(floor=600, want=250), 300, "floor"),
        (Target(floor=600, want=250), 700, "missed"),
    ],
)
def test_a_figure_is_held_to_its_floor_and_to_what_we_want(target: Target, value: float, verdict: str) -> None:
    assert target.verdict(value) == verdict


def test_a_scenario_that_breaks_off_fails_the_run_and_spoils_no_others_figures(tmp_path: Path) -> None:
    with a_place(tmp_path) as place:
        done = run_all([_made_up("badly", measure=_break_off), _made_up("well", measure=_find)], "quick", place)

    assert faults_of(done) == ["badly: broke off: RuntimeError('the disk is full')"]
    assert [figure.name for figure in done["well"].figures] == ["speed of light"]
    assert list(tmp_path.iterdir()) == []


def test_what_this_machine_cannot_measure_is_said_loudly_and_left_out(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_all([_made_up("elsewhere", measure=_lack)], "quick", place) == {}
    assert "*** NOT MEASURED: elsewhere: there is no sea here" in capsys.readouterr().err


def test_the_figures_are_written_down_with_their_targets_and_printed_with_them(place: Place) -> None:
    done = run_all([_made_up("well", measure=_find)], "quick", place)

    (written,) = json.loads(json.dumps(as_json("quick", place.folder, done)))["scenarios"]["well"]["figures"]
    assert (written["target"], written["verdict"]) == ({"floor": 1.0, "want": 2.0}, "floor")
    assert "speed of light  1.50 c  1.40–1.60   1.00  2.00  · floor" in table(done["well"].figures)


def test_a_profile_says_which_room_the_time_of_a_step_goes_to(subject: Subject) -> None:
    found = profile(subject.run, 40)

    assert {room.partition(".")[0] for room, _ in found} >= {"core", "store"}
    assert all(taken > 0 for taken in found.values())


def _made_up(name: str, *, measure: Callable[[Place, Size, Tick], Found]) -> Scenario:
    return Scenario(name, name, {"quick": Size(1, 1)}, measure)


def _find(_place: Place, _size: Size, _tick: Tick) -> Found:
    return Found([Figure("speed of light", Spread(1.5, 1.4, 1.6), "c", Target(floor=1.0, want=2.0))])


def _break_off(_place: Place, _size: Size, _tick: Tick) -> Found:
    raise RuntimeError("the disk is full")


def _lack(_place: Place, _size: Size, _tick: Tick) -> Found:
    raise NotHere("there is no sea here")
