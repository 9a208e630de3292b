"""Telling whoever watches of each request: its route, how it was answered, and how long that took."""

from time import perf_counter

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Middleware, Receive, Scope, Send

from apflow.watching.telling import Answered, tell
from apflow.watching.tracing import Tracing


def watched(tracing: Tracing | None) -> Middleware:
    """The middleware, with spans where there is tracing."""

    def around(app: ASGIApp) -> ASGIApp:
        async def respond(scope: Scope, receive: Receive, send: Send) -> None:
            if tracing is None or scope["type"] != ScopeType.HTTP:
                await _timed(app, scope, receive, send)
                return
            with tracing.request(scope["method"], _route(scope), dict(Headers.from_scope(scope))):
                await _timed(app, scope, receive, send)

        return respond

    return around


async def _timed(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    begun, statuses = perf_counter(), [500]

    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses[0] = message["status"]
        await send(message)

    try:
        await app(scope, receive, noting)
    finally:
        if scope["type"] == ScopeType.HTTP:
            tell(Answered(scope["method"], _route(scope), statuses[0], perf_counter() - begun))


def _route(scope: Scope) -> str:
    return str(scope.get("path_template") or "none")
