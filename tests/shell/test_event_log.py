"""`apflow events export`: OCEL 2.0 and XES by their rules, of everything that happened, and of nobody in particular."""

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from apflow.cli import main
from apflow.demo.run import DATABASE
from apflow.event_log.entries import event_log, pseudonyms
from apflow.event_log.files import write_ocel, write_xes
from apflow.handler import Handler
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.people import people
from apflow.store.tables.pupils import pupils
from apflow.testing import a_handler, add_people, enquire

XES = "{http://www.xes-standard.org/}"


@pytest.fixture
def council(demo_made: Path, library: Library) -> Iterator[Handler]:
    """The demo council, only read."""
    store = Store(f"sqlite:///{demo_made / DATABASE}")
    yield a_handler(store, library)
    store.close()


def ocel(council: Handler, **chosen: Any) -> dict[str, Any]:
    file = io.StringIO()
    write_ocel(event_log(council, pseudonyms(), **chosen), file)
    found: dict[str, Any] = json.loads(file.getvalue())
    return found


def both(council: Handler) -> str:
    file = io.StringIO()
    log = list(event_log(council, pseudonyms()))
    write_ocel(log, file)
    write_xes(log, file)
    return file.getvalue()


def test_ocel_keeps_the_rules_of_its_format(council: Handler) -> None:
    log = ocel(council)

    assert log.keys() == {"objectTypes", "eventTypes", "objects", "events"}
    for kinds, ones in (("objectTypes", "objects"), ("eventTypes", "events")):
        declared = {kind["name"]: {each["name"] for each in kind["attributes"]} for kind in log[kinds]}
        ids = [one["id"] for one in log[ones]]
        assert len(set(ids)) == len(ids)
        for one in log[ones]:
            assert {each["name"] for each in one["attributes"]} <= declared[one["type"]]
    known = {one["id"] for one in log["objects"]}
    related = [each for one in (*log["objects"], *log["events"]) for each in one["relationships"]]
    assert all(each.keys() == {"objectId", "qualifier"} and each["objectId"] in known for each in related)
    times = [one["time"] for one in log["events"]]
    times += [each["time"] for one in log["objects"] for each in one["attributes"]]
    assert all(datetime.fromisoformat(time).tzinfo for time in times)


def test_everything_that_happened_is_in_it(council: Handler) -> None:
    log = ocel(council)

    with council.store.reading() as connection:
        assert len(log["events"]) == connection.execute(select(func.count()).select_from(history)).scalar_one()
        kinds = set(connection.scalars(select(cases.c.workflow)))
    assert kinds <= {one["name"] for one in log["objectTypes"]}
    begun = [
        each for one in log["objects"] for each in one["relationships"] if each["qualifier"].startswith("begun by")
    ]
    assert begun


def test_of_one_workflow_alone_nothing_points_to_what_is_left_out(council: Handler) -> None:
    log = ocel(council, workflows=["visit"])

    known = {one["id"] for one in log["objects"]}
    assert {one["type"] for one in log["objects"]} >= {"visit"}
    assert all(each["objectId"] in known for one in log["objects"] for each in one["relationships"])


def test_xes_has_a_trace_for_each_case_and_events_in_their_order(council: Handler) -> None:
    file = io.StringIO()
    log = list(event_log(council, pseudonyms()))

    written = write_xes(log, file)

    traces = ET.fromstring(file.getvalue()).findall(f"{XES}trace")
    assert len(traces) == len(log)
    assert sum(len(trace.findall(f"{XES}event")) for trace in traces) == written
    names = [[event.name for event in case.events] for case in log]
    assert names == [[_name(event) for event in trace.iter(f"{XES}event")] for trace in traces]
    keys = {each.attrib["key"] for each in traces[0].iter(f"{XES}string")}
    assert {"concept:name", "lifecycle:transition", "org:resource", "org:role"} <= keys


def _name(event: ET.Element) -> str:
    return next(each.attrib["value"] for each in event if each.attrib["key"] == "concept:name")


def test_nobody_can_be_told_from_it(council: Handler) -> None:
    text = both(council)

    with council.store.reading() as connection:
        told = set(connection.scalars(select(people.c.email))) | set(connection.scalars(select(cases.c.reference)))
        told |= set(connection.scalars(select(cases.c.title).where(cases.c.workflow == "provider")))
        words = {row.name for row in connection.execute(select(people.c.name))}
        words |= {row.surname for row in connection.execute(select(pupils.c.surname))}
    assert not [one for one in told if one in text]
    assert not [word for word in words if word in text and re.search(rf"\b{re.escape(word)}\b", text)]


def test_pseudonyms_hold_within_an_export_and_not_from_one_to_the_next(council: Handler) -> None:
    first, again = ocel(council), ocel(council)

    def people_of(log: dict[str, Any]) -> set[str]:
        said = (each for one in log["events"] for each in one["attributes"] if each["name"] == "who")
        return {each["value"] for each in said if "-" in each["value"]}

    assert len(people_of(first)) > 5
    assert people_of(first).isdisjoint(people_of(again))
    assert len(people_of(first)) == len(people_of(again))


def test_the_public_and_the_clock_are_told_apart(council: Handler, handler: Handler) -> None:
    add_people(handler.store)
    enquire(handler)

    (case,) = event_log(handler, pseudonyms())
    entries = [event for case in event_log(council, pseudonyms()) for event in case.events]

    assert [(event.name, event.by, event.who) for event in case.events] == [("enquire", "public", "public")]
    assert {event.by for event in entries if event.kind == "reminder"} == {"clock"}
    assert {event.by for event in entries if event.name == "submit"} == {"provider"}


@pytest.fixture
def served(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("APFLOW_DATABASE", f"sqlite:///{demo / DATABASE}")
    return demo


def export(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["events", "export", *arguments])


def test_the_command_writes_both_files(served: Path, tmp_path: Path) -> None:
    done = export("--ocel", str(tmp_path / "log.json"), "--xes", str(tmp_path / "log.xes"), "--kind", "event")

    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))["events"]
    assert ET.parse(tmp_path / "log.xes").getroot().tag == f"{XES}log"


@pytest.mark.parametrize("who", [(), ("--as", "nobody@nowhere.example")])
def test_names_are_for_those_who_may_read_records(served: Path, tmp_path: Path, who: tuple[str, ...]) -> None:
    refused = export("--xes", str(tmp_path / "log.xes"), "--names", *who)

    assert refused.exit_code == 1
    assert "Names are exported for those who may read records" in refused.output
    assert not (tmp_path / "log.xes").exists()


def test_whoever_may_read_records_is_given_names(served: Path, tmp_path: Path) -> None:
    with Store(f"sqlite:///{served / DATABASE}").reading() as connection:
        officer = next(row for row in connection.execute(select(people)) if row.roles == ["officer"])

    done = export("--xes", str(tmp_path / "log.xes"), "--names", "--as", officer.email)

    assert done.exit_code == 0, done.output
    assert officer.name in (tmp_path / "log.xes").read_text(encoding="utf-8")


def test_without_a_file_or_of_no_such_workflow_it_says_what_is_wrong(served: Path, tmp_path: Path) -> None:
    assert "Say where to" in export().output
    assert (
        "There is no workflow called “nothing”" in export("--xes", str(tmp_path / "x"), "--workflow", "nothing").output
    )
