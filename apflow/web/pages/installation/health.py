"""Whether the process lives, and whether it can do its work, for whoever watches it."""

from typing import Any

from anyio import CapacityLimiter, move_on_after
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from litestar import Request, Response, get

from apflow.core.errors import ApflowError
from apflow.store.migrate import NewerDatabase, pending_on
from apflow.web.site import Site

_PATIENCE = 5.0  # Seconds: who asks every few seconds is to hear that a database hangs, and not to hang too.
_SILENT = "The database does not answer."
_LOOKS: RunVar[CapacityLimiter] = RunVar("looks")  # Those that hang hold up no page.


@get("/health", exclude_from_auth=True, sync_to_thread=False, include_in_schema=False)
def health() -> dict[str, str]:
    """200 while the process lives: who restarts it for a database that is away helps nobody."""
    return {"status": "ok"}


@get("/ready", exclude_from_auth=True, include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """200 while it can serve; else 503 and why not, so that nobody is sent here."""
    site: Site = request.app.state.site
    why: str | None = _SILENT
    with move_on_after(_PATIENCE):
        why = await run_sync(why_not, site, abandon_on_cancel=True, limiter=_looks())
    if why is not None:
        return Response({"status": "not ready", "why": why}, status_code=503)
    return Response({"status": "ready", "edition": (site.latest() if site.latest else site).edition})


def why_not(site: Site) -> str | None:
    """Why this installation cannot serve at the moment, in a sentence; None when it can."""
    if not site.uploads.is_there():
        return "The folder of the files that people send is gone."
    if site.edition is None:
        return "No policy has been published. Run `apflow publish`, and start again."
    try:
        with site.store.reading() as connection:
            if not site.store.takes_writes(connection):
                return "The database can only be read at the moment, or its disk is full: nothing can be saved."
            steps = pending_on(connection)
    except NewerDatabase as newer:
        return newer.message
    except ApflowError:
        return _SILENT
    return "The database is older than this version of apflow: run `apflow db upgrade`." if steps else None


def _looks() -> CapacityLimiter:
    try:
        return _LOOKS.get()
    except LookupError:
        limiter = CapacityLimiter(2)
        _LOOKS.set(limiter)
        return limiter


ROUTES = [health, ready]
