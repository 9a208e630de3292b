"""Other versions of the shipped policy, as texts that differ from it here and there."""

import re
from collections.abc import Callable
from dataclasses import replace

from apflow.loader import Library, Source
from apflow.loader.library import digest_of
from apflow.testing import shipped_library

CHECKING = "The evidence should be checked\n        within: 10 working days"
SENDING = "Documents should be sent\n        within: 30 working days"
LADDER = "remind: {at: [10 working days left, 3 working days left], who: provider, notice: evidence_reminder}"
NEXT = ("title: The approved provider list\nversion: 1", "title: The approved provider list\nversion: 2")


def changed(
    library: Library, *differences: tuple[str, str], workflow: str = "provider", is_next: bool = True
) -> Library:
    """The library with each first of these words replaced, everywhere in that workflow; cases keep to the old text."""
    source = library.sources[workflow]
    text = source.text
    for was, now in (NEXT, *differences) if workflow == "provider" and is_next else differences:
        assert was in text, was
        text = text.replace(was, now)
    digest = digest_of(text)
    made = library.pinned(digest, text)
    sources = {**library.sources, workflow: Source(source.file, text, digest, made.workflow)}
    return replace(library, sources=sources, edition=None)


def shipped_with(*differences: tuple[str, str]) -> Library:
    """The shipped policy with these words of the provider workflow replaced; read, and not followed as a check does."""
    return changed(shipped_library(), *differences, is_next=False)


_WITHIN = re.compile(
    r"(?P<before>within: )(?P<count>[2-9]|[1-9][0-9]+)(?P<of> (?:working|school) days)(?P<after>[,}]|\s)"
)
_VERSION = re.compile(r"^version: 1$", re.MULTILINE)

OTHER_NAMES = (
    ("checking_evidence", "looking_at_it"),
    ("\nparty: ", "\nmigrate: {checking_evidence: looking_at_it}\nparty: "),
    ("check_due", "looked_at_by"),
    (f"        label: {CHECKING}", f"        formerly: check_due\n        label: {CHECKING}"),
)


def renamed_here_and_there(library: Library) -> Library:
    """A second version of every workflow, in which nothing comes at another time but some are called otherwise."""
    return changed(everywhere(library), *OTHER_NAMES, is_next=False)


def longer_everywhere(library: Library) -> Library:
    """The library in which whatever has some days in every workflow has five more, and is counted anew."""
    return everywhere(library, lambda text: "\n".join(map(_longer, text.split("\n"))))


def everywhere(library: Library, differently: Callable[[str], str] = lambda text: text) -> Library:
    """The library with a second version of every workflow, written differently; cases keep to the old text."""
    for name, source in library.sources.items():
        text = differently(_VERSION.sub("version: 2", source.text))
        digest = digest_of(text)
        made = library.pinned(digest, text)
        library = replace(library, sources={**library.sources, name: Source(source.file, text, digest, made.workflow)})
    return replace(library, edition=None)


def _longer(line: str) -> str:
    found = _WITHIN.search(f"{line}\n")
    if found is None:
        return line
    more = f"{found['before']}{int(found['count']) + 5}{found['of']}"
    if line.lstrip().startswith("within: "):
        indent = line[: len(line) - len(line.lstrip())]
        return f"{indent}on_migration: recompute\n{line.replace(found[0].rstrip(), more)}"
    return line.replace(found[0], f"{more}, on_migration: recompute{found['after']}")
