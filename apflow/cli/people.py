"""`apflow person`, `leave`, `did` and `token`: who may sign in, who no longer, what they did, who may use the API."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import click

from apflow.cli.asked import Day

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_LONGEST = {"text": 120, "email": 254}
_LONGEST_PURPOSE = 100


@click.command(short_help="Add a member of staff, or change one.")
@click.argument("name")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, help="A role of council.yaml; may be repeated.")
@click.option("--agency", help="For a panel member: an agency of council.yaml.")
def person(name: str, email: str, roles: tuple[str, ...], agency: str | None) -> None:
    """Add a member of staff, or change the name, roles and agency of one who is known."""
    from apflow.clock import machine_now
    from apflow.store.people.people import add_person
    from apflow.wiring import open_installation

    name, email = _read(name, "text", "Name"), _read(email, "email", "Address")
    site = open_installation()
    unknown = [role for role in roles if role not in site.council.roles]
    if unknown or (agency and agency not in site.council.agencies):
        known = ", ".join(site.council.roles if unknown else site.council.agencies)
        raise click.ClickException(f'"{unknown[0] if unknown else agency}" is not known; council.yaml has: {known}')
    with site.store.writing() as connection:
        add_person(connection, name=name, email=email, roles=roles, agency=agency, now=machine_now())
    click.echo(f"{name} can sign in with {email}.")


@click.command(short_help="End somebody's access.")
@click.argument("email")
def leave(email: str) -> None:
    """End the access of the person of this address: they are signed out, and their tokens and links end.

    What they had taken on is anybody's again. What they did stays in the history. `apflow person` lets them in again.
    """
    from apflow.clock import machine_now
    from apflow.store.people.sign_in import end_access
    from apflow.wiring import look_into_installation

    with look_into_installation().store.writing() as connection:
        known = _known(connection, email)
        end_access(connection, known.id, machine_now())
        click.echo(f"{known.name} cannot sign in any more, and no token acts as them.")


@click.command(short_help="Say what somebody did and looked at.")
@click.argument("email")
@click.option("--since", type=Day(), help="From this day on; without it, ever.")
def did(email: str, since: date | None) -> None:
    """Write as CSV all that the person of this address did and looked at, in order, whether or not they have left.

    Pupils are named by the numbers of their records alone.
    """
    from apflow.core.days.calendar import LONDON
    from apflow.store.reading.deeds import deeds_of
    from apflow.web.lists.spreadsheet import csv_of
    from apflow.wiring import look_into_installation

    first = datetime.combine(since, time.min, LONDON) if since else datetime.min.replace(tzinfo=UTC)
    with look_into_installation().store.reading() as connection:
        deeds = deeds_of(connection, _known(connection, email).id, first)
    rows = [[at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M"), *told] for at, *told in deeds]
    click.echo(csv_of(("When", "How", "What", "Of"), rows), nl=False)


@click.command(short_help="Make a token for a program, or end some.")
@click.argument("email")
@click.option("--name", help="What the token is for; API, if nothing is said.")
@click.option("--list", "is_list", is_flag=True, help="Say which tokens act as this person, and make none.")
@click.option("--end", "is_end", is_flag=True, help="End those of this name, or all of them, and make none.")
def token(email: str, name: str | None, is_list: bool, is_end: bool) -> None:
    """Make a token with which a program acts as the person of this address. It is shown once."""
    from apflow.clock import machine_now
    from apflow.store.people.sign_in import end_tokens, issue_api_token, live_tokens
    from apflow.wiring import look_into_installation

    if name is not None and not 0 < len(name) <= _LONGEST_PURPOSE:
        raise click.ClickException(f"Say what the token is for in 1 to {_LONGEST_PURPOSE} characters.")
    with look_into_installation().store.writing() as connection:
        known = _known(connection, email)
        if is_end:
            ended = end_tokens(connection, known.id, machine_now(), name)
            click.echo(f"{ended} {'token is' if ended == 1 else 'tokens are'} ended.")
        if is_end or is_list:
            for one in live_tokens(connection, known.id):
                click.echo(f"{one.name}, made on {one.created_at:%d %B %Y at %H:%M} UTC")
            return
        if not known.is_active:
            raise click.ClickException(f"{known.name} has left: `apflow person` lets them in again.")
        click.echo(issue_api_token(connection, known.id, name or "API", machine_now()))


def _known(connection: "Connection", email: str) -> "Row[Any]":
    from apflow.store.people.people import person_by_email

    known = person_by_email(connection, email)
    if known is None:
        raise click.ClickException(f"There is nobody with the address {email}.")
    return known


def _read(value: str, kind: str, label: str) -> str:
    """The value as a form would read it; refused with how to mend it."""
    from apflow.core.definition.fields import FieldSpec, FieldType
    from apflow.core.firing.typed import READERS, Wrong, clean, missing

    spec = FieldSpec(type=FieldType(kind), label=label, max_length=_LONGEST[kind])
    given = clean(value)
    if not given:
        raise click.ClickException(missing(spec))
    try:
        return str(READERS[spec.type](spec, given, ""))
    except Wrong as wrong:
        raise click.ClickException(f"{wrong}.") from wrong
