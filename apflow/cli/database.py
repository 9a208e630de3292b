"""`apflow db` and `apflow verify`: the database's shape, and the truth of its history."""

import click


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the shape this version needs. Take a copy first."""
    from apflow.settings import Settings
    from apflow.store.engine import Store
    from apflow.store.migrate import upgrade as migrate

    store = Store(Settings().database)
    migrate(store)
    click.echo("The database is up to date.")


@click.command(short_help="Check that no case's history was altered.")
def verify() -> None:
    """Check every case's history against its hash chain; exit 1 if any has been altered."""
    from apflow.settings import Settings
    from apflow.store.engine import Store
    from apflow.store.history import broken_chains

    store = Store(Settings().database)
    with store.reading() as connection:
        faults = list(broken_chains(connection))
    for fault in faults:
        click.echo(fault)
    click.echo("The history is whole." if not faults else f"{len(faults)} cases are not as they were written.")
    raise SystemExit(1 if faults else 0)
