"""How long links, codes and sign-ins last is what the council's settings say."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from apflow.clock import machine_now
from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.signing_in import UNSAID
from apflow.store import outbox
from apflow.store.tables.messages import messages
from apflow.store.tables.people import sessions, sign_in_links
from apflow.testing import OLIVE, PAT, a_handler, enquire
from apflow.web.identity import SESSION_COOKIE
from apflow.web.site import Site
from tests.colleagues import TOM, let_act
from tests.web.browsing import a_browser_on

OURS = UNSAID.model_copy(
    update={
        "links_last": Duration(3, Unit.WEEK),
        "asked_for_minutes": 30,
        "signed_in_hours": 6,
        "idle_hours": 1,
        "assumed": "Our own rule.",
    }
)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def ours(site: Site) -> Site:
    """The same installation of a council with times of its own."""
    council = site.library.council.model_copy(update={"signing_in": OURS})
    library = dataclasses.replace(site.library, council=council, _pinned={})
    return dataclasses.replace(site, library=library, handler=a_handler(site.store, library))


def test_what_somebody_asks_for_lasts_as_long_as_the_page_and_the_email_say(ours: Site) -> None:
    before = machine_now()
    with a_browser_on(ours) as client:
        page = client.post("/sign-in", data={"email": "olive@council.example"}).text

    with ours.store.reading() as connection:
        (newest,) = outbox.recent_messages(connection, to_email="olive@council.example", limit=1)
        text = connection.scalar(select(messages.c.text).where(messages.c.id == newest.id))
        expires_at = connection.scalars(select(sign_in_links.c.expires_at)).one()
    assert "They last 30 minutes." in page
    assert "stop working 30 minutes after you asked" in str(text)
    assert before + 30 * A_MINUTE <= expires_at <= machine_now() + 30 * A_MINUTE


def test_whoever_signs_in_stays_so_for_as_long_as_the_council_says(ours: Site) -> None:
    with a_browser_on(ours) as client:
        client.post("/sign-in", data={"email": "olive@council.example"})
        with ours.store.reading() as connection:
            (newest,) = outbox.recent_messages(connection, to_email="olive@council.example", limit=1)
            text = str(connection.scalar(select(messages.c.text).where(messages.c.id == newest.id)))
        token = text.split("/continue/")[1].split(maxsplit=1)[0]
        assert client.post(f"/continue/{token}").status_code == 303
        with ours.store.reading() as connection:
            row = connection.execute(select(sessions)).one()
        assert row.expires_at - row.created_at == timedelta(hours=6)
        assert row.person_id == OLIVE.id
        assert client.cookies[SESSION_COOKIE]
        assert client.get("/work").status_code == 200

        with ours.store.writing() as connection:
            connection.execute(update(sessions).values(seen_at=machine_now() - timedelta(hours=1)))
        assert client.get("/work").status_code == 303


def test_the_link_in_an_email_to_a_provider_lasts_as_long_as_the_council_says(ours: Site) -> None:
    before = machine_now()

    enquire(ours.handler)

    with ours.store.reading() as connection:
        expires_at = connection.scalars(select(sign_in_links.c.expires_at)).first()
    assert expires_at is not None
    assert before + timedelta(weeks=3) <= expires_at <= machine_now() + timedelta(weeks=3)


def test_a_colleague_is_told_how_long_the_link_works_and_it_does(ours: Site) -> None:
    before = machine_now()

    let_act(ours.handler, PAT, TOM, "Tom Tutor")

    with ours.store.reading() as connection:
        said = connection.execute(
            select(messages.c.text, messages.c.html).where(messages.c.notice == "colleagues/added")
        ).one()
        expires_at = connection.scalars(select(sign_in_links.c.expires_at)).one()
    assert before + timedelta(weeks=3) <= expires_at <= machine_now() + timedelta(weeks=3)
    for body in said:
        assert "It works once, within 3 weeks." in body
