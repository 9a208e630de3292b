"""Anything anyone might do in any order: nobody is approved by a way round, and nothing is said but a Refusal."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from apflow.core.commands import Command, Fire
from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Refusal
from apflow.core.facts import items_of
from apflow.core.firing.offers import Offer
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_PUBLIC, Actor
from apflow.core.play import Play
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.testing import DAN, ENQUIRY, MAGDA, OLIVE, OSCAR, PAT, PAVEL, PETRA, POPPY
from tests.core.journey import PAPERS, a_play, all_offers, reworded, with_few_papers

CAST = {OLIVE: 6, PAT: 5, PETRA: 2, PAVEL: 2, POPPY: 2, OSCAR: 1, MAGDA: 1, DAN: 1, THE_PUBLIC: 1}
EAGERNESS = {"main": 60, "usual": 1, "quiet": 0.2, "danger": 0.003}
STEPS = 150
INVARIANT = "        - {count: panel_views, where: {fact: item.status, is: given}, at_least: 3}"
GUARDS = ("no_meeting_decides", "enough_views", "enough_agencies", "members_agree_or_the_chair_says_why")
IDLENESS = 2


@pytest.fixture(scope="module")
def brief(definition: Definition) -> Definition:
    return with_few_papers(definition)


@dataclass
class Walk:
    """One case and the dice that decide what befalls it; `trail` holds the case before and after each move."""

    play: Play
    dice: random.Random
    trail: list[tuple[Snapshot, Outcome, Snapshot]] = field(default_factory=list)

    def step(self) -> None:
        chance = self.dice.random()
        if chance < 0.05:
            days = self.dice.choices((0.1, 1, 5, 60), (8, 8, 8, 1))[0]
            self.play.wait_until(self.play.now + timedelta(days=days))
        elif chance < 0.15:
            self.attempt(self.nonsense())
        elif sensible := self.sensible():
            self.attempt(sensible)

    def attempt(self, command: Command) -> None:
        """Carry it out, or be refused: any other failure ends the test."""
        before = self.play.case
        try:
            expected = self.play.decide(command)
        except Refusal:
            return
        outcome = self.play.do(command)
        assert outcome == expected
        self.trail.append((before, outcome, self.play.case))

    def someone(self) -> Actor:
        return self.dice.choices([*CAST], [*CAST.values()])[0]

    def sensible(self) -> Command | None:
        """Something that someone is offered, the main things most often, or nothing."""
        actor = self.someone()
        possible = [offer for offer in all_offers(self.play, actor) if offer.is_possible]
        weights = [EAGERNESS[offer.spec.emphasis] for offer in possible]
        offer = self.dice.choices([*possible, None], [*weights, IDLENESS])[0]
        if offer is None:
            return None
        return Fire(offer.event, actor, self.answers(offer), offer.item[1] if offer.item else None)

    def answers(self, offer: Offer) -> dict[str, Any]:
        form = self.play.definition.forms[self.play.case.state, offer.event]
        chosen = {name: self.dice.choice([*spec.options]) for name, spec in form.items() if spec.options}
        ends = self.play.world.today + timedelta(days=self.dice.choice((2, 300, 300, 300)))
        return self.play.answers(offer.event, **chosen, expires_on=ends.isoformat())

    def nonsense(self) -> Command:
        """Any event of any state by anyone about anything."""
        event = self.dice.choice(sorted(self.play.definition.event_names))
        known = event in self.play.definition.events[self.play.case.state]
        answers = self.play.answers(event) if known and self.dice.random() < 0.5 else {"reasons": None}
        item = self.dice.choice((None, *PAPERS, "no_such_paper", str(PETRA.id)))
        return Fire(event, self.someone(), answers, item)


def walk(definition: Definition, seed: int) -> Walk:
    play = a_play(definition)
    play.open(THE_PUBLIC, "enquire", **ENQUIRY)
    walking = Walk(play, random.Random(seed))
    for _ in range(STEPS):
        walking.step()
        if play.definition.state(play.case.state).final:
            break
    return walking


def approvals(walking: Walk) -> Iterator[int]:
    """Where in the trail the case was approved."""
    moves = ((number, outcome) for number, (_, outcome, _) in enumerate(walking.trail) if outcome.moved)
    return (number for number, outcome in moves if outcome.state == "approved")


def was_earned(walking: Walk, approval: int) -> bool:
    """Whether papers, panel and visit came before the approval, in this order and each as it should be."""
    moves = [step for step in walking.trail[: approval + 1] if step[1].moved]
    route = [outcome.entry.from_state for _, outcome, _ in moves[-3:]]
    if route != ["checking_evidence", "panel", "visit"]:
        return False
    referred, agreed, approved = moves[-3:]
    since = walking.trail[walking.trail.index(agreed) : approval]
    visits = [outcome.entry.answers for _, outcome, _ in since if outcome.entry.name == "record_visit"]
    return (
        papers_in_order(walking, *referred)
        and papers_in_order(walking, *approved)
        and panel_was_quorate(agreed[0])
        and bool(visits)
        and visits[-1]["visit_outcome"] == "satisfied"
        and approved[1].entry.actor in (OLIVE, OSCAR)
    )


def papers_in_order(walking: Walk, before: Snapshot, outcome: Outcome, _after: Snapshot) -> bool:
    today = local_date(outcome.entry.at).isoformat()
    papers = items_of(walking.play.definition, before, "evidence").values()
    return all(
        paper["status"] == "not_applicable"
        or (paper["status"] == "accepted" and paper["file"] and paper.get("expires_on", today) >= today)
        for paper in papers
        if paper["required"]
    )


def panel_was_quorate(before: Snapshot) -> bool:
    given = [item for item in before.items.get("panel_views", {}).values() if item.status == "given"]
    return len(given) >= 3 and len({item.data["agency"] for item in given}) >= 2


def check_walks(definition: Definition, seeds: range, *, enough: int) -> Counter[str]:
    """Walk from one seed after the other until there are enough approvals, each of them earned; the states entered."""
    entered = Counter[str]()
    for seed in seeds:
        walking = walk(definition, seed)
        entered.update(outcome.state for outcome in walking.play.outcomes if outcome.moved)
        assert all(was_earned(walking, approval) for approval in approvals(walking)), f"seed {seed}"
        if entered["approved"] >= enough:
            break
    return entered


def test_nobody_is_approved_without_papers_panel_and_visit_in_this_order(brief: Definition) -> None:
    entered = check_walks(brief, range(100), enough=1)

    assert entered["approved"] == 1, "too few walks got as far as approval for this to show anything"


def test_a_walk_does_find_a_way_round_where_there_is_one(library: Library) -> None:
    agrees = "to: visit\n        emphasis: main\n"
    careless = reworded(
        library,
        (f"{agrees}        requires: [{', '.join(GUARDS)}]\n", agrees),
        (INVARIANT, "        - {fact: organisation, is_present: true}"),
    )

    with pytest.raises(AssertionError, match="seed"):
        check_walks(with_few_papers(careless), range(100), enough=2)


@pytest.mark.slow
def test_however_many_walks_are_taken_nobody_is_approved_by_a_way_round(brief: Definition) -> None:
    entered = check_walks(brief, range(1000, 2000), enough=60)

    assert entered["approved"] == 60
    assert set(entered) >= {"declined", "withdrawn", "lapsed"}
