"""The API against its own OpenAPI description: whatever is sent, nothing breaks, and every answer is as described."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis import Case, GenerationMode, checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from apflow.clock import machine_now
from apflow.handler import Handler
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.people import sign_in
from apflow.testing import MONDAY, OLIVE, enquire
from apflow.web.api.problems import PREFIX
from apflow.web.site import Site
from tests.brought import bring_to
from tests.records.attendance import a_placed_pupil
from tests.web.attending import reference_of

DESCRIPTION = "/schema/openapi.json"
CHECKS: list[Any] = [
    checks.not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
    ignored_auth,
]
FEW = settings(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=100, derandomize=False)
EVENTS = (
    "invite",
    "allow_more_time",
    "correct_details",
    "change_contact",
    "withdraw",
    "give_view",
    "supply",
    "nothing",
)
GUARDS = ("evidence_is_in_date", "enough_views", "nothing")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, store: Store) -> Iterator[Store]:
    """A database of each kind: what one takes in its stride another may fail on."""
    if request.param == "sqlite":
        yield store
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_tables")
    with server.lend(template) as url:
        opened = Store(url)
        yield opened
        opened.close()


@pytest.fixture
def references(handler: Handler, site: Site) -> list[str]:
    """Cases that there are, and one that there is not."""
    case, _ = a_placed_pupil(handler)
    made = [enquire(handler), bring_to(handler, "gathering_evidence"), bring_to(handler, "panel")]
    made.append(reference_of(handler, case))
    handler.alert(made[0], "mail_failed", "The mailbox is full.", now=MONDAY)
    return [*made, "AP-NONE-SUCH"]


@pytest.fixture
def token(site: Site) -> str:
    assert OLIVE.id is not None
    with site.store.writing() as connection:
        return sign_in.issue_api_token(connection, OLIVE.id, "Schemathesis", machine_now())


def try_everything(app: Litestar, token: str, references: list[str], how_often: settings) -> None:
    """Send each operation what its description allows, and what it does not."""
    there_are = {
        "reference": references,
        "event": EVENTS,
        "task": range(1, 12),
        "number": range(1, 4),
        "guard": GUARDS,
        "upload": files_of(app),
    }
    for found in schemathesis.openapi.from_asgi(DESCRIPTION, app).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        either = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

        @how_often
        @given(case=either, data=st.data())
        def answers_as_described(case: Case[Any], data: st.DataObject) -> None:
            send(case, token, there_are, data)

        answers_as_described()


def files_of(app: Litestar) -> list[str]:
    """The files that there are, and one that there is not."""
    with app.state.site.store.reading() as connection:
        return [*sorted(beside.known_uploads(connection)), "nothing"]


def send(case: Case[Any], token: str, there_are: Mapping[str, Sequence[Any]], data: st.DataObject) -> None:
    """Send what was made up, half the time about a case, an event and a task that there are."""
    if data.draw(st.booleans()) and case.path_parameters:
        for name in case.path_parameters:
            case.path_parameters[name] = data.draw(st.sampled_from(list(there_are[name])))
    if "If-Match" in (case.headers or {}) and data.draw(st.booleans()):
        case.headers["If-Match"] = "*"
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


def test_every_answer_is_as_described(app: Litestar, token: str, references: list[str]) -> None:
    try_everything(app, token, references, FEW)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_answer_is_as_described_however_long_one_tries(app: Litestar, token: str, references: list[str]) -> None:
    try_everything(app, token, references, MANY)


def test_every_operation_of_the_api_is_described(app: Litestar) -> None:
    described = app.openapi_schema.to_schema()["paths"]
    there_are = {
        (route.path_format, method)
        for route in app.routes
        if route.path.startswith(PREFIX)
        for method in route.methods
        if method != "OPTIONS"
    }

    assert there_are == {(path, method.upper()) for path, item in described.items() for method in item}


def test_every_operation_says_in_a_sentence_what_it_does(app: Litestar) -> None:
    described = app.openapi_schema.to_schema()["paths"]

    silent = [
        (path, method) for path, item in described.items() for method, one in item.items() if not one.get("description")
    ]

    assert silent == []
