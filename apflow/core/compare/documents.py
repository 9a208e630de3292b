"""The documents that anybody may read compared."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, keyed
from apflow.core.definition.document import PublicDocument


def compare_documents(old: Mapping[str, PublicDocument], new: Mapping[str, PublicDocument]) -> Iterator[str]:
    """At least one sentence for every document that differs; the new text itself is read, not told."""
    return keyed(
        old,
        new,
        added=lambda _, document: [f"The document “{document.title}” is published for anybody to read."],
        removed=lambda _, document: [f"The document “{document.title}” is no longer published."],
        changed=_changed,
        called=lambda document: f"The document “{document.title}”",
    )


def _changed(_: str, old: PublicDocument, new: PublicDocument) -> Iterator[str]:
    subject = f"The document “{new.title}”"
    sayings: dict[str, Saying] = {
        "title": lambda was, now: [f"The document “{was}” is now called “{now}”."],
        "example": lambda _, now: [f"{subject} is {'now' if now else 'no longer'} marked as an example."],
        "sections": lambda was, now: keyed(
            {section.heading: section for section in was},
            {section.heading: section for section in now},
            added=lambda heading, _: [f"{subject} now also has the part “{heading}”."],
            removed=lambda heading, _: [f"{subject} no longer has the part “{heading}”."],
            changed=lambda heading, *_: [f"{subject}: the part “{heading}” is written differently."],
            order=f"{subject}: its parts come in another order.",
        ),
    }
    return differences(subject, old, new, sayings)
