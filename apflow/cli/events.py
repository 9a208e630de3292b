"""`apflow events export`: what happened, for tools that look for how work really goes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from apflow.web.site import Site

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def events() -> None:
    """What happened to cases."""


@events.command(short_help="Write the event log as OCEL 2.0 or XES.")
@click.option("--ocel", type=_FILE, help="Write OCEL 2.0 (JSON) to this file: cases and their papers as objects.")
@click.option("--xes", type=_FILE, help="Write XES to this file: each case a trace.")
@click.option("--workflow", "workflows", multiple=True, help="Only cases of this workflow; can be given several times.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind of entry, such as event or reminder.")
@click.option(
    "--names", is_flag=True, help="With names, references and titles: for --as somebody who may read records."
)
@click.option("--as", "who", help="With --names: the e-mail address of whoever asks for them.")
def export(
    ocel: Path | None,
    xes: Path | None,
    workflows: tuple[str, ...],
    kinds: tuple[str, ...],
    names: bool,
    who: str | None,
) -> None:
    """Write what happened, by role and without what anybody said.

    People and cases have pseudonyms of this one export, unless --names is given; then the log says who asked.
    """
    from apflow.event_log.entries import PLAIN, event_log, pseudonyms
    from apflow.event_log.files import write_ocel, write_xes
    from apflow.wiring import look_into_installation

    if ocel is None and xes is None:
        raise click.UsageError("Say where to: --ocel FILE, --xes FILE, or both.")
    site = look_into_installation()
    if unknown := [name for name in workflows if name not in site.library.sources]:
        known = ", ".join(sorted(site.library.sources))
        raise click.BadParameter(f"There is no workflow called “{unknown[0]}”; there are {known}.")
    if names:
        _allow(site, who)
    called = PLAIN if names else pseudonyms()  # The same in both files, so that they can be laid side by side.
    for path, write in ((ocel, write_ocel), (xes, write_xes)):
        if path is not None:
            with path.open("w", encoding="utf-8") as file:
                count = write(event_log(site.handler, called, workflows=workflows, kinds=kinds), file)
            click.echo(f"{count:,} event{'' if count == 1 else 's'} in {path}.")


def _allow(site: "Site", who: str | None) -> None:
    """Only in the name of somebody who may read records, and noted."""
    import structlog

    from apflow.records.door import may_keep
    from apflow.store.people.people import actor_of, person_by_email

    with site.store.reading() as connection:
        found = person_by_email(connection, who or "")
    if found is None or not found.is_active or not may_keep(site.council, actor_of(found)):
        raise click.ClickException("Names are exported for those who may read records: say --as their e-mail address.")
    structlog.get_logger().warning("events exported with names", person=found.id)
