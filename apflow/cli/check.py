"""`apflow check`: is the policy fit to run?"""

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apflow.cli.asked import Day, PolicyFolder

if TYPE_CHECKING:
    from apflow.core.errors import Problem
    from apflow.core.explore.bounds import Bounds
    from apflow.letters.notices import Notices
    from apflow.letters.rehearsal import Rehearsed
    from apflow.loader import Reading
    from apflow.settings import Settings


@contextmanager
def _nothing_swept() -> Iterator[None]:
    """Whatever a check makes is of use until it ends: to look through it for what is not takes a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # Nor looked through as the process ends.
        gc.enable()


@click.command(short_help="Check the policy: every problem at once, with its place.")
@click.argument("path", required=False, type=PolicyFolder())
@click.option("--json", "as_json", is_flag=True, help="Problems as JSON, for tools.")
@click.option("--assumed", is_flag=True, help="List what is assumed, for the team to confirm.")
@click.option("--explain", metavar="CODE", help="What a code means and how to mend it; `list` for all.")
@click.option("--as-of", type=Day(), help="Check that the calendar lasts, as of this day.")
@click.option(
    "--against",
    type=PolicyFolder(),
    metavar="FOLDER",
    help="Check too that no state of the policy in FOLDER is gone without a word on its cases.",
)
@click.option(
    "--live", is_flag=True, help="Check too that nothing is gone that open cases in the database are in, or hold."
)
@_nothing_swept()
def check(
    path: Path | None,
    as_json: bool,
    assumed: bool,
    explain: str | None,
    as_of: date | None,
    against: Path | None,
    live: bool,
) -> None:
    """Check the workflow files in PATH, or the council's own: every problem at once, as file:line:column.

    With --json each problem has file, line, column, code, message and suggestion (the word that was probably meant,
    or null), and a line for each workflow on the error stream says how far it was followed.
    """
    if explain is not None:
        click.echo(_explained(explain))
        return
    from apflow.letters.compiled import compiled_before
    from apflow.letters.notices import Notices
    from apflow.letters.rehearsal import mentions_of
    from apflow.letters.remarks import remarks
    from apflow.loader import read_folder
    from apflow.loader.followed_before import followed_before
    from apflow.loader.reports import assumptions, calendar_problems, followed, not_in_force
    from apflow.settings import Settings

    settings = Settings()
    folder = path or settings.workflows
    templates = folder.parent / "notifications" if path else settings.notifications
    notices = Notices(templates, compiled=compiled_before(templates, settings.cache))
    reading = read_folder(folder, notices.names())
    reading.follow = followed_before(reading, settings.cache) or reading.follow
    problems, rehearsed = _worked_out(reading, notices)
    problems = problems or [
        *calendar_problems(reading, as_of or date.today()),
        *not_in_force(reading, as_of or date.today()),
        *_stranded(settings, folder, against=against, live=live),
    ]
    bounds = followed(reading, problems)
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in problems], indent=2))
        click.echo("".join(f"{json.dumps(asdict(one))}\n" for one in bounds), err=True, nl=False)
    elif assumed and not problems:
        click.echo("\n".join(assumptions(reading)))
    else:
        _say(folder, problems, bounds, () if problems else remarks(reading.library, notices, mentions_of(rehearsed)))
        click.echo("" if reading.councils else _NO_COUNCIL, err=True, nl=False)
    raise SystemExit(1 if problems else 0)


_NO_COUNCIL = "What the workflows say is looked at once council.yaml can be read.\n"


def _worked_out(reading: "Reading", notices: "Notices") -> "tuple[list[Problem], list[Rehearsed]]":
    """The problems of the policy and, once it has none, of the notices as they are rehearsed; by two processes."""
    from apflow.cli.beside import shared
    from apflow.letters.rehearsal import check_written, rehearse_one, slips_of

    if len(reading.councils) != 1:
        return reading.problems, []  # Nothing can be followed, or written to, without the council's roles and days.
    largest_first = sorted(reading.workflows, key=lambda file: len(reading.texts[file]), reverse=True)
    reading.checked.update(zip(largest_first, shared(reading.check, largest_first), strict=True))
    if problems := check_written(reading, notices):
        return problems, []
    workflows = [reading.workflows[file].workflow for file in largest_first]
    rehearsed = shared(lambda workflow: rehearse_one(reading.library, notices, workflow), workflows)
    return slips_of(reading.library, sorted(rehearsed, key=lambda one: one.workflow)), rehearsed


def _say(folder: Path, problems: Sequence["Problem"], bounds: Sequence["Bounds"], said: Iterable[str]) -> None:
    """For people: the problems alone where there are any, so that how far each workflow was followed is beside them.

    What is `said` stands in nobody's way, and has to be put right before anybody uses it.
    """
    if problems:
        click.echo("\n".join(str(problem) for problem in problems))
        click.echo("".join(f"{one}\n" for one in bounds), err=True, nl=False)
        click.echo(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}.", err=True)
    else:
        told = [f"Before anybody uses it: {one}" for one in said]
        click.echo("\n".join([*map(str, bounds), *told, f"{folder}: no problems."]))


def _stranded(settings: "Settings", folder: Path, *, against: Path | None, live: bool) -> "Iterator[Problem]":
    """What is gone although cases are, or may be, in it or hold it; each way of asking loads only what it needs."""
    if against is not None:
        from apflow.loader.stranded import stranded_since

        yield from stranded_since(folder, against)
    if live:
        from apflow.versions.publishing import stranded_now
        from apflow.wiring import open_store

        yield from stranded_now(open_store(settings), folder)


def _explained(code: str) -> str:
    from apflow.core import codes

    if code == "list":
        return codes.every_code()
    explanation = codes.explain(code)
    if explanation is None:
        raise click.ClickException(f"{codes.no_such_code(code)} (`apflow check --explain list` shows them all.)")
    return explanation
