"""The policy that is measured: the council's own folder with one workflow more, which never comes to an end."""

import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.letters.messages import Letters
from apflow.letters.notices import Notices
from apflow.loader import Library, load_library
from apflow.loader.reading import read_library
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, OLIVE

HERE = Path(__file__).parent
WORKFLOW = "handover"
DESKS = ("first_desk", "second_desk")
MOVES = {"first_desk": "hand_over", "second_desk": "hand_back"}  # by an officer
PASSES = {"first_desk": "pass_over", "second_desk": "pass_back"}  # by the clock
DEADLINES = {"first_desk": "first_due", "second_desk": "second_due"}
NOW = MONDAY
OFFICER: Actor = OLIVE
BEGUN = {
    "organisation": "Made Up Farm",
    "contact_name": "Pat Provider",
    "contact_email": "pat@made-up-farm.example",
    "postcode": "BA1 1AA",
    "what_is_offered": "Animal care for ages 11 to 16, three days a week.",
}


@dataclass(frozen=True)
class Policy:
    """The policy read and checked once; every database of a run has a handler of its own."""

    library: Library
    notices: Notices

    def handler(self, store: Store) -> Handler:
        """The one door to this database."""
        return Handler(store, self.library, Letters(self.notices, "https://apflow.example", "team@council.example"))


def put_together(folder: Path) -> Policy:
    """Put the policy together in the folder, check it and read it."""
    for kind in ("workflows", "notifications"):
        shutil.copytree(shipped(kind), folder / kind, dirs_exist_ok=True)
        shutil.copytree(HERE / kind, folder / kind, dirs_exist_ok=True)
    _say_how_long_it_is_kept(folder / "workflows" / "council.yaml")
    notices = Notices(folder / "notifications")
    return Policy(load_library(folder / "workflows", notices.names()), notices)


def _say_how_long_it_is_kept(council: Path) -> None:
    """Every kind of case needs a rule, and the council's own has none for this one."""
    before, heading, after = council.read_text(encoding="utf-8").partition("\nclosed_cases:")
    rule = f'\n    {WORKFLOW}: {{of: {WORKFLOW}, keep: 1 year, assumed: "It is only measured."}}\n'
    council.write_text(
        before + heading + re.sub(r"(?m)^  rules:.*\n", lambda line: line[0].rstrip() + rule, after, count=1)
    )


def read_again(folder: Path) -> Policy:
    """Read the policy that another process has put together and checked."""
    return Policy(read_library(folder / "workflows"), Notices(folder / "notifications"))


def look(serial: int) -> dict[str, Any]:
    """What an officer answers who hands a case on; the note says which command it was, for the audit."""
    return {"found": "in_order", "looked_on": NOW.date().isoformat(), "note": note(serial)}


def note(serial: int) -> str:
    return f"Everything that was asked for is here and has been read. Command {serial}."


def begin_case(handler: Handler, now: datetime = NOW) -> str:
    """A new case; its reference."""
    return handler.open_case(WORKFLOW, "begin", BEGUN, actor=OFFICER, now=now).reference
