"""`apflow db` and `apflow verify`: the database's shape, and the truth of its history."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

import click


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the shape this version needs. Take a copy first.

    Refused while a case keeps to a workflow text that this version cannot read.
    """
    from apflow.settings import Settings
    from apflow.store.migrate import upgrade as migrate
    from apflow.versions.readable import refuse_unreadable
    from apflow.wiring import reach

    store = reach(Settings().database)
    refuse_unreadable(store)
    migrate(store)
    click.echo("The database is up to date.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
def copy(file: Path) -> None:
    """Copy the database, as it stands at one moment, to FILE, which must not be there; everything may go on running.

    For SQLite; PostgreSQL has `pg_dump`. The files that people sent are in a folder of their own: copy that after it.
    """
    from apflow.settings import Settings
    from apflow.store.driver.copying import copy_of
    from apflow.wiring import reach

    url = Settings().database
    if not url.startswith("sqlite"):
        raise click.ClickException("This copies SQLite: use pg_dump for PostgreSQL.")
    with _told_of_the_file(file), closing(reach(url, to_read=True)) as store:
        copy_of(store, file)
    click.echo(f"The database is copied to {file}.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
def checkpoint(file: Path) -> None:
    """Write to FILE how far each case's history has come, for `apflow verify --against FILE` on a later day.

    Keep it where nobody who can write the database can write: it shows what such a person cut off or wrote anew.
    """
    from apflow.clock import machine_now
    from apflow.rounds.checkpoints import digest_of, make_checkpoint
    from apflow.settings import Settings
    from apflow.wiring import reach

    with _told_of_the_file(file), closing(reach(Settings().database, to_read=True)) as store:
        cases = make_checkpoint(store, file, machine_now())
    click.echo(f"{file} says how far {cases:,} case{'' if cases == 1 else 's'} had come. SHA-256 {digest_of(file)}")


@click.command(short_help="Check that no case is forgotten, late or altered.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint: check too that nothing it speaks of is gone or was written anew since.",
)
@click.option("--files", is_flag=True, help="Read every file that people sent too, and compare it with its SHA-256.")
def verify(against: Path | None, files: bool) -> None:
    """Check every case: its history against its hash chain, that somebody can act and something brings it up again.

    Says too what is late: deadlines, e-mails, and words from case to case; and which file that was sent is not there,
    or has another size. Exits with 1 if anything is wrong.
    """
    from apflow.rounds.checkpoints import NoCheckpoint, compared, digest_of, read_checkpoint
    from apflow.rounds.files_there import files_missing
    from apflow.rounds.verifying import verified
    from apflow.wiring import look_into_installation

    try:
        marks = read_checkpoint(against) if against else []
    except NoCheckpoint as fault:
        raise click.ClickException(f"{against}: {fault}") from fault
    site = look_into_installation()
    faults = 0
    missing = files_missing(site.store, site.uploads, is_read=files)
    for found in chain(verified(site.handler, site.now()), missing):
        faults += 1
        click.echo(found)
    for about, said in compared(site.store, marks):
        faults += 1
        click.echo(f"{about}: {said}")
    if against:
        click.echo(f"Compared with {against}, SHA-256 {digest_of(against)}")
    click.echo(_in_sum(faults))
    raise SystemExit(1 if faults else 0)


@contextmanager
def _told_of_the_file(file: Path) -> Iterator[None]:
    """Say in words why a new file could not be written."""
    try:
        yield
    except FileExistsError as fault:
        raise click.ClickException(f"{file} is there already: name a file that is not there yet.") from fault
    except OSError as fault:
        raise click.ClickException(f"{file} cannot be written: {fault.strerror}.") from fault


def _in_sum(faults: int) -> str:
    if not faults:
        return "Every case stands as it should, its history is whole, and its files are there."
    return "1 thing is wrong." if faults == 1 else f"{faults} things are wrong."
