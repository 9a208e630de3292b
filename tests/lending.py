"""A council of one small policy, about lending books: to read it, check it and publish it takes no time to speak of."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.store.editions import Publisher
from apflow.store.people.people import add_person
from apflow.testing import MONDAY
from apflow.versions.publishing import propose, publish
from tests.loader import small

LIBBY = Actor(1, "Libby Librarian", frozenset({"librarian"}))
ADDRESS = "libby@library.example"
FILES = {"council.yaml": small.COUNCIL, "papers.yaml": small.CATALOGUE, "loan.yaml": small.WORKFLOW}
LETTERS = {
    "due_soon": "{{ case.title }}: {{ deadline.label }} by {{ deadline.on }}",
    "overdue": "{{ case.title }} is overdue",
    "lent": "We lend you the book. {{ deadline.label }}",
}


def policy() -> dict[str, str]:
    """Its policy as an edition keeps it."""
    files = {f"workflows/{name}": text for name, text in FILES.items()}
    for name, text in LETTERS.items():
        for part, said in (("subject.txt", "Your book"), ("txt", text), ("html", f"<p>{text}</p>")):
            files[f"notifications/loan/{name}.{part}"] = f"{said}\n"
    return files


def a_council(folder: Path) -> Settings:
    """Its own files in a folder, and where its database is to be."""
    for path, text in policy().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return Settings(
        database=f"sqlite:///{folder}/council.db",
        workflows=folder / "workflows",
        notifications=folder / "notifications",
        uploads=folder / "uploads",
        base_url="http://testserver.local",
    )


def environment(settings: Settings) -> dict[str, str]:
    """What the command is told of this council."""
    return {
        "APFLOW_DATABASE": settings.database,
        "APFLOW_WORKFLOWS": str(settings.workflows),
        "APFLOW_NOTIFICATIONS": str(settings.notifications),
    }


def add_libby(store: Store) -> None:
    """Give LIBBY the first account."""
    with store.writing() as connection:
        add_person(connection, name=LIBBY.name, email=ADDRESS, roles=["librarian"], agency=None, now=MONDAY)


def go_live(store: Store, settings: Settings) -> int:
    """Publish what is in the council's folders."""
    proposal = propose(store, settings.workflows, settings.notifications)
    return publish(store, proposal, by=Publisher("Magda Manager"), why="", now=machine_now())


def ask(handler: Handler, *, now: datetime = MONDAY, wanted_on: date = date(2026, 11, 20)) -> str:
    """A case that waits; its reference."""
    reader = {"name": "Rita Reader", "address": "rita@reader.example"}
    answers: dict[str, Any] = {**reader, "wanted_on": wanted_on.isoformat(), "member": False}
    return handler.open_case("loan", "ask", answers, actor=LIBBY, now=now).reference


def lend(handler: Handler) -> str:
    """A case whose book is lent; its reference."""
    reference = ask(handler)
    handler.fire(reference, "see", {}, actor=LIBBY, now=MONDAY, item="passport")
    handler.fire(reference, "lend", {"books": 1, "why": "It is there."}, actor=LIBBY, now=MONDAY)
    return reference
