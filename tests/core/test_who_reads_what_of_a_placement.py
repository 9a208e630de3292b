"""Who is told what of a placement: the provider only what it needs, and what is about safety nobody beyond who acts."""

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotFound
from apflow.core.people.permission import role_reads_on_pages
from apflow.core.people.staffing import sees
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library

STAFF = frozenset({"officer", "manager"})
SCHOOL, BOTH = STAFF | {"commissioner"}, STAFF | {"commissioner", "provider"}
ALL = BOTH | {"parent"}
NEEDED = "guidance, Responsibilities during a placement: share student safeguarding information securely"
# Of each question who is told its answer.
READERS = {
    "needs": BOTH,
    "risk_assessment": BOTH,
    "matter": BOTH,
    "in_short": BOTH,
    "done_about_it": BOTH,
    "found_at_once": BOTH,
    "progress": ALL,
    "plan": ALL,
    "outcome_progress": ALL,
    "considered_by": SCHOOL | {"parent"},
    "considered_on": SCHOOL | {"parent"},
    "considered_evidence": SCHOOL,
    "looked_after_since": SCHOOL,
    "in_place": SCHOOL,
    "parent_name": SCHOOL,
    "parent_email": SCHOOL,
    "parent_address": SCHOOL,
    "not_because": SCHOOL,
    "followed_up": SCHOOL,
    "concern": STAFF,
    "asked_because": SCHOOL | {"parent"},
    "parents_say": BOTH,
    "part_time_agreed": SCHOOL,
    "posted_on": SCHOOL,
    "meanwhile": SCHOOL | {"parent"},
    "destination_detail": SCHOOL | {"parent"},
    "kept_for": SCHOOL,
}


@pytest.fixture
def placement(library: Library) -> Definition:
    return library.current("placement")


@pytest.mark.parametrize(("question", "readers"), READERS.items())
def test_each_answer_is_told_to_these_and_to_nobody_else(
    placement: Definition, question: str, readers: frozenset[str]
) -> None:
    asked = {**placement.workflow.fields}
    for form in placement.forms.values():
        asked.update(form)
    told = {role for role in placement.council.roles if role_reads_on_pages(placement.council, role, asked[question])}
    assert told & ALL == readers, NEEDED


def test_parents_see_no_safeguarding_matter_and_the_provider_no_parents_address(placement: Definition) -> None:
    assert set(placement.collection("matters").seen_by) == BOTH
    assert set(placement.collection("parents").seen_by) == SCHOOL
    assert set(placement.collection("said_at_home").seen_by) == SCHOOL | {"parent"}


def test_the_provider_sees_nothing_before_it_is_referred_and_no_parent_before_a_place_is_offered(
    placement: Definition,
) -> None:
    play, cast = a_play(placement), Cast(placement)
    does(play, cast.person("commissioner"), "refer_a_pupil", kind="alongside")
    with pytest.raises(NotFound):
        play.fire(cast.person("provider"), "offer")

    unseen = {role: {state for state in placement.workflow.states if not sees(placement, role, state)} for role in ALL}
    assert unseen["provider"] == {"draft", "thrown_away"}
    assert unseen["parent"] == {"draft", "referred", "thrown_away"}
    assert not any(unseen[role] for role in SCHOOL)
