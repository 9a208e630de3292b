"""Two invented breaches of personal data: one that was told to the ICO and is closed, one that is being weighed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from apflow.core.days.calendar import LONDON
from apflow.core.people.actor import Actor
from apflow.demo.cast import DILYS, OLIVE, ORLA, Member
from apflow.web.site import Site

Move = tuple[int, str, Member, dict[str, Any], str | None]  # So many hours after it was noticed, of which item.
WORKFLOW = "data_breach"
WEIGHED = (
    ("what_kind", "some", "Somebody read what they may not."),
    ("what_data", "much", "A report on a child's health was attached."),
    ("who_can_be_told", "much", "It had the child's full name."),
    ("how_bad", "some", "Whoever has it is bound to keep it to themselves."),
    ("whose", "much", "It is a child's."),
    ("our_part", "some", "Families trust the council with it."),
    ("how_many", "little", "It is about one child."),
)


def tell_of_breaches(
    site: Site, accounts: Mapping[str, Actor], now: datetime, pass_until: Callable[[datetime], None]
) -> None:
    """The older one first; `pass_until` lets time pass to each move."""
    _play(site, accounts, now - timedelta(days=75), ORLA, _closed(now - timedelta(days=75)), pass_until)
    _play(site, accounts, now - timedelta(hours=20), OLIVE, _being_weighed(now - timedelta(hours=20)), pass_until)


def _play(
    site: Site,
    accounts: Mapping[str, Actor],
    noticed: datetime,
    by: Member,
    moves: list[Move],
    pass_until: Callable[[datetime], None],
) -> None:
    at = noticed + timedelta(hours=1)
    pass_until(at)
    told = _report(noticed, by)
    reference = site.handler.open_case(WORKFLOW, "report_breach", told, actor=accounts[by.email], now=at).reference
    for hours, event, who, answers, item in moves:
        at = noticed + timedelta(hours=hours)
        pass_until(at)
        site.handler.fire(reference, event, answers, actor=accounts[who.email], now=at, item=item)


def _report(noticed: datetime, by: Member) -> dict[str, Any]:
    day, at = _when(noticed)
    return {
        "kind": "wrong_person",
        "what_happened": "A report for one provider was attached to an email to another. They rang to say so.",
        "aware_on": day,
        "aware_at": at,
        "happened_on": day,
        "what_data": ["names", "needs"],
        "whose": ["pupils"],
        "how_many": 1,
        "contained": "partly",
        "reporter_name": by.name,
        "reporter_email": by.email,
    }


def _when(at: datetime) -> tuple[str, str]:
    local = at.astimezone(LONDON)
    return local.date().isoformat(), f"{local:%H:%M}"


def _being_weighed(noticed: datetime) -> list[Move]:
    """Taken on, somebody asked to delete it, and two of the criteria weighed."""
    day, _ = _when(noticed)
    asked = {"asked_on": day, "asked_how": "By telephone: to delete it, and to say so in writing."}
    weighed = [_weigh(6, *one) for one in WEIGHED[:2]]
    return [
        (3, "take_on", DILYS, {"first_steps": "The provider was rung at once."}, None),
        (4, "add_recipient", DILYS, {"who": "The office of another provider"}, None),
        (5, "ask_for_deletion", DILYS, asked, "1"),
        *weighed,
    ]


def _closed(noticed: datetime) -> list[Move]:
    """Told to the ICO on the second day, and to the parents; closed ten days later."""
    second, sent_at = _when(noticed + timedelta(hours=30))
    sent = {"ico_sent_on": second, "ico_sent_at": sent_at, "ico_reference": "IC-000000-A1B2"}
    decided = {
        "risk": "high",
        "risk_reasons": "It is about a child's health, and the child can be told from it.",
        "ico": "told",
        "ico_reasons": "There is a risk to the child and the family.",
    }
    told = {"told_on": second, "told_how": "By telephone, and by a letter with whom they can ask."}
    learnt = {
        "effects": "None that is known. The family was upset, and had an apology.",
        "lessons": "Reports are no longer attached: whoever may read them follows a link.",
    }
    confirmed = {"confirmed_on": second, "confirmed_how": "In writing, by the office there."}
    return [
        (2, "take_on", DILYS, {}, None),
        (3, "add_recipient", DILYS, {"who": "The office of another provider"}, None),
        *(_weigh(20, *one) for one in WEIGHED),
        (22, "decide_to_tell_ico", DILYS, decided, None),
        (23, "people_to_tell", DILYS, {"whom": "The parents", "why_told": "The risk is high."}, None),
        (31, "ico_told", DILYS, sent, None),
        (32, "people_told", DILYS, told, "1"),
        (33, "deletion_confirmed", DILYS, confirmed, "1"),
        (240, "close_breach", DILYS, learnt, None),
    ]


def _weigh(hours: int, criterion: str, how: str, why: str) -> Move:
    return hours, f"weighs_{how}", DILYS, {"why": why}, criterion
