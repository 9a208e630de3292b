"""`apflow serve`: the web, the timers and the mailer in one process, or one part in each of several."""

import os
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from apflow.web.site import Site


@click.command()
@click.option("--host", help="Where to listen; else APFLOW_HOST.")
@click.option("--port", type=int, help="Where to listen; else APFLOW_PORT, and for a worker APFLOW_WORKER_PORT.")
@click.option(
    "--only", type=click.Choice(["web", "worker"]), help="Only the pages, or only timers and mail (needs PostgreSQL)."
)
def serve(host: str | None, port: int | None, only: Literal["web", "worker"] | None) -> None:
    """Serve one council. Settings come from APFLOW_… in the environment; see docs/running.md."""
    from apflow.letters.remarks import remarks
    from apflow.live import recheck
    from apflow.serving import listening_at
    from apflow.settings import Settings
    from apflow.store.beside import known_uploads
    from apflow.uploads import FilesUnavailable
    from apflow.wiring import OneProcess, open_installation, run

    settings = Settings()
    for slip in _slips():
        click.echo(slip, err=True)
    if only and settings.database.startswith("sqlite"):
        raise OneProcess  # Before a database is made for nothing.
    site = open_installation(settings)
    with site.store.reading() as connection:
        known = known_uploads(connection)
    if site.uploads.has_lost(known):
        raise click.ClickException(
            f"None of the {len(known):,} files that people sent is in {settings.uploads}, the folder of "
            "APFLOW_UPLOADS. Mount it, or bring them back from a copy; or, if they are lost, make an empty file "
            "called .apflow there to go on without them."
        )
    try:
        site.uploads.staging().close()  # Better now than when somebody sends the first file.
    except FilesUnavailable as fault:
        raise click.ClickException(
            f"Nothing can be written in {settings.uploads}, the folder of APFLOW_UPLOADS."
        ) from fault
    for problem in recheck(site.store):
        click.echo(f"What is live has a problem that this version of apflow finds: {problem}", err=True)
    for remark in remarks(site.library, site.handler.letters.notices):
        click.echo(f"Before anybody uses it: {remark}", err=True)
    if settings.smtp_host is None and only != "web":
        click.echo("APFLOW_SMTP_HOST is not set: e-mails wait in the outbox until it is.", err=True)
    where = host or settings.host
    port = port or (settings.worker_port if only == "worker" else settings.port)
    at = None if port is None else listening_at(where, port)
    _say(site, only, f"http://{where}:{at.getsockname()[1]}" if at else None)
    run(site, at, part=only or "all")


def _slips() -> list[str]:
    """What is set under our prefix and is no setting: nobody would notice that it does nothing."""
    from apflow.core.checks.findings import meant, nearest
    from apflow.settings import Settings

    known = [f"APFLOW_{name.upper()}" for name in Settings.model_fields]
    unknown = sorted(name for name in os.environ if name.startswith("APFLOW_") and name not in known)
    return [f"{name} is no setting of apflow, and does nothing{meant(nearest(name, known))}" for name in unknown]


def _say(site: "Site", only: str | None, address: str | None) -> None:
    what = "Firing deadlines and sending mail for" if only == "worker" else "Serving"
    click.echo(f"{what} {site.council.council}" + (f" at {address}" if address else ""))
