"""Closed cases: how long they are kept, what holds one back, who decides, and the stub that is left."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.rounds.nightly import checking
from apflow.store.reading.history import broken_chains, history_of
from apflow.store.tables.cases import case_items, case_parties, cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PETRA, StoppedClock, enquire
from apflow.web.site import Site
from tests.breaches import HAPPENED, a_data_protection_officer, report
from tests.brought import bring_to
from tests.removal import a_second_manager
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
TWO_YEARS_ON = datetime(2028, 11, 6, 10, tzinfo=UTC)
SEVEN_YEARS_ON = datetime(2033, 11, 7, 10, tzinfo=UTC)
UNTIL = {"ask_again_on-day": "1", "ask_again_on-month": "2", "ask_again_on-year": "2029"}
REFUSED = {"reasons": "Quentin Quill told us that the farm is closed.", "what_next": "Nothing."}


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


def all_is_sent(site: Site) -> None:
    """Whatever e-mail waits has gone."""
    with site.store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))


@pytest.fixture
def ended(site: Site) -> str:
    """An enquiry that came to nothing."""
    reference = enquire(site.handler)
    site.handler.alert(reference, "mail_failed", "Quentin Quill is not there.", now=MONDAY)
    with site.store.reading() as connection:
        (task,) = connection.execute(select(tasks.c.id).where(tasks.c.is_alert)).scalars()
    site.handler.complete(reference, task, "Quentin Quill was rung.", actor=OLIVE, now=MONDAY)
    site.handler.fire(reference, "close_enquiry", REFUSED, actor=OLIVE, now=MONDAY)
    all_is_sent(site)
    return reference


@pytest.fixture
def over(ended: str, clock: StoppedClock) -> str:
    """The same, once its time is over."""
    clock.at = TWO_YEARS_ON
    return ended


def erase(client: Client, reference: str) -> Page:
    form = read(client, f"/cases/{reference}/kept").form("Erase this case")
    sent = form.send(client, because="Two years are over.", sure="yes")
    assert sent.headers["location"] == "/retention/cases?done=erased"
    return read(client, sent.headers["location"])


def forced(client: Client, reference: str) -> int:
    """The answer to an erasure that no page offers."""
    sent = client.post(f"/cases/{reference}/kept/erase", data={"because": "Now.", "sure": "yes"})
    return int(sent.status_code)


def test_one_whose_time_is_over_is_listed_with_its_rule_and_what_will_be_is_too(
    site: Site, client_as: ClientAs, ended: str, clock: StoppedClock
) -> None:
    magda = client_as(MAGDA)
    assert ended not in read(magda, "/retention/cases").text

    clock.at = TWO_YEARS_ON - timedelta(days=100)
    assert ended in read(magda, read(magda, "/retention").link("How long closed cases are kept")).text

    clock.at = TWO_YEARS_ON
    page = read(magda, "/retention/cases")
    assert "2 years after 2 Nov 2026, when it was closed" in page.text


def test_a_manager_erases_it_and_a_stub_is_left(site: Site, client_as: ClientAs, over: str) -> None:
    magda = client_as(MAGDA)

    page = erase(magda, over)

    assert f"{over} (The approved provider list), closed on 2 Nov 2026: erased on 6 November 2028" in page.text
    assert "by Magda Manager. Two years are over. 2 years after 2 Nov 2026, when it was closed." in page.text
    stub = read(magda, f"/cases/{over}")
    assert stub.heading.endswith("Erased")
    assert "What this case said was erased on 6 November 2028" in stub.text
    for word in ("Quentin", PAT.name, "Made Up Farm"):
        assert word not in stub.text
    assert "by Magda Manager. Two years are over. It was kept until then by this rule: 2 years after" in stub.text


def test_nothing_of_what_it_said_is_left_in_the_database(site: Site, client_as: ClientAs, over: str) -> None:
    erase(client_as(MAGDA), over)

    with site.store.reading() as connection:
        (row,) = connection.execute(select(cases).where(cases.c.reference == over))
        kept: list[object] = [row]
        for table in (case_items, case_parties, history, messages, tasks):
            kept += connection.execute(select(table).where(table.c.case_id == row.id))
    said = repr(kept)
    for word in ("Quentin", PAT.name, "pat@made-up-farm.example", "Made Up Farm", "Olive Officer"):
        assert word not in said, word


def test_its_history_still_says_what_was_done_when_and_verifies(site: Site, client_as: ClientAs, over: str) -> None:
    with site.store.reading() as connection:
        before = [(entry.name, entry.at) for entry in history_of(connection, over)]

    erase(client_as(MAGDA), over)

    with site.store.reading() as connection:
        assert [(entry.name, entry.at) for entry in history_of(connection, over)] == before
        assert list(broken_chains(connection)) == []


def test_it_is_not_erased_before_its_time(site: Site, client_as: ClientAs, ended: str) -> None:
    magda = client_as(MAGDA)
    assert "It cannot be erased now: its time is not over" in read(magda, f"/cases/{ended}/kept").text

    assert forced(magda, ended) == 409
    assert PAT.name in read(magda, f"/cases/{ended}").text


def test_what_is_added_later_begins_its_time_anew(site: Site, client_as: ClientAs, over: str) -> None:
    with site.store.writing() as connection:
        connection.execute(update(cases).where(cases.c.reference == over).values(changed_at=MONDAY + timedelta(days=9)))

    page = read(client_as(MAGDA), f"/cases/{over}/kept")

    assert "2 years after 11 Nov 2026, when something was last added to it" in page.text
    assert forced(client_as(MAGDA), over) == 409


def test_a_hold_keeps_it_until_it_is_let_go(site: Site, client_as: ClientAs, over: str) -> None:
    magda, olive = client_as(MAGDA), client_as(OLIVE)
    form = read(olive, f"/cases/{over}/kept").form("Hold it back")
    form.send(olive, held_because="A public inquiry has asked for it.", **UNTIL)
    assert "Olive Officer holds it back: A public inquiry has asked for it." in read(magda, "/retention/cases").text
    assert forced(magda, over) == 409

    read(magda, f"/cases/{over}/kept").form("Hold it back no longer").send(magda)

    erase(magda, over)


def test_it_is_not_an_officer_s_to_decide(site: Site, client_as: ClientAs, over: str) -> None:
    olive = client_as(OLIVE)
    assert "That is not yours to decide" in read(olive, f"/cases/{over}/kept").text

    assert forced(olive, over) == 404
    assert client_as(PETRA).get("/retention/cases").status_code == 404


def test_one_that_is_open_is_never_erased(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    clock.at = SEVEN_YEARS_ON

    assert client_as(MAGDA).get(f"/cases/{reference}/kept").status_code == 404
    assert forced(client_as(MAGDA), reference) == 404


def test_nothing_is_added_to_a_stub(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    dora = a_data_protection_officer(site.store)
    breach = report(site.handler)
    site.handler.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    all_is_sent(site)
    clock.at = SEVEN_YEARS_ON
    erase(client_as(MAGDA), breach)

    with pytest.raises(Blocked, match="was erased"):
        site.handler.fire(breach, "whom_it_is_about", {}, actor=dora, now=SEVEN_YEARS_ON)
    assert HAPPENED not in read(client_as(MAGDA), f"/cases/{breach}").text


def test_whoever_may_not_see_a_case_neither_reads_that_its_time_is_over_nor_erases_it(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    dora, morgan = a_data_protection_officer(site.store), a_second_manager(site.handler)
    breach = report(site.handler, about_managers=[MAGDA.id])
    site.handler.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    all_is_sent(site)
    clock.at = SEVEN_YEARS_ON

    assert breach not in read(client_as(MAGDA), "/retention/cases").text
    assert forced(client_as(MAGDA), breach) == 404
    assert breach not in read(client_as(OLIVE), "/retention/cases").text, "it is hers as who reported it"
    assert client_as(OLIVE).get(f"/cases/{breach}/kept").status_code == 404
    erase(client_as(morgan), breach)
    assert breach not in read(client_as(OLIVE), "/retention/cases").text


def test_whom_it_is_hidden_from_it_stays_hidden_from_once_it_is_erased(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    dora, morgan = a_data_protection_officer(site.store), a_second_manager(site.handler)
    breach = report(site.handler, about_managers=[MAGDA.id])
    site.handler.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    all_is_sent(site)
    clock.at = SEVEN_YEARS_ON

    assert breach in erase(client_as(morgan), breach).text

    assert breach not in read(client_as(MAGDA), "/retention/cases").text
    for address in (f"/cases/{breach}", f"/cases/{breach}/kept"):
        assert client_as(MAGDA).get(address).status_code == 404
    assert forced(client_as(MAGDA), breach) == 404


def test_an_outsider_has_no_such_pages(site: Site, client_as: ClientAs, over: str) -> None:
    pat = client_as(PAT)

    assert pat.get(f"/cases/{over}").status_code == 200
    assert pat.get(f"/cases/{over}/kept").status_code == 404
    assert forced(pat, over) == 404
    assert "How long this is kept" not in read(pat, f"/cases/{over}").text
    hold = {"held_because": "It is mine.", **UNTIL}
    assert pat.post(f"/cases/{over}/kept/hold", data=hold).status_code == 404


def test_the_second_is_told_who_was_first(site: Site, client_as: ClientAs, over: str) -> None:
    morgan = client_as(a_second_manager(site.handler))
    form = read(morgan, f"/cases/{over}/kept").form("Erase this case")
    hold = read(morgan, f"/cases/{over}/kept").form("Hold it back")
    erase(client_as(MAGDA), over)

    for refused in (
        form.send(morgan, because="It is time.", sure="yes"),
        hold.send(morgan, held_because="No.", **UNTIL),
    ):
        assert refused.status_code == 409
        assert "Magda Manager erased it on 6 Nov 2028: Two years are over." in Page(refused).text
    assert "erased on 6 November 2028" in read(morgan, f"/cases/{over}/kept").text


def test_a_hold_says_when_it_is_asked_again_and_holds_after_that_day_too(
    site: Site, client_as: ClientAs, over: str, clock: StoppedClock
) -> None:
    magda = client_as(MAGDA)
    form = read(magda, f"/cases/{over}/kept").form("Hold it back")
    past = {**UNTIL, "ask_again_on-year": "2027"}
    assert form.send(magda, held_because="A claim.", **past).status_code == 422
    assert form.send(magda, held_because="A claim.").status_code == 422
    form.send(magda, held_because="A claim.", **UNTIL)
    assert "A claim. To be asked again on 1 Feb 2029." in read(magda, "/retention/cases").text

    clock.at = datetime(2029, 2, 1, 10, tzinfo=UTC)

    assert "To be asked again on 1 Feb 2029, which has come" in read(magda, "/retention/cases").text
    assert forced(magda, over) == 409


def test_an_event_on_a_stub_is_refused_on_the_page_and_in_the_api(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    dora = a_data_protection_officer(site.store)
    breach = report(site.handler)
    site.handler.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    all_is_sent(site)
    clock.at = SEVEN_YEARS_ON
    magda = client_as(MAGDA)
    before = read(magda, f"/cases/{breach}")
    assert "Open it: it was a breach after all" in before.text
    erase(magda, breach)

    assert "Open it: it was a breach after all" not in read(magda, f"/cases/{breach}").text
    assert 400 <= magda.get(f"/cases/{breach}/do/was_one").status_code < 500
    assert 400 <= magda.post(f"/cases/{breach}/do/was_one", data={"step": "send"}).status_code < 500
    for address in ("", "/timeline", "/kept", "/diagram", "/told"):
        assert magda.get(f"/cases/{breach}{address}").status_code in (200, 404), address


def test_lists_and_searches_do_not_find_it_any_more(site: Site, client_as: ClientAs, over: str) -> None:
    magda = client_as(MAGDA)
    found = "/cases?q=Made+Up+Farm&closed=yes"
    assert f"/cases/{over}" in magda.get(found, follow_redirects=True).text
    erase(magda, over)

    assert f"/cases/{over}" not in magda.get(found, follow_redirects=True).text
    for address in ("/cases?closed=yes", "/emails", "/work", "/reports?first=2026-09-01&last=2026-12-31"):
        assert "Made Up Farm" not in magda.get(address).text, address
        assert PAT.name not in magda.get(address).text, address


def test_the_rules_are_told_in_plain_words_with_why(client_as: ClientAs) -> None:
    page = read(client_as(OLIVE), "/retention/cases")

    assert "No case’s time is over." in page.text
    assert "Nothing has been erased yet." in page.text
    assert "Only: Keeping children safe, or how an adult behaves towards them" in page.text
    assert "6 years, counted from when what it belongs to is closed" in page.text
    assert "UK GDPR, article 33(5): breaches are documented" in page.text


def test_of_a_great_many_the_longest_over_are_shown_and_the_rest_are_counted(
    site: Site, client_as: ClientAs, over: str, clock: StoppedClock
) -> None:
    with site.store.writing() as connection:
        row = dict(connection.execute(select(cases).where(cases.c.reference == over)).mappings().one())
        del row["id"]
        connection.execute(insert(cases), [{**row, "reference": f"AP-LOTS-{number:04}"} for number in range(54)])

    page = read(client_as(MAGDA), "/retention/cases")

    assert "And 5 more, whose time was over later." in page.text
    assert page.text.count("2 years after 2 Nov 2026") == 50


def test_a_manager_s_work_and_what_the_night_found_lead_to_what_waits_for_a_decision(
    site: Site, client_as: ClientAs, over: str
) -> None:
    night = TWO_YEARS_ON - timedelta(hours=6)
    list(checking(site.handler, lambda: night, lambda: night))
    magda = client_as(MAGDA)

    leads = {"/work": 'href="/retention">Retention', "/findings": 'href="/retention"><span class="app-reference">Ret'}
    for address, link in leads.items():
        page = read(magda, address)
        assert link in magda.get(address).text, address
        assert "the time of something that is kept is over" in page.text.lower()
    assert "Decide what is erased" in read(magda, "/work").text


def test_whom_it_alone_named_is_signed_out_and_told_at_sign_in_what_everybody_is(
    site: Site, client_as: ClientAs, client: Client, over: str
) -> None:
    pat = client_as(PAT)
    assert pat.get(f"/cases/{over}").status_code == 200
    asked = client.post("/sign-in", data={"email": "nobody@unknown.example"}).text
    erase(client_as(MAGDA), over)

    again = client.post("/sign-in", data={"email": "pat@made-up-farm.example"})

    assert again.text.replace("pat@made-up-farm.example", "nobody@unknown.example") == asked
    assert pat.get(f"/cases/{over}").status_code != 200
    with site.store.reading() as connection:
        assert connection.execute(select(messages.c.id).where(messages.c.notice == "sign_in/link")).all() == []
