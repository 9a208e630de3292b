"""What is different in how attendance is coded and chased, in sentences."""

from collections.abc import Iterator, Mapping
from functools import partial

from apflow.core.compare.grammar import differences, keyed
from apflow.provision.coding import Attendance, CodeTable


def compare_attendances(old: Attendance | None, new: Attendance | None) -> Iterator[str]:
    """At least one sentence for every difference in how attendance is coded and chased."""
    if old is None or new is None:
        if new is not None:
            yield f"“{new.title}” is added: attendance is marked and its codes follow from it."
        if old is not None:
            yield f"“{old.title}” is taken away: attendance is no longer marked."
        return
    subject = "Attendance"
    yield from differences(subject, old, new, {"tables": partial(_tables, subject)})


def _tables(subject: str, old: Mapping[str, CodeTable], new: Mapping[str, CodeTable]) -> Iterator[str]:
    return keyed(
        old,
        new,
        added=lambda _, table: [f"{subject}: the codes of {table.title} are added."],
        removed=lambda _, table: [f"{subject}: the codes of {table.title} are taken away."],
        changed=lambda _, was, now: differences(now.title, was, now, {}),
        called=lambda table: table.title,
    )
