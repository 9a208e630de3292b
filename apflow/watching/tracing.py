"""Traces, only where OpenTelemetry is installed (`pip install apflow[otel]`): a span a command and one a request."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from time import time_ns
from typing import Any

from apflow.watching.telling import Answered, Done, Refused, Seen

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Tracing:
    """Spans of this process; they go where OpenTelemetry has been told to send them, and nowhere otherwise."""

    def __init__(self) -> None:
        self._trace: Any = import_module("opentelemetry.trace")
        self._extract: Any = import_module("opentelemetry.propagate").extract
        self._tracer: Any = self._trace.get_tracer("apflow")

    def watch(self, seen: Seen) -> None:
        """A watcher: a span for each command, within that of the request that asked for it."""
        match seen:
            case Done():
                said = {"apflow.workflow": seen.workflow, "apflow.event": seen.event, "apflow.case": seen.reference}
                self._span(f"fire {seen.workflow}.{seen.event}", seen.seconds, said)
            case Refused():
                self._span("refused", seen.seconds, {"apflow.refusal": seen.code})
            case Answered():
                self._trace.get_current_span().set_attribute("http.response.status_code", seen.status)

    @contextmanager
    def request(self, method: str, route: str, headers: Mapping[str, str]) -> Iterator[None]:
        """The span of one request, continuing the trace of whoever sent it."""
        said = {"http.request.method": method, "http.route": route}
        with self._tracer.start_as_current_span(
            f"{method} {route}",
            context=self._extract(headers),
            kind=self._trace.SpanKind.SERVER,
            attributes=said,
            record_exception=False,  # The words of errors can hold anybody's name and answers.
            set_status_on_exception=False,
        ):
            yield

    def _span(self, name: str, seconds: float, attributes: Mapping[str, str]) -> None:
        ended = time_ns()
        span = self._tracer.start_span(name, start_time=ended - round(seconds * 1e9), attributes=attributes)
        span.end(end_time=ended)


def tracing() -> Tracing | None:
    """None without OpenTelemetry; sends by OTLP where the environment says so and nobody has set anything else up."""
    if find_spec("opentelemetry") is None:
        return None
    if any(os.environ.get(name) for name in _ENDPOINTS) and find_spec("opentelemetry.exporter.otlp") is not None:
        _send_by_otlp()
    return Tracing()


def _send_by_otlp() -> None:
    sdk, export = import_module("opentelemetry.sdk.trace"), import_module("opentelemetry.sdk.trace.export")
    exporter = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter").OTLPSpanExporter()
    resource = import_module("opentelemetry.sdk.resources").Resource.create({"service.name": "apflow"})
    provider = sdk.TracerProvider(resource=resource)
    provider.add_span_processor(export.BatchSpanProcessor(exporter))
    import_module("opentelemetry.trace").set_tracer_provider(provider)
