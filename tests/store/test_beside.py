"""What people keep beside a case, outside its version: drafts, looks and staged files; and the database's settings."""

from datetime import timedelta
from typing import Any

from apflow.handler import Handler
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.driver.inserts import insert_new
from apflow.store.tables.cases import drafts, looks
from apflow.store.tables.settings import settings
from apflow.testing import MONDAY, OLIVE, OSCAR, PAT, a_document, a_staged_file, enquire
from tests.brought import bring_to
from tests.store.witness import after_the_same_look, at_once, case_of, count


def test_a_draft_is_kept_for_its_person_form_and_item(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _draft(store, reference, {"message": "Wel"})
    assert _drafted(store, reference) == {"message": "Wel"}
    assert _drafted(store, reference, person=OSCAR.id) == {}
    assert _drafted(store, reference, event="close_enquiry") == {}
    assert _drafted(store, reference, item="public_liability") == {}


def test_a_later_draft_takes_the_place_of_the_earlier(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _draft(store, reference, {"message": "Wel"})
    _draft(store, reference, {"message": "Welcome", "ticked": ["a", "b"]})
    assert _drafted(store, reference) == {"message": "Welcome", "ticked": ["a", "b"]}
    assert count(store, drafts) == 1


def test_two_drafts_saved_at_once_leave_one(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    at_once(*[lambda: _draft(store, reference, {"message": "Welcome"})] * 4)
    assert count(store, drafts) == 1


def test_a_draft_does_not_touch_the_case(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    before = case_of(store, reference)
    _draft(store, reference, {"message": "Wel"})
    assert case_of(store, reference) == before


def test_a_draft_goes_when_its_form_is_sent_and_those_of_others_stay(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _draft(store, reference, {"message": "Wel"})
    _draft(store, reference, {"message": "Hel"}, person=OSCAR.id)
    handler.fire(reference, "invite", {"message": "Welcome"}, actor=OLIVE, now=MONDAY)
    assert _drafted(store, reference) == {}
    assert _drafted(store, reference, person=OSCAR.id) == {"message": "Hel"}


def test_the_version_last_looked_at_is_each_persons_own(store: Store, handler: Handler) -> None:
    case_id = case_of(store, enquire(handler)).id or 0
    with store.writing() as connection:
        assert beside.last_look(connection, person=1, case_id=case_id) == 0
        beside.note_look(connection, person=1, case_id=case_id, version=1, now=MONDAY)
        beside.note_look(connection, person=1, case_id=case_id, version=3, now=MONDAY)
        assert beside.last_look(connection, person=1, case_id=case_id) == 3
        assert beside.last_look(connection, person=2, case_id=case_id) == 0
    assert count(store, looks) == 1


def test_a_setting_is_kept_and_changed(store: Store) -> None:
    with store.writing() as connection:
        assert beside.setting(connection, "demo") is None
        beside.set_setting(connection, "demo", "yes")
        beside.set_setting(connection, "demo", "no")
        assert beside.setting(connection, "demo") == "no"


def test_inserting_what_is_there_already_tells_so_and_changes_nothing(store: Store) -> None:
    with store.writing() as connection:
        added = insert_new(connection, settings, {"name": "demo", "value": "yes"}, unique=["name"])
        again = insert_new(connection, settings, {"name": "demo", "value": "no"}, unique=["name"])
        assert beside.setting(connection, "demo") == "yes"
    assert added is not None
    assert added.name == "demo"
    assert again is None


# --- Files --------------------------------------------------------------------------------------------


def test_a_file_nobody_referred_to_in_time_is_forgotten(store: Store, handler: Handler) -> None:
    old = a_staged_file(store, PAT, now=MONDAY - timedelta(days=2))
    recent = a_staged_file(store, PAT, now=MONDAY)
    reference = bring_to(handler, "gathering_evidence")
    used = a_document(handler, PAT, "public_liability", now=MONDAY - timedelta(days=2))
    handler.fire(reference, "supply", used, actor=PAT, now=MONDAY, item="public_liability")
    assert _forget(store) == [old]
    with store.reading() as connection:
        assert beside.known_uploads(connection) == {recent, used["file"]}
    assert _forget(store) == []


def test_a_file_is_either_forgotten_or_referred_to_when_both_are_tried_at_once(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    document = a_document(handler, PAT, "public_liability", now=MONDAY - timedelta(days=2))

    def supply() -> Any:
        return handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="public_liability")

    def forget() -> list[str]:
        with store.reading():
            pass
        return _forget(store)

    _, forgotten = after_the_same_look(store, supply, forget)
    with store.reading() as connection:
        known = beside.known_uploads(connection)
    case_has_it = "evidence" in case_of(store, reference).items
    assert (case_has_it, known, forgotten) in [(True, {document["file"]}, []), (False, set(), [document["file"]])]


def test_a_file_is_known_with_the_case_that_holds_it(store: Store, handler: Handler) -> None:
    staged = a_staged_file(store, PAT)
    with store.reading() as connection:
        found = beside.upload(connection, staged)
        missing = beside.upload(connection, "no-such-file")
    assert found is not None
    assert (found.name, found.reference) == ("policy.pdf", None)
    assert missing is None


def _draft(store: Store, reference: str, answers: dict[str, Any], *, person: int | None = OLIVE.id) -> None:
    with store.writing() as connection:
        beside.save_draft(
            connection,
            person=person or 0,
            reference=reference,
            event="invite",
            item="",
            answers=answers,
            seen=1,
            now=MONDAY,
        )


def _drafted(
    store: Store, reference: str, *, person: int | None = OLIVE.id, event: str = "invite", item: str = ""
) -> dict[str, Any]:
    with store.reading() as connection:
        typed = beside.draft(connection, person=person or 0, reference=reference, event=event, item=item)
    return dict(typed.answers) if typed else {}


def _forget(store: Store) -> list[str]:
    with store.writing() as connection:
        return beside.forget_orphans(connection, MONDAY - timedelta(days=1))
