"""Figures for Prometheus: whether we are late, by the database, and what this process has done."""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

from litestar import Request, Response, get
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from apflow.core.definition.nightly import FindingKind
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.findings import last_whole_check, standing_by_kind
from apflow.store.reading.lateness import Lateness, Queue, lateness, queues
from apflow.web.site import Site


@get("/metrics", exclude_from_auth=True, sync_to_thread=True, include_in_schema=False)
def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """For whoever has APFLOW_METRICS_TOKEN; nobody where none is set."""
    site: Site = request.app.state.site
    if refused := _refused(site.settings.metrics_token, request.headers.get("authorization", "")):
        return refused
    registry = CollectorRegistry()
    try:
        registry.register(_Late(site))  # Reads the database, as the next line does.
        late = generate_latest(registry)
    except StoreUnavailable:
        return Response(b"The database does not answer.\n", status_code=503, media_type="text/plain")
    return Response(late + generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _refused(token: str | None, given: str) -> Response[bytes] | None:
    if not token:
        return Response(b"Metrics are off: set APFLOW_METRICS_TOKEN.\n", status_code=404, media_type="text/plain")
    if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return None
    headers = {"www-authenticate": "Bearer"}
    return Response(b"Send the token as a bearer token.\n", status_code=401, media_type="text/plain", headers=headers)


class _Late(Collector):
    """The state of the database as gauges, read when they are asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        now = self._site.now()
        with self._site.store.reading() as connection:
            late, by_role = lateness(connection, now), queues(connection, now)
            standing, checked = standing_by_kind(connection), last_whole_check(connection)
        yield from _waiting(late, now)
        yield from _queues(by_role, now)
        yield _findings(standing)
        # Before the first it is as old as can be: an alert on its age must not wait for one that never comes.
        age = _age(checked.ended_at, now) if checked else float("inf")
        yield _gauge("apflow_check_age_seconds", "How long ago every case was last looked at.", age)
        yield _gauge("apflow_edition", "The edition of the policy that this process goes by.", self._site.edition or 0)


def _waiting(late: Lateness, now: datetime) -> Iterator[Metric]:
    yield _gauge("apflow_timers_due", "Deadlines that are due and have not fired.", late.timers.count)
    yield _gauge(
        "apflow_timer_oldest_due_seconds", "How long the deadline due longest is late.", _age(late.timers.since, now)
    )
    yield _gauge("apflow_messages_waiting", "Messages not yet sent.", late.messages.count)
    yield _gauge(
        "apflow_message_oldest_unsent_seconds", "How long the oldest message waits.", _age(late.messages.since, now)
    )
    yield _gauge(
        "apflow_message_oldest_due_seconds", "How long a message should have been tried.", _age(late.message_due, now)
    )
    yield _gauge("apflow_messages_untold", "Failed messages that no officer has been told of.", late.failed)
    yield _gauge("apflow_signals_waiting", "What cases have said that relatives have not heard.", late.signals.count)
    yield _gauge("apflow_signal_oldest_seconds", "How long the oldest of them waits.", _age(late.signals.since, now))


def _queues(by_role: list[Queue], now: datetime) -> Iterator[Metric]:
    for name, what, of in (
        ("apflow_tasks_open", "Open tasks.", lambda queue: queue.open),
        ("apflow_tasks_overdue", "Open tasks past their day.", lambda queue: queue.overdue),
        ("apflow_task_oldest_seconds", "How long the oldest open task is open.", lambda queue: _age(queue.oldest, now)),
    ):
        family = GaugeMetricFamily(name, what, labels=["role"])
        for queue in by_role:
            family.add_metric([queue.role], of(queue))
        yield family


def _findings(standing: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily("apflow_findings", "What the nightly check found and is not mended.", labels=["kind"])
    for kind in get_args(FindingKind):  # Those of which there is none too, so that an alert sees them end.
        family.add_metric([kind], standing.get(kind, 0))
    return family


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


ROUTES = [metrics]
