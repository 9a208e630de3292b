"""`apflow serve`: the web, the timers and the mailer in one process."""

import click


@click.command()
@click.option("--host", help="Where to listen; else APFLOW_HOST.")
@click.option("--port", type=int, help="Where to listen; else APFLOW_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve one council. Settings come from APFLOW_… in the environment; see the README."""
    from apflow.live import recheck
    from apflow.wiring import open_installation, run

    site = open_installation()
    for problem in recheck(site.store):
        click.echo(f"What is live has a problem that this version of apflow finds: {problem}", err=True)
    if site.settings.smtp_host is None:
        click.echo("APFLOW_SMTP_HOST is not set: e-mails wait in the outbox until it is.", err=True)
    at = (host or site.settings.host, port or site.settings.port)
    click.echo(f"Serving {site.council.council} at http://{at[0]}:{at[1]}")
    run(site, *at)
