"""Answers that a browser keeps but asks about each time: a change shows at once, and the same is not sent twice."""

import hashlib
from typing import Any

from litestar import Request, Response


def revalidated(request: Request[Any, Any, Any], response: Response[Any]) -> Response[Any]:
    """The response with a tag of its text; or word that the text is the one the browser has."""
    body = response.content if isinstance(response.content, bytes) else str(response.content).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Whoever is signed in has their name on the page: nobody else is given it.
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "Cookie"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known:
        return Response(None, status_code=304, headers=headers)
    response.headers.update(headers)
    return response
