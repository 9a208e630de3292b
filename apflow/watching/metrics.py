"""What Prometheus counts of this process. Labels are words of the policy and routes: never a case, never a person."""

from prometheus_client import Counter, Histogram

from apflow.watching.telling import Answered, Done, Mailed, Refused, Seen

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

FIRED = Histogram(
    "apflow_fire_seconds",
    "From asking for a change to a case until it was committed.",
    ["workflow", "event"],
    buckets=_SECONDS,
)
REFUSED = Counter("apflow_refused", "Commands that were not done, by the reason's code.", ["code"])
MAILED = Counter("apflow_messages", "Tries of messages: sent, put_back, failed or uncertain.", ["outcome"])
ANSWERED = Histogram(
    "apflow_http_seconds", "From a request to its answer.", ["method", "route", "status"], buckets=_SECONDS
)


def count(seen: Seen) -> None:
    """A watcher."""
    match seen:
        case Done():
            FIRED.labels(seen.workflow, seen.event).observe(seen.seconds)
        case Refused():
            REFUSED.labels(seen.code).inc()
        case Mailed():
            MAILED.labels(seen.outcome).inc()
        case Answered():
            ANSWERED.labels(seen.method, seen.route, str(seen.status)).observe(seen.seconds)
