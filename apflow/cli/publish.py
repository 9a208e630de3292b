"""`apflow compare` and `apflow publish`: what a change of policy says, and making it live."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apflow.cli.asked import PolicyFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apflow.settings import Settings
    from apflow.store.driver.engine import Store
    from apflow.store.editions import Edition, Publisher
    from apflow.versions.publishing import Proposal

_SOME = 5


@click.command(short_help="Say in sentences what publishing would change.")
@click.argument("path", required=False, type=PolicyFolder())
@click.option("--diff", is_flag=True, help="Show the words themselves as well, line by line.")
def compare(path: Path | None, diff: bool) -> None:
    """Say what publishing PATH, or the council's own files, would change. Exit 1 when something would, like diff."""
    settings, store = _installation()
    proposal = _proposal(store, settings, path)
    _show(proposal, diff)
    _show_moves(store, settings, proposal)
    for refusal in proposal.refusals:
        click.echo(f"Before it can be published: {refusal}")
    raise SystemExit(1 if proposal.is_new else 0)


@click.command(short_help="Make the policy live: checked, told and recorded.")
@click.argument("path", required=False, type=PolicyFolder())
@click.option("--yes", is_flag=True, help="Publish without asking.")
@click.option("--why", help="Why, for whoever reads the history of the policy.")
@click.option("--as", "who", help="Who publishes: an e-mail address known here, or a name.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and publish nothing.")
@click.option("--diff", is_flag=True, help="Show the words themselves as well, line by line.")
@click.option("--list", "listing", is_flag=True, help="Show what has been published so far.")
def publish(
    path: Path | None, yes: bool, why: str | None, who: str | None, dry_run: bool, diff: bool, listing: bool
) -> None:
    """Make the policy in PATH, or the council's own, live: checked, shown as sentences, and recorded."""
    settings, store = _installation()
    if listing:
        _list(store)
        return
    by = publisher(store, who)
    proposal = _proposal(store, settings, path)
    _show(proposal, diff)
    _show_moves(store, settings, proposal)
    for refusal in proposal.refusals:
        click.echo(f"Not publishable: {refusal}", err=True)
    if proposal.refusals:
        raise SystemExit(1)
    if dry_run or not proposal.is_new:
        return
    _agree(yes)
    _write(store, proposal, by, why)
    _move(proposal)


def _installation() -> tuple["Settings", "Store"]:
    from apflow.settings import Settings
    from apflow.wiring import open_store

    settings = Settings()
    return settings, open_store(settings)


def _proposal(store: "Store", settings: "Settings", path: Path | None) -> "Proposal":
    from apflow.core.errors import DefinitionError
    from apflow.versions.publishing import propose

    notifications = path.resolve().parent / "notifications" if path else settings.notifications
    try:
        return propose(store, path or settings.workflows, notifications)
    except DefinitionError as error:
        click.echo("\n".join(str(problem) for problem in error.problems))
        count = len(error.problems)
        click.echo(f"{count} problem{'s' if count != 1 else ''}; nothing can be published.", err=True)
        raise SystemExit(1) from error


def _show(proposal: "Proposal", diff: bool) -> None:
    from apflow.core.compare import NOTHING

    if not proposal.is_new:
        click.echo("Nothing differs from what is live.")
        return
    click.echo("\n".join(f"- {sentence}" for sentence in proposal.sentences or [NOTHING]))
    files = "; ".join(proposal.changed_files) if proposal.after else f"{len(proposal.files)} are added"
    click.echo(f"\nFiles: {files}.")
    for sentence in _for_open_cases(proposal):
        click.echo(sentence)
    if diff:
        click.echo(f"\n{proposal.diff}")


def _show_moves(store: "Store", settings: "Settings", proposal: "Proposal") -> None:
    """Say which deadlines of open cases the calendar would move, by some of them."""
    from apflow.core.days.calendar import local_date
    from apflow.core.definition.words import day
    from apflow.handler import Handler
    from apflow.letters.messages import Letters
    from apflow.versions.new_calendar import would_move
    from apflow.versions.publishing import library_in, notices_of
    from apflow.wiring import look_into_installation

    if not proposal.recounts:
        return
    library, now = library_in(proposal.files), look_into_installation().now()
    letters = Letters(notices_of(proposal.files), settings.base_url, library.council.mailbox)
    found = list(would_move(Handler(store, library, letters), now))
    if not found:
        click.echo("The calendar is another; no deadline that runs would be due on another day.")
        return
    which = "1 deadline that runs is" if len(found) == 1 else f"{len(found):,} deadlines that run are"
    click.echo(f"By the calendar {which} due on another day{', such as' if len(found) > _SOME else ''}:")
    for one in found[:_SOME]:
        was, then = (day(local_date(at)) for at in (one.was, one.now))
        click.echo(f"- {one.reference}, “{one.label}”: {then}, was {was}")
    click.echo("What is overdue, stands still or was given more time keeps its day.")


def _move(proposal: "Proposal") -> None:
    """Count anew what the calendar moves; a worker that runs does so too, and goes on where this is broken off."""
    from apflow.versions.new_calendar import counting_anew
    from apflow.wiring import look_into_installation

    if proposal.recounts:
        site = look_into_installation()
        moved = sum(counting_anew(site.handler, site.now()))
        click.echo(f"{moved:,} case{' has' if moved == 1 else 's have'} been counted anew by the calendar.")


def _for_open_cases(proposal: "Proposal") -> "Iterator[str]":
    """What publishing is to cases that are under way."""
    for workflow, count in proposal.keeping.items():
        keep = "1 open case keeps" if count == 1 else f"{count} open cases keep"
        yield (
            f"{keep} the text of “{workflow}” they began under until they are moved to this one: "
            f"`apflow cases migrate {workflow} --dry-run` says, once it is published, what that would do to each."
        )
    if proposal.open_cases and proposal.holds_at_once:
        cases = "the open case" if proposal.open_cases == 1 else f"all {proposal.open_cases} open cases"
        yield f"What changes in e-mails, the council's settings and catalogues holds at once for {cases} too."


def _agree(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.ClickException("There is nobody here to ask. Say --yes to publish without being asked.")
    click.confirm("Publish this?", abort=True)


def publisher(store: "Store", who: str | None) -> "Publisher":
    """A person known here by address or, if only one has it, by name; else the name given, or of this account."""
    import getpass

    from apflow.store.editions import Publisher
    from apflow.store.people.people import named, person_by_email

    if who is None:
        return Publisher(getpass.getuser())
    with store.reading() as connection:
        found: Any = person_by_email(connection, who) if "@" in who else named(connection, who)
    if found is None and "@" in who:
        raise click.ClickException(f"There is nobody with the address {who}.")
    return Publisher(who) if found is None else Publisher(found.name, found.id)


def _write(store: "Store", proposal: "Proposal", by: "Publisher", why: str | None) -> None:
    from apflow.clock import machine_now
    from apflow.versions.publishing import publish as make_live

    number = make_live(store, proposal, by=by, why=why or "", now=machine_now())
    click.echo(f"Edition {number} is live.")


def _list(store: "Store") -> None:
    from apflow.store.editions import list_editions

    with store.reading() as connection:
        editions = list_editions(connection)
    click.echo("\n\n".join(_told(edition) for edition in editions) or "Nothing has been published yet.")


def _told(edition: "Edition") -> str:
    from apflow.core.compare import NOTHING
    from apflow.core.definition import words

    why = f": {edition.why}" if edition.why else ""
    head = f"Edition {edition.id}, {words.moment(edition.at)}, by {edition.actor_name}{why}"
    return "\n".join([head, *(f"- {sentence}" for sentence in edition.sentences or [NOTHING])])
