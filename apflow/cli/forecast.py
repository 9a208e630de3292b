"""`apflow forecast`: what happens to a case if nobody acts."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from apflow.foresight.forecast import Coming
    from apflow.letters.contexts import Recipient

_WHAT = {"reminder": "Reminder", "escalation": "Overdue, and passed on", "event": "By itself"}


@click.command(short_help="Say what happens to a case if nobody acts.")
@click.argument("reference")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3660), help="How far to look ahead.")
def forecast(reference: str, days: int) -> None:
    """Say what the clock will do to the case REFERENCE if nobody acts, when, and who is written to."""
    from apflow.foresight.forecast import coming
    from apflow.store.cases.loading import load_case
    from apflow.wiring import look_into_installation

    site = look_into_installation()
    with site.store.reading() as connection:
        snapshot = load_case(connection, reference)
        if snapshot is None:
            raise click.ClickException(f'There is no case "{reference}".')
        found = list(coming(site.handler, connection, snapshot, site.now(), ahead=timedelta(days=days)))
    for one in found:
        click.echo(_said(one))
    if not found:
        click.echo(f"Nothing happens by itself in the next {days} days.")


def _said(one: "Coming") -> str:
    from apflow.core.days.calendar import LONDON
    from apflow.core.definition.words import moment

    lines = [f"{moment(one.at.astimezone(LONDON))}  {_WHAT[one.kind]}: {one.what}"]
    lines += [f"    the case goes on to “{one.on}”"] if one.on else []
    lines += [f"    an e-mail to {_whom(one, to)}" for to in one.to]
    lines += [f"    another case begins: {label}" for label in one.begins]
    lines += [f"    a task: {title}" for title in one.opens]
    lines += [f"    {one.note}"] if one.note else []
    return "\n".join(lines)


def _whom(one: "Coming", to: "Recipient") -> str:
    from apflow.core.definition.words import moment

    address = f" <{to.email}>" if to.email else ", who has no address"
    later = f", at {moment(one.later[to])}" if to in one.later else ""
    with_others = ", in one with what else they are reminded of that morning" if to in one.with_others else ""
    return f"{to.name}{address}{later}{with_others}"
