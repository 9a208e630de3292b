"""An e-mail that did not go is sent again by one of the staff, written as its case stands now, and once only."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from apflow.core.errors import NotFound, NotOpen
from apflow.core.people.actor import Actor
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport
from apflow.settings import shipped
from apflow.store.cases.loading import load_case
from apflow.store.reading.history import history_of
from apflow.store.tables.messages import messages
from apflow.store.tables.people import sign_in_links
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, a_handler, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.handing import NORA, SALLY, TELLS, change_school, running
from tests.placing import a_listed_site, a_school_with_an_account
from tests.store.witness import at_once
from tests.web.browsing import Client
from tests.web.reading import Page

INVITED = "provider/invited_to_apply"


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    """A copy of the shipped e-mails."""
    return Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))


@pytest.fixture
def unwritten(site: Site, notices: Path) -> str:
    """A provider that was invited, though the e-mail could not be written; its template is mended since."""
    (notices / "provider" / "invited_to_apply.txt").write_text("{{ nobody.knows.this }}", encoding="utf-8")
    door = a_handler(site.store, site.library, notifications=notices)
    reference = enquire(door)
    door.fire(reference, "invite", {"message": "We look forward to it."}, actor=OLIVE, now=MONDAY)
    send_due(site.store, MailboxTransport(), site.handler, lambda: MONDAY, lambda: MONDAY)
    return reference


def of(site: Site, notice: str = INVITED) -> list[Row[Any]]:
    with site.store.reading() as connection:
        return list(connection.execute(select(messages).where(messages.c.notice == notice).order_by(messages.c.id)))


@pytest.fixture
def olive(client_as: Callable[[Actor], Client]) -> Client:
    return client_as(OLIVE)


def test_one_that_could_not_be_written_is_written_once_its_template_is_mended(
    site: Site, olive: Client, unwritten: str
) -> None:
    (failed,) = of(site)
    before = Page(olive.get(f"/emails/{failed.id}"))
    sent = before.form("Send it again").send(olive)
    a_minute_later = site.now() + timedelta(minutes=1)  # Until then it can be taken back.
    send_due(site.store, MailboxTransport(), site.handler, lambda: a_minute_later, site.now)

    assert "We look forward to it." in before.below("Send it again")
    assert sent.headers["location"] == f"/emails/{failed.id}?done=again"
    old, new = of(site)
    assert (old.status, old.error) == ("failed", "Sent again by Olive Officer.")
    assert (new.status, new.to_email, new.message_id != old.message_id) == ("sent", "pat@made-up-farm.example", True)
    assert "We look forward to it." in new.text
    after = Page(olive.get(sent.headers["location"])).text
    assert "It is written again, and goes to pat@made-up-farm.example." in after
    assert "Send it again" not in after
    with site.store.reading() as connection:
        last = history_of(connection, unwritten)[-1]
        links = connection.execute(select(sign_in_links.c.next_path)).scalars().all()
    assert (last.kind, last.name, last.actor_name) == ("task", "sent_again email", "Olive Officer")
    assert last.payload["notices"] == [{"notice": INVITED, "to": new.to_name}]
    assert links.count(f"/cases/{unwritten}") == 2  # That of the enquiry's, and that of the one that went.
    page = Page(olive.get(f"/cases/{unwritten}")).text
    assert "Sent again: email" in page


def test_the_task_about_it_is_done_and_comes_anew_if_it_does_not_go_again(site: Site, unwritten: str) -> None:
    (failed,) = of(site)
    other = f"The email “Another” (provider/enquiry_received) to {failed.to_email} could not be delivered: Full."
    site.handler.alert(unwritten, "mail_failed", other, now=MONDAY)
    before = about_emails(site, unwritten)

    site.handler.send_again(unwritten, failed.id, actor=OSCAR, now=site.now())

    assert len(before) == 2
    assert about_emails(site, unwritten) == [other], "the other e-mail has not been sent again"
    with site.store.writing() as connection:
        nowhere = {"status": "failed", "error": "No such mailbox."}
        connection.execute(update(messages).where(messages.c.id == of(site)[-1].id).values(nowhere))
    send_due(site.store, MailboxTransport(), site.handler, site.now, site.now)
    assert len(about_emails(site, unwritten)) == 2


def about_emails(site: Site, reference: str) -> list[str]:
    """The notes of what is to be done because an e-mail did not go."""
    with site.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return [task.note for task in case.tasks if task.name == "mail_failed"]


def test_of_two_who_press_at_once_one_sends_it(site: Site, unwritten: str) -> None:
    (failed,) = of(site)

    def press(who: Actor) -> Callable[[], object]:
        return lambda: site.handler.send_again(unwritten, failed.id, actor=who, now=site.now())

    came = at_once(*[press(who) for who in (OLIVE, OSCAR, MAGDA)])

    assert sorted(type(one).__name__ for one in came) == ["NotOpen", "NotOpen", "Saved"]
    assert len(of(site)) == 2


def test_whoever_comes_too_late_is_told_so(site: Site, olive: Client, unwritten: str) -> None:
    (failed,) = of(site)
    form = Page(olive.get(f"/emails/{failed.id}")).form("Send it again")
    site.handler.send_again(unwritten, failed.id, actor=OSCAR, now=site.now())

    late = form.send(olive)

    assert late.status_code == 409
    assert "This email has been sent, stopped, or sent again already." in Page(late).text
    assert len(of(site)) == 2


def test_while_the_template_has_its_slip_it_says_so_and_sends_nothing(
    site: Site, sign_in_to: Callable[[Site, Actor], Client], unwritten: str, notices: Path
) -> None:
    (failed,) = of(site)
    broken = a_handler(site.store, site.library, notifications=notices)
    officer = sign_in_to(replace(site, handler=broken), OLIVE)

    shown = Page(officer.get(f"/emails/{failed.id}"))
    pressed = officer.post(f"/emails/{failed.id}/again")

    assert "there is a slip in notifications/provider/invited_to_apply.txt" in shown.below("It cannot be sent again")
    assert pressed.status_code == 409
    assert len(of(site)) == 1


def test_one_that_the_server_would_not_take_is_sent_again_to_the_same_address_and_to_no_other(
    site: Site, olive: Client
) -> None:
    reference = enquire(site.handler)
    (received,) = of(site, "provider/enquiry_received")
    with site.store.writing() as connection:
        gave_up = {"status": "failed", "error": "550 No such user", "alerted_at": MONDAY}
        connection.execute(update(messages).where(messages.c.id == received.id).values(gave_up))
    form = Page(olive.get(f"/emails/{received.id}")).form("Send it again")
    new_contact = {
        "contact_name": "Nell New",
        "contact_email": "nell@made-up-farm.example",
        "how_known": "We rang them.",
    }
    site.handler.fire(reference, "change_contact", new_contact, actor=OLIVE, now=MONDAY)

    refused = form.send(olive)

    assert refused.status_code == 409
    assert "would not write to pat@made-up-farm.example now" in Page(refused).text
    assert len(of(site, "provider/enquiry_received")) == 1


def test_one_that_somebody_else_should_have_says_whom_it_goes_to_now(site: Site, olive: Client) -> None:
    school = a_school_with_an_account(site.handler, "Hill School", "999901", SALLY)
    _, place = a_listed_site(site.handler)
    placement = running(site.handler, school, place)
    site.handler.fire(placement, "safeguarding_matter", TELLS, actor=PAT, now=MONDAY)
    change_school(site.handler, None)
    change_school(site.handler)
    stopped = next(one for one in of(site, "placement/read_today") if one.to_email == SALLY)

    before = Page(olive.get(f"/emails/{stopped.id}"))
    sent = before.form("Send it again").send(olive)

    assert f"goes to {NORA}, who is written to there now" in before.below("Send it again")
    assert f"It is written again, and goes to {NORA}." in Page(olive.get(sent.headers["location"])).text


def test_a_reminder_of_what_is_done_is_not_sent_again(site: Site, olive: Client) -> None:
    reference = enquire(site.handler)
    morning = MONDAY.replace(hour=9, minute=0) + timedelta(days=4)
    site.handler.ring(reference, "answer_due", token=0, now=morning)
    with site.store.writing() as connection:
        gave_up = {"status": "failed", "error": "550 No such user", "together": None}
        connection.execute(update(messages).where(messages.c.deadline == "answer_due").values(gave_up))
    (reminder,) = of(site, "provider/work_due_soon")
    offered = Page(olive.get(f"/emails/{reminder.id}")).text
    site.handler.fire(reference, "invite", {"message": "Welcome."}, actor=OLIVE, now=morning)

    done = Page(olive.get(f"/emails/{reminder.id}"))

    assert "Send it again" in offered
    assert "Nothing on the case sends this email any more." in done.below("It cannot be sent again")


def test_nobody_but_those_who_keep_records_sends_one_again(
    site: Site, client_as: Callable[[Actor], Client], unwritten: str
) -> None:
    (failed,) = of(site)

    assert client_as(PAT).post(f"/emails/{failed.id}/again").status_code == 404
    with pytest.raises(NotFound):
        site.handler.send_again(bring_to(site.handler, "enquiry"), failed.id, actor=OLIVE, now=MONDAY)
    with pytest.raises(NotOpen):
        site.handler.send_again(unwritten, of(site, "provider/enquiry_received")[0].id, actor=OLIVE, now=MONDAY)
    assert len(of(site)) == 1
