"""`apflow bounced`: what a mail server says later of an e-mail that it had taken."""

import sys
from contextlib import closing
from pathlib import Path

import click

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps what it was to hand over, and tries again.


@click.command(short_help="Take in an e-mail that says another could not be delivered.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def bounced(file: Path | None) -> None:
    """Read one e-mail from FILE or the standard input, as a mail server hands it over.

    Where it says that an e-mail of apflow's did not arrive, that one is marked, and an officer gets a task. Any other
    changes nothing. Exits with 75 while the database cannot be used, so that the mail server tries again.
    """
    from apflow.core.errors import ApflowError
    from apflow.sending.bounces import MOST, note_bounce, read_bounce
    from apflow.settings import Settings
    from apflow.store.bounces import is_on_its_way
    from apflow.wiring import open_store

    bounce = read_bounce(file.read_bytes() if file else sys.stdin.buffer.read(MOST))
    if bounce is None:
        click.echo("It does not say that an e-mail could not be delivered: nothing is changed.")
        return
    try:
        with closing(open_store(Settings())) as store:
            numbers = note_bounce(store, bounce)
            is_under_way = not numbers and is_on_its_way(store, bounce.message_ids)
    except ApflowError as fault:
        click.echo(f"Error: {fault.message}", err=True)
        raise SystemExit(TRY_AGAIN) from fault
    if is_under_way:
        click.echo("Error: The e-mail it speaks of is still being sent.", err=True)
        raise SystemExit(TRY_AGAIN)
    told = f"Marked as come back: e-mail {', '.join(map(str, numbers))}."
    click.echo(told if numbers else "None of our e-mails that went is meant: nothing is changed.")
