"""Setting a guard aside on a case, and taking that back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from litestar import Request, Response, delete, post
from litestar.params import JSONBody
from pydantic import BaseModel, ConfigDict, Field

from apflow.core.errors import Stale
from apflow.core.firing.overrides import REASON_LIMIT
from apflow.store.cases.unit import Saved
from apflow.web.api.asking import (
    ETAG,
    Conditional,
    IdempotencyKey,
    IfMatch,
    Name,
    Reference,
    actor_of,
    etag,
    key_of,
    site_of,
    takes_json,
    versions_seen,
)
from apflow.web.api.events import changes_told
from apflow.web.api.problems import documented
from apflow.web.api.showing import Done

_CHANGING = documented(400, 401, 403, 404, 409, 412, 413, 422, 428, 503)


class SettingAside(BaseModel):
    """Which guard to set aside, until when and why."""

    model_config = ConfigDict(extra="forbid")

    guard: str = Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$", description="A guard from the workflow file.")
    until: date = Field(description="The last day on which it is not to stand in the way.")
    reason: str = Field(max_length=REASON_LIMIT, description="Why; staff read it in the history.")


@post(
    "/cases/{reference:str}/overrides",
    sync_to_thread=True,
    response_headers=[ETAG],
    status_code=200,
    guards=[takes_json],
    operation_class=Conditional,
    responses=_CHANGING | documented(415),
)
def set_aside(
    request: Request[Any, Any, Any],
    data: JSONBody[SettingAside],
    reference: Reference,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Done]:
    """Let the case pass a guard until a day, in place of any earlier override of it. Whom the policy names is told."""
    site, actor, key = site_of(request), actor_of(request), key_of(idempotency_key)
    versions = versions_seen(if_match)

    def change() -> Saved:
        return site.handler.set_aside(
            reference, data.guard, data.until, data.reason, actor=actor, now=site.now(), versions=versions, key=key
        )

    return _done(request, reference, versions, change)


@delete(
    "/cases/{reference:str}/overrides/{guard:str}",
    sync_to_thread=True,
    response_headers=[ETAG],
    status_code=200,
    operation_class=Conditional,
    responses=_CHANGING,
)
def take_back(
    request: Request[Any, Any, Any],
    reference: Reference,
    guard: Name,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Done]:
    """Let a guard that was set aside count again, before its day."""
    site, actor, key = site_of(request), actor_of(request), key_of(idempotency_key)
    versions = versions_seen(if_match)

    def change() -> Saved:
        return site.handler.take_back(reference, guard, actor=actor, now=site.now(), versions=versions, key=key)

    return _done(request, reference, versions, change)


def _done(
    request: Request[Any, Any, Any], reference: str, versions: frozenset[int] | None, change: Callable[[], Saved]
) -> Response[Done]:
    site = site_of(request)
    try:
        saved = change()
    except Stale:
        raise Stale(changes_told(site, actor_of(request), reference, max(versions or (), default=0))) from None
    site.wake()
    return Response(Done(reference=saved.reference, version=saved.version), headers={"etag": etag(saved.version)})


ROUTES = [set_aside, take_back]
