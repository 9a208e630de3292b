"""The filters of the list of cases, as the address has them: read, written back, and taken off one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from litestar.datastructures import MultiDict

from apflow.core.definition.workflow import Workflow
from apflow.core.people.actor import Actor
from apflow.store.reading.queues import CaseFilter
from apflow.web.lists.searching import Search
from apflow.web.lists.view import SEARCH

ME, NOBODY, YES = "me", "nobody", "yes"


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and the address without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader asked to see: cases of one workflow, of the `usual` one if none is named; open ones only.

    Who has them is somebody of `colleagues` by number, the reader or nobody. What they searched for stands in no
    address: a case is found by the name of its pupil, too.
    """

    workflow: str = ""
    usual: str = ""
    search: Search = field(default_factory=Search)
    states: tuple[str, ...] = ()
    awaiting: str = ""
    assigned: str = ""
    overdue: bool = False
    closed: bool = False
    colleagues: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.search.text

    @property
    def query(self) -> str:
        """The filters as an address carries them; empty when none is on."""
        pairs = [("kind", self.workflow if self.workflow != self.usual else "")]
        pairs += [(SEARCH, self.search.token if self.text else "")]
        pairs += [("state", state) for state in self.states]
        pairs += [("awaiting", self.awaiting), ("assigned", self.assigned)]
        pairs += [("overdue", YES if self.overdue else ""), ("closed", YES if self.closed else "")]
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def address(self) -> str:
        return f"/cases?{self.query}" if self.query else "/cases"

    @property
    def cleared(self) -> str:
        """The address of all the open cases of the workflow."""
        return Chosen(self.workflow, self.usual).address

    def of_kind(self, workflow: str) -> "Chosen":
        """The same search among cases of another workflow, without what only this one knows."""
        return replace(self, workflow=workflow, states=(), awaiting="")

    def chips(self, states: Mapping[str, str], roles: Mapping[str, str]) -> list[Chip]:
        """Each filter that is on, in words."""
        found = [(f"“{self.text}”", replace(self, search=Search()))] if self.text else []
        found += [(states[state], self._without_state(state)) for state in self.states]
        if self.awaiting:
            found.append((f"Waiting for: {roles[self.awaiting]}", replace(self, awaiting="")))
        if self.assigned:
            known = {ME: "My cases", NOBODY: "Nobody has it"}
            words = known.get(self.assigned) or f"{self.colleagues[self.assigned]} has it"
            found.append((words, replace(self, assigned="")))
        if self.overdue:
            found.append(("Overdue", replace(self, overdue=False)))
        if self.closed:
            found.append(("Closed cases too", replace(self, closed=False)))
        return [Chip(label, without.address) for label, without in found]

    def _without_state(self, state: str) -> "Chosen":
        return replace(self, states=tuple(kept for kept in self.states if kept != state))

    def wanted(self, actor: Actor, now: datetime, seen: tuple[str, ...] | None) -> CaseFilter:
        """The filter as the store takes it. Someone who names a closed state wants to see what is in it."""
        return CaseFilter(
            text=self.text,
            states=self.states,
            awaiting=self.awaiting,
            assigned=self._holder(actor),
            open_only=not self.closed and not self.states,
            overdue_at=now if self.overdue else None,
            seen_states=seen,
            workflow=self.workflow,
            shown_to=actor.id,
        )

    def _holder(self, actor: Actor) -> int | None:
        if self.assigned in self.colleagues:
            return int(self.assigned)
        return {ME: actor.id, NOBODY: 0}.get(self.assigned)


def chosen_of(
    params: MultiDict[str], search: Search, workflow: Workflow, usual: str, colleagues: Mapping[str, str]
) -> Chosen:
    """What the address asks for; what makes no sense is left out."""
    assigned, awaiting = params.get("assigned", ""), params.get("awaiting", "")
    return Chosen(
        workflow=workflow.workflow,
        usual=usual,
        search=search,
        states=tuple(state for state in workflow.states if state in params.getall("state", [])),
        awaiting=awaiting if awaiting in awaited(workflow) else "",
        assigned=assigned if assigned in (ME, NOBODY, *colleagues) else "",
        overdue=params.get("overdue") == YES,
        closed=params.get("closed") == YES,
        colleagues=colleagues,
    )


def awaited(workflow: Workflow) -> tuple[str, ...]:
    """The roles that some state waits for."""
    return tuple(dict.fromkeys(state.awaiting for state in workflow.states.values() if state.awaiting))


def seen_states(workflow: Workflow, actor: Actor) -> tuple[str, ...] | None:
    """The states in which the actor sees any case; None for all of them."""
    rules = [workflow.seen_by[role] for role in actor.roles if role in workflow.seen_by]
    everywhere = [rule for rule in rules if not rule.own]
    if any(not rule.states for rule in everywhere):
        return None
    return tuple(dict.fromkeys(state for rule in everywhere for state in rule.states))
