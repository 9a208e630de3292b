"""Whom an event writes to, compared: its notices, whom they are about, and the meetings they invite to."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import keyed
from apflow.core.compare.names import Names, email
from apflow.core.definition.events import Meeting, NoticeUse


def _kept_from(names: Names, use: NoticeUse) -> str:
    return names.role(use.apart_from) if use.apart_from else "nobody"


def compare_notices(
    names: Names, subject: str, old: Mapping[str, NoticeUse], new: Mapping[str, NoticeUse]
) -> Iterator[str]:
    def changed(role: str, before: NoticeUse, after: NoticeUse) -> Iterator[str]:
        if before.notice != after.notice:
            yield f"{subject} now sends {names.role(role)} {email(after.notice)}, was {email(before.notice)}."
        if before.about != after.about:
            about = f"{subject}: the deadline that its e-mail to {names.role(role)} speaks of is now"
            yield f"{about} {_about(names, after)}, was {_about(names, before)}."
        if before.also != after.also:
            mail = f"{subject}: its e-mail to {names.role(role)} now also goes to"
            yield f"{mail} {_others(names, after)}; before, to {_others(names, before)}."
        if before.apart_from != after.apart_from:
            mail = f"{subject}: of those at the provider, its e-mail to {names.role(role)} now keeps from"
            yield f"{mail} {_kept_from(names, after)}; before, from {_kept_from(names, before)}."
        if before.only_news != after.only_news:
            yield f"{subject}: its e-mail to {names.role(role)} now goes to {_whom(after)}; before, to {_whom(before)}."
        if before.invite != after.invite:
            mail = f"{subject}: its e-mail to {names.role(role)} now carries"
            yield f"{mail} {_invitation(names, after.invite)}; before, {_invitation(names, before.invite)}."

    return keyed(
        old,
        new,
        added=lambda role, use: [f"{subject} now also sends {names.role(role)} {email(use.notice)}."],
        removed=lambda role, use: [f"{subject} no longer sends {names.role(role)} {email(use.notice)}."],
        changed=changed,
    )


def _others(names: Names, use: NoticeUse) -> str:
    return f"whoever {names.field(use.also)} names" if use.also else "nobody else"


def _whom(use: NoticeUse) -> str:
    return "those alone whom it invites for the first time or no longer" if use.only_news else "all of them"


def _about(names: Names, use: NoticeUse) -> str:
    return names.deadline(use.about) if use.about else "the first"


def _invitation(names: Names, meeting: Meeting | None) -> str:
    if meeting is None:
        return "no invitation"
    what = "a cancellation of" if meeting.cancel else "an invitation to"
    at = f" at the time in {names.field(meeting.at)}" if meeting.at else ""
    place = f", at the place in {names.field(meeting.place)}" if meeting.place else ""
    return f"{what} “{meeting.title}” on the day in {names.field(meeting.on)}{at}{place}"
