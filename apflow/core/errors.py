"""Every way of saying no.

    ApflowError
    ├── DefinitionError          a workflow folder that cannot be used; carries its problems
    ├── CalendarExhausted        a date was asked of a calendar that does not reach so far
    └── Refusal                  the answer "no" to a command, with its reason
        ├── NotFound             missing, or not this actor's to see: the two look the same
        ├── UnknownEvent         the workflow has no such event
        ├── NotAllowed           the actor's roles may not do this
        ├── NotOpen              the case is not in a state that offers the event
        ├── Blocked              a guard says no
        ├── Invalid              the answers are missing or wrong
        ├── Stale                what the actor was shown has changed since
        └── KeyReused            an idempotency key came back with another body

A refusal's docstring is its default message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar


class ApflowError(Exception):
    """Something apflow can explain went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())

    @property
    def message(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a definition: where, a code to look up, and a sentence that says how to mend it.

    `suggestion` is the word that was probably meant, for tools; the sentence says it too.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    suggestion: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code}: {self.message}"


class DefinitionError(ApflowError):
    """The workflow files have problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CalendarExhausted(ApflowError):
    """The calendar does not reach that far."""


class Refusal(ApflowError):
    """The command was refused."""

    code: ClassVar[str] = "refused"


class NotFound(Refusal):
    """We could not find that."""

    code = "not-found"


class UnknownEvent(Refusal):
    """There is no such event."""

    code = "unknown-event"


class NotAllowed(Refusal):
    """You do not have permission to do this."""

    code = "not-allowed"


class NotOpen(Refusal):
    """This cannot be done at the present stage."""

    code = "not-open"


class Blocked(Refusal):
    """Something must be done first."""

    code = "blocked"

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class Invalid(Refusal):
    """Some answers are missing or wrong."""

    code = "invalid"

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


class Stale(Refusal):
    """Someone else changed this while you were working on it. Nothing you typed has been lost or saved."""

    code = "stale"

    def __init__(self, changes: Sequence[str] = ()) -> None:
        self.changes = tuple(changes)
        super().__init__()


class KeyReused(Refusal):
    """This Idempotency-Key was used before with a different request."""

    code = "key-reused"
