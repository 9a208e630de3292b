"""Telling a home school, in the same session, of an absence that nobody has explained. No letter says who it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.council import Council
from apflow.letters.messages import Letters, message_id
from apflow.letters.unwritten import written
from apflow.provision.sessions import session_words
from apflow.records.let_in import let_in


@dataclass(frozen=True, slots=True)
class To:
    """Whom a letter that is about no case goes to, and whose words they read."""

    name: str
    email: str
    person: int | None = None
    audience: str = "provider"


@dataclass(frozen=True)
class Writing:
    """With what letters about attendance are written, and when."""

    letters: Letters
    council: Council
    now: datetime

    def letter(self, notice: str, to: To, path: str, **said: Any) -> Mapping[str, Any]:
        """One message about attendance for the outbox; `path` is a page that asks who is looking."""
        return self.write(f"attendance/{notice}", to, path, **said)

    def write(self, notice: str, to: To, path: str, **said: Any) -> Mapping[str, Any]:
        """One message for the outbox, of any notice that is about no case."""
        council = self.council
        context = {
            "to": {"name": to.name, "audience": to.audience},
            "council": {"name": council.council}
            | council.model_dump(include={"short_name", "team", "mailbox", "telephone"}),
            "link": f"{self.letters.base_url}{path}",
            **said,
        }
        letter = written(self.letters.notices, notice, context)
        return {
            "notice": notice,
            "message_id": message_id(self.letters.mail_from),
            "to_person": to.person,
            "to_name": to.name,
            "to_email": to.email,
            "subject": letter.rendered.subject,
            "text": letter.rendered.text,
            "html": letter.rendered.html,
            "status": "failed" if letter.slip else "queued",
            "error": letter.slip,
            "queued_at": self.now,
            "next_at": self.now,
        }

    def let_in(self, connection: Connection, placements: Iterable[Row[Any]]) -> None:
        """Give whoever reads the mail of these pupils' schools an account, without which the letters lead nowhere."""
        for email, name in {row.school_email: row.school for row in placements if row.school_email}.items():
            let_in(connection, self.council, email, self.now, name=name)

    @property
    def team(self) -> To:
        """The council's own mailbox."""
        return To(self.council.team, self.council.mailbox)

    def unexplained(self, absent: Iterable[tuple[Row[Any], date, str]]) -> Iterator[Mapping[str, Any]]:
        """A letter to each home school for each session; to the team where we have no address of the school."""
        told: dict[tuple[Any, date, str], list[Row[Any]]] = {}
        for placement, day, half in absent:
            school = placement.home_school_id if placement.school_email else None
            told.setdefault((school, day, half), []).append(placement)
        for (school, day, half), placements in told.items():
            to = To(placements[0].school, placements[0].school_email) if school else self.team
            path = f"/attendance/schools/{school}?day={day.isoformat()}" if school else "/attendance"
            session = session_words(day, half)
            letter = self.letter("unexplained_absence", to, path, session=session, count=len(placements))
            yield at_provider(letter, placements[0])


def at_provider(letter: Mapping[str, Any], placement: Row[Any]) -> Mapping[str, Any]:
    """The letter as one of the provider's case, so that an officer has it to do there if it does not arrive."""
    return {**letter, "case_id": placement.case_id}
