"""One code that a check can give, and how it is explained."""

from dataclasses import dataclass
from typing import Literal

MARK = "# ←"
Where = Literal["workflow", "council", "catalogue", "document", "attendance", "whole file", "no snippet"]


@dataclass(frozen=True, slots=True)
class Code:
    """A code with what it means, why it matters and how to mend it.

    `wrong` is YAML with one marked line, which the problem points at; `instead` stands in its place once mended.
    `where` says which file the snippet is a part of, and `given` what council.yaml says meanwhile.
    """

    name: str
    means: str
    matters: str
    mend: str
    wrong: str = ""
    instead: str = ""
    where: Where = "workflow"
    given: str = ""

    @property
    def right(self) -> str:
        """The snippet once mended."""
        lines = self.wrong.splitlines()
        marked = next((number for number, line in enumerate(lines) if MARK in line), None)
        if marked is None:
            return self.instead
        return "\n".join([*lines[:marked], *self.instead.splitlines(), *lines[marked + 1 :]]) + "\n"

    def explained(self) -> str:
        """The whole explanation as plain text."""
        said = [self.name, "", self.means, f"Why it matters: {self.matters}", f"How to mend it: {self.mend}"]
        if self.given:
            said += ["", "With this in council.yaml:", _indented(self.given)]
        if self.wrong:
            said += ["", "Wrong:", _indented(self.wrong), "", "Right:", _indented(self.right)]
        return "\n".join(said)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
