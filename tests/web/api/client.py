"""What tests of the API share: firing an event, and what has happened to a case."""

from collections.abc import Callable
from typing import Any

import httpx

from apflow.core.people.actor import Actor
from apflow.store.reading.history import history_of
from apflow.web.site import Site
from tests.web.browsing import Client

ApiAs = Callable[[Actor], Client]


def fire(
    api: Client, reference: str, event: str, answers: Any = None, *, if_match: str = "*", key: str | None = None
) -> httpx.Response:
    """Fire the event on whatever version the case has, unless `if_match` says otherwise."""
    headers = {"If-Match": if_match} | ({} if key is None else {"Idempotency-Key": key})
    return api.post(f"/api/v1/cases/{reference}/events/{event}", json={"answers": answers or {}}, headers=headers)


def entries(site: Site, reference: str) -> list[str]:
    with site.store.reading() as connection:
        return [entry.name for entry in history_of(connection, reference)]
