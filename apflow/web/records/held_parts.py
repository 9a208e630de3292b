"""What is held about one pupil, as the parts that it is told in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.keeping import CopyOfRecord
from apflow.web.records.recording import Keeping


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is held: what it is, and its words."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """What is held in one place: the record, a case, what was marked."""

    heading: str
    said: tuple[Said, ...]
    reference: str | None = None


@dataclass(frozen=True)
class Gathering:
    """Whose it is, read by whom; with `rule` it is the copy to hand over."""

    keeper: Keeping
    connection: Connection
    row: Row[Any]
    rule: CopyOfRecord | None

    @property
    def number(self) -> int:
        return int(self.row.id)
