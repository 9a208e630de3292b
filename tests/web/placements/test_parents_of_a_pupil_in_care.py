"""Whoever is written to at home about a pupil who is looked after reads nothing until it is settled who still is."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE
from apflow.web.site import Site
from tests.placing import a_running_placement
from tests.web.browsing import Client

ANN: dict[str, Any] = {"parent_name": "Ann Sparrow", "relation": "Mother", "responsible": True, "is_safe": True}
BEA: dict[str, Any] = {**ANN, "parent_name": "Bea Sparrow", "parent_address": "1 Made Up Lane\nBath\nBA1 1AA"}
_LINK = re.compile(r"https?://[^/]+(/for-parents/\S+)")
WAITS = "nobody has said yet that this person is still written to"


def newest_link(store: Store) -> str:
    query = select(messages.c.text).where(messages.c.to_email == "ann@home.example").order_by(messages.c.id.desc())
    with store.reading() as connection:
        found = _LINK.search(connection.execute(query).scalars().first() or "")
    assert found is not None
    return found[1]


def test_a_link_rests_from_the_day_a_pupil_is_looked_after_until_it_is_settled_who_is_still_written_to(
    site: Site, store: Store, client: Client, client_as: Callable[[Actor], Client]
) -> None:
    placed = a_running_placement(site)
    placed.fire(placed.school, "write_by_email", **ANN, parent_email="ann@home.example")
    placed.fire(placed.school, "write_by_post", **BEA)
    link = newest_link(store)
    placed.fire(OLIVE, "becomes_looked_after", looked_after_since=MONDAY.date().isoformat())
    assert "Made Up Farm" not in client.get(link).text
    client.post(link)
    assert "Made Up Farm" not in client.get("/for-parents/page").text
    page = client_as(placed.school).get(f"/cases/{placed.reference}").text
    assert page.count(WAITS) == 2
    assert "Say that they are still written to, by email" in page

    placed.fire(placed.school, "settled_by_email", item="1", settled_with="Saffron Worker, today")
    client.post(newest_link(store))
    assert "Made Up Farm" in client.get("/for-parents/page").text
    page = client_as(placed.school).get(f"/cases/{placed.reference}").text
    assert page.count(WAITS) == 1
