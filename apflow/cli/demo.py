"""`apflow demo`: a believable council in a new SQLite file, with everything running."""

from pathlib import Path

import click


@click.command(short_help="Make a council of invented people, and serve it.")
@click.option("--fresh", is_flag=True, help="Throw the old demo away and make a new one.")
@click.option("--folder", default="demo", type=click.Path(file_okay=False, path_type=Path), help="Where it is kept.")
@click.option("--port", default=8000, help="Where to serve it; the next free one is taken.")
@click.option("--no-serve", is_flag=True, help="Make it, and do not serve it.")
def demo(fresh: bool, folder: Path, port: int, no_serve: bool) -> None:
    """Make a demo council of invented people, or go on with the one there is, and serve it on this machine."""
    from apflow.demo.run import go

    go(folder, port=port, fresh=fresh, serve=not no_serve)
