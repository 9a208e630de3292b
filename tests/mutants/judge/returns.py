"""Returns: what is empty in every row, as nobody records it, and forms that nobody answers for."""

from collections.abc import Iterable, Iterator
from typing import Any

from apflow.provision.returns import RECORDED
from tests.mutants.judge.names import unclaimed, unknown
from tests.mutants.judge.raw import many, part
from tests.mutants.judge.reading import Policy, Raw

_READ = ("destination", "considered_by", "considered_on", "considered_evidence")


def wrong(policy: Policy) -> Iterator[str]:
    """What is broken in the files of returns, in sentences."""
    for returns in policy.returns:
        for name, kind in part(returns, "kinds").items():
            yield from _kind(f"return {name}", kind, set(_facts(policy)))
        for keeper in _keepers(policy):
            yield from _report(returns["report"], keeper)


def _keepers(policy: Policy) -> list[Raw]:
    """The workflows whose cases keep a placement; there is one at most."""
    return [raw for raw in policy.workflows if part(raw, "keeps").get("records") == "placements"]


def _facts(policy: Policy) -> Iterator[str]:
    yield from RECORDED
    for raw in _keepers(policy):
        yield from (f"case.{name}" for name in part(raw, "fields"))
    for raw in policy.workflows:
        yield from (f"provider.{name}" for name in part(raw, "fields") if raw["workflow"] == "provider")


def _kind(where: str, kind: Raw, facts: Iterable[str]) -> Iterator[str]:
    yield from unknown(where, "fact", part(kind, "only"), facts)
    begun: list[Any] = []
    for name, form in part(kind, "forms").items():
        for column in form["columns"]:
            asked = [*many(column.get("fact")), *part(column, "when")]
            yield from unknown(f"{where}, form {name}, column {column['heading']}", "fact", asked, facts)
        yield from unclaimed(f"{where}, form {name}", form)
        begun.append(form.get("since"))
    yield from (f"{where} has two forms since {day}" for day in dict.fromkeys(begun) if begun.count(day) > 1)


def _report(report: Raw, keeper: Raw) -> Iterator[str]:
    why = part(report, "reason")
    asked = [report[name] for name in _READ] + many(why.get("question")) + [*part(why, "told_apart").values()]
    yield from unknown("the report", "field", asked, part(keeper, "fields"))
    yield from unknown("the report", "state", part(report, "outcomes"), part(keeper, "states"))
