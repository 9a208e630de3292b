"""What an event does only now and then, in words."""

from collections.abc import Mapping

from apflow.core.compare.grammar import listed
from apflow.core.compare.names import Names, in_words
from apflow.core.compare.said import condition_words
from apflow.core.definition.events import IfHolds

_CONSEQUENCES: Mapping[str, str] = {
    "clears": "what it clears",
    "notify": "its e-mails",
    "opens": "the tasks that it opens",
    "settles_anew": "that it asks anew who is still written to",
}


def consequence(name: str) -> str:
    return _CONSEQUENCES.get(name, in_words(name))


def only_where(names: Names, only: IfHolds | None) -> str:
    if only is None:
        return "leaves nothing out, whatever the case says"
    left_out = listed(consequence(one) for one in only.does)
    return f"leaves out {left_out} except where {condition_words(names, only.when)}"
