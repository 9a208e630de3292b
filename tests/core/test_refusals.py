"""The order in which a command is refused: what someone may not know comes first, what they could mend comes last."""

from typing import Any

import pytest

from apflow.core.commands import Command, Fire
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen, Refusal, Stale, UnknownEvent
from apflow.core.people.actor import THE_PUBLIC, Actor
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import DAN, MAGDA, OLIVE, PAT, PETRA
from tests.core.journey import reach, required, reworded


def refusal_of(play: Play, command: Command) -> Refusal:
    with pytest.raises(Refusal) as refused:
        decide(play.definition, play.case, command, play.world, play.now)
    return refused.value


@pytest.mark.parametrize("actor", [DAN, THE_PUBLIC, Actor(7, "Pat without a role", frozenset())], ids=lambda a: a.name)
@pytest.mark.parametrize("event", ["withdraw", "submit", "no_such_event"])
def test_a_case_that_is_not_yours_to_see_is_as_good_as_missing_whatever_you_ask(
    definition: Definition, actor: Actor, event: str
) -> None:
    refused = refusal_of(reach(definition, "gathering_evidence"), Fire(event, actor))

    assert type(refused) is NotFound
    assert refused.message == NotFound().message


@pytest.mark.parametrize(("state", "sees"), [("checking_evidence", False), ("panel", True), ("declined", False)])
def test_the_panel_sees_a_case_only_while_it_concerns_them(definition: Definition, state: str, sees: bool) -> None:
    refused = refusal_of(reach(definition, state), Fire("approve", PETRA))

    assert type(refused) is (NotAllowed if sees else NotFound)


def test_an_event_there_is_not_is_told_before_anything_about_the_case(definition: Definition) -> None:
    refused = refusal_of(reach(definition, "panel"), Fire("abolish", OLIVE, seen=1))

    assert type(refused) is UnknownEvent
    assert 'no event called "abolish"' in refused.message


@pytest.mark.parametrize(
    ("actor", "event"), [(OLIVE, "submit"), (PAT, "invite"), (PETRA, "panel_agree"), (OLIVE, "lapse")]
)
def test_what_you_may_not_do_is_refused_even_where_nobody_could_do_it_now(
    definition: Definition, actor: Actor, event: str
) -> None:
    assert type(refusal_of(reach(definition, "panel"), Fire(event, actor, seen=1))) is NotAllowed


def test_an_old_page_is_told_so_before_it_is_told_that_the_event_is_closed(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    seen = play.case.version
    play.fire(PAT, "withdraw", sure=True)

    with pytest.raises(Stale):
        play.fire_having_seen(seen, OLIVE, "allow_more_time")
    with pytest.raises(NotOpen, match='"Allow more time" cannot be done while the case is withdrawn'):
        play.fire(OLIVE, "allow_more_time")


@pytest.mark.parametrize("item", [None, "no_such_paper", "curriculum"])
def test_a_closed_event_is_told_before_anything_about_its_item(definition: Definition, item: str | None) -> None:
    assert type(refusal_of(reach(definition, "panel"), Fire("accept", OLIVE, item=item))) is NotOpen


def test_an_event_on_an_item_says_which_and_it_must_be_there(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")

    unnamed = refusal_of(play, Fire("accept", OLIVE))
    assert isinstance(unnamed, Invalid)
    assert unnamed.errors == {"item": "Say which of evidence this is about."}
    assert type(refusal_of(play, Fire("accept", OLIVE, item="no_such_paper"))) is NotFound


def test_an_item_that_is_past_it_is_told_before_the_guards(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")

    refused = refusal_of(play, Fire("accept", OLIVE, item="online_safety"))

    assert type(refused) is NotOpen
    assert refused.message == "This cannot be done while it stands at “Not supplied”."


def test_guards_are_told_before_wrong_answers(definition: Definition) -> None:
    refused = refusal_of(reach(definition, "gathering_evidence"), Fire("submit", PAT, {"nonsense": 1}))

    assert isinstance(refused, Blocked)
    (reason,) = refused.reasons
    assert reason.startswith("These are still needed: Registration status; Public liability insurance; ")
    assert "Online safety policy" not in reason


def test_a_reason_that_two_guards_share_is_given_once(definition: Definition) -> None:
    refused = refusal_of(reach(definition, "visit"), Fire("record_visit", OLIVE))

    assert isinstance(refused, Blocked)
    assert refused.reasons == ("Arrange the visit first.",)


def test_guards_that_read_the_answers_come_last(library: Library) -> None:
    guard = (
        "  a_week_ahead: {when: {fact: answer.panel_on, is_after: 2026-11-08}, reason: Too soon., assumed: A week.}\n"
    )
    definition = reworded(
        library,
        ("  may_not_apply:\n", guard + "  may_not_apply:\n"),
        ("requires: [nothing_is_waiting_to_be_checked,", "requires: [a_week_ahead, nothing_is_waiting_to_be_checked,"),
    )
    play = reach_checked(definition)
    answers: dict[str, Any] = {"panel_on": "2026-11-08", "summary": "Goats."}

    assert type(refusal_of(play, Fire("refer_to_panel", OLIVE, {"panel_on": "2026-11-08"}))) is Invalid
    refused = refusal_of(play, Fire("refer_to_panel", OLIVE, answers))
    assert isinstance(refused, Blocked)
    assert refused.reasons == ("Too soon.",)
    assert play.fire(OLIVE, "refer_to_panel", **answers | {"panel_on": "2026-11-09"}).state == "panel"


def reach_checked(definition: Definition) -> Play:
    """A case whose required papers have all been accepted."""
    play = reach(definition, "checking_evidence")
    for key in required(definition):
        play.fire(OLIVE, "accept", key)
    return play


def test_a_refusal_leaves_the_case_as_it_was(definition: Definition) -> None:
    play = reach(definition, "enquiry")
    before = play.case

    for command in (Fire("submit", PAT), Fire("invite", MAGDA), Fire("abolish", OLIVE), Fire("invite", DAN)):
        refusal_of(play, command)

    assert play.case == before


def test_a_colleague_who_runs_a_provider_of_their_own_is_not_the_provider_of_every_case(definition: Definition) -> None:
    both = Actor(20, "Orla Officer", frozenset({"officer", "provider"}))
    play = reach(definition, "gathering_evidence")

    assert type(refusal_of(play, Fire("submit", both))) is NotAllowed
    assert play.fire(both, "allow_more_time", why="Half term.").started
