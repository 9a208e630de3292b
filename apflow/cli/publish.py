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


@click.command(short_help="Say in sentences what publishing would change.")
@click.argument("path", required=False, type=PolicyFolder())
@click.option("--diff", is_flag=True, help="Show the words themselves as well, line by line.")
def compare(path: Path | None, diff: bool) -> None:
    """Say what publishing PATH, or the council's own files, would change. Exit 1 when something would, like diff."""
    settings, store = _installation()
    proposal = _proposal(store, settings, path)
    _show(proposal, diff)
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
    for refusal in proposal.refusals:
        click.echo(f"Not publishable: {refusal}", err=True)
    if proposal.refusals:
        raise SystemExit(1)
    if dry_run or not proposal.is_new:
        return
    _agree(yes)
    _write(store, proposal, by, why)


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
