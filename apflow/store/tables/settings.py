"""A few facts about this database itself, such as whether it is a demo."""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from apflow.store.tables.base import table_of


class Setting(SQLModel, table=True):
    """One named value."""

    __tablename__: ClassVar[Any] = "settings"

    name: str = Field(primary_key=True, max_length=60)
    value: str = Field(max_length=500)


settings = table_of(Setting)
