"""Which question of a form a guard says no about, so that the error leads there."""

from collections.abc import Mapping, Sequence

from apflow.core.definition.conditions import facts_read
from apflow.core.definition.timing import GuardSpec
from apflow.web.asking.filling import Filling

_ANSWER = "answer."
# Of a document that is good for so long from its date, the day it runs out is worked out of what is asked.
_WORKED_OUT_OF = {"expires_on": "dated_on"}


def beside_questions(filling: Filling, reasons: Sequence[str]) -> Mapping[str, str]:
    """Each reason with the first question asked that its guard reads, or with none."""
    guards = [filling.opened.definition.workflow.guards[name] for name in filling.spec.requires]
    asked = [question.name for question in filling.questions()]
    return {reason: _first(asked, [guard for guard in guards if _says(guard, reason)]) for reason in reasons}


def _first(asked: Sequence[str], guards: Sequence[GuardSpec]) -> str:
    facts = (fact for guard in guards for fact in facts_read(guard.when))
    read = {fact.removeprefix(_ANSWER) for fact in facts if fact.startswith(_ANSWER)}
    read |= {_WORKED_OUT_OF[name] for name in read & _WORKED_OUT_OF.keys()}
    return next((name for name in asked if name in read), "")


def _says(guard: GuardSpec, reason: str) -> bool:
    before, _, after = guard.reason.partition("{which}")
    return reason == guard.unknown or (reason.startswith(before) and reason.endswith(after))
