"""What tests of attendance through the API share: a provider with one placed pupil, and sending marks there."""

from typing import Any

import httpx
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.people import people
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY
from tests.records.attendance import a_placed_pupil
from tests.web.browsing import Client

BASE = "/api/v1/attendance"


def a_providers_register(door: Handler, **plan: Any) -> str:
    """The address of the register of a provider with one pupil, whose placement and record have the number 1."""
    case, _ = a_placed_pupil(door, **plan)
    return f"{BASE}/providers/{reference_of(door, case)}"


def reference_of(door: Handler, case: int) -> str:
    with door.store.reading() as connection:
        return str(connection.execute(select(cases.c.reference).where(cases.c.id == case)).scalar_one())


def a_mark(mark: str = "present", **more: Any) -> dict[str, Any]:
    return {"placement": 1, "day": "2026-11-02", "half": "am", "mark": mark} | more


def send(api: Client, register: str, *marks: dict[str, Any], key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post(f"{register}/marks", json={"marks": list(marks)}, headers=headers)


def became(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["became"] for item in answer.json()["items"]]


def reader_of(door: Handler, email: str, name: str = "Hattie Head") -> Actor:
    """Whoever reads a school's mail."""
    with door.store.writing() as connection:
        number = people.add_person(connection, name=name, email=email, roles=["commissioner"], agency=None, now=MONDAY)
    return Actor(number, name, frozenset({"commissioner"}))
