"""`apflow diagram`: a workflow as a picture, perhaps with the way of one case through it."""

from pathlib import Path

import click


@click.command(short_help="Draw a workflow, or a case in it, as a picture.")
@click.argument("workflow")
@click.option("--case", "reference", metavar="REF", help="Show where this case is, and the way it came.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write to this file.")
def diagram(workflow: str, reference: str | None, out: Path | None) -> None:
    """Draw WORKFLOW as an SVG picture: its states, who acts in each, and what the clock does."""
    svg = _of_case(workflow, reference) if reference else _of_workflow(workflow)
    if out is None:
        click.echo(svg, nl=False)
        return
    try:
        out.write_text(svg, encoding="utf-8")
    except OSError as refusal:
        raise click.ClickException(f"{out} cannot be written: {refusal.strerror}.") from refusal
    click.echo(f"{out} is written.")


def _of_workflow(name: str) -> str:
    from apflow.core.diagram import chart_of
    from apflow.core.diagram import diagram as draw
    from apflow.loader import load_library
    from apflow.settings import Settings

    library = load_library(Settings().workflows)
    if name not in library.sources:
        raise click.ClickException(f'There is no workflow "{name}"; there is {", ".join(library.sources)}.')
    return draw(chart_of(library.current(name)))


def _of_case(name: str, reference: str) -> str:
    from apflow.core.diagram import chart_of
    from apflow.core.diagram import diagram as draw
    from apflow.store.cases.loading import load_case
    from apflow.store.reading.ways import way_of
    from apflow.wiring import look_into_installation

    site = look_into_installation()
    with site.store.reading() as connection:
        snapshot = load_case(connection, reference)
        if snapshot is None or snapshot.workflow != name:
            raise click.ClickException(f'There is no case "{reference}" of the workflow "{name}".')
        definition = site.handler.definition_of(connection, snapshot)
        way = way_of(connection, definition, snapshot)
    return draw(chart_of(definition), way)
