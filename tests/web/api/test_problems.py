"""Every way the API says no is a problem: who may ask at all, what cannot be read, and what is broken on our side."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from litestar.testing import RequestFactory, TestClient
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from apflow.clock import machine_now
from apflow.committing import TooBusy
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.people import sign_in
from apflow.store.tables.people import api_tokens, people
from apflow.testing import OLIVE, PAT, enquire
from apflow.web.api.problems import answer
from apflow.web.app import create_app
from apflow.web.site import Site
from tests.web.api.client import ApiAs
from tests.web.browsing import Client

ROUTES = [
    ("GET", "/api/v1/cases"),
    ("POST", "/api/v1/cases"),
    ("GET", "/api/v1/cases/AP-NONE-SUCH"),
    ("GET", "/api/v1/cases/AP-NONE-SUCH/history"),
    ("GET", "/api/v1/cases/AP-NONE-SUCH/events/invite"),
    ("POST", "/api/v1/cases/AP-NONE-SUCH/events/invite"),
    ("POST", "/api/v1/cases/AP-NONE-SUCH/overrides"),
    ("DELETE", "/api/v1/cases/AP-NONE-SUCH/overrides/enough_views"),
    ("GET", "/api/v1/tasks"),
    ("POST", "/api/v1/tasks/1/claim"),
    ("POST", "/api/v1/tasks/1/release"),
    ("POST", "/api/v1/tasks/1/complete"),
    ("GET", "/api/v1/tasks/1/pass"),
    ("POST", "/api/v1/tasks/1/pass"),
    ("GET", "/api/v1/cases/AP-NONE-SUCH/files/x"),
    ("GET", "/api/v1/workflows"),
    ("POST", "/api/v1/files"),
    ("GET", "/api/v1/attendance"),
    ("GET", "/api/v1/attendance/codes"),
    ("GET", "/api/v1/attendance/providers/AP-NONE-SUCH"),
    ("GET", "/api/v1/attendance/providers/AP-NONE-SUCH/placements"),
    ("POST", "/api/v1/attendance/providers/AP-NONE-SUCH/marks"),
    ("GET", "/api/v1/attendance/schools/1"),
    ("GET", "/api/v1/attendance/schools/1/placements"),
    ("POST", "/api/v1/attendance/schools/1/reasons"),
]


def is_a_problem(found: httpx.Response, status: int) -> bool:
    """Whether the answer is a whole problem of this status."""
    problem = found.json()
    is_whole = {"type", "title", "status", "detail", "code"} <= problem.keys() and problem["status"] == status
    return found.status_code == status and found.headers["content-type"] == "application/problem+json" and is_whole


@pytest.fixture
def broken(site: Site, tmp_path: Path) -> Iterator[Client]:
    """An installation whose database cannot be opened."""
    with TestClient(create_app(replace(site, store=Store(f"sqlite:///{tmp_path}/none/such.db")))) as opened:
        yield opened


# Who asks


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_is_answered_without_a_token_or_a_session(client: Client, method: str, path: str) -> None:
    found = client.request(method, path)

    assert is_a_problem(found, 401)
    assert found.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer apflow_wrong", "Bearer ", "Basic b2xpdmU6b2xpdmU=", "apflow_wrong"])
def test_a_wrong_token_is_no_token(client: Client, site: Site, header: str) -> None:
    assert is_a_problem(client.get("/api/v1/cases", headers={"authorization": header}), 401)


def test_a_session_is_as_good_as_a_token(client_as: ApiAs) -> None:
    assert client_as(OLIVE).get("/api/v1/cases").status_code == 200


def test_a_wrong_token_is_refused_even_beside_a_good_session(client_as: ApiAs) -> None:
    assert is_a_problem(client_as(OLIVE).get("/api/v1/cases", headers={"authorization": "Bearer apflow_wrong"}), 401)


def test_a_revoked_token_is_no_token(api_as: ApiAs, site: Site) -> None:
    api = api_as(OLIVE)
    with site.store.writing() as connection:
        connection.execute(api_tokens.update().values(revoked_at=machine_now()))

    assert is_a_problem(api.get("/api/v1/cases"), 401)


def test_a_token_of_someone_who_has_left_is_no_token(api_as: ApiAs, site: Site) -> None:
    api = api_as(OLIVE)
    with site.store.writing() as connection:
        connection.execute(people.update().values(is_active=False))

    assert is_a_problem(api.get("/api/v1/cases"), 401)


def test_a_sign_in_link_is_not_a_token(client: Client, site: Site) -> None:
    assert OLIVE.id is not None
    with site.store.writing() as connection:
        issued = sign_in.issue_link(connection, OLIVE.id, machine_now())

    assert is_a_problem(client.get("/api/v1/cases", headers={"authorization": f"Bearer {issued.token}"}), 401)


@pytest.mark.parametrize("header", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}])
def test_another_site_cannot_use_a_session(client_as: ApiAs, handler: Handler, header: dict[str, str]) -> None:
    reference = enquire(handler)
    headers = {"If-Match": "*", **header}

    found = client_as(OLIVE).post(f"/api/v1/cases/{reference}/events/invite", json={}, headers=headers)

    assert is_a_problem(found, 403)


# What is asked


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/cases", "/api/", "/api/v1/cases/AP-NONE-SUCH/tasks"])
def test_an_unknown_address_is_a_problem_and_not_a_page(api_as: ApiAs, path: str) -> None:
    assert is_a_problem(api_as(OLIVE).get(path), 404)


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(api_as: ApiAs) -> None:
    found = api_as(OLIVE).delete("/api/v1/cases")

    assert is_a_problem(found, 405)
    assert {"GET", "POST"} <= set(found.headers["allow"].split(", "))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"answers": {"why": "Caf\xe9"}}',
        b'{"answers": {"why": "\\ud800"}}',
        b'{"answers": {"why": "\x00"}}',
        b'{"answers": {"why": 1e999}}',
        b'{"answers": ' + b"[" * 100_000,
        b'{"answers": {"why": ' + b"[" * 900 + b"]" * 900 + b"}}",
        b'{"answers": {}, "item": "a\\u0000b"}',
        b'{"answers": {}, "item": "\\ud860\\udcee"}',
    ],
)
def test_json_that_cannot_be_read_is_a_problem(api_as: ApiAs, handler: Handler, body: bytes) -> None:
    reference = enquire(handler)
    headers = {"If-Match": "*", "content-type": "application/json", "Idempotency-Key": "one"}

    found = api_as(OLIVE).post(f"/api/v1/cases/{reference}/events/change_contact", content=body, headers=headers)

    assert is_a_problem(found, 400) or is_a_problem(found, 422)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data; boundary=x"]
)
def test_what_does_not_say_it_is_json_is_refused(api_as: ApiAs, handler: Handler, kind: str) -> None:
    reference = enquire(handler)
    headers = {"If-Match": "*", "content-type": kind}

    found = api_as(OLIVE).post(f"/api/v1/cases/{reference}/events/invite", content=b"{}", headers=headers)

    assert is_a_problem(found, 415)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"workflow": "This is missing.", "event": "This is missing."}),
        ([], {"body": "Send a JSON object."}),
        (
            {"workflow": "provider", "event": "enquire", "answer": {}},
            {"answer": "This is not asked for here: /schema/openapi.json says what is."},
        ),
        ({"workflow": "provider", "event": "enquire", "answers": "x"}, {"answers": "Send a JSON object here."}),
    ],
)
def test_what_is_wrong_with_a_body_is_said_by_name_and_in_words(
    api_as: ApiAs, body: object, errors: dict[str, str]
) -> None:
    found = api_as(OLIVE).post("/api/v1/cases", json=body)

    assert is_a_problem(found, 400)
    assert found.json()["errors"] == errors
    assert all(name in found.json()["detail"] for name in errors if name != "body")


def test_a_header_is_named_as_it_was_sent(api_as: ApiAs) -> None:
    found = api_as(OLIVE).post("/api/v1/tasks/1/claim", headers={"Idempotency-Key": "k" * 130})

    assert list(found.json()["errors"]) == ["Idempotency-Key"]


def test_a_file_that_is_sent_otherwise_is_refused_with_how_files_are_sent(api_as: ApiAs) -> None:
    found = api_as(OLIVE).post("/api/v1/files", json={})

    assert is_a_problem(found, 415)
    assert "multipart/form-data" in found.json()["detail"]


@pytest.mark.parametrize(
    ("query", "there_are"), [("states=enquirry", "enquiry, gathering_evidence"), ("awaiting=oficer", "officer")]
)
def test_a_filter_by_a_name_that_there_is_not_is_refused_with_those_there_are(
    api_as: ApiAs, query: str, there_are: str
) -> None:
    found = api_as(OLIVE).get(f"/api/v1/cases?{query}")

    assert is_a_problem(found, 400)
    assert there_are in found.json()["detail"]


def test_what_is_missing_beside_a_body_is_said_with_how_to_send_it(api_as: ApiAs, handler: Handler) -> None:
    address = f"/api/v1/cases/{enquire(handler)}/events/invite"

    unseen = api_as(OLIVE).post(address, json={})
    assert is_a_problem(unseen, 428)
    assert "send the ETag that came with it as If-Match" in unseen.json()["detail"]
    unnamed = api_as(OLIVE).post(address, content=b"{}", headers={"If-Match": "*", "content-type": "text/plain"})
    assert "Content-Type: application/json" in unnamed.json()["detail"]


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("/api/v1/cases?stat=panel&limit=5", "workflow, states, awaiting"),
        ("/api/v1/tasks?stat=panel", "cursor, limit"),
        ("/api/v1/workflows?stat=panel", "no parameter"),
    ],
)
def test_a_parameter_with_a_slip_in_it_is_refused_with_those_there_are(api_as: ApiAs, path: str, taken: str) -> None:
    found = api_as(OLIVE).get(path)

    assert is_a_problem(found, 400)
    assert found.json()["errors"].keys() == {"stat"}
    assert f'"stat" is not asked for here. This address takes {taken}' in found.json()["detail"]


def test_json_with_a_character_set_is_json(api_as: ApiAs, handler: Handler) -> None:
    reference = enquire(handler)
    headers = {"If-Match": "*", "content-type": "application/json; charset=utf-8"}

    found = api_as(OLIVE).post(f"/api/v1/cases/{reference}/events/invite", content=b"{}", headers=headers)

    assert found.status_code == 200


def test_more_than_any_form_asks_for_is_refused(api_as: ApiAs, handler: Handler) -> None:
    reference = enquire(handler)
    body = {"answers": {"message": "x" * 3_000_000}}

    found = api_as(OLIVE).post(f"/api/v1/cases/{reference}/events/invite", json=body, headers={"If-Match": "*"})

    assert is_a_problem(found, 413)


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/cases/{'x' * 21}",
        f"/api/v1/cases/AP-NONE-SUCH/events/{'x' * 61}",
        "/api/v1/tasks/99999999999999999999/claim",
        "/api/v1/cases/AP%00NONE",
        "/api/v1/cases/AP-NONE-SUCH/events/Invite",
    ],
)
def test_an_address_no_case_could_have_is_a_problem(api_as: ApiAs, path: str) -> None:
    api = api_as(OLIVE)
    found = api.post(path) if path.endswith("claim") else api.get(path)

    assert is_a_problem(found, 400) or is_a_problem(found, 404)


# What is broken


def test_a_database_that_cannot_be_used_says_when_to_try_again(broken: Client) -> None:
    found = broken.get("/api/v1/cases", headers={"authorization": "Bearer apflow_any"})

    assert is_a_problem(found, 503)
    assert int(found.headers["retry-after"]) > 0


def test_too_many_at_once_says_when_to_try_again() -> None:
    problem = answer(RequestFactory().get("/api/v1/cases"), TooBusy())

    assert problem.status_code == 503
    assert int(problem.headers["retry-after"]) > 0


def test_what_could_not_be_written_is_not_written_into_the_log_instead() -> None:
    fault = StoreUnavailable()
    fault.__cause__ = OperationalError("INSERT INTO people", {"name": "Zed Zebra"}, Exception("disk full"))

    with capture_logs() as logged:
        answer(RequestFactory().get("/api/v1/cases"), fault)

    assert [line["error"] for line in logged] == ["OperationalError"]
    assert "Zebra" not in str(logged)


def test_a_fault_of_ours_tells_nothing_of_itself() -> None:
    problem = answer(RequestFactory().get("/api/v1/cases"), ValueError("child's name"))

    assert problem.status_code == 500
    assert "child" not in str(problem.content)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing-here"), ("GET", "/api/nothing"), ("DELETE", "/api/v1/cases")]
)
def test_an_answer_from_no_route_is_as_well_protected_as_any(client: Client, method: str, path: str) -> None:
    found = client.request(method, path)

    assert found.headers["content-security-policy"].startswith("default-src 'none'")
    assert (found.headers["x-content-type-options"], found.headers["cache-control"]) == ("nosniff", "no-store")


def test_pages_still_answer_with_pages(client_as: ApiAs) -> None:
    found = client_as(PAT).get("/nothing-here")

    assert found.status_code == 404
    assert found.headers["content-type"].startswith("text/html")
