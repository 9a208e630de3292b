"""Downloads: as attachments only, and only for those who may see what the file belongs to."""

from collections.abc import Callable
from dataclasses import replace

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store import beside
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, PAT, PETRA, a_handler, leave
from apflow.web.site import Site
from tests.brought import bring_to
from tests.files import a_pdf
from tests.versions import shipped_with
from tests.web.browsing import Client

ClientAs = Callable[..., Client]


def test_a_file_comes_as_an_attachment_under_its_own_name(site: Site, client_as: ClientAs) -> None:
    reference, upload = _supplied(site, "Insurance “2027”.pdf")
    answered = client_as(OLIVE).get(f"/cases/{reference}/files/{upload}")
    assert answered.status_code == 200
    assert answered.content == a_pdf()
    assert answered.headers["content-type"] == "application/pdf"
    assert answered.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Insurance%20%E2%80%9C2027%E2%80%9D.pdf"
    )
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answered.headers["content-security-policy"]
    assert "no-store" in answered.headers["cache-control"]


def test_the_provider_can_download_what_they_sent(site: Site, client_as: ClientAs) -> None:
    reference, upload = _supplied(site)
    assert client_as(PAT).get(f"/cases/{reference}/files/{upload}").status_code == 200


def test_a_file_that_was_replaced_is_still_there_for_the_record(site: Site, client_as: ClientAs) -> None:
    reference, first = _supplied(site)
    _supply(site, reference, "newer.pdf")
    assert client_as(OLIVE).get(f"/cases/{reference}/files/{first}").status_code == 200


def test_a_file_of_a_case_one_may_not_see_is_not_found(site: Site, client: Client, client_as: ClientAs) -> None:
    reference, upload = _supplied(site)
    address = f"/cases/{reference}/files/{upload}"
    for stranger in (DAN, PETRA):  # The panel sees a case once it is with the panel.
        assert client_as(stranger).get(address).status_code == 404
    assert client.get(address).status_code == 303


def test_a_file_of_another_case_is_not_found_under_this_one(site: Site, client_as: ClientAs) -> None:
    _, upload = _supplied(site)
    other = bring_to(site.handler, "gathering_evidence", organisation="Other Barn")
    assert client_as(MAGDA).get(f"/cases/{other}/files/{upload}").status_code == 404


def test_a_file_that_no_answer_refers_to_is_not_found(site: Site, client_as: ClientAs) -> None:
    reference, _ = _supplied(site)
    staged = _stage(site, PAT, "draft.pdf")
    for upload in (staged, "0" * 32, "..%2f..%2fetc%2fpasswd", "x"):
        assert client_as(OLIVE).get(f"/cases/{reference}/files/{upload}").status_code == 404


def test_a_file_of_a_collection_one_may_not_see_is_not_found(
    site: Site, sign_in_to: Callable[[Site, Actor], Client]
) -> None:
    """The council's own workflow might keep the papers from the panel."""
    kept_from_panel = _with_policy(site, "manager, panel_member, provider", "manager, provider")
    reference = bring_to(kept_from_panel.handler, "gathering_evidence")
    upload = _supply(kept_from_panel, reference, "insurance.pdf")
    leave(kept_from_panel.handler, reference, "gathering_evidence")
    leave(kept_from_panel.handler, reference, "checking_evidence")
    member = sign_in_to(kept_from_panel, PETRA)
    page = member.get(f"/cases/{reference}")
    assert page.status_code == 200
    assert "Public liability insurance" not in page.text
    assert member.get(f"/cases/{reference}/files/{upload}").status_code == 404
    assert sign_in_to(kept_from_panel, MAGDA).get(f"/cases/{reference}/files/{upload}").status_code == 200


def _with_policy(site: Site, old: str, new: str) -> Site:
    """The same installation under a workflow file that says something else."""
    library = shipped_with((old, new))
    return replace(site, library=library, handler=a_handler(site.store, library))


def _supplied(site: Site, name: str = "insurance.pdf") -> tuple[str, str]:
    reference = bring_to(site.handler, "gathering_evidence")
    return reference, _supply(site, reference, name)


def _supply(site: Site, reference: str, name: str) -> str:
    upload = _stage(site, PAT, name)
    answers = {"file": upload, "expires_on": "2027-11-01"}
    site.handler.fire(reference, "supply", answers, actor=PAT, now=MONDAY, item="public_liability")
    return upload


def _stage(site: Site, actor: Actor, name: str) -> str:
    staged = site.uploads.take([a_pdf()], name)
    with site.store.writing() as connection:
        beside.stage_upload(connection, staged.row(staged_by=actor.id, staged_at=machine_now()))
    return staged.id
