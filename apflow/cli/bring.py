"""`apflow import`: bring in a spreadsheet of what the council has, or the national register, whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from apflow.records.door import By
    from apflow.records.importing.file import Report
    from apflow.web.site import Site

_KINDS = ("providers", "evidence", "schools", "years", "sites", "placements", "register")
_SHOWN = 50


@click.command("import")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "who", required=True, help="Who imports it: the e-mail address of an officer or manager.")
@click.option("--dry-run", is_flag=True, help="Show what would come of it, and import nothing.")
@click.option("--yes", is_flag=True, help="Import without asking.")
def bring(kind: str, file: Path, who: str, dry_run: bool, yes: bool) -> None:
    """Import FILE (CSV, XLSX or, for the register, its ZIP), after showing what would come of it."""
    from apflow.records.importing.file import bring_in, look
    from apflow.rounds.raising import raise_red
    from apflow.rounds.recounting import recount_pupils, recount_school, recount_site
    from apflow.taking_over import files_of
    from apflow.wiring import open_installation

    site = open_installation()
    by, content = _by(site, who, file), file.read_bytes()
    file_kind = files_of(site.handler)[kind]
    report = look(site.store, file_kind, content, by)
    _show(report)
    if report.bad:
        raise SystemExit(1)
    if dry_run or report.changes_nothing:
        return
    if not yes:
        click.confirm("Import this?", abort=True)
    report = bring_in(site.store, file_kind, content, by)
    if report.bad:
        _show(report)
        raise SystemExit(1)
    _note(site, kind, file.name, by, report)
    raise_red(site.handler, site.now())
    recount_school(site.handler, by.actor, site.now())
    recount_pupils(site.handler, by.actor, site.now())
    recount_site(site.handler, by.actor, site.now())
    click.echo("Imported.")


def _by(site: "Site", who: str, file: Path) -> "By":
    from apflow.records.door import By, may_keep
    from apflow.store.people.people import actor_of, person_by_email

    with site.store.reading() as connection:
        known = person_by_email(connection, who)
    if known is None or not known.is_active or not may_keep(site.council, actor_of(known)):
        raise click.ClickException(f"{who} is nobody here who may keep records of pupils.")
    handler = site.handler
    return By(
        actor_of(known),
        site.now(),
        site.library,
        f"Import of {file.name}",
        letters=handler.letters,
        hand_over=handler.hand_over_within,
    )


def _show(report: "Report") -> None:
    from apflow.records.importing.file import counted

    for bad in report.bad[:_SHOWN]:
        click.echo(f"Row {bad.number}, {bad.heading}: {bad.message}")
    if len(report.bad) > _SHOWN:
        click.echo(f"And {len(report.bad) - _SHOWN:,} more.")
    if report.bad:
        click.echo(f"{report.bad_rows:,} of {report.rows:,} rows are wrong, so nothing is imported.", err=True)
        return
    if report.ignored:
        click.echo(f"Columns that are not used: {', '.join(report.ignored[:20])}{'…' if report.ignored[20:] else ''}")
    click.echo(f"{report.rows:,} rows: {counted(report.counts)}.")
    for one in report.handed:
        click.echo(f"{one.called}: {len(one.cases)} of its cases name {one.email or 'nobody'} instead of {one.was}.")


def _note(site: "Site", kind: str, name: str, by: "By", report: "Report") -> None:
    import secrets

    from apflow.clock import machine_now
    from apflow.store.records.imports import finish_file, stage_file

    number = secrets.token_urlsafe(24)
    file = {"id": number, "kind": kind, "name": name[:255], "person_id": by.actor.id}
    with site.store.writing() as connection:
        stage_file(connection, file, machine_now())
        finish_file(connection, number, report.counts, machine_now())
