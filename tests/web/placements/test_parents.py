"""What parents and carers are sent and may read: by a link, by a code from a letter, and never what is not theirs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, NotFound
from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.records.reads import reads_of
from apflow.store.tables.messages import messages
from apflow.testing import DAN, MONDAY, OLIVE, PAT, StoppedClock
from apflow.web.site import Site
from tests.placing import Between, a_running_placement, refer
from tests.saying import said_in
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
WHO: dict[str, Any] = {"parent_name": "Ann Sparrow", "relation": "Mother", "responsible": True, "is_safe": True}
EMAIL: dict[str, Any] = {**WHO, "parent_email": "ann@home.example"}
POST: dict[str, Any] = {**WHO, "parent_name": "Bea Sparrow", "parent_address": "1 Made Up Lane\nBath\nBA1 1AA"}
REPORT: dict[str, Any] = {"progress": "Pip reads to the goats.", "next_report_on": "2026-12-01"}
_LINK = re.compile(r"https?://[^/]+(/for-parents/\S+)")


@pytest.fixture
def placed(site: Site) -> Between:
    """A placement that runs."""
    return a_running_placement(site)


def by_email(placed: Between) -> None:
    placed.fire(placed.school, "write_by_email", **EMAIL)


def by_post(placed: Between) -> None:
    placed.fire(placed.school, "write_by_post", **POST)


def open_tasks(placed: Between) -> list[str]:
    return [task.name for task in placed.case().tasks]


def mail_to(store: Store, email: str) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(messages).where(messages.c.to_email == email).order_by(messages.c.id)))


def newest_link(store: Store, email: str = "ann@home.example") -> str:
    found = _LINK.search(mail_to(store, email)[-1].text)
    assert found is not None
    return found[1]


def entered(client: Client, link: str) -> Client:
    assert client.post(link).headers["location"] == "/for-parents/page"
    return client


def test_a_report_reaches_the_parent_too_by_a_link_and_its_content_by_no_email(
    placed: Between, store: Store, client: Client
) -> None:
    by_email(placed)
    placed.fire(PAT, "report_progress", **REPORT)
    letters = mail_to(store, "ann@home.example")
    assert [letter.subject for letter in letters] == [
        f"How to read about the placement ({placed.reference})",
        f"There is a new report for you ({placed.reference})",
    ]
    for letter in letters:
        said = said_in(letter.to_name, letter.subject, letter.text, letter.html)
        assert not any(name in said for name in ("Pip", "Sparrow", "goats", "Made Up Farm")), letter.subject
    link = newest_link(store)
    assert "goats" not in client.get(link).text, "mail scanners follow links"
    shown = entered(client, link).get("/for-parents/page").text
    assert "Pip reads to the goats." in shown
    assert "Made Up Farm" in shown
    assert "Sally School" in shown, "whom to speak to"


def test_a_parent_sees_nothing_that_is_not_theirs(placed: Between, store: Store, client: Client) -> None:
    by_email(placed)
    placed.fire(
        placed.school,
        "note_contact",
        spoken_on=MONDAY.date().isoformat(),
        with_whom="Sally and Pat",
        about="Home",
        noted="A worry about home.",
    )
    placed.fire(
        placed.school,
        "do_not_contact",
        parent_name="Carl Other",
        relation="Father",
        responsible=False,
        not_because="A court order",
    )
    shown = entered(client, newest_link(store)).get("/for-parents/page").text
    for kept in ("Goats kick.", "A worry about home.", "Carl Other", "A court order", "It has goats.", "£"):
        assert kept not in shown, kept
    assert client.get(f"/cases/{placed.reference}").headers["location"].startswith("/sign-in")
    assert client.get("/for-parents/page/documents/agreement").status_code == 404


def test_each_look_of_a_parent_is_noted_with_the_pupil(placed: Between, store: Store, client: Client) -> None:
    by_email(placed)
    link = newest_link(store)
    client.get(link)
    entered(client, link).get("/for-parents/page")
    assert client.get("/for-parents/page/documents/record").content.startswith(b"%PDF")
    with store.reading() as connection:
        looks = [(row.name, row.page) for row in reads_of(connection, placed.pupil, limit=10)]
    assert ("Parent or carer 1", f"Placement {placed.reference}: for parents") in looks
    assert ("Parent or carer 1", f"Placement {placed.reference}: Record of a placement") in looks
    assert len(looks) == 2, "the page with the button shows nobody"


def test_who_must_not_be_contacted_is_never_written_to_and_their_link_opens_nothing(
    placed: Between, store: Store, client: Client
) -> None:
    by_email(placed)
    link = newest_link(store)
    placed.fire(OLIVE, "stop_contact", "1", not_because="They asked for nothing more")
    placed.fire(PAT, "report_progress", **REPORT)
    assert len(mail_to(store, "ann@home.example")) == 1
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert client.post(f"{link}/again").status_code == 200, "which says nothing of whether there is such an address"
    assert len(mail_to(store, "ann@home.example")) == 1


def test_a_link_opens_nothing_and_no_letter_is_printed_once_another_placement_says_not_to_contact_them(
    placed: Between, store: Store, client: Client, client_as: ClientAs
) -> None:
    by_email(placed)
    by_post(placed)
    link = newest_link(store)
    inside = entered(client, link)
    assert inside.get("/for-parents/page").status_code == 200
    letters = f"/cases/{placed.reference}/letters/2"
    assert client_as(OLIVE).post(letters).content.startswith(b"%PDF")

    other = refer(placed.site.handler, placed.school, placed.pupil, placed.case().fields["site"])
    for name in ("ann  SPARROW", "Bea Sparrow"):
        said = {"parent_name": name, "relation": "Mother", "responsible": True, "not_because": "A court order"}
        placed.site.handler.fire(other, "do_not_contact", said, actor=OLIVE, now=MONDAY)

    assert inside.get("/for-parents/page").status_code == 410
    assert client.get(link).status_code == 410
    client.post(f"{link}/again")
    assert len(mail_to(store, "ann@home.example")) == 1
    assert client_as(OLIVE).post(letters).status_code == 404


def test_a_changed_address_ends_the_links_before(
    placed: Between, store: Store, clock: StoppedClock, client: Client
) -> None:
    by_email(placed)
    old = newest_link(store)
    clock.at += timedelta(hours=1)
    placed.fire(placed.school, "now_by_email", "1", **{**EMAIL, "parent_email": "ann@new.example"})
    assert client.get(old).status_code == 410
    assert "Continue" in client.get(newest_link(store, "ann@new.example")).text


def test_an_old_link_sends_a_new_one_to_the_same_address(
    placed: Between, store: Store, clock: StoppedClock, client: Client
) -> None:
    by_email(placed)
    old = newest_link(store)
    clock.at += timedelta(hours=1)
    client.post(f"{old}/again")
    new = newest_link(store)
    assert new != old
    assert client.get(old).status_code == 410
    assert "Continue" in client.get(new).text
    for _ in range(5):
        client.post(f"{old}/again")
    assert len(mail_to(store, "ann@home.example")) == 4, "so often an hour, and no oftener"


def test_after_a_while_a_placement_that_has_ended_is_read_no_more(
    placed: Between, store: Store, clock: StoppedClock, client: Client
) -> None:
    by_email(placed)
    last = (MONDAY + timedelta(days=8)).date()
    ended: dict[str, Any] = {
        "ends_on": last.isoformat(),
        "standing_because": "It did not work.",
        "reflections": "No.",
        "kept_for": "six_years",
        "meanwhile": "The school",
    }
    clock.at += timedelta(days=8)
    placed.fire(placed.school, "break_off", **ended)
    for _ in range(2):  # As long as it is followed up they can read it, and for a while afterwards.
        placed.fire(placed.school, "say_what_is_next", has_now="school", next_steps="None.")
    link = newest_link(store)
    clock.at += timedelta(weeks=8) - timedelta(days=8)
    assert entered(client, link).get("/for-parents/page").status_code == 200
    clock.at += timedelta(days=9)
    assert client.get("/for-parents/page").status_code == 410


def test_a_parent_gives_a_view_and_asks_for_a_review(
    placed: Between, store: Store, client: Client, client_as: ClientAs
) -> None:
    by_email(placed)
    entered(client, newest_link(store))
    assert "Give your view" in client.get("/for-parents/page").text
    sent = {"who_says": "Mother", "view": "Pip is happy."}
    asks = {"who_says": "Mother", "asked_because": "More days"}
    assert client.post("/for-parents/page/do/parent_says", data={"who_says": "Mother"}).status_code == 422
    assert client.post("/for-parents/page/do/parent_says", data=sent).status_code == 303
    assert "Thank you" in client.get("/for-parents/page?done=parent_says").text
    assert "Pip is happy." in client_as(placed.school).get(f"/cases/{placed.reference}").text
    assert client.post("/for-parents/page/do/ask_for_review", data=asks).status_code == 303
    assert mail_to(store, "sally@hill-school.example")[-1].subject.startswith("A parent or carer asks for a review")
    assert client.get("/for-parents/page/do/ask_for_review").status_code == 404, "a review is being held"
    assert client.get("/for-parents/page/do/finish").status_code == 404


def test_a_concern_of_a_parent_reaches_the_council_and_neither_side_of_the_placement(
    placed: Between, store: Store, client: Client, client_as: ClientAs
) -> None:
    by_email(placed)
    entered(client, newest_link(store))
    assert "999" in client.get("/for-parents/page/do/parent_is_worried").text
    client.post("/for-parents/page/do/parent_is_worried", data={"concern": "They shout at him."})
    hear_all(placed.site.handler, machine_now=lambda: MONDAY)
    (concern,) = [child.reference for child in placed.case().children if child.kind == "worry"]
    with store.reading() as connection:
        begun = load_case(connection, concern)
    assert begun is not None
    assert (begun.fields["organisation"], begun.fields["placement"]) == ("Made Up Farm", placed.reference)
    assert {"triage_due", "lado_due"} <= begun.deadlines.keys(), "read the same day, and the LADO's day runs"
    assert "They shout at him." in client_as(OLIVE).get(f"/cases/{concern}").text
    for side in (placed.school, PAT):
        page = client_as(side).get(f"/cases/{placed.reference}").text
        assert not any(word in page for word in ("shout", "Tell the council of a concern", "CO-"))
        assert client_as(side).get(f"/cases/{concern}").status_code == 404
    later = entered(client, newest_link(store)).get("/for-parents/page").text
    assert concern not in later


def test_an_officer_logs_a_concern_about_the_provider_on_a_placement_and_neither_side_learns_of_it(
    placed: Between, client_as: ClientAs
) -> None:
    told = {"what_happened": "He was left alone.", "told_by": "school", "how_told": "By telephone"}
    placed.fire(OLIVE, "log_concern_here", **told)
    hear_all(placed.site.handler, machine_now=lambda: MONDAY)
    assert "Concern CO-" in Page(client_as(OLIVE).get(f"/cases/{placed.reference}")).text
    for side in (placed.school, PAT):
        for page in (f"/cases/{placed.reference}", f"/cases/{placed.reference}/timeline"):
            said = Page(client_as(side).get(page)).text
            assert [word for word in ("left alone", "CO-", "Concern", "Log a concern") if word in said] == []


def test_who_has_no_email_is_written_to_on_paper(
    placed: Between, store: Store, client: Client, client_as: ClientAs
) -> None:
    by_post(placed)
    placed.fire(PAT, "report_progress", **REPORT)
    assert open_tasks(placed).count("letter_to_post") == 1, "one letter has all that is new"
    school = client_as(placed.school)
    assert "Letter to print and post to Bea Sparrow (PDF)" in school.get(f"/cases/{placed.reference}").text
    letter = school.post(f"/cases/{placed.reference}/letters/1")
    assert letter.content.startswith(b"%PDF")
    for other in (PAT, DAN):
        assert client_as(other).post(f"/cases/{placed.reference}/letters/1").status_code == 404
    assert school.post(f"/cases/{placed.reference}/letters/2").status_code == 404
    placed.fire(placed.school, "letter_posted", posted_on=MONDAY.date().isoformat())
    assert "letter_to_post" not in open_tasks(placed)


def test_a_letter_is_recorded_as_posted_only_while_one_waits(placed: Between, client_as: ClientAs) -> None:
    offered = "/do/letter_posted"
    address = f"/cases/{placed.reference}"
    assert offered not in client_as(placed.school).get(address).text
    with pytest.raises(Blocked, match="no letter to post"):
        placed.fire(placed.school, "letter_posted", posted_on=MONDAY.date().isoformat())
    by_post(placed)
    assert offered in client_as(placed.school).get(address).text
    staff = Page(client_as(OLIVE).get(address)).below("Print and post a letter to a parent or carer")
    assert "Letter to print and post to Bea Sparrow (PDF)" in staff
    assert "Record that a letter was posted" in staff
    assert "What you did about it" not in staff
    placed.fire(placed.school, "letter_posted", posted_on=MONDAY.date().isoformat())
    assert offered not in client_as(OLIVE).get(address).text


def test_codes_are_tried_so_often_and_no_oftener(placed: Between, client: Client) -> None:
    by_post(placed)
    answers = [client.post("/for-parents", data={"code": f"BCDF-GHJK-LMNP-QRS{n}"}).status_code for n in range(2, 13)]
    assert answers == [422] * 10 + [429]


def test_nobody_who_has_an_account_becomes_a_parent_by_holding_the_role(placed: Between, store: Store) -> None:
    by_email(placed)
    somebody = Actor(OLIVE.id, "Somebody", frozenset({"parent"}))
    with pytest.raises(NotFound):
        placed.fire(somebody, "parent_says", who_says="Me", view="Nothing.")


def test_no_page_for_parents_opens_without_a_link(client: Client) -> None:
    assert client.get("/for-parents").status_code == 200
    for address in ("/for-parents/page", "/for-parents/page/do/parent_says", "/for-parents/page/documents/record"):
        assert client.get(address).status_code == 410, address
    assert client.get("/for-parents/no-such-link").status_code == 410


def test_a_parent_finds_whom_to_ring_and_by_when_to_say_what_they_think(
    placed: Between, store: Store, client: Client
) -> None:
    by_email(placed)
    placed.fire(placed.school, "call_review_now")

    shown = entered(client, newest_link(store)).get("/for-parents/page").text

    assert "ring children&#39;s social care now" in shown.replace("'", "&#39;")
    assert "Say what you think by Monday" in mail_to(store, "ann@home.example")[-1].text


def test_what_was_decided_last_is_the_first_that_they_read(placed: Between, store: Store, client: Client) -> None:
    by_email(placed)
    read = entered(client, newest_link(store))
    assert "What was decided last" not in read.get("/for-parents/page").text

    placed.fire(placed.school, "pause", standing_because="A burst pipe.", meanwhile="At school")
    placed.fire(placed.school, "resume", is_safe=True)

    page = Page(read.get("/for-parents/page"))
    headings = [text for level, text in page.headings if level == "h2"]
    assert headings.index("What was decided last") == headings.index("Where and when") - 1
    decided = page.below("What was decided last")
    assert "The placement went on" in decided
    assert "was paused" not in decided
    assert "was paused" in page.below("Changes and notices")
