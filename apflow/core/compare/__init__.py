"""A change of policy as sentences that a manager can sign off. Pure: two policies in, sentences out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from apflow.core.compare.council import compare_catalogues, compare_councils
from apflow.core.compare.grammar import keyed
from apflow.core.compare.notices import compare_notices, unified
from apflow.core.compare.workflow import compare_workflows
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.council import Council
from apflow.core.definition.workflow import Workflow

NOTHING = "Nothing in the policy changes; only its layout or comments do."


@dataclass(frozen=True)
class Policy:
    """A whole policy as it was read; `notices` are the templates' texts by their path under notifications/."""

    council: Council
    workflows: Mapping[str, Workflow]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)


def compare(old: Policy | None, new: Policy) -> tuple[str, ...]:
    """Every difference, what moves cases first; none when only layout or comments differ. `old` is None at first."""
    if old is None:
        return tuple(_first(new))
    return tuple(_changes(old, new))


def _first(new: Policy) -> Iterator[str]:
    for workflow in new.workflows.values():
        yield from compare_workflows(None, workflow, new.council)
    for catalogue in new.catalogues.values():
        yield from compare_catalogues(None, catalogue)
    yield from compare_councils(None, new.council)
    count = len({path.removesuffix(".subject.txt") for path in new.notices if path.endswith(".subject.txt")})
    if new.notices:
        yield f"{count} e-mails are added." if count != 1 else "1 e-mail is added."


def _changes(old: Policy, new: Policy) -> Iterator[str]:
    several = len({*old.workflows, *new.workflows}) > 1
    for sentences in (
        keyed(
            old.workflows,
            new.workflows,
            added=lambda _, workflow: compare_workflows(None, workflow, new.council),
            removed=lambda _, workflow: [
                f"The workflow “{workflow.title}” is taken away: no new case can begin in it."
            ],
            changed=lambda _, before, after: _of(after, several, compare_workflows(before, after, new.council)),
        ),
        keyed(
            old.catalogues,
            new.catalogues,
            added=lambda _, catalogue: compare_catalogues(None, catalogue),
            removed=lambda _, catalogue: [f"The catalogue “{catalogue.title}” is taken away."],
            changed=lambda _, before, after: compare_catalogues(before, after),
        ),
        compare_councils(old.council, new.council),
        compare_notices(old.notices, new.notices, new.workflows.values(), new.council),
    ):
        yield from sentences


def _of(workflow: Workflow, several: bool, sentences: Iterator[str]) -> Iterator[str]:
    return (f"{workflow.title}: {sentence}" for sentence in sentences) if several else sentences


__all__ = ["NOTHING", "Policy", "compare", "compare_workflows", "unified"]
