"""A council with placements, as the demonstration makes it, and many copies of one of them, each of a pupil of its own.

The copies come through no door, and have no history: they are there to be in the way.
"""

import contextlib
import io
import itertools
import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.core.screening.screening import first_words
from apflow.demo.run import DATABASE, demo_site, make
from apflow.rounds.verifying import verified
from apflow.store.cases.unit import Saved
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.people import people
from apflow.web.site import Site

ADDRESS = "http://127.0.0.1:8000"
EVENT, QUESTION = "say_who_leads_at_school", "leads_at_school"
COPY = "PL-COPY-"
_LETTERS = "abcdefghijklmnopqrst"


def a_council(folder: Path) -> None:
    """Make the demonstration's council in a folder, without a word."""
    with contextlib.redirect_stdout(io.StringIO()):
        make(folder, ADDRESS)


@dataclass
class Placed:
    """The placements of one council that somebody can say of who leads on safeguarding, one after the other."""

    folder: Path
    site: Site = field(init=False)
    acknowledged: list[Saved] = field(default_factory=list)
    _turn: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.site = demo_site(self.folder, ADDRESS)
        stand = (cases.c.workflow == "placement") & cases.c.state.in_(("agreed", "induction", "active"))
        own = select(cases.c.reference).where(stand, cases.c.reference.not_like(f"{COPY}%"))
        with self.site.store.reading() as connection:
            self._references = connection.execute(own.order_by(cases.c.id)).scalars().all()
            everybody = connection.execute(select(people.c.id, people.c.name, people.c.roles)).all()
        officer = next(one for one in everybody if "officer" in one.roles)
        self._officer = Actor(officer.id, officer.name, frozenset({"officer"}))

    def run(self, steps: int) -> None:
        """So many commands, each on the placement whose turn it is."""
        for turn in itertools.islice(self._turn, steps):
            reference = self._references[turn % len(self._references)]
            said = {QUESTION: f"Ada Placeholder, 01632 960000; Bo Placeholder, 01632 960001. Told {turn} times."}
            now = self.site.now()
            self.acknowledged.append(self.site.handler.fire(reference, EVENT, said, actor=self._officer, now=now))

    def faults(self) -> list[str]:
        """What was acknowledged and does not stand in the history once, and whatever else is not whole."""
        done = select(cases.c.reference, history.c.version).join(cases, cases.c.id == history.c.case_id)
        with self.site.store.reading() as connection:
            stands = {(row.reference, row.version) for row in connection.execute(done)}
        told = [(saved.reference, saved.version) for saved in self.acknowledged]
        lost = [
            f"{reference}: version {version} is lost"
            for reference, version in told
            if (reference, version) not in stands
        ]
        twice = ["the same version was acknowledged twice"] if len(set(told)) < len(told) else []
        found = verified(self.site.handler, self.site.now())
        return [*lost, *twice, *(str(one) for one in found if not one.about.startswith(COPY))]


def among_copies(folder: Path, into: Path, count: int) -> None:
    """Copy the council, and in the copy its first placement that runs so many times."""
    shutil.copytree(folder, into)
    connection = sqlite3.connect(into / DATABASE, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    for table, row in _copied(connection, count):
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    connection.execute("COMMIT")
    connection.close()


def _copied(connection: sqlite3.Connection, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of each copy, with the table that each is for."""

    def rows(query: str, *given: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(query, given)]

    (placement,) = rows(
        "SELECT placements.* FROM placements JOIN cases ON cases.id = placements.case_id"
        " WHERE cases.state = 'active' ORDER BY cases.id LIMIT 1"
    )
    (case,) = rows("SELECT * FROM cases WHERE id = ?", placement["case_id"])
    (pupil,) = rows("SELECT * FROM pupils WHERE id = ?", placement["pupil_id"])
    hanging = {
        name: rows(f"SELECT * FROM {name} WHERE case_id = ?", case["id"]) for name in ("case_items", "case_parties")
    }
    first = {name: rows(f"SELECT max(id) AS id FROM {name}")[0]["id"] + 1 for name in ("cases", "pupils", "placements")}
    for number in range(count):
        own = {name: least + number for name, least in first.items()}
        forename, surname = _spelt("Fo", number % 997), _spelt("Su", number)
        fields = json.dumps({**json.loads(case["fields"]), "pupil": own["pupils"]})
        yield (
            "pupils",
            {**pupil, "id": own["pupils"], "forename": forename, "surname": surname, "upn": None, "uln": None},
        )
        yield from (
            ("pupil_words", {"word": word, "pupil_id": own["pupils"]}) for word in first_words(forename, surname)
        )
        yield "cases", {**case, "id": own["cases"], "reference": f"{COPY}{number}", "fields": fields}
        yield "placements", {**placement, "id": own["placements"], "pupil_id": own["pupils"], "case_id": own["cases"]}
        for name, some in hanging.items():
            yield from ((name, {**row, "case_id": own["cases"]}) for row in some)


def _spelt(begins: str, number: int) -> str:
    """A name of letters alone, which no other number has."""
    for _ in range(4):
        number, digit = divmod(number, len(_LETTERS))
        begins += _LETTERS[digit]
    return begins
