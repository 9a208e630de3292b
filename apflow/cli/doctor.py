"""`apflow doctor`: whether this installation is fit."""

import click


@click.command(short_help="Say whether this installation is fit to serve.")
def doctor() -> None:
    """Look at everything this installation needs, with the settings of `apflow serve`, and say how it is.

    Its address, database, policy, late work, files, disks and mail server. Nothing is changed, and no e-mail is sent.
    Exits with 1 if anything is wrong.
    """
    from apflow.clock import machine_now
    from apflow.doctor import Verdict, examined
    from apflow.settings import Settings

    faults = 0
    for found in examined(Settings(), machine_now()):
        faults += found.verdict is Verdict.FAULT
        click.echo(found)
    click.echo("Nothing is wrong." if not faults else f"{faults} thing{' is' if faults == 1 else 's are'} wrong.")
    raise SystemExit(1 if faults else 0)
