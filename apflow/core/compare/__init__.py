"""A change of policy as sentences that a manager can sign off. Pure: two policies in, sentences out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from apflow.core.compare.catalogues import compare_catalogues
from apflow.core.compare.council import compare_councils
from apflow.core.compare.documents import compare_documents
from apflow.core.compare.grammar import keyed, renamed
from apflow.core.compare.notices import compare_notices, unified
from apflow.core.compare.references import spoken
from apflow.core.compare.workflow import compare_workflows
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.council import Council
from apflow.core.definition.document import PublicDocument
from apflow.core.definition.workflow import Workflow

NOTHING = "Nothing in the policy changes; only its layout or comments do."


@dataclass(frozen=True)
class Policy:
    """A whole policy as it was read; `notices` are the templates' texts by their path under notifications/."""

    council: Council
    workflows: Mapping[str, Workflow]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, PublicDocument] = field(default_factory=dict)


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
    yield from compare_documents({}, new.documents)
    count = len({path.removesuffix(".subject.txt") for path in new.notices if path.endswith(".subject.txt")})
    if new.notices:
        yield f"{count} e-mails are added." if count != 1 else "1 e-mail is added."


def _changes(old: Policy, new: Policy) -> Iterator[str]:
    several = len({*old.workflows, *new.workflows}) > 1
    catalogues, catalogues_now = _nameless(old.catalogues), _nameless(new.catalogues)
    shared = {
        "role": renamed(old.council.roles, new.council.roles),
        "catalogue": renamed(catalogues, catalogues_now),
    }
    for sentences in (
        keyed(
            {name: spoken(workflow, shared) for name, workflow in old.workflows.items()},
            new.workflows,
            added=lambda _, workflow: compare_workflows(None, workflow, new.council),
            removed=lambda _, workflow: [
                f"The workflow “{workflow.title}” is taken away: no new case can begin in it."
            ],
            changed=lambda _, before, after: _of(after, several, compare_workflows(before, after, new.council)),
        ),
        keyed(
            catalogues,
            catalogues_now,
            added=lambda _, catalogue: compare_catalogues(None, catalogue),
            removed=lambda _, catalogue: [f"The catalogue “{catalogue.title}” is taken away."],
            changed=lambda _, before, after: compare_catalogues(before, after),
            called=lambda catalogue: f"The catalogue “{catalogue.title}”",
        ),
        compare_councils(old.council, new.council),
        compare_documents(old.documents, new.documents),
        compare_notices(old.notices, new.notices, new.workflows.values(), new.council),
    ):
        yield from sentences


def _nameless(catalogues: Mapping[str, Catalogue]) -> dict[str, Catalogue]:
    """The catalogues without what they call themselves, so that one may be seen to be the same under another name."""
    return {name: catalogue.model_copy(update={"catalogue": ""}) for name, catalogue in catalogues.items()}


def _of(workflow: Workflow, several: bool, sentences: Iterator[str]) -> Iterator[str]:
    return (f"{workflow.title}: {sentence}" for sentence in sentences) if several else sentences


__all__ = ["NOTHING", "Policy", "compare", "compare_workflows", "unified"]
