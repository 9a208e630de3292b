"""`apflow person` and `apflow token`: who may sign in, and who may use the API."""

import click


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

    site = open_installation()
    unknown = [role for role in roles if role not in site.council.roles]
    if unknown or (agency and agency not in site.council.agencies):
        known = ", ".join(site.council.roles if unknown else site.council.agencies)
        raise click.ClickException(f'"{unknown[0] if unknown else agency}" is not known; council.yaml has: {known}')
    with site.store.writing() as connection:
        add_person(connection, name=name, email=email, roles=roles, agency=agency, now=machine_now())
    click.echo(f"{name} can sign in with {email}.")


@click.command(short_help="Make a token for a program.")
@click.argument("email")
@click.option("--name", default="API", help="What the token is for.")
def token(email: str, name: str) -> None:
    """Make a token with which a program acts as the person of this address. It is shown once."""
    from apflow.clock import machine_now
    from apflow.store.people.people import person_by_email
    from apflow.store.people.sign_in import issue_api_token
    from apflow.wiring import look_into_installation

    site = look_into_installation()
    with site.store.writing() as connection:
        known = person_by_email(connection, email)
        if known is None:
            raise click.ClickException(f"There is nobody with the address {email}.")
        click.echo(issue_api_token(connection, known.id, name, machine_now()))
