"""The form of any event: nothing typed is lost, nothing happens twice, and every no says how to go on."""

from collections.abc import Callable

from httpx import Response
from sqlalchemy.event import listen

from apflow.core.snapshot import Snapshot
from apflow.store import beside
from apflow.store.cases.loading import load_case
from apflow.store.reading.files import files_of
from apflow.store.reading.history import history_of
from apflow.testing import DAN, MONDAY, OLIVE, OSCAR, PAT, PAVEL, PETRA, POPPY, a_document, enquire
from apflow.uploads import SIZE_LIMIT
from apflow.web.site import Site
from apflow.web.wording import role_words
from tests.brought import bring_to
from tests.files import a_pdf
from tests.web.browsing import Client
from tests.web.reading import Form, Page

ClientAs = Callable[..., Client]
PDF = ("insurance.pdf", a_pdf(), "application/pdf")
NEXT_YEAR = {"expires_on__day": "1", "expires_on__month": "11", "expires_on__year": "2027"}


def test_the_form_of_an_event_asks_what_the_workflow_says(site: Site, client_as: ClientAs) -> None:
    page = Page(client_as(OLIVE).get(f"/cases/{enquire(site.handler)}/do/close_enquiry"))
    assert page.status == 200
    assert "Close the enquiry" in page.heading
    assert "Why it cannot go forward, in words for the provider" in page.text
    assert "What the provider could do next (optional)" in page.text


def test_sending_a_form_fires_the_event_and_says_so_on_the_case(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/invite")).form("Invite the provider")
    sent = form.send(officer, "Invite the provider", message="See you soon.")
    assert sent.status_code == 303
    page = Page(officer.get(sent.headers["location"]))
    assert "The provider has been invited to send its papers" in page.text
    assert _case(site, reference).state == "gathering_evidence"


def test_a_question_may_be_called_as_what_the_form_carries_for_itself(site: Site, client_as: ClientAs) -> None:
    reference, day = bring_to(site.handler, "visit"), MONDAY.date().isoformat()
    meeting = {"visit_on": day, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive"}
    site.handler.fire(reference, "arrange_visit", meeting, actor=OLIVE, now=MONDAY)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/record_visit")).form("Record what the visit found")

    said = {"visited_on": day, "visit_outcome": "satisfied", "no_surprise": "yes"}
    sent = form.send(officer, "Record what the visit found", seen=[form.value("seen"), "A calm morning."], **said)

    assert sent.status_code == 303
    with site.store.reading() as connection:
        recorded = history_of(connection, reference)[-1]
    assert recorded.payload["answers"]["seen"] == "A calm morning."


def test_a_banner_is_not_shown_for_what_has_not_happened(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    page = Page(client_as(OLIVE).get(f"/cases/{reference}?done=approve"))
    assert "on the approved list, and has been told" not in page.text


def test_what_was_typed_is_still_there_when_another_answer_is_missing(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/close_enquiry")).form("Close the enquiry")
    page = Page(form.send(officer, "Close the enquiry", what_next="Come back in the spring."))
    assert page.status == 422
    assert page.errors == {"reasons": "Enter an answer: why it cannot go forward, in words for the provider"}
    assert page.form("Close the enquiry").value("what_next") == "Come back in the spring."
    assert _case(site, reference).state == "enquiry"


def test_an_error_on_a_date_leads_to_its_first_box(site: Site, client_as: ClientAs) -> None:
    reference = _checked(site)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/refer_to_panel")).form("Refer to panel")
    wrong = {"panel_on__day": "31", "panel_on__month": "2", "panel_on__year": "2027"}
    page = Page(form.send(officer, "Refer to panel", **wrong, summary="In order."))
    assert page.errors == {
        "panel_on-day": "Date by which members give their views in writing: enter a real date, like 27 3 2026"
    }
    assert "panel_on-day" in page.ids
    assert page.form("Refer to panel").value("panel_on-day") == "31"


def test_pressing_twice_fires_once(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/change_contact")).form("Change who we write to")
    answers = {"contact_name": "Pia Provider", "how_known": "She rang from the number we have."}
    first, second = (form.send(officer, "Change who we write to", **answers) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert _fired(site, reference) == ["enquire", "change_contact"]


def test_going_back_and_sending_something_else_is_said_and_not_done_unasked(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/change_contact")).form("Change who we write to")
    form.send(officer, "Change who we write to", contact_name="Pia Provider", how_known="She rang.")
    page = Page(form.send(officer, "Change who we write to", contact_name="Pim Provider", how_known="He rang."))
    assert page.status == 409
    assert "You have sent this form once already" in page.text
    again = page.form("Change who we write to")
    assert again.value("contact_name") == "Pim Provider"
    assert again.send(officer, "Change who we write to").status_code == 303
    assert _case(site, reference).fields["contact_name"] == "Pim Provider"


def test_a_blocked_event_says_what_must_come_first(site: Site, client_as: ClientAs) -> None:
    page = Page(client_as(OLIVE).get(f"/cases/{bring_to(site.handler, 'visit')}/do/approve"))
    assert page.status == 409
    assert "Record what the visit found first." in page.text
    assert not page.forms[1:]


def test_what_someone_else_changed_meanwhile_is_shown_and_not_overwritten(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/correct_details")).form("Correct the provider's details")
    others = {**_details(form), "postcode": "BA2 2BB"}
    site.handler.fire(reference, "correct_details", others, actor=OSCAR, now=MONDAY)
    page = Page(form.send(officer, "Correct the provider's details", organisation="Made Up Farm and Garden"))
    assert page.status == 409
    assert "Correct the provider's details, Oscar Officer" in page.text
    assert "Postcode of your main site: BA2 2BB" in page.text
    assert "correct_details" not in page.text
    again = page.form("Correct the provider's details")
    assert again.value("organisation") == "Made Up Farm and Garden"
    assert _case(site, reference).fields["organisation"] == "Made Up Farm"
    assert again.value("postcode") == "BA2 2BB"
    assert again.send(officer, "Correct the provider's details").status_code == 303
    assert _case(site, reference).fields["organisation"] == "Made Up Farm and Garden"
    assert _case(site, reference).fields["postcode"] == "BA2 2BB"


def test_what_both_have_changed_stays_as_it_was_typed(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/correct_details")).form("Correct the provider's details")
    others = {**_details(form), "postcode": "BA2 2BB"}
    site.handler.fire(reference, "correct_details", others, actor=OSCAR, now=MONDAY)
    page = Page(form.send(officer, "Correct the provider's details", postcode="BA3 3CC"))
    assert "Postcode of your main site: BA2 2BB" in page.text
    assert page.form("Correct the provider's details").value("postcode") == "BA3 3CC"


def test_a_form_that_was_left_and_gone_on_with_undoes_nothing_done_meanwhile(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    address = f"/cases/{reference}/do/correct_details"
    form = Page(officer.get(address)).form("Save and come back later")
    form.send(officer, "Save and come back later", organisation="Made Up Garden", contact_phone="")
    others = {**_details(form), "postcode": "BA2 2BB"}
    site.handler.fire(reference, "correct_details", others, actor=OSCAR, now=MONDAY)
    page = Page(officer.get(address))
    assert "This changed while you were working on it" in page.text
    assert "Postcode of your main site: BA2 2BB" in page.text
    again = page.form("Correct the provider's details")
    assert (again.value("organisation"), again.value("contact_phone")) == ("Made Up Garden", "")
    assert again.value("postcode") == "BA2 2BB"
    assert again.send(officer, "Correct the provider's details", contact_phone="01225 000000").status_code == 303
    assert _case(site, reference).fields["postcode"] == "BA2 2BB"


def test_whoever_goes_on_with_a_form_reads_that_a_colleague_has_answered_the_same(
    site: Site, client_as: ClientAs
) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    address = f"/cases/{reference}/do/correct_details"
    form = Page(officer.get(address)).form("Save and come back later")
    form.send(officer, "Save and come back later", postcode="BA3 3CC")
    assert "This changed while you were working on it" not in Page(officer.get(address)).text
    others = {**_details(form), "postcode": "BA2 2BB"}
    site.handler.fire(reference, "correct_details", others, actor=OSCAR, now=MONDAY)
    page = Page(officer.get(address))
    assert "Postcode of your main site: BA2 2BB" in page.text
    again = page.form("Correct the provider's details")
    assert again.value("postcode") == "BA3 3CC"
    again.send(officer, "Save and come back later")
    assert "This changed while you were working on it" not in Page(officer.get(address)).text, "it was shown"


def test_what_happened_elsewhere_on_the_case_is_no_news_to_whoever_goes_on_with_a_form(
    site: Site, client_as: ClientAs
) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    address = f"/cases/{reference}/do/correct_details"
    form = Page(officer.get(address)).form("Save and come back later")
    form.send(officer, "Save and come back later", postcode="BA3 3CC")
    site.handler.alert(reference, "mail_failed", "pat@x.example does not exist", now=MONDAY)
    page = Page(officer.get(address))
    assert page.form("Correct the provider's details").value("postcode") == "BA3 3CC"
    assert "This changed while you were working on it" not in page.text


def test_what_is_kept_of_a_form_left_after_a_colleague_changed_it_is_only_ones_own(
    site: Site, client_as: ClientAs
) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    address = f"/cases/{reference}/do/correct_details"
    form = Page(officer.get(address)).form("Save and come back later")
    others = {**_details(form), "postcode": "BA2 2BB"}
    site.handler.fire(reference, "correct_details", others, actor=OSCAR, now=MONDAY)
    form.send(officer, "Save and come back later", organisation="Made Up Garden")
    again = Page(officer.get(address)).form("Correct the provider's details")
    assert (again.value("organisation"), again.value("postcode")) == ("Made Up Garden", "BA2 2BB")


def test_a_form_of_a_case_that_has_moved_on_shows_what_happened_and_what_was_typed(
    site: Site, client_as: ClientAs
) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/close_enquiry")).form("Close the enquiry")
    site.handler.fire(reference, "invite", {}, actor=OSCAR, now=MONDAY)
    page = Page(form.send(officer, "Close the enquiry", reasons="Too far away from any school."))
    assert page.status == 409
    assert "Invite the provider to send its papers, Oscar Officer" in page.text
    assert "Too far away from any school." in page.text
    assert _case(site, reference).state == "gathering_evidence"


def test_what_a_panel_member_typed_is_shown_again_when_the_case_is_no_longer_theirs_to_see(
    site: Site, client_as: ClientAs
) -> None:
    reference = bring_to(site.handler, "panel")
    member = client_as(PETRA)
    form = Page(member.get(f"/cases/{reference}/do/give_view")).form("Give your view")
    site.handler.fire(reference, "withdraw", {"sure": True}, actor=PAT, now=MONDAY)
    page = Page(form.send(member, "Give your view", view="visit", comments="A strong case."))
    assert page.status == 404
    assert "A strong case." in page.text


def test_a_change_elsewhere_on_the_case_is_no_reason_to_refuse(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/invite")).form("Invite the provider")
    site.handler.claim(reference, _case(site, reference).tasks[0].id, actor=OSCAR, now=MONDAY)
    assert form.send(officer, "Invite the provider").status_code == 303


def test_nothing_typed_is_lost_while_the_database_cannot_be_written(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/close_enquiry")).form("Close the enquiry")
    listen(site.store.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    site.store.close()
    answered = form.send(officer, "Close the enquiry", reasons="Too far away.")
    page = Page(answered)
    assert page.status == 503
    assert "Nothing has been changed. Try again in a minute." in page.text
    assert page.form("Close the enquiry").value("reasons") == "Too far away."


def test_nobody_else_is_shown_the_form(site: Site, client: Client, client_as: ClientAs) -> None:
    address = f"/cases/{enquire(site.handler)}/do/invite"
    assert client_as(DAN).get(address).status_code == 404
    assert client_as(PAT).get(address).status_code == 403
    signed_out = client.get(address)
    assert signed_out.status_code == 303
    assert signed_out.headers["location"].startswith("/sign-in")


def test_nobody_else_can_send_the_form(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    address = f"/cases/{reference}/do/invite"
    assert client_as(DAN).post(address, data={"message": "Hello"}).status_code == 404
    assert client_as(PAT).post(address, data={"message": "Hello"}).status_code == 403
    assert _case(site, reference).state == "enquiry"


def test_an_event_or_item_that_does_not_exist_is_not_found(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    for address in ("do/vanish", "do/supply", "do/supply?item=moon_certificate"):
        assert provider.get(f"/cases/{reference}/{address}").status_code == 404


# Files


def test_a_file_is_taken_in_with_its_form(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    sent = _supply(client_as(PAT), reference, files={"file": PDF}, **NEXT_YEAR)
    assert sent.status_code == 303
    item = _case(site, reference).item("evidence", "public_liability")
    assert item is not None
    assert item.status == "supplied"
    with site.uploads.open_file(item.data["file"]) as file:
        assert file.read() == a_pdf()


def test_a_file_need_not_be_chosen_again_when_another_answer_was_wrong(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    page = Page(_supply(provider, reference, files={"file": PDF}))
    assert page.status == 422
    assert set(page.errors) == {"expires_on-day"}
    assert "we have insurance.pdf" in page.text
    again = page.form("Send this document")
    assert again.send(provider, "Send this document", **NEXT_YEAR).status_code == 303
    item = _case(site, reference).item("evidence", "public_liability")
    assert item is not None
    assert item.data["expires_on"] == "2027-11-01"


def test_another_file_can_take_the_place_of_one_that_was_kept(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    page = Page(_supply(provider, reference, files={"file": PDF}))
    other = ("newer.pdf", a_pdf(b"/Newer true"), "application/pdf")
    page.form("Send this document").send(provider, "Send this document", files={"file": other}, **NEXT_YEAR)
    case = _case(site, reference)
    with site.store.reading() as connection:
        held = files_of(connection, case.id or 0)
    assert [file.name for file in held.values()] == ["newer.pdf"]


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_question(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    fake = ("insurance.pdf", b"MZ\x90\x00 not a document at all", "application/pdf")
    page = Page(_supply(client_as(PAT), reference, files={"file": fake}, note="Sorry for the wait.", **NEXT_YEAR))
    assert page.status == 422
    assert "is not really a PDF" in page.errors["file"]
    assert page.form("Send this document").value("note") == "Sorry for the wait."
    assert page.form("Send this document").value("expires_on-year") == "2027"


def test_mistakes_elsewhere_are_told_of_together_with_the_files(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    page = Page(_supply(client_as(PAT), reference, files={"file": ("virus.exe", b"MZ", "text/plain")}))
    assert set(page.errors) == {"file", "expires_on-day"}


def test_a_file_over_the_limit_spoils_nothing_else_that_was_typed(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    huge = ("scan.pdf", b"%PDF-1.7\n" + b"0" * SIZE_LIMIT, "application/pdf")
    page = Page(_supply(client_as(PAT), reference, files={"file": huge}, note="Both pages.", **NEXT_YEAR))
    assert page.status == 413
    assert "20 MB or smaller" in page.errors["file"]
    assert page.form("Send this document").value("note") == "Both pages."
    assert not any(site.uploads.folder.glob("staging/*"))


def test_the_same_form_with_its_file_sent_twice_fires_once(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    form = _supply_form(provider, reference)
    first, second = (form.send(provider, "Send this document", files={"file": PDF}, **NEXT_YEAR) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert _fired(site, reference).count("supply") == 1


def test_one_file_can_be_sent_for_two_documents(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    for item in ("reference_one", "reference_two"):
        sent = _supply_form(provider, reference, item).send(provider, "Send this document", files={"file": PDF})
        assert sent.status_code == 303
    assert _fired(site, reference).count("supply") == 2


def test_a_file_somebody_else_staged_cannot_be_used(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    theirs = a_document(site.handler, OLIVE, "public_liability")["file"]
    provider = client_as(PAT)
    form = _supply_form(provider, reference)
    form.values.append(("file-kept", theirs))
    page = Page(form.send(provider, "Send this document", **NEXT_YEAR))
    assert "file" in page.errors


def test_a_body_that_is_no_form_is_refused_without_a_fault(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    address, provider = f"/cases/{reference}/do/supply?item=public_liability", client_as(PAT)
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answered = provider.post(address, content=b"\xff\xfe--x\r\nnonsense", headers={"content-type": kind})
        assert answered.status_code in (400, 422), kind


# Drafts


def test_a_long_form_can_be_left_and_gone_on_with(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/close_enquiry")).form("Save and come back later")
    kept = form.send(officer, "Save and come back later", reasons="Half a sentence")
    page = Page(officer.get(kept.headers["location"]))
    assert "What you typed is kept: Close the enquiry" in page.text
    again = Page(officer.get(page.link("Go on with it")))
    assert "What you typed here before is back." in again.text
    assert again.form("Close the enquiry").value("reasons") == "Half a sentence"


def test_a_draft_can_be_let_go(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    address = f"/cases/{reference}/do/close_enquiry"
    Page(officer.get(address)).form("Save and come").send(officer, "Save and come", reasons="Half a sentence")
    empty = Page(officer.get(address)).form("Start again").send(officer, "Start again")
    page = Page(officer.get(empty.headers["location"]))
    assert page.form("Close the enquiry").value("reasons") == ""
    assert "What you typed here before" not in page.text


def test_a_draft_leaves_out_what_no_keyboard_types(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    address = f"/cases/{reference}/do/close_enquiry"
    form = Page(officer.get(address)).form("Save and come")
    form.send(officer, "Save and come", reasons="Half a\0 sentence\x1b")
    assert Page(officer.get(address)).form("Close the enquiry").value("reasons") == "Half a sentence"


def test_a_draft_is_only_its_writers(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer, colleague = client_as(OLIVE), client_as(OSCAR)
    address = f"/cases/{reference}/do/close_enquiry"
    Page(officer.get(address)).form("Save and come").send(officer, "Save and come", reasons="Half a sentence")
    assert Page(colleague.get(address)).form("Close the enquiry").value("reasons") == ""


def test_what_was_refused_is_kept_as_a_draft_and_gone_once_it_is_sent(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    address = f"/cases/{reference}/do/close_enquiry"
    Page(officer.get(address)).form("Close the enquiry").send(officer, "Close the enquiry", what_next="Try again.")
    again = Page(officer.get(address)).form("Close the enquiry")
    assert again.value("what_next") == "Try again."
    again.send(officer, "Close the enquiry", reasons="Too far away.")
    with site.store.reading() as connection:
        kept = beside.draft(connection, person=OLIVE.id or 0, reference=reference, event="close_enquiry", item="")
    assert kept is None


# Check your answers


def test_answers_are_checked_before_they_are_sent_where_the_workflow_says_so(site: Site, client_as: ClientAs) -> None:
    reference = _viewed(site)
    officer = client_as(OLIVE)
    check = Page(_decline(officer, reference))
    assert check.status == 200
    assert "Check your answers" in check.heading
    assert "Not enough supervision." in check.text
    assert "Monday 2 November 2026" in check.text
    assert _case(site, reference).state == "panel"
    sent = check.form("Record that the panel declines").send(officer, "Record that the panel declines")
    assert sent.status_code == 303
    assert _case(site, reference).state == "declined"


def test_a_role_that_is_called_the_something_has_no_second_article() -> None:
    assert role_words("The person who told us") == "the person who told us"
    assert role_words("Provider") == "the provider"


def test_the_check_shows_staff_the_email_that_goes(site: Site, client_as: ClientAs) -> None:
    check = Page(_decline(client_as(OLIVE), _viewed(site)))
    assert "Pat Provider, pat@made-up-farm.example" in check.text
    assert "Dear Pat Provider" in check.text
    assert "/continue/" not in check.text


def test_one_answer_can_be_changed_and_the_rest_are_kept(site: Site, client_as: ClientAs) -> None:
    reference = _viewed(site)
    officer = client_as(OLIVE)
    check = Page(_decline(officer, reference)).form("Change The panel's reasons")
    form = Page(check.send(officer, "Change The panel's reasons")).form("Continue")
    assert form.value("chaired_by") == "Petra Panel"
    assert form.value("panel_on-day") == "2"
    page = Page(form.send(officer, "Continue", reasons="Too few staff."))
    assert "Too few staff." in page.text
    assert "Not enough supervision." not in page.text


def test_an_email_can_be_previewed_where_no_check_is_asked_for(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/invite")).form("Preview the email")
    page = Page(form.send(officer, "Preview the email", message="We look forward to it."))
    assert "We look forward to it." in page.below("The email that goes")
    assert _case(site, reference).state == "enquiry"


def test_a_checked_form_sent_twice_fires_once(site: Site, client_as: ClientAs) -> None:
    reference = _viewed(site)
    officer = client_as(OLIVE)
    form = Page(_decline(officer, reference)).form("Record that the panel declines")
    sent = [form.send(officer, "Record that the panel declines").status_code for _ in range(2)]
    assert sent == [303, 303]
    assert _fired(site, reference).count("panel_decline") == 1


# Going on


def test_after_one_document_the_next_one_opens(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/accept?item=registration_status")).form("Accept")
    sent = form.send(officer, "Accept")
    assert sent.headers["location"] == (
        f"/cases/{reference}/evidence/public_liability?done=accept&item=registration_status"
    )
    page = Page(officer.get(sent.headers["location"]))
    assert "Accepted: Registration status" in page.text


def test_after_the_last_document_the_case_opens_again(site: Site, client_as: ClientAs) -> None:
    reference = _checked(site, but="medication")
    officer = client_as(OLIVE)
    sent = Page(officer.get(f"/cases/{reference}/do/accept?item=medication")).form("Accept").send(officer, "Accept")
    assert sent.headers["location"].startswith(f"/cases/{reference}?")


def test_a_document_sent_back_is_not_given_to_check_again(site: Site, client_as: ClientAs) -> None:
    reference = _checked(site, but="medication")
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/send_back?item=medication")).form("Send back")
    sent = form.send(officer, "Send back", reason="It is unsigned.")
    assert sent.headers["location"].startswith(f"/cases/{reference}?")


def test_a_member_of_the_panel_can_change_the_view_they_gave(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "panel")
    member = client_as(PAVEL)
    address = f"/cases/{reference}/do/give_view"
    Page(member.get(address)).form("Give your view").send(member, "Give your view", view="more", comments="Who leads?")
    form = Page(member.get(address)).form("Give your view")
    assert (form.value("view"), form.value("comments")) == ("more", "Who leads?")
    form.send(member, "Give your view", view="visit")
    item = _case(site, reference).item("panel_views", str(PAVEL.id))
    assert item is not None
    assert item.data["view"] == "visit"


def test_outsiders_are_told_that_the_team_did_it_and_not_who(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    form = _supply_form(provider, reference)
    site.handler.fire(reference, "withdraw", {"sure": True}, actor=OLIVE, now=MONDAY)
    page = Page(form.send(provider, "Send this document", files={"file": PDF}, note="At last.", **NEXT_YEAR))
    assert page.status == 409
    assert "Withdraw your application, Alternative Learning Team" in page.text
    assert "Olive" not in page.text
    assert "At last." in page.text


def _case(site: Site, reference: str) -> Snapshot:
    with site.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return case


def _fired(site: Site, reference: str) -> list[str]:
    with site.store.reading() as connection:
        return [entry.name for entry in history_of(connection, reference)]


def _details(form: Form) -> dict[str, str]:
    names = ("organisation", "contact_name", "contact_phone", "postcode", "what_is_offered", "registration")
    return {name: form.value(name) for name in names}


def _supply_form(provider: Client, reference: str, item: str = "public_liability") -> Form:
    page = Page(provider.get(f"/cases/{reference}/do/supply?item={item}"))
    return page.form("Send this document")


def _supply(provider: Client, reference: str, files: dict[str, object], **typed: str) -> Response:
    return _supply_form(provider, reference).send(provider, "Send this document", files=files, **typed)


def _checked(site: Site, but: str = "") -> str:
    """A case whose required documents are all accepted, but perhaps one."""
    reference = bring_to(site.handler, "checking_evidence")
    items = site.library.current("provider").catalogue_of("evidence").items()
    for key in (key for key, item in items if item.required and key != but):
        site.handler.fire(reference, "accept", {}, actor=OLIVE, now=MONDAY, item=key)
    return reference


def _viewed(site: Site) -> str:
    """A case with the panel, whose members have all given their view."""
    reference = bring_to(site.handler, "panel")
    for member in (PETRA, PAVEL, POPPY):
        view = {"view": "decline", "comments": "Not enough supervision."}
        site.handler.fire(reference, "give_view", view, actor=member, now=MONDAY)
    return reference


def _decline(officer: Client, reference: str) -> Response:
    """The panel's refusal, typed and taken as far as its check."""
    form = Page(officer.get(f"/cases/{reference}/do/panel_decline")).form("Continue")
    met = {"panel_on__day": "2", "panel_on__month": "11", "panel_on__year": "2026", "chaired_by": "Petra Panel"}
    said = {"reasons": "Not enough supervision.", "what_next": "Take on a second tutor."}
    return form.send(officer, "Continue", **met, **said)
