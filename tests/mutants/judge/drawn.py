"""What is said of records that items are drawn from, written down anew: each question with its type and its class."""

from collections.abc import Mapping

from tests.mutants.judge.raw import Flow, part
from tests.mutants.judge.reading import Raw


def _of(kind: str, *names: str, privacy: str = "case") -> dict[str, Raw]:
    return {name: {"type": kind, "privacy": privacy} for name in names}


DRAWN: Mapping[str, Mapping[str, Raw]] = {
    "live_placements": {
        **_of("text", "label", "commissioner", "site", "hours"),
        **_of("text", "contact_name", privacy="personal"),
        **_of("email", "contact_email", privacy="personal"),
        **_of("phone", "contact_phone", privacy="personal"),
        **_of("date", "starts_on"),
        **_of("number", "number"),
    },
    "social_workers": {
        **_of("text", "label", "contact_name", privacy="personal"),
        **_of("email", "contact_email", privacy="personal"),
        **_of("phone", "contact_phone", privacy="personal"),
        **_of("number", "children"),
    },
    "undelivered": {
        **_of("text", "label", "why"),
        **_of("text", "reach_otherwise", privacy="personal"),
        **_of("number", "pupils_there"),
    },
}

KEPT: Mapping[str, Mapping[str, Raw]] = {
    "placements": {
        **_of("yes/no", "provider_is_approved", "papers_are_in_date", "provider_is_registered"),
        **_of(
            "yes/no",
            "stays_below_threshold",
            "nobody_came",
            "is_to_begin",
            "sessions_are_free",
            "part_time_lasts",
            "barred_are_named",
            "pupil_is_not_in_care",
        ),
        **_of("number", "school_days_of_notice", "weeks_since_review"),
    },
    "sites": _of("yes/no", "is_open_in_register", "was_on_no_list"),
}


def kept(flow: Flow) -> Mapping[str, Raw]:
    """What is said of the record that the case keeps, if it keeps one."""
    return KEPT.get(str(part(flow.raw, "keeps").get("records")), {})


def drawn(flow: Flow, collection: str | None) -> Mapping[str, Raw]:
    """What is said of the items of a collection, if they are drawn from records."""
    return DRAWN.get(str(part(flow.collections, str(collection)).get("drawn_from")), {})


def said_of(flow: Flow, each: Raw | str | None) -> dict[str, Raw]:
    """What can be copied to a child that is begun for each item: the same, and what events on the items ask."""
    collection = each["items"] if isinstance(each, dict) else each
    events = [event for _, _, event in flow.each_event() if part(event, "item").get("of") == collection]
    asked = {name: spec for event in events for name, spec in flow.form(event).items()}
    return {f"item.{name}": spec for name, spec in {**drawn(flow, collection), **asked}.items()}
