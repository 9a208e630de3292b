"""The `apflow` command. Each command's work is imported only when it is asked for, so that `--help` is quick."""

import click

from apflow import __version__
from apflow.cli.bounced import bounced
from apflow.cli.bring import bring
from apflow.cli.cases import cases
from apflow.cli.check import check
from apflow.cli.database import db, verify
from apflow.cli.demo import demo
from apflow.cli.diagram import diagram
from apflow.cli.doctor import doctor
from apflow.cli.events import events
from apflow.cli.forecast import forecast
from apflow.cli.people import did, leave, person, token
from apflow.cli.publish import compare, publish
from apflow.cli.replay import replay
from apflow.cli.schema import schema
from apflow.cli.serve import serve
from apflow.cli.simulate import simulate
from apflow.core.errors import ApflowError


class Explained(click.Group):
    """Commands whose refusals are a sentence, not a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except ApflowError as refusal:
            raise click.ClickException(refusal.message) from refusal


@click.group(cls=Explained)
@click.version_option(__version__)
def main() -> None:
    """Workflows and cases for an Alternative Learning Team, with policy kept as data."""


for command in (
    demo,
    serve,
    check,
    schema,
    compare,
    publish,
    diagram,
    forecast,
    replay,
    simulate,
    db,
    doctor,
    verify,
    cases,
    events,
    person,
    leave,
    did,
    token,
    bring,
    bounced,
):
    main.add_command(command)
