"""A column among values of which there may be any number, in a statement whose text stays the same."""

from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType


class among(ColumnElement[Any]):  # noqa: N801 - read in a statement, as SQLAlchemy's own are.
    """True where the column has one of the values that the statement is given as a list under this name."""

    inherit_cache = False
    # As a Boolean it would be compared with 1 on SQLite, which then reads the whole table.
    type = NullType()

    def __init__(self, column: Column[Any], name: str) -> None:
        self.column = column
        self.name = name


@compiles(among, "sqlite")
def _in_json(condition: among, compiler: SQLCompiler, **kw: Any) -> str:
    values = compiler.process(bindparam(condition.name, type_=JSON()), **kw)
    return f"{compiler.process(condition.column, **kw)} IN (SELECT value FROM json_each({values}))"


@compiles(among, "postgresql")
def _any(condition: among, compiler: SQLCompiler, **kw: Any) -> str:
    values = compiler.process(bindparam(condition.name, type_=NullType()), **kw)
    return f"{compiler.process(condition.column, **kw)} = ANY({values})"
