"""Colleagues: parties of the cases that name somebody, for as long as they are colleagues and the cases name them."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import ApflowError, Blocked, Invalid, NotAllowed, NotFound, NotOpen
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By, change
from apflow.records.people.commissioners import COMMISSIONER
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_to
from apflow.store.people import people
from apflow.store.reading.past import everybody, past_of
from apflow.store.reading.queues import CaseFilter, list_cases, named_for_of
from apflow.store.records.attendance import is_party, parties_of, providers_of, schools_of
from apflow.store.records.colleagues import colleagues_of
from apflow.store.records.offered import own_pupils
from apflow.store.records.records import changes_of
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.messages import messages
from apflow.store.tables.people import colleagues
from apflow.store.tables.places import commissioners
from apflow.testing import DAN, ENQUIRY, MONDAY, OLIVE, PAT, enquire
from tests.colleagues import CLARA, TOM, end, let_act
from tests.placing import PROGRAMME, a_listed_site, a_pupil_of, a_school_with_an_account, plan, prepare, refer
from tests.store.witness import at_once, case_of

DETAILS = {name: answer for name, answer in ENQUIRY.items() if name != "contact_email"}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def theirs(store: Store, actor: Actor) -> list[str]:
    with store.reading() as connection:
        return sorted(row.reference for row in list_cases(connection, CaseFilter(party=actor.id), limit=50))


def change_contact(handler: Handler, reference: str, email: str) -> None:
    answers = {"contact_name": "New Contact", "contact_email": email, "how_known": "They rang."}
    handler.fire(reference, "change_contact", answers, actor=OLIVE, now=MONDAY)


def test_a_colleague_has_the_cases_there_were_and_those_that_come(store: Store, handler: Handler) -> None:
    before = enquire(handler)
    _, tom = let_act(handler, PAT, TOM, "Tom Tutor")
    after = enquire(handler, organisation="Second Farm")
    others = enquire(handler, contact_email="dan@elsewhere.example")

    assert theirs(store, tom) == theirs(store, PAT) == sorted([before, after])
    for reference in (before, after):
        case = case_of(store, reference)
        assert case.party_roles == {"provider": PAT.id}
        assert case.colleagues == {"provider": {tom.id}}
        assert case.parties == {PAT.id, tom.id}
    assert case_of(store, others).parties == {DAN.id}


def test_a_colleague_acts_under_their_own_name_and_nobody_writes_to_them(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _, tom = let_act(handler, PAT, TOM, "Tom Tutor")
    handler.fire(reference, "correct_details", DETAILS, actor=tom, now=MONDAY)
    change_contact(handler, reference, "dan@elsewhere.example")
    change_contact(handler, reference, ENQUIRY["contact_email"])

    with store.reading() as connection:
        past = past_of(connection, handler.library.current("provider"), reference, everybody(connection), {}, {})
        told = connection.execute(select(messages.c.to_email).where(messages.c.case_id.is_not(None))).scalars().all()
        case_id = case_of(store, reference).id or 0
        to_named = messages_to(connection, case_id, PAT.id, ENQUIRY["contact_email"])
        assert messages_to(connection, case_id, tom.id, TOM) == to_named != []
    assert "Tom Tutor" in [entry.actor.name for entry in past.happened]
    assert TOM not in told
    assert ENQUIRY["contact_email"] in told


def test_what_ends_ends_at_once_and_is_kept(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    number, tom = let_act(handler, PAT, TOM, "Tom Tutor", by=PAT)
    handler.fire(reference, "correct_details", DETAILS, actor=tom, now=MONDAY)
    end(handler, PAT, number, by=PAT)

    assert theirs(store, tom) == []
    with pytest.raises(NotFound):
        handler.fire(reference, "correct_details", DETAILS, actor=tom, now=MONDAY)
    assert enquire(handler, organisation="Second Farm") not in theirs(store, tom)
    with store.reading() as connection:
        (row,) = colleagues_of(connection, PAT.id or 0, "provider")
        log = [(one.action, one.actor_name) for one in changes_of(connection, "colleague", number, limit=9)]
        past = past_of(connection, handler.library.current("provider"), reference, everybody(connection), {}, {})
    assert (row.name, row.added_by_name, row.ended_by_name, row.ended_at) == (
        "Tom Tutor",
        "Pat Provider",
        "Pat Provider",
        MONDAY,
    )
    assert log == [("changed", "Pat Provider"), ("added", "Pat Provider")]
    assert past.colleagues == {"provider": {tom.id}}, "what they did is replayed as theirs"


def test_when_the_contact_of_a_provider_changes_its_colleagues_stay_and_the_new_one_s_come(
    store: Store, handler: Handler
) -> None:
    moved, stays = enquire(handler), enquire(handler, organisation="Second Farm")
    _, tom = let_act(handler, PAT, TOM)
    _, dora = let_act(handler, DAN, "dora@elsewhere.example")
    change_contact(handler, moved, "dan@elsewhere.example")

    assert theirs(store, tom) == sorted([moved, stays])
    assert theirs(store, dora) == [moved]
    handler.fire(moved, "correct_details", DETAILS, actor=tom, now=MONDAY)
    with store.reading() as connection:
        rows = {row.colleague_id: row for row in colleagues_of(connection, DAN.id or 0, "provider")}
        (change,) = changes_of(connection, "colleague", rows[tom.id or 0].id, limit=9)
    assert (change.action, change.actor_name, change.through) == (
        "added",
        "Olive Officer",
        "a change of whom we write to",
    )


def test_whoever_comes_and_stands_for_another_provider_too_is_not_joined_by_the_colleagues_of_before(
    store: Store, handler: Handler
) -> None:
    moved = enquire(handler)
    another = enquire(handler, organisation="Far Farm", contact_email="dan@elsewhere.example")
    _, tom = let_act(handler, PAT, TOM)
    change_contact(handler, moved, "dan@elsewhere.example")

    assert theirs(store, tom) == [], "else Tom would be let in to the other provider's pupils"
    assert theirs(store, DAN) == sorted([moved, another])


def test_who_is_named_on_a_placement_there_already_is_joined_by_the_colleagues_all_the_same(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    _, tom = let_act(handler, PAT, TOM)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    said = {"provider_contact": "Dan", "provider_email": "dan@elsewhere.example"}
    handler.fire(placement, "provider_contact_changes", said, actor=OLIVE, now=MONDAY)
    assert theirs(store, tom) == [provider], "the placement names whoever comes, who has no colleagues yet"
    change_contact(handler, provider, "dan@elsewhere.example")

    assert theirs(store, tom) == sorted([provider, placement])


def test_the_new_contact_ends_what_somebody_was_for_the_old_one_as_well(store: Store, handler: Handler) -> None:
    moved, stays = enquire(handler), enquire(handler, organisation="Second Farm")
    number, tom = let_act(handler, PAT, TOM)
    change_contact(handler, moved, "dan@elsewhere.example")
    with store.reading() as connection:
        (carried,) = colleagues_of(connection, DAN.id or 0, "provider")
    assert carried.id != number
    end(handler, DAN, carried.id, by=DAN)

    assert theirs(store, tom) == []
    assert roles_of(store, tom) == []
    assert stays in theirs(store, PAT)
    with store.reading() as connection:
        assert all(row.ended_by == DAN.id for row in colleagues_of(connection, PAT.id or 0, "provider"))


def test_the_old_contact_ends_nothing_of_what_somebody_is_for_the_new_one(store: Store, handler: Handler) -> None:
    moved, stays = enquire(handler), enquire(handler, organisation="Second Farm")
    number, tom = let_act(handler, PAT, TOM)
    change_contact(handler, moved, "dan@elsewhere.example")
    end(handler, PAT, number, by=PAT)

    assert theirs(store, tom) == [moved]
    assert roles_of(store, tom) == ["provider"]
    assert stays in theirs(store, PAT)


def test_the_role_goes_with_the_last_place_and_stays_with_whoever_is_written_to(
    store: Store, handler: Handler, hill: Actor
) -> None:
    first, second = let_act(handler, hill, CLARA), let_act(handler, PAT, CLARA)
    assert roles_of(store, first[1]) == ["commissioner", "provider"]
    end(handler, hill, first[0])
    assert roles_of(store, first[1]) == ["provider"]
    own = enquire(handler, contact_email=CLARA)
    end(handler, PAT, second[0])

    assert roles_of(store, first[1]) == ["provider"], "a case of her own names her"
    assert theirs(store, first[1]) == [own]
    assert let_act(handler, hill, CLARA)[1].roles == {"commissioner", "provider"}, "and can be added again"


def test_whom_a_case_names_for_somebody_is_known_for_many_cases_at_once(store: Store, handler: Handler) -> None:
    of_pat = enquire(handler)
    _, tom = let_act(handler, PAT, TOM)
    own = enquire(handler, organisation="Tom's Farm", contact_email=TOM)
    other = enquire(handler, organisation="Far Farm", contact_email="dan@elsewhere.example")

    with store.reading() as connection:
        assert named_for_of(connection, tom.id or 0, [of_pat, own, other]) == {of_pat: PAT.id, own: tom.id}


def roles_of(store: Store, actor: Actor) -> list[str]:
    with store.reading() as connection:
        row = people.person(connection, actor.id or 0)
    assert row is not None
    return sorted(row.roles)


def test_when_a_school_is_written_to_at_another_address_its_colleagues_stay(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    number, clara = let_act(handler, hill, CLARA)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    said = {"kind": "school", "name": "Hill School", "urn": "999901", "contact_name": "Nora New"}
    change_school(handler, {**said, "email": "nora@hill-school.example"})

    with store.reading() as connection:
        assert [row.forename for row in own_pupils(connection, clara.id or 0, MONDAY.date())] == ["Pip"]
        nora = people.person_by_email(connection, "nora@hill-school.example")
    assert nora is not None
    assert reference in theirs(store, clara)
    assert case_of(store, reference).colleagues == {"commissioner": {clara.id}}
    assert number

    change_school(handler, {**said, "email": "nora@hill-school.example", "phone": "01225 000000"})
    with store.reading() as connection:
        assert len(colleagues_of(connection, nora.id, "commissioner")) == 1, "nothing else is carried over"


def change_school(handler: Handler, said: dict[str, Any]) -> None:
    with handler.store.reading() as connection:
        (row,) = connection.execute(select(commissioners)).all()
    by = By(OLIVE, MONDAY, handler.library, hand_over=handler.hand_over_within)
    change(handler.store, COMMISSIONER, row.id, row.version, said, by)


def test_a_colleague_who_becomes_the_contact_loses_nothing_when_they_stop_being_a_colleague(
    store: Store, handler: Handler
) -> None:
    moved, stays = enquire(handler), enquire(handler, organisation="Second Farm")
    number, tom = let_act(handler, PAT, TOM)
    change_contact(handler, moved, TOM)
    assert case_of(store, moved).parties == {tom.id}
    assert theirs(store, tom) == sorted([moved, stays])

    end(handler, PAT, number)
    assert theirs(store, tom) == [moved]


def test_who_is_on_one_side_as_a_colleague_and_on_the_other_by_name_has_both(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    number, _ = let_act(handler, hill, ENQUIRY["contact_email"])
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    case = case_of(store, reference)
    assert case.party_roles == {"commissioner": hill.id, "provider": PAT.id}
    assert case.colleagues == {"commissioner": {PAT.id}}

    end(handler, hill, number)
    case = case_of(store, reference)
    assert not case.colleagues
    assert case.parties == {hill.id, PAT.id}


def test_each_side_s_colleagues_do_that_side_s_part_and_no_other(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    _, clara = let_act(handler, hill, CLARA)
    _, tom = let_act(handler, PAT, TOM, "Tom Tutor")
    reference = refer(handler, clara, a_pupil_of(handler, "Hill School", "Pip"), site)
    assert case_of(store, reference).party_roles["commissioner"] == hill.id, "the school's case, whoever began it"
    for other, event in ((tom, "set_plan"), (clara, "offer")):
        with pytest.raises(ApflowError):
            handler.fire(reference, event, {}, actor=other, now=MONDAY)

    prepare(handler, reference, clara, provider=tom)
    signatures = case_of(store, reference).items["signatures"]
    assert {key: item.data["signed_as"] for key, item in signatures.items()} == {
        str(hill.id): "Clara Colleague",
        str(PAT.id): "Tom Tutor",
    }


def test_two_of_one_side_have_not_signed_for_both(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    _, clara = let_act(handler, hill, CLARA)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    offered = {"can_meet": True, "offered_from": MONDAY.date().isoformat()}
    handler.fire(reference, "offer", offered, actor=PAT, now=MONDAY)
    handler.fire(reference, "set_programme", PROGRAMME, actor=PAT, now=MONDAY)
    handler.fire(reference, "set_plan", plan(), actor=clara, now=MONDAY)
    sign = partial(handler.fire, reference, "sign", {"signed_as": "Sally", "agrees": True}, now=MONDAY)
    sign(actor=hill)

    with pytest.raises(NotOpen):
        sign(actor=clara)
    with pytest.raises(Blocked) as refusal:
        handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    assert "The service level agreement is not signed by both sides yet." in refusal.value.reasons


def test_what_one_side_told_none_of_that_side_reads_for_the_other(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    number, clara = let_act(handler, hill, CLARA)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill)
    began = {"starts_on": (MONDAY + timedelta(days=7)).date().isoformat()}
    handler.fire(reference, "start_placement", began, actor=hill, now=MONDAY + timedelta(days=8))
    told = {"in_short": "Something seen", "matter": "A bruise, seen at lunch."}
    handler.fire(reference, "commissioner_tells_matter", told, actor=clara, now=MONDAY + timedelta(days=8))

    def read(actor: Actor, event: str = "have_read_matter") -> None:
        done = {"done_about_it": "We ring."}
        handler.fire(reference, event, done, actor=actor, now=MONDAY + timedelta(days=8), item="1")

    for one_of_them in (hill, clara):
        with pytest.raises(NotOpen):
            read(one_of_them)
        with pytest.raises(NotAllowed):
            read(one_of_them, "provider_has_read_matter")
    end(handler, hill, number)
    with pytest.raises(NotOpen):
        read(hill)
    read(PAT, "provider_has_read_matter")


def test_what_goes_by_the_address_of_a_school_goes_for_its_colleagues_too(
    store: Store, handler: Handler, hill: Actor
) -> None:
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    number, clara = let_act(handler, hill, CLARA)
    _, tom = let_act(handler, PAT, TOM)

    def seen(actor: Actor) -> tuple[list[str], list[int]]:
        with store.reading() as connection:
            schools = [row.name for row in schools_of(connection, actor.id or 0)]
            return schools, [row.id for row in own_pupils(connection, actor.id or 0, MONDAY.date())]

    assert seen(hill) == seen(clara) == (["Hill School"], [pupil])
    assert seen(tom) == ([], [])
    end(handler, hill, number)
    assert seen(clara) == ([], [])


def test_of_a_parent_s_pupils_no_colleague_is_told(store: Store, handler: Handler, hill: Actor) -> None:
    a_pupil_of(handler, "Hill School", "Pip")
    _, clara = let_act(handler, hill, CLARA)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE commissioners SET kind = 'parent'")
    with store.reading() as connection:
        assert own_pupils(connection, hill.id or 0, MONDAY.date())
        assert own_pupils(connection, clara.id or 0, MONDAY.date()) == []


def test_a_colleague_marks_and_is_not_chased(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _, tom = let_act(handler, PAT, TOM)
    case_id = case_of(store, reference).id or 0
    with store.reading() as connection:
        assert is_party(connection, case_id, tom.id or 0, "provider")
        assert [row.id for row in providers_of(connection, tom.id or 0, "provider")] == [case_id]
        assert parties_of(connection, case_id) == [PAT.id]


def test_whoever_is_added_or_ended_while_cases_come_and_go_is_on_the_right_ones(store: Store, handler: Handler) -> None:
    """A case that is saved at the moment when somebody is added must not be left without them."""
    number, tom = let_act(handler, PAT, TOM)
    first = enquire(handler)
    new: list[Callable[[], object]] = [partial(enquire, handler, organisation=f"Farm {each}") for each in range(4)]
    more = [partial(let_act, handler, PAT, f"new{each}@elsewhere.example") for each in range(2)]
    moves = [partial(change_contact, handler, first, "dan@elsewhere.example"), partial(end, handler, PAT, number)]
    results = at_once(*new, *more, *moves)

    assert [one for one in results if isinstance(one, Exception)] == []
    _assert_that_everybody_is_where_they_belong(store)
    # Where the contact changed first, Tom acts for Dan there, and Pat can no longer end that.
    assert theirs(store, tom) in ([], [first])


@pytest.mark.parametrize("seed", range(4))
def test_a_colleague_never_has_a_case_that_whom_they_act_for_has_not(store: Store, handler: Handler, seed: int) -> None:
    """Whatever is done in whatever order: added, ended, begun, and its contact changed."""
    chance = random.Random(seed)
    addresses = [f"person{each}@elsewhere.example" for each in range(4)]
    references = [enquire(handler, contact_email=email, organisation=email) for email in addresses]
    for _ in range(25):
        email, other = chance.sample(addresses, 2)
        with store.reading() as connection:
            row = people.person_by_email(connection, email)
            assert row is not None
            rows = connection.execute(select(colleagues.c.id).where(colleagues.c.person_id == row.id)).scalars().all()
        named = people.actor_of(row)
        match chance.randrange(5):
            case 0:
                references.append(enquire(handler, contact_email=email, organisation=str(len(references))))
            case 1 if rows:
                end(handler, named, chance.choice(rows))
            case 2:
                change_contact(handler, chance.choice(references), email)
            case _:
                try:
                    let_act(handler, named, other)
                except Invalid:
                    continue
        _assert_that_everybody_is_where_they_belong(store)


def _assert_that_everybody_is_where_they_belong(store: Store) -> None:
    with store.reading() as connection:
        now = connection.execute(select(colleagues).where(colleagues.c.ended_at.is_(None))).all()
        parties = connection.execute(select(case_parties)).all()
        every = connection.execute(select(cases.c.id)).scalars().all()
    for case in every:
        (named,) = (row for row in parties if row.case_id == case and row.colleague_of is None)
        expected = {row.colleague_id for row in now if (row.person_id, row.role) == (named.person_id, named.role)}
        found = {row.person_id for row in parties if row.case_id == case and row.colleague_of == named.person_id}
        beside = [row for row in parties if row.case_id == case and row.colleague_of not in (None, named.person_id)]
        assert (found, beside) == (expected, [])
