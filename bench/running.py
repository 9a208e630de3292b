"""Running scenarios one after the other, with a progress bar each; what goes wrong in one spoils no other's figures."""

import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from bench.machine import describe
from bench.place import Place
from bench.scenario import Found, NotHere, Scenario, SizeName


def run_all(scenarios: Iterable[Scenario], size: SizeName, place: Place) -> dict[str, Found]:
    """What each scenario found that this machine could run."""
    found = {scenario.name: _run(scenario, place, size) for scenario in scenarios}
    return {name: one for name, one in found.items() if one is not None}


def _run(scenario: Scenario, place: Place, size: SizeName) -> Found | None:
    chosen = scenario.sizes[size]
    try:
        with click.progressbar(length=scenario.ticks(chosen), label=f"{scenario.name:12}", file=sys.stderr) as bar:
            found = scenario.measure(place, chosen, lambda: bar.update(1))
            bar.update(bar.length or 0)  # What was filled for an earlier scenario is not filled again.
            return found
    except NotHere as why:
        click.secho(f"*** NOT MEASURED: {scenario.says}: {why}", fg="yellow", err=True)
        return None
    except Exception as error:  # The figures of the others must not be lost for one scenario.
        traceback.print_exc()
        return Found([], [f"broke off: {error!r}"])


def faults_of(done: Mapping[str, Found]) -> list[str]:
    """What the audits found, each with its scenario."""
    return [f"{name}: {fault}" for name, one in done.items() for fault in one.faults]


def as_json(size: SizeName, folder: Path, done: Mapping[str, Found]) -> dict[str, Any]:
    """Everything that was found, as it is written to a file."""
    scenarios = {
        name: {"figures": [figure.as_json() for figure in one.figures], "faults": list(one.faults)}
        for name, one in done.items()
    }
    return {"machine": describe(folder), "size": size, "scenarios": scenarios}
