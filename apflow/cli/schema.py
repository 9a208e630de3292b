"""`apflow schema`: the language for editors, as JSON Schema, and for readers, as a page."""

from pathlib import Path

import click

_KINDS = ["workflow", "council", "catalogue", "registration", "attendance", "returns", "document"]


@click.command(short_help="Print the JSON Schema of a file, for editors.")
@click.argument("kind", type=click.Choice(_KINDS), default="workflow")
@click.option("--write", type=click.Path(file_okay=False, path_type=Path), help="Write all of them into this folder.")
@click.option("--reference", is_flag=True, help="The reference page instead, as Markdown.")
def schema(kind: str, write: Path | None, reference: bool) -> None:
    """Print the JSON Schema of one kind of file, so that an editor can complete and check what is written."""
    from apflow.loader.reference import page
    from apflow.loader.schema import KINDS, as_text

    if reference:
        click.echo(page(), nl=False)
    elif write is not None:
        write.mkdir(parents=True, exist_ok=True)
        for each in KINDS:
            (write / f"{each}.json").write_text(as_text(each), encoding="utf-8")
            click.echo(write / f"{each}.json")
    else:
        click.echo(as_text(kind), nl=False)
