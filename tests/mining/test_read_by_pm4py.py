"""The event log read by pm4py: what it discovers from the demo council's cases agrees with their workflow.

pm4py is large and under the AGPL, so it has a Python of its own, which `make mining` makes; without it this is skipped.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.machine import START
from apflow.demo.run import DATABASE
from apflow.event_log.entries import event_log, pseudonyms
from apflow.event_log.files import write_ocel, write_xes
from apflow.handler import Handler
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.testing import a_handler

HERE = Path(__file__).parent
PYTHON = Path(os.environ.get("APFLOW_PM4PY", HERE.parents[1] / ".venv-mining" / "bin" / "python"))
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="pm4py is not installed: make mining")
Read = dict[str, Any]


@pytest.fixture(scope="module")
def council(demo_made: Path, library: Library) -> Handler:
    """The demo council, only read."""
    return a_handler(Store(f"sqlite:///{demo_made / DATABASE}"), library)


@pytest.fixture(scope="module")
def read(council: Handler, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """What pm4py says of the providers' events as XES, and of everything as OCEL."""
    folder = tmp_path_factory.mktemp("mining")
    xes, ocel = folder / "log.xes", folder / "log.json"
    with xes.open("w", encoding="utf-8") as file:
        write_xes(event_log(council, pseudonyms(), workflows=["provider"], kinds=["event"]), file)
    with ocel.open("w", encoding="utf-8") as file:
        write_ocel(event_log(council, pseudonyms()), file)
    command = [PYTHON, HERE / "with_pm4py.py", xes, ocel]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    found: Read = json.loads(done.stdout.splitlines()[-1])
    return found


def may_follow(definition: Definition) -> set[tuple[str, str]]:
    """Every pair of events of which the workflow lets the second come next after the first."""
    return {
        (event, following)
        for state, offered in definition.events.items()
        for event, spec in offered.items()
        for following in definition.events[spec.to or state]
    }


def test_all_that_was_written_is_read(council: Handler, read: Read) -> None:
    cases = list(event_log(council, pseudonyms()))
    providers = [case for case in cases if case.workflow == "provider"]

    assert read["traces"]["cases"] == len(providers)
    assert read["traces"]["events"] == sum(event.kind == "event" for case in providers for event in case.events)
    assert read["objects"]["events"] == sum(len(case.events) for case in cases)
    assert {case.workflow for case in cases} | {"provider evidence"} <= set(read["objects"]["object_types"])


def test_what_follows_what_is_what_the_workflow_lets_follow(definition: Definition, read: Read) -> None:
    found = {(event, following) for event, following in read["traces"]["follows"]}

    assert found <= may_follow(definition)
    assert ("enquire", "approve") not in may_follow(definition)  # Or it would agree with anything.
    assert len(found) > 30
    assert set(read["traces"]["starts"]) <= definition.events[START].keys()


def test_a_discovered_model_explains_what_followed_what_and_knows_no_event_that_the_workflow_has_not(
    definition: Definition, read: Read
) -> None:
    assert read["traces"]["unexplained"] == []
    assert read["traces"]["fitting"] > 95  # Its miner gives up a little of the rarest traces for a simpler model.
    assert set(read["traces"]["visible"]) <= definition.event_names
