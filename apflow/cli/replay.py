"""`apflow replay`: what a changed rule would have done to the cases there have been."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from apflow.core.definition.compiled import Definition
    from apflow.core.replay.comparing import Compared, Difference
    from apflow.foresight.replaying import Replayed
    from apflow.loader import Library
    from apflow.web.site import Site

_HEADINGS = (
    *("case", "called", "verdict", "by days", "stands at", "would stand at"),
    *("what", "how", "was", "would be", "why"),
)
_VERDICTS = {
    "same": "the same",
    "later": "later",
    "earlier": "earlier",
    "otherwise": "otherwise",
    "impossible": "not possible",
    "unknown": "cannot be told",
}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Refused(click.ClickException):
    """What was asked cannot be done; 1 is for what differs."""

    exit_code = 2


@click.command(short_help="Say what a changed workflow would have done to past cases.")
@click.argument("workflow")
@click.option("--with", "changed", required=True, type=_FILE, metavar="FILE", help="The workflow file as changed.")
@click.option("--json", "as_json", is_flag=True, help="Every case and difference as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Every case and difference as CSV, for a spreadsheet.")
@click.option("--all", "show_all", is_flag=True, help="Show too the cases that would have gone the same.")
def replay(workflow: str, changed: Path, as_json: bool, as_csv: bool, show_all: bool) -> None:
    """Play every case of WORKFLOW again under a changed file: what would have come later, earlier or not at all.

    People take as long as they took; the clock goes by the changed rules. Nothing is written. Exits with 0 if nothing
    would have differed, 1 if something would, and 2 if it is refused.
    """
    from apflow.core.errors import ApflowError
    from apflow.foresight.replaying import replay as play

    try:
        site, policy = _read(workflow, changed)
        with site.store.reading() as connection:
            replayed = play(site.handler, connection, policy, workflow, site.now(), _with_progress)
    except ApflowError as refusal:
        raise Refused(refusal.message) from refusal
    if as_json:
        click.echo(json.dumps(_as_json(replayed), indent=2, ensure_ascii=False))
    elif as_csv:
        _csv(replayed)
    else:
        _table(replayed, show_all)
    raise SystemExit(1 if replayed.differs else 0)


def _read(workflow: str, changed: Path) -> "tuple[Site, Library]":
    from apflow.foresight.replaying import NoSuchWorkflow, changed_policy, histories
    from apflow.live import live_files
    from apflow.loader.folders import NOTIFICATIONS, part_of, read_policy
    from apflow.wiring import read_installation

    site = read_installation()
    if workflow not in site.library.sources:
        there_are = ", ".join(site.library.sources)
        raise NoSuchWorkflow(f'There is no workflow called "{workflow}"; there is {there_are}.')
    with site.store.reading() as connection:
        histories(connection, workflow)  # Before the check of the file, which takes longest.
    _, files = live_files(site.store)
    beside = part_of(read_policy(site.settings.workflows, site.settings.notifications), NOTIFICATIONS)
    return site, changed_policy(files, beside, workflow, changed)


def _with_progress(references: Sequence[str]) -> Iterator[str]:
    with click.progressbar(references, label="Playing the cases again", file=sys.stderr) as bar:
        yield from bar


def _table(replayed: "Replayed", show_all: bool) -> None:
    from apflow.foresight.replaying import in_sum

    for case in replayed.cases:
        if show_all or case.verdict != "same":
            click.echo("\n".join(_lines(replayed.changed, case)))
    click.echo("\n".join(["", *in_sum(replayed)]))


def _lines(changed: "Definition", case: "Compared") -> Iterator[str]:
    from apflow.foresight.replaying import span, where

    by = f" by {span(abs(case.by))}" if case.verdict in ("later", "earlier") and case.by else ""
    stands, would = where(changed, case.state), where(changed, case.would_be)
    at = f"at “{stands}”" if stands == would else f"at “{would}” instead of “{stands}”"
    yield f"{case.reference}  {case.title}: {_VERDICTS[case.verdict]}{by}, {at}"
    if case.since:
        yield f"    Moved to another version on {_moment(case.since)}: until then as it went"
    if case.why:
        yield f"    {case.why}"
    for one in case.differences:
        yield f"    {_said(changed, one)}"


def _said(changed: "Definition", one: "Difference") -> str:
    from apflow.foresight.replaying import span, what

    said, by = what(changed, one), one.by
    was, would_be = _moment(one.was), _moment(one.would_be)
    match one.how:
        case "later" | "earlier" if by is not None:
            return f"{said}: {would_be} instead of {was}, {span(abs(by))} {one.how}"
        case "added":
            return f"{said}: {would_be}, which did not happen"
        case "gone":
            return f"{said}: would not have come on {was}{f'. {one.why}' if one.why else ''}"
        case "to come":
            return f"{said}: not on {was}, but {would_be or 'later'}, after today"
        case "impossible":
            return f"{said}: could not have been done{f' on {would_be}' if one.by else ''}. {one.why}"
        case _:
            return f"{said}, {was}: {one.why}"


def _moment(at: Any) -> str:
    from apflow.core.days.calendar import LONDON
    from apflow.core.definition.words import moment

    return moment(at.astimezone(LONDON)) if at else ""


def _csv(replayed: "Replayed") -> None:
    from apflow.web.lists.spreadsheet import csv_of

    rows = (row for case in replayed.cases for row in _rows(replayed.changed, case))
    click.echo(csv_of(_HEADINGS, rows), nl=False)


def _rows(changed: "Definition", case: "Compared") -> Iterator[list[str]]:
    from apflow.foresight.replaying import days, what, where

    of_case = [case.reference, case.title, case.verdict, days(case.by)]
    of_case += [where(changed, case.state), where(changed, case.would_be)]
    for one in case.differences:
        times = [at.isoformat() if at else "" for at in (one.was, one.would_be)]
        yield [*of_case, what(changed, one), one.how, *times, one.why]
    if not case.differences:
        yield [*of_case, "", "", "", "", case.why]


def _as_json(replayed: "Replayed") -> dict[str, Any]:
    from msgspec import to_builtins

    from apflow.foresight.replaying import in_sum

    cases = [
        {**to_builtins(case), "by": case.by.total_seconds() if case.by is not None else None} for case in replayed.cases
    ]
    return {"in_sum": list(in_sum(replayed)), "verdicts": dict(replayed.verdicts), "cases": cases}
