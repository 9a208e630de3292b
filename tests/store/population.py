"""The demo's council many times over in one database: its own cases as they stand, and copies of them."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Integer, Table, bindparam, delete, func, insert, select, text, update

from apflow.core import chain
from apflow.demo.run import DATABASE
from apflow.store.driver.engine import Store
from apflow.store.tables import metadata

Row = dict[str, Any]
COPIED = (
    *("cases", "case_items", "case_parties", "history", "tasks", "timers", "messages", "signals"),
    *("sites", "placements"),
)
NUMBERED = {"id": ("cases", "sites"), "case_id": COPIED, "parent_id": ("cases",), "site_id": ("placements",)}
NUMBERED |= {"from_case": ("signals",), "to_case": ("signals",)}
NUMBERED["id"] += ("messages",)
NUMBERED |= {"told_in": ("messages",)}
LATER = {"told_in"}
FAR = 100_000


def populate(store: Store, demo: Path, times: int) -> None:
    """Bring everything of a demo into a database where nothing has happened, and its cases `times` as often.

    A copy has a reference of its own, wherever that is said, and a chain that holds. Whom it is about is the same.
    """
    source = Store(f"sqlite:///{demo / DATABASE}")
    with source.reading() as connection:
        rows = {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }
    source.close()
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        for table in metadata.sorted_tables:
            _bring(connection, table, rows[table.name])
        _count_on(connection)
        copied = [table for table in metadata.sorted_tables if table.name in COPIED]
        for number in range(1, times):
            copies = _copies(rows, number)
            for table in copied:
                _bring(connection, table, copies[table.name])
        _count_on(connection)


def _bring(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """The rows; those of the same table that they name are there only once all are."""
    if not rows:
        return
    connection.execute(insert(table), [{name: None if name in LATER else row[name] for name in row} for row in rows])
    for name in LATER & rows[0].keys():
        named = [{"row": row["id"], "named": row[name]} for row in rows if row[name] is not None]
        if named:
            later = update(table).where(table.c.id == bindparam("row")).values({name: bindparam("named")})
            connection.execute(later, named)


def _copies(rows: dict[str, list[Row]], number: int) -> dict[str, list[Row]]:
    references = re.compile("|".join(row["reference"] for row in rows["cases"]))
    copies = {name: [_copy(name, row, references, number) for row in rows[name]] for name in COPIED}
    of_case = {row["id"]: row for row in copies["cases"]}
    heads: dict[int, str] = {}
    for entry in sorted(copies["history"], key=lambda row: (row["case_id"], row["version"])):
        said = chain.statement(entry["actor_name"], entry["payload"])
        entry["committed"] = chain.commitment(said, entry["salt"])
        structure = chain.structure(SimpleNamespace(**entry), of_case[entry["case_id"]]["reference"])
        before = heads.get(entry["case_id"], chain.GENESIS)
        heads[entry["case_id"]] = entry["hash"] = chain.link(before, structure, entry["committed"])
    for case in copies["cases"]:
        case["head"] = heads[case["id"]]
    return copies


def _copy(table: str, row: Row, references: re.Pattern[str], number: int) -> Row:
    made = {name: _renamed(value, references, number) for name, value in row.items()}
    for name, tables in NUMBERED.items():
        if table in tables and made.get(name) is not None:
            made[name] += number * FAR
    if table not in NUMBERED["id"]:
        made.pop("id", None)
    if "message_id" in made:
        made["message_id"] = made["message_id"].replace("<", f"<{number}.")
    return made


def _renamed(value: Any, references: re.Pattern[str], number: int) -> Any:
    if not isinstance(value, str | dict | list):
        return value
    return json.loads(references.sub(rf"\g<0>-{number}", json.dumps(value)))


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number what comes next after what was brought."""
    if connection.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            last = select(func.coalesce(func.max(table.c.id), 1)).scalar_subquery()
            sequence = text(f"pg_get_serial_sequence('{table.name}', 'id')")
            connection.execute(select(func.setval(sequence, last)))
