"""Traces where OpenTelemetry is installed, and nothing of it where it is not."""

import subprocess
import sys
from pathlib import Path

import pytest
from litestar.testing import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy.exc import OperationalError

from apflow.clock import machine_now
from apflow.handler import Handler
from apflow.settings import Settings
from apflow.store.driver.faults import StoreUnavailable, faults
from apflow.store.people import sign_in
from apflow.testing import EMAILS, ENQUIRY, OLIVE, StoppedClock, add_people
from apflow.uploads import Uploads
from apflow.watching.telling import watched_by
from apflow.watching.tracing import tracing
from apflow.web.app import create_app
from apflow.web.site import Site
from tests.shell.looking import an_enquiry

CALLER = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """Where spans go: OpenTelemetry can be told so once in a process."""
    made, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(made))
    trace.set_tracer_provider(provider)
    return made


@pytest.fixture
def kept(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


def test_a_command_is_a_span_within_that_of_the_request_that_continues_its_callers_trace(
    handler: Handler, tmp_path: Path, kept: InMemorySpanExporter
) -> None:
    traces = tracing()
    assert traces is not None
    add_people(handler.store)
    site = a_site(handler, tmp_path)
    reference = an_enquiry(handler)
    assert OLIVE.id is not None
    with handler.store.writing() as connection:
        token = sign_in.issue_api_token(connection, OLIVE.id, "A test", machine_now())

    with watched_by(traces.watch), TestClient(create_app(site, traces)) as program:
        answer = program.post(
            f"/api/v1/cases/{reference}/events/close_enquiry",
            json={"answers": {"reasons": "Made up.", "what_next": ""}},
            headers={
                "if-match": "*",
                "authorization": f"Bearer {token}",
                "traceparent": f"00-{CALLER}-b7ad6b7169203331-01",
            },
        )

    assert answer.status_code < 300, answer.text
    command, request = kept.get_finished_spans()
    assert command.name == "fire provider.close_enquiry"
    assert request.name.startswith("POST /api/v1/cases/{reference")
    assert command.parent is not None
    assert command.parent.span_id == request.context.span_id
    assert {f"{span.context.trace_id:032x}" for span in (command, request)} == {CALLER}
    assert command.attributes is not None
    assert command.attributes["apflow.case"] == reference
    said = command.to_json() + request.to_json()
    personal = [*EMAILS.values(), *map(str, ENQUIRY.values()), "Made up", token]
    assert [word for word in personal if word in said] == []


def test_what_the_database_could_not_do_is_in_no_span(kept: InMemorySpanExporter) -> None:
    traces = tracing()
    assert traces is not None

    with pytest.raises(StoreUnavailable), traces.request("GET", "/work", {}), faults():
        raise OperationalError("SELECT FROM people", {"email": "zed@secret.example"}, Exception("gone"))

    (request,) = kept.get_finished_spans()
    assert "secret" not in request.to_json()


def test_without_opentelemetry_nothing_of_it_is_looked_for() -> None:
    said = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "import importlib.util; importlib.util.find_spec = lambda name: None\n"
        "import apflow.wiring, apflow.watching.tracing\n"
        "print(apflow.watching.tracing.tracing(), [name for name in sys.modules if name.startswith('opentelemetry.')])"
    )
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "None []"


def a_site(handler: Handler, folder: Path) -> Site:
    return Site(
        settings=Settings(),
        store=handler.store,
        library=handler.library,
        notices=handler.letters.notices,
        handler=handler,
        uploads=Uploads(folder / "uploads"),
        clock=StoppedClock(),
        wake=lambda: None,
    )
