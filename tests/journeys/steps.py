"""What people do in more than one story, as they would tell it."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from email.message import EmailMessage

from apflow.core.days.calendar import local_date
from apflow.store.people import people
from apflow.testing import bring_to
from tests.browser import follow
from tests.files import a_jpeg, a_pdf, a_png
from tests.journeys.live import Live
from tests.journeys.people import File, Person
from tests.saying import said_in

_REFERENCE = re.compile(r"[A-Z]{2}-[A-Z0-9]{4}-[A-Z0-9]{4}")
_BY_MAIL = re.compile(r" \([A-Z]{2}-[A-Z0-9-]+\)$")


def a_document(name: str = "policy.pdf") -> File:
    return {"name": name, "mimeType": "application/pdf", "buffer": a_pdf()}


def a_photo(name: str = "certificate.jpg") -> File:
    """A photograph of a paper, as people take with a telephone."""
    kind, content = ("image/png", a_png()) if name.endswith(".png") else ("image/jpeg", a_jpeg())
    return {"name": name, "mimeType": kind, "buffer": content}


def today(person: Person) -> date:
    return local_date(person.live.site.now())


def in_days(person: Person, days: int) -> date:
    return today(person) + timedelta(days=days)


def reference_on(person: Person) -> str:
    """The case's reference, as the page in front of them says it."""
    found = _REFERENCE.search(person.main.inner_text())
    assert found is not None
    return found.group()


def fill_in_the_enquiry(person: Person, organisation: str) -> None:
    person.types("Name of your organisation", organisation)
    person.types("Your full name", person.name)
    person.types("Email address", person.email)
    person.types("Postcode of your main site", "BA1 1AA")
    person.types("What do you offer, and to which ages?", "Growing and cooking, for ages 11 to 16, three days a week.")
    person.chooses("No, and we do not need to be")


def enquire(person: Person, organisation: str) -> str:
    """From the front page to the confirmation; the reference it gives."""
    person.opens("/")
    person.presses("Apply to join the list")
    fill_in_the_enquiry(person, organisation)
    person.presses("Continue")
    person.is_at("Check your answers")
    person.sees(organisation, person.email, "Growing and cooking")
    person.presses("Send your enquiry")
    person.is_at("We have received your enquiry")
    return reference_on(person)


def open_the_case(person: Person, reference: str) -> None:
    person.opens(f"/cases/{reference}")


def invite(officer: Person, reference: str) -> None:
    open_the_case(officer, reference)
    officer.presses("Invite the provider to send its papers")
    officer.presses("Invite the provider to send its papers")
    officer.is_told("The provider has been invited to send its papers")


def send_a_paper(provider: Person, file: File | None = None) -> None:
    """The document whose page is open, with the date it asks for."""
    provider.attaches(file or a_document())
    if provider.page.get_by_role("group", name="Date on the document").count():
        provider.dates("Date on the document", in_days(provider, -30))
    if provider.page.get_by_role("group", name="Date it expires").count():
        provider.dates("Date it expires", in_days(provider, 300))
    provider.presses("Send this document")
    provider.is_told("We have your document")


def say_it_does_not_apply(provider: Person, why: str) -> None:
    provider.unfolds("Tell us this does not apply to you")
    provider.types("Why it does not apply", why)
    provider.presses("Tell us this does not apply to you")
    provider.is_told("We have your reason")


def submit(provider: Person) -> None:
    """From the tracker, by way of check your answers."""
    provider.presses("Submit for checking")
    provider.ticks("Everything here is true and complete to the best of my knowledge")
    provider.presses("Continue")
    provider.is_at("Check your answers")
    provider.presses("Submit for checking")
    provider.is_told("We have your documents")


def it_is_blocked(person: Person, reference: str, event: str, reason: str) -> None:
    """Going to its form by address does not help: the page says why not."""
    person.opens(f"/cases/{reference}/do/{event}")
    person.is_at("not yet")
    person.sees(reason)


def it_cannot_be_done_now(person: Person, reference: str, event: str) -> None:
    person.opens(f"/cases/{reference}/do/{event}")
    person.is_at("this cannot be done now")


def a_panel_member_joins(live: Live, name: str, email: str, agency: str) -> None:
    with live.site.store.writing() as connection:
        people.add_person(
            connection, name=name, email=email, roles=["panel_member"], agency=agency, now=live.site.now()
        )


def subjects(letters: Iterable[EmailMessage]) -> list[str]:
    """What the e-mails are about, without the reference each ends with."""
    return [_BY_MAIL.sub("", str(letter["Subject"])) for letter in letters]


def a_school_has_an_account(live: Live, name: str, email: str) -> None:
    with live.site.store.writing() as connection:
        people.add_person(connection, name=name, email=email, roles=["commissioner"], agency=None, now=live.site.now())


def a_provider_on_the_list(live: Live) -> str:
    """PAT's, brought there without a browser; its reference."""
    reference = bring_to(live.site.handler, "approved", now=live.site.now())
    live.settle()
    return reference


def open_the_linked(person: Person, kind: str) -> None:
    """From a case to the newest that belongs with it and is of this kind; the two begin one after the other."""
    person.live.settle()
    person.page.reload()
    linked = person.page.get_by_role("region", name="Linked cases").get_by_role("listitem").filter(has_text=kind)
    follow(linked.last.get_by_role("link"))


def nothing_is_said_of(letters: Iterable[EmailMessage], *secrets: str) -> None:
    """None of the e-mails has these words in it, in its subject or in any of its parts."""
    for letter in letters:
        parts = (str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text")
        whole = said_in(str(letter["Subject"]), str(letter["To"]), *parts)
        assert [secret for secret in secrets if secret.lower() in whole.lower()] == [], letter["Subject"]


def do_to(person: Person, what: str, item: str) -> None:
    """Follow what can be done to one item of a set; which one it is only a screen reader says."""
    named = re.compile(rf"^{re.escape(what)}\s*: {re.escape(item)}$")
    follow(person.page.get_by_role("link", name=named))
