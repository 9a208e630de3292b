"""`apflow cases migrate`: moving live cases to another version of their workflow, explained first, and back."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from apflow.core.definition.compiled import Definition
    from apflow.core.people.actor import Actor
    from apflow.versions.moving import Told
    from apflow.web.site import Site

_IN_SUM = {
    "moved": ("can be moved", "moved"),
    "back": ("can go back", "moved back"),
    "asked": ("must be asked about", "must be asked about"),
    "impossible": ("cannot be moved", "cannot be moved"),
    "left": ("left as they are", "left as they are"),
}


@click.group()
def cases() -> None:
    """Live cases."""


@cases.command(short_help="Move live cases to another version of their workflow.")
@click.argument("workflow")
@click.option("--to", default="live", help="live (as usual), a version that was live before, or a folder to try out.")
@click.option("--case", "only", multiple=True, help="Only this case; can be given several times.")
@click.option("--deadline", "answers", multiple=True, help="What becomes of a deadline: NAME=keep or NAME=recompute.")
@click.option("--undo", is_flag=True, help="Move back those to which nothing has happened since they were moved.")
@click.option("--dry-run", is_flag=True, help="Explain each case, and move none.")
@click.option("--yes", is_flag=True, help="Move them without asking.")
@click.option("--sum", "sum_only", is_flag=True, help="Explain only those that cannot be moved as they are.")
@click.option("--as", "who", help="Who moves them: an e-mail address known here, or a name.")
def migrate(
    workflow: str,
    to: str,
    only: tuple[str, ...],
    answers: tuple[str, ...],
    undo: bool,
    dry_run: bool,
    yes: bool,
    sum_only: bool,
    who: str | None,
) -> None:
    """Move open cases of WORKFLOW to the live version: explained case by case, asked, then done one by one.

    Exits with 1 when some of them cannot be moved. Broken off on the way, the same again goes on where it stopped.
    """
    from apflow.versions.moving import Move, explained, moved, moved_back, to_move, to_move_back
    from apflow.wiring import look_into_installation

    site = look_into_installation()
    handler, actor, now = site.handler, _actor(site, who), site.now()
    if undo:
        references = to_move_back(handler, workflow, only)
        click.echo(f"{_cases(len(references))} can go back to the version before.")
        if references and not dry_run and _agreed(yes, "Move them back?"):
            _show(moved_back(handler, actor, now, references), sum_only, done=True)
        return
    move = Move(_version(site, workflow, to), actor, now, _answered(answers))
    references = to_move(handler, move.to, only)
    if not references:
        click.echo("No open case is on another version.")
        return
    told = _show(explained(handler, move, references), sum_only, done=False)
    able = [one.reference for one in told if one.how == "moved"]
    if able and not dry_run and _may_be_moved_to(to) and _agreed(yes, f"Move {_cases(len(able))}?"):
        told = _show(moved(handler, move, able), sum_only=True, done=True)
    raise SystemExit(any(one.how in ("asked", "impossible") for one in told) or len(able) < len(references))


def _show(told: Iterable["Told"], sum_only: bool, *, done: bool) -> list["Told"]:
    """Say what becomes of each case, and of how many what."""
    seen = []
    for one in told:
        seen.append(one)
        if one.how not in ("moved", "back") or not (sum_only or done):
            head = "" if one.how in ("moved", "back") else f" {_IN_SUM[one.how][done]}:"
            click.echo("\n".join([f"{one.reference}{head}", *(f"  - {line}" for line in one.said)]))
    counted = Counter(one.how for one in seen)
    click.echo("; ".join(f"{_cases(count)} {_IN_SUM[how][done]}" for how, count in counted.items()) + ".")
    return seen


def _cases(count: int) -> str:
    return f"{count:,} case{'' if count == 1 else 's'}"


def _agreed(yes: bool, question: str) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.ClickException("There is nobody here to ask. Say --yes to move them without being asked.")
    return click.confirm(question)


def _may_be_moved_to(to: str) -> bool:
    """A folder can be tried out, and nothing more: cases go only by what has been published."""
    if to == "live" or to.isdecimal():
        return True
    click.echo("That is what would happen: publish the folder (`apflow publish`) to move them.")
    return False


def _version(site: "Site", workflow: str, to: str) -> "Definition":
    from apflow.loader import load_library
    from apflow.versions.moving import version_to

    if to == "live" or to.isdecimal():
        return version_to(site.handler, workflow, int(to) if to != "live" else None)
    if not Path(to).is_dir():
        raise click.BadParameter(f"“{to}” is neither live, nor a version, nor a folder.", param_hint="--to")
    library = load_library(Path(to))
    if workflow not in library.sources:
        raise click.BadParameter(f"There is no workflow called “{workflow}” in {to}.", param_hint="--to")
    return library.current(workflow)


def _answered(answers: Sequence[str]) -> dict[str, Any]:
    found = {}
    for answer in answers:
        name, _, choice = answer.partition("=")
        if choice not in ("keep", "recompute"):
            raise click.BadParameter(f"“{answer}” is not NAME=keep or NAME=recompute.", param_hint="--deadline")
        found[name] = choice
    return found


def _actor(site: "Site", who: str | None) -> "Actor":
    """A person known here, or only a name, who then acts for the council's staff."""
    from apflow.cli.publish import publisher
    from apflow.core.people.actor import Actor
    from apflow.store.people.people import person

    by = publisher(site.store, who)
    if by.id is None:
        return Actor(None, by.name, frozenset(_staff(site)))
    with site.store.reading() as connection:
        found = person(connection, by.id)
    return Actor(by.id, by.name, frozenset(found.roles if found else ()))


def _staff(site: "Site") -> list[str]:
    return [name for name, role in site.council.roles.items() if role.audience == "staff"]
