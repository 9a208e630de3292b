"""What is kept for those who read a case by a link: in the commit of what is written to them, or not at all."""

from sqlalchemy import func, select

from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.people.reader_links import reader_link, signed_of
from apflow.store.records.reads import note_reads, reads_of
from apflow.store.tables.messages import messages
from apflow.store.tables.reader_links import reader_links
from apflow.testing import MONDAY
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

ANN = {
    "parent_name": "Ann",
    "relation": "Mother",
    "responsible": True,
    "parent_email": "ann@home.example",
    "is_safe": True,
}


def test_a_link_is_kept_with_its_message_and_a_signature_with_what_was_signed(store: Store, handler: Handler) -> None:
    _, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, hill, pupil, site)
    prepare(handler, reference, hill)
    handler.fire(reference, "write_by_email", ANN, actor=hill, now=MONDAY)
    with store.reading() as connection:
        text = connection.execute(select(messages.c.text).where(messages.c.to_email == "ann@home.example")).scalar_one()
        token = text.partition("/for-parents/")[2].split()[0]
        link = reader_link(connection, token)
        assert connection.execute(select(func.count()).select_from(reader_links)).scalar_one() == 1
        case = load_case(connection, reference)
        assert case is not None
        assert [row.name for row in signed_of(connection, case.id or 0, "agreement")] == ["agreement"] * 2
    assert link is not None
    assert (link.reference, link.key, link.made_at) == (reference, "1", MONDAY)
    assert token not in str(link._mapping), "only its hash is kept"


def test_a_look_without_an_account_is_told_by_the_name_it_came_under(store: Store, handler: Handler) -> None:
    a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    with store.writing() as connection:
        note_reads(connection, person=None, reader="Parent or carer 1", pupils=[pupil], page="x", at=MONDAY)
    with store.reading() as connection:
        assert [row.name for row in reads_of(connection, pupil, limit=5)] == ["Parent or carer 1"]
