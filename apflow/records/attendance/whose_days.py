"""Whose school days a case goes by: those of the school whose record it names, as that has them today."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from apflow.core.commands import Command, WithAnswers
from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import World
from apflow.loader import Library
from apflow.records.attendance.school_years import school_days_of


def in_school_days(
    connection: Connection, library: Library, definition: Definition, fields: Mapping[str, Any]
) -> Definition:
    """The definition, counting by the days of the case's own school; as it is where the case names none."""
    number = fields.get(definition.workflow.school_days_of or "")
    return definition if number is None else definition.counted_by(school_days_of(connection, library, number))


def in_days_of_chosen(
    connection: Connection, library: Library, definition: Definition, command: Command, world: World
) -> Definition:
    """The same for a school that this very command brings with a record it chooses; else as it was."""
    field = definition.workflow.school_days_of
    taken = definition.taken.get(field or "")
    if field is None or taken is None or not isinstance(command, WithAnswers):
        return definition
    question, fact = taken
    offered = world.chosen.get(definition.workflow.fields[question].records or "", {})
    chosen = str(command.answers.get(question, ""))
    said = offered.get(int(chosen), {}) if chosen.isascii() and chosen.isdecimal() else {}
    return in_school_days(connection, library, definition, {field: said.get(fact)})
