"""The documents made of a placement: the agreement as it was signed, and the record of it all."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from apflow.core.errors import Stale
from apflow.core.people.actor import Actor
from apflow.store.cases.loading import load_case
from apflow.store.people.reader_links import signed_of
from apflow.store.reading.history import history_of
from apflow.store.records.reads import reads_of
from apflow.testing import DAN, MONDAY, OLIVE, PAT, PETRA
from apflow.web.case.made import document_named, said_in
from apflow.web.case.opened import open_case
from apflow.web.site import Site
from tests.placing import ANOTHER_PROGRAMME, PROGRAMME, Between, a_prepared_placement, plan
from tests.web.browsing import Client

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def agreed(site: Site) -> Between:
    """A placement that both sides have prepared."""
    return a_prepared_placement(site)


def signed(agreed: Between) -> list[Any]:
    with agreed.site.store.reading() as connection:
        return list(signed_of(connection, agreed.case().id or 0, "agreement"))


def record_for(agreed: Between, actor: Actor) -> str:
    opened = open_case(agreed.site, actor, agreed.reference)
    return json.dumps(said_in(opened, document_named(opened, "record")), ensure_ascii=False)


def test_the_agreement_is_read_before_it_is_signed_by_those_who_sign(agreed: Between, client_as: ClientAs) -> None:
    address = f"/cases/{agreed.reference}/documents/agreement"
    for who in (PAT, agreed.school, OLIVE):
        assert client_as(who).get(address).content.startswith(b"%PDF"), who.name
    for who in (DAN, PETRA):
        assert client_as(who).get(address).status_code == 404, who.name
    agreed.fire(PAT, "set_programme", **ANOTHER_PROGRAMME)
    assert f'href="{address}"' in client_as(PAT).get(f"/cases/{agreed.reference}/do/sign").text


def test_what_was_signed_is_kept_as_it_read_and_its_hash_is_in_the_history(agreed: Between) -> None:
    first, second = signed(agreed)
    assert first.sha256 == second.sha256, "both signed the same"
    assert {first.signed_by, second.signed_by} == {"Pat Provider", "Sally at Hill School"}
    said = json.loads(first.said)
    assert "Goats kick." in first.said
    assert any(section["points"] for section in said["terms"]), "the council's own text belongs to it"
    assert "Pip" not in first.said
    with agreed.site.store.reading() as connection:
        notes = [entry.payload["note"] for entry in history_of(connection, agreed.reference) if entry.name == "sign"]
    assert notes == [f"What was signed has the SHA-256 {first.sha256}."] * 2


def test_a_later_programme_is_another_agreement_and_the_first_stays_as_it_was(agreed: Between) -> None:
    before = signed(agreed)[0].said
    agreed.fire(PAT, "set_programme", **{**PROGRAMME, "programme": "Sheep."})
    agreed.fire(PAT, "sign", signed_as="Pat Provider", agrees=True)
    newest, *earlier = signed(agreed)
    assert "Sheep." in newest.said
    assert newest.sha256 not in {row.sha256 for row in earlier}
    assert earlier[0].said == before


def test_nobody_signs_what_has_changed_since_they_read_it(agreed: Between) -> None:
    with agreed.site.store.reading() as connection:
        case = load_case(connection, agreed.reference)
    assert case is not None
    agreed.fire(agreed.school, "set_plan", **plan(MONDAY, plan="To read for two hours a day."))
    with pytest.raises(Stale):
        agreed.site.handler.fire(
            agreed.reference, "sign", {"signed_as": "Pat", "agrees": True}, actor=PAT, now=MONDAY, seen=case.version
        )


def test_the_record_has_it_all_and_each_reader_what_is_theirs(agreed: Between) -> None:
    agreed.fire(
        agreed.school,
        "note_contact",
        spoken_on=MONDAY.date().isoformat(),
        with_whom="Sally and Pat",
        about="Home",
        noted="A worry about home.",
    )
    for who in (agreed.school, OLIVE):
        said = record_for(agreed, who)
        for part in (
            "Pip Sparrow",
            "4 May 2012",
            "Goats kick.",
            "A worry about home.",
            "It has goats.",
            "Note a contact",
        ):
            assert part in said, (who.name, part)
    agreed.fire(
        agreed.school,
        "write_by_email",
        parent_name="Ann",
        relation="Mother",
        responsible=True,
        is_safe=True,
        parent_email="ann@home.example",
    )
    parent = Actor(None, "Parent or carer 1", frozenset({"parent"}), by_link=(agreed.reference, "1"))
    said = record_for(agreed, parent)
    assert "To read for an hour a day." in said
    for kept in ("Goats kick.", "A worry about home.", "It has goats.", "ann@home.example"):
        assert kept not in said, kept


def test_reading_a_document_is_noted_with_the_pupil(agreed: Between, client_as: ClientAs) -> None:
    assert client_as(agreed.school).get(f"/cases/{agreed.reference}/documents/record").status_code == 200
    assert client_as(PAT).get(f"/cases/{agreed.reference}/documents/record").status_code == 404, "the school's and ours"
    assert client_as(OLIVE).get(f"/cases/{agreed.reference}/documents/no_such").status_code == 404
    with agreed.site.store.reading() as connection:
        looks = [(row.name, row.page) for row in reads_of(connection, agreed.pupil, limit=10)]
    assert looks == [("Sally at Hill School", f"Placement {agreed.reference}: Record of a placement")]
