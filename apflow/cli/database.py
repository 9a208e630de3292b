"""`apflow db` and `apflow verify`: the database's shape, and the truth of its history."""

import click


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the shape this version needs. Take a copy first."""
    from apflow.settings import Settings
    from apflow.store.migrate import upgrade as migrate
    from apflow.wiring import reach

    store = reach(Settings().database)
    migrate(store)
    click.echo("The database is up to date.")


@click.command(short_help="Check that no case is forgotten, late or altered.")
def verify() -> None:
    """Check every case: its history against its hash chain, that somebody can act and something brings it up again.

    Says too what is late: deadlines, e-mails, and words from case to case. Exits with 1 if anything is wrong.
    """
    from apflow.rounds.verifying import verified
    from apflow.wiring import look_into_installation

    site = look_into_installation()
    faults = 0
    for found in verified(site.handler, site.now()):
        faults += 1
        click.echo(found)
    click.echo(_in_sum(faults))
    raise SystemExit(1 if faults else 0)


def _in_sum(faults: int) -> str:
    if not faults:
        return "Every case stands as it should, and the history is whole."
    return "1 thing is wrong." if faults == 1 else f"{faults} things are wrong."
