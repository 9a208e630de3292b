"""Letters that are about no case, of any notice, and whom they go to. No letter says which child it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from apflow.core.definition.council import Council
from apflow.letters.messages import Letters, message_id
from apflow.letters.unwritten import written


@dataclass(frozen=True, slots=True)
class To:
    """Whom a letter that is about no case goes to, and whose words they read."""

    name: str
    email: str
    person: int | None = None
    audience: str = "provider"


@dataclass(frozen=True)
class Writing:
    """With what such letters are written, and when."""

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

    @property
    def team(self) -> To:
        """The council's own mailbox."""
        return To(self.council.team, self.council.mailbox)


def at_provider(letter: Mapping[str, Any], placement: Row[Any]) -> Mapping[str, Any]:
    """The letter as one of the provider's case, so that an officer has it to do there if it does not arrive."""
    return {**letter, "case_id": placement.case_id}
