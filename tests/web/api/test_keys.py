"""Keys that make a request safe to repeat."""

import pytest

from apflow.handler import Handler
from apflow.testing import OLIVE, OSCAR, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.api.client import ApiAs, entries, fire


def test_a_repeat_with_the_same_key_answers_as_at_first_and_does_nothing(
    api_as: ApiAs, handler: Handler, site: Site
) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(OLIVE)

    first = fire(api, reference, "allow_more_time", {"why": "Half term"}, if_match='"2"', key="one")
    again = fire(api, reference, "allow_more_time", {"why": "Half term"}, if_match='"2"', key="one")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert entries(site, reference) == ["enquire", "invite", "allow_more_time"]


def test_a_key_with_another_body_is_refused(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(OLIVE)
    fire(api, reference, "allow_more_time", {"why": "Half term"}, key="one")

    answer = fire(api, reference, "allow_more_time", {"why": "Floods"}, key="one")

    assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")


def test_a_refusal_is_not_kept_so_the_mended_request_may_use_the_same_key(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(OLIVE)

    refused = fire(api, reference, "allow_more_time", {"why": ""}, key="one")
    mended = fire(api, reference, "allow_more_time", {"why": "Half term"}, key="one")

    assert (refused.status_code, mended.status_code) == (422, 200)


def test_two_people_may_use_the_same_key(api_as: ApiAs, handler: Handler, site: Site) -> None:
    reference = bring_to(handler, "gathering_evidence")

    for who in (OLIVE, OSCAR):
        answer = fire(api_as(who), reference, "allow_more_time", {"why": "Half term"}, key="one")
        assert answer.status_code == 200

    assert entries(site, reference).count("allow_more_time") == 2


@pytest.mark.parametrize("key", ["", "x" * 121, "tab\there"])
def test_a_key_that_cannot_be_kept_is_refused(api_as: ApiAs, handler: Handler, key: str) -> None:
    reference = enquire(handler)

    assert fire(api_as(OLIVE), reference, "invite", key=key).status_code in (400, 422)
