"""Whether the process lives, and whether it can do its work, for whoever watches it."""

from typing import Any

from litestar import Request, Response, get

from apflow.core.errors import ApflowError
from apflow.store.migrate import NewerDatabase, pending_on
from apflow.web.site import Site


@get("/health", exclude_from_auth=True, sync_to_thread=False, include_in_schema=False)
def health() -> dict[str, str]:
    """200 while the process lives: who restarts it for a database that is away helps nobody."""
    return {"status": "ok"}


@get("/ready", exclude_from_auth=True, sync_to_thread=True, include_in_schema=False)
def ready(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """200 while it can serve; else 503 and why not, so that nobody is sent here."""
    site: Site = request.app.state.site
    why = why_not(site)
    if why is not None:
        return Response({"status": "not ready", "why": why}, status_code=503)
    return Response({"status": "ready", "edition": (site.latest() if site.latest else site).edition})


def why_not(site: Site) -> str | None:
    """Why this installation cannot serve at the moment, in a sentence; None when it can."""
    if site.edition is None:
        return "No policy has been published. Run `apflow publish`, and start again."
    try:
        with site.store.reading() as connection:
            if not site.store.takes_writes(connection):
                return "The database can only be read at the moment: nothing can be saved."
            steps = pending_on(connection)
    except NewerDatabase as newer:
        return newer.message
    except ApflowError:
        return "The database does not answer."
    return "The database is older than this version of apflow: run `apflow db upgrade`." if steps else None


ROUTES = [health, ready]
