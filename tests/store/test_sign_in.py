"""How people prove who they are: links and codes that work once, sessions that end, tokens that are never kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.people import sign_in
from apflow.store.people.sign_in import Issued
from apflow.store.tables.people import api_tokens, people, sessions, sign_in_links
from apflow.testing import DAN, MONDAY, OLIVE, PAT, enquire
from tests.store.witness import at_once, rows

EMAIL = "pat@made-up-farm.example"
NOW = MONDAY
BROWSER = "the token of a browser"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def writing(store: Store) -> Iterator[Connection]:
    with store.writing() as connection:
        yield connection


# --- Links --------------------------------------------------------------------------------------------


def test_a_link_signs_its_person_in_once_and_leads_where_it_should(writing: Connection) -> None:
    issued = _issue(writing, next_path="/cases/AP-1")
    spent = sign_in.spend_link(writing, issued.token, NOW)
    assert spent is not None
    assert (spent.person_id, spent.name, spent.next_path) == (PAT.id, "Pat Provider", "/cases/AP-1")
    assert sign_in.spend_link(writing, issued.token, NOW) is None


def test_looking_at_a_link_does_not_spend_it(writing: Connection) -> None:
    issued = _issue(writing)
    assert sign_in.link(writing, issued.token, NOW) is not None
    assert sign_in.link(writing, issued.token, NOW) is not None
    assert sign_in.spend_link(writing, issued.token, NOW) is not None
    assert sign_in.link(writing, issued.token, NOW) is None


def test_a_link_runs_out(writing: Connection) -> None:
    issued = _issue(writing)
    assert sign_in.link(writing, issued.token, NOW + sign_in.LINK_LASTS - timedelta(microseconds=1)) is not None
    assert sign_in.spend_link(writing, issued.token, NOW + sign_in.LINK_LASTS) is None


def test_a_link_signs_nobody_in_who_is_no_longer_active(writing: Connection) -> None:
    issued = _issue(writing)
    _deactivate(writing, PAT.id)
    assert sign_in.spend_link(writing, issued.token, NOW) is None


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "\ud800"])
def test_a_token_nobody_issued_opens_nothing(writing: Connection, token: str) -> None:
    assert sign_in.link(writing, token, NOW) is None
    assert sign_in.spend_link(writing, token, NOW) is None
    assert sign_in.spent_link(writing, token) is None
    assert sign_in.session_person(writing, token, NOW) is None
    assert sign_in.token_person(writing, token) is None


def test_a_spent_link_still_tells_whose_it_was(writing: Connection) -> None:
    issued = _issue(writing)
    sign_in.spend_link(writing, issued.token, NOW)
    spent = sign_in.spent_link(writing, issued.token)
    assert spent is not None
    assert (spent.person_id, spent.used_at) == (PAT.id, NOW)


def test_a_link_used_by_many_at_once_lets_one_in(store: Store) -> None:
    with store.writing() as connection:
        issued = _issue(connection)
    results = at_once(*[_in_writing(store, lambda c: sign_in.spend_link(c, issued.token, NOW))] * 8)
    assert sum(result is not None for result in results) == 1


def test_the_link_in_a_notice_signs_the_provider_in(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    with store.reading() as connection:
        (kept,) = connection.execute(select(sign_in_links)).all()
    assert (kept.person_id, kept.next_path, kept.code_hash) == (PAT.id, f"/cases/{reference}", None)


# --- Codes --------------------------------------------------------------------------------------------


def test_a_code_does_what_its_link_would_and_spends_both(writing: Connection) -> None:
    issued = _issue(writing)
    spent = sign_in.spend_code(writing, f" {EMAIL.upper()} ", f" {issued.code} ", NOW, asked_by=BROWSER)
    assert spent is not None
    assert spent.person_id == PAT.id
    assert sign_in.spend_code(writing, EMAIL, issued.code, NOW, asked_by=BROWSER) is None
    assert sign_in.spend_link(writing, issued.token, NOW) is None


def test_a_code_works_for_its_own_address_only(writing: Connection) -> None:
    issued = _issue(writing)
    sign_in.issue_link(writing, DAN.id or 0, NOW, asked_by=BROWSER)
    assert sign_in.spend_code(writing, "dan@elsewhere.example", issued.code, NOW, asked_by=BROWSER) is None
    assert sign_in.spend_code(writing, "nobody@elsewhere.example", issued.code, NOW, asked_by=BROWSER) is None


def test_after_five_wrong_codes_the_right_one_no_longer_works(writing: Connection) -> None:
    issued = _issue(writing)
    for _ in range(sign_in.WRONG_CODES_ALLOWED):
        assert sign_in.spend_code(writing, EMAIL, _wrong(issued), NOW, asked_by=BROWSER) is None
    assert sign_in.spend_code(writing, EMAIL, issued.code, NOW, asked_by=BROWSER) is None


def test_after_four_wrong_codes_the_right_one_works(writing: Connection) -> None:
    issued = _issue(writing)
    for _ in range(sign_in.WRONG_CODES_ALLOWED - 1):
        sign_in.spend_code(writing, EMAIL, _wrong(issued), NOW, asked_by=BROWSER)
    assert sign_in.spend_code(writing, EMAIL, issued.code, NOW, asked_by=BROWSER) is not None


def test_a_new_code_works_after_five_wrong_ones_and_the_old_one_does_not(writing: Connection) -> None:
    old = _issue(writing)
    for _ in range(sign_in.WRONG_CODES_ALLOWED):
        sign_in.spend_code(writing, EMAIL, _wrong(old), NOW, asked_by=BROWSER)
    new = _issue(writing)
    assert old.code == new.code or sign_in.spend_code(writing, EMAIL, old.code, NOW, asked_by=BROWSER) is None
    assert sign_in.spend_code(writing, EMAIL, new.code, NOW, asked_by=BROWSER) is not None


def test_guessing_many_codes_at_once_gives_no_more_than_five_guesses(store: Store) -> None:
    with store.writing() as connection:
        issued = _issue(connection)
    at_once(*[_in_writing(store, lambda c: sign_in.spend_code(c, EMAIL, _wrong(issued), NOW, asked_by=BROWSER))] * 10)
    with store.reading() as connection:
        assert connection.execute(select(sign_in_links.c.wrong_codes)).scalar_one() == sign_in.WRONG_CODES_ALLOWED


def test_a_code_runs_out_and_is_of_no_use_to_the_inactive(writing: Connection) -> None:
    issued = _issue(writing)
    assert sign_in.spend_code(writing, EMAIL, issued.code, NOW + sign_in.LINK_LASTS, asked_by=BROWSER) is None
    _deactivate(writing, PAT.id)
    assert sign_in.spend_code(writing, EMAIL, issued.code, NOW, asked_by=BROWSER) is None


def test_the_links_of_notices_have_no_code_to_guess(store: Store, handler: Handler) -> None:
    enquire(handler)
    with store.writing() as connection:
        assert sign_in.spend_code(connection, EMAIL, "000000", NOW, asked_by=BROWSER) is None
    with store.reading() as connection:
        assert connection.execute(select(sign_in_links.c.wrong_codes)).scalar_one() == 0


def test_a_code_is_good_only_in_the_browser_that_asked_and_guesses_from_elsewhere_count_for_nothing(
    writing: Connection,
) -> None:
    issued = _issue(writing)
    for other in ("another browser", "", "\x00"):
        for _ in range(sign_in.WRONG_CODES_ALLOWED * 4):
            assert sign_in.spend_code(writing, EMAIL, issued.code, NOW, asked_by=other) is None
    assert writing.execute(select(sign_in_links.c.wrong_codes)).scalar_one() == 0
    assert sign_in.spend_code(writing, EMAIL, issued.code, NOW, asked_by=BROWSER) is not None


def test_a_link_that_no_browser_asked_for_has_a_code_that_can_be_typed_nowhere(writing: Connection) -> None:
    issued = _issue(writing, asked_by=None)
    assert sign_in.spend_code(writing, EMAIL, issued.code, NOW, asked_by="") is None
    assert sign_in.spend_link(writing, issued.token, NOW) is not None


def test_ten_wrong_codes_in_a_day_from_however_many_browsers_leave_their_owner_the_links(writing: Connection) -> None:
    for number in range(5):
        strange = _issue(writing, asked_by=f"stranger {number}")
        for _ in range(3):
            sign_in.spend_code(writing, EMAIL, _wrong(strange), NOW, asked_by=f"stranger {number}")
    wrong = writing.execute(select(func.sum(sign_in_links.c.wrong_codes))).scalar_one()
    assert wrong == sign_in.WRONG_CODES_A_DAY.most

    first, second = _issue(writing), _issue(writing)
    assert sign_in.spend_code(writing, EMAIL, first.code, NOW, asked_by=BROWSER) is None
    assert sign_in.spend_link(writing, second.token, NOW) is not None

    tomorrow = NOW + timedelta(days=1)
    later = sign_in.issue_link(writing, 7, tomorrow, asked_by=BROWSER)
    assert sign_in.spend_code(writing, EMAIL, later.code, tomorrow, asked_by=BROWSER) is not None


# --- Sessions -----------------------------------------------------------------------------------------


def test_a_session_is_its_persons_until_it_is_ended(writing: Connection) -> None:
    token = sign_in.start_session(writing, 1, NOW)
    person = sign_in.session_person(writing, token, NOW)
    assert person is not None
    assert (person.id, person.name, person.seen_at) == (1, "Olive Officer", NOW)
    sign_in.end_session(writing, token)
    assert sign_in.session_person(writing, token, NOW) is None


def test_a_session_left_idle_ends(writing: Connection) -> None:
    token = sign_in.start_session(writing, 1, NOW)
    assert sign_in.session_person(writing, token, NOW + sign_in.SESSION_IDLES - MINUTE) is not None
    assert sign_in.session_person(writing, token, NOW + sign_in.SESSION_IDLES) is None


def test_a_session_in_use_goes_on_until_its_time_is_up(writing: Connection) -> None:
    token = sign_in.start_session(writing, 1, NOW)
    for hours in range(1, 12):
        assert sign_in.session_person(writing, token, NOW + HOUR * hours) is not None
        sign_in.touch_session(writing, token, NOW + HOUR * hours)
    assert sign_in.session_person(writing, token, NOW + sign_in.SESSION_LASTS - MINUTE) is not None
    assert sign_in.session_person(writing, token, NOW + sign_in.SESSION_LASTS) is None


def test_someone_made_inactive_is_signed_out_at_once(writing: Connection) -> None:
    token = sign_in.start_session(writing, 1, NOW)
    _deactivate(writing, OLIVE.id)
    assert sign_in.session_person(writing, token, NOW) is None


def test_ending_one_session_leaves_the_others(writing: Connection) -> None:
    one, other = sign_in.start_session(writing, 1, NOW), sign_in.start_session(writing, 1, NOW)
    sign_in.end_session(writing, one)
    assert sign_in.session_person(writing, other, NOW) is not None


# --- API tokens ---------------------------------------------------------------------------------------


def test_a_token_acts_as_its_person_until_it_is_revoked(writing: Connection) -> None:
    token = sign_in.issue_api_token(writing, 1, "The finance system", NOW)
    person = sign_in.token_person(writing, token)
    assert person is not None
    assert person.id == 1
    writing.execute(update(api_tokens).values(revoked_at=NOW))
    assert sign_in.token_person(writing, token) is None


def test_a_token_of_someone_inactive_is_of_no_use(writing: Connection) -> None:
    token = sign_in.issue_api_token(writing, 1, "The finance system", NOW)
    _deactivate(writing, 1)
    assert sign_in.token_person(writing, token) is None


def test_no_token_or_code_is_kept_as_it_was_told(store: Store) -> None:
    with store.writing() as connection:
        issued = _issue(connection)
        told = [
            issued.token,
            issued.code,
            sign_in.start_session(connection, 1, NOW),
            sign_in.issue_api_token(connection, 1, "The finance system", NOW),
        ]
    kept = rows(store)
    held = repr([kept[table.name] for table in (sign_in_links, sessions, api_tokens)])
    assert [secret for secret in told if f"'{secret}'" in held] == []


def _issue(connection: Connection, **more: Any) -> Issued:
    return sign_in.issue_link(connection, 7, NOW, **{"asked_by": BROWSER, **more})


def _wrong(issued: Issued) -> str:
    return "111111" if issued.code != "111111" else "222222"


def _deactivate(connection: Connection, person: int | None) -> None:
    connection.execute(update(people).where(people.c.id == person).values(is_active=False))


def _in_writing(store: Store, act: Callable[[Connection], Any]) -> Callable[[], Any]:
    def call() -> Any:
        with store.writing() as connection:
            return act(connection)

    return call
