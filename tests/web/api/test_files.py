"""Sending files through the API: as a form's part or by themselves, and that what is refused leaves nothing behind."""

import hashlib

import pytest

from apflow.handler import Handler
from apflow.store import beside
from apflow.testing import DAN, OLIVE, PAT
from apflow.uploads import SIZE_LIMIT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.files import a_docx, a_pdf, a_png
from tests.web.api.client import ApiAs

BYTES = {"content-type": "application/octet-stream"}


def nothing_is_kept(site: Site) -> bool:
    with site.store.reading() as connection:
        rows = beside.known_uploads(connection)
    return not rows and not [path for path in site.uploads.folder.rglob("[!.]*") if path.is_file()]


def test_a_file_is_sent_as_a_part_of_a_form(api_as: ApiAs, site: Site) -> None:
    sent = api_as(PAT).post("/api/v1/files", files={"file": ("My policy.docx", a_docx())})

    assert sent.status_code == 201
    file = sent.json()
    assert (file["name"], file["size"]) == ("My policy.docx", len(a_docx()))
    with site.uploads.open_file(file["id"]) as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == file["sha256"]


def test_a_file_is_sent_by_itself(api_as: ApiAs, site: Site) -> None:
    sent = api_as(PAT).post("/api/v1/files?name=Pol%C3%AEsi.pdf", content=a_pdf(), headers=BYTES)

    assert sent.status_code == 201
    assert (sent.json()["name"], sent.json()["media_type"]) == ("Polîsi.pdf", "application/pdf")


def test_a_file_that_was_sent_can_be_an_answer(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(PAT)
    file = api.post("/api/v1/files", files={"file": ("scan.png", a_png())}).json()["id"]
    body = {"item": "public_liability", "answers": {"file": file, "expires_on": "2027-06-30"}}

    done = api.post(f"/api/v1/cases/{reference}/events/supply", json=body, headers={"If-Match": "*"})

    assert done.status_code == 200


def test_a_file_that_is_an_answer_is_read_by_those_who_see_it_and_by_nobody_else(
    api_as: ApiAs, handler: Handler
) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(PAT)
    file = api.post("/api/v1/files", files={"file": ("scan.png", a_png())}).json()["id"]
    address = f"/api/v1/cases/{reference}/files/{file}"
    assert api.get(address).status_code == 404, "it is no answer yet"
    body = {"item": "public_liability", "answers": {"file": file, "expires_on": "2027-06-30"}}
    api.post(f"/api/v1/cases/{reference}/events/supply", json=body, headers={"If-Match": "*"})

    for who in (PAT, OLIVE):
        found = api_as(who).get(address)
        assert (found.status_code, found.content) == (200, a_png())
        assert found.headers["content-type"] == "image/png"
        assert found.headers["content-disposition"] == "attachment; filename*=UTF-8''scan.png"
    other = api_as(DAN).get(address)
    assert (other.status_code, other.json()["code"]) == (404, "not-found")


def test_whoever_did_not_send_it_cannot_use_it(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    file = api_as(DAN).post("/api/v1/files", files={"file": ("scan.png", a_png())}).json()["id"]
    body = {"item": "public_liability", "answers": {"file": file, "expires_on": "2027-06-30"}}

    refused = api_as(PAT).post(f"/api/v1/cases/{reference}/events/supply", json=body, headers={"If-Match": "*"})

    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("policy.exe", b"MZ" + bytes(100), "not a kind of file we take"),
        ("policy.pdf", b"MZ" + bytes(100), "is not really a PDF"),
        ("policy.pdf", a_pdf(b"/OpenAction << /S /JavaScript >>"), "runs by itself"),
        ("policy.pdf", b"", "empty"),
    ],
)
def test_what_may_do_harm_is_refused_either_way_with_how_to_mend_it(
    api_as: ApiAs, site: Site, name: str, content: bytes, words: str
) -> None:
    api = api_as(PAT)

    answers = [
        api.post("/api/v1/files", files={"file": (name, content)}),
        api.post(f"/api/v1/files?name={name}", content=content, headers=BYTES),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(words in answer.json()["errors"]["file"] for answer in answers)
    assert nothing_is_kept(site)


@pytest.mark.parametrize("over", [1, 1_000_000])
def test_a_file_over_20_mb_is_refused_either_way(api_as: ApiAs, site: Site, over: int) -> None:
    api, content = api_as(PAT), bytes(SIZE_LIMIT + over)

    answers = [
        api.post("/api/v1/files", files={"file": ("policy.pdf", content)}),
        api.post("/api/v1/files?name=policy.pdf", content=content, headers=BYTES),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(413, "file-too-large")] * 2
    assert nothing_is_kept(site)


@pytest.mark.parametrize(
    ("path", "content", "kind", "status"),
    [
        ("/api/v1/files?name=policy.pdf", a_pdf(), "application/pdf", 415),
        ("/api/v1/files?name=policy.pdf", a_pdf(), "", 415),
        ("/api/v1/files", a_pdf(), "application/octet-stream", 422),
        ("/api/v1/files", b"nonsense", "multipart/form-data", 400),
        ("/api/v1/files", b"--x\r\nnonsense", "multipart/form-data; boundary=x", 400),
        (
            "/api/v1/files",
            b'--x\r\nContent-Disposition: form-data; name="other"; filename="a.pdf"\r\n\r\n%PDF\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
        (
            "/api/v1/files",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nnot a file\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_what_is_sent_in_the_wrong_way_is_refused(
    api_as: ApiAs, site: Site, path: str, content: bytes, kind: str, status: int
) -> None:
    answer = api_as(OLIVE).post(path, content=content, headers={"content-type": kind})

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert nothing_is_kept(site)
