"""`make bench`: measure, print a table with the targets beside, and write the figures down."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bench.machine import describe
from bench.place import DEFAULT, a_place
from bench.report import table
from bench.running import as_json, faults_of, run_all
from bench.scenario import SizeName
from bench.scenarios import SCENARIOS

FAULTS_SHOWN = 20
_FOLDER = click.Path(file_okay=False, resolve_path=True, path_type=Path)


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(SCENARIOS)), help="Only this; may be repeated.")
@click.option("--quick", is_flag=True, help="Small sizes: a look at whether it still works, in about two minutes.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to this file.")
@click.option("--folder", type=_FOLDER, default=DEFAULT, help="On which disk.")
@click.option("--list", "is_listed", is_flag=True, help="Say what there is to measure.")
def main(only: Sequence[str], quick: bool, file: Path | None, folder: Path, is_listed: bool) -> None:
    """Measure apflow beside raw SQL that writes the same rows, in turns, on the same disk."""
    if is_listed:
        for scenario in SCENARIOS.values():
            click.echo(f"{scenario.name:12} {scenario.says}")
        return
    size: SizeName = "quick" if quick else "full"
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(describe(folder))
    with a_place(folder) as place:
        done = run_all([SCENARIOS[name] for name in only or SCENARIOS], size, place)
    click.echo(table([figure for one in done.values() for figure in one.figures]))
    if file:
        file.write_text(json.dumps(as_json(size, folder, done), indent=2, ensure_ascii=False) + "\n")
    sys.exit(_tell(faults_of(done)))


def _tell(faults: Sequence[str]) -> int:
    for fault in faults[:FAULTS_SHOWN]:
        click.secho(f"*** {fault}", fg="red", err=True)
    click.echo(f"Audit: {len(faults)} faults." if faults else "Audit: every acknowledged command counted once.")
    return 1 if faults else 0


if __name__ == "__main__":
    main(prog_name="bench")
