"""The links and codes by which people without an account read one case, and the documents of cases that were signed."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import UTCDateTime, table_of


class ReaderLink(SQLModel, table=True):
    """A link or a code of one item of a case; only its hash is kept.

    `made_at` is policy time, before which nobody may have changed the item since; `expires_at` is machine time.
    """

    __tablename__: ClassVar[Any] = "reader_links"
    __table_args__ = (Index("ix_reader_links_of", "case_id", "key"),)

    token_hash: str = Field(primary_key=True, max_length=64)
    case_id: int = Field(foreign_key="cases.id")
    key: str = Field(max_length=60)
    made_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)


class SignedDocument(SQLModel, table=True):
    """What a document of a case said at a version at which it was signed, as JSON; the history has its SHA-256 too."""

    __tablename__: ClassVar[Any] = "signed_documents"
    __table_args__ = (UniqueConstraint("case_id", "version", name="uq_signed_documents_once"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    version: int
    name: str = Field(max_length=60)
    sha256: str = Field(max_length=64)
    said: str
    signed_by: str = Field(max_length=120)
    signed_at: datetime = Field(sa_type=UTCDateTime)


reader_links = table_of(ReaderLink)
signed_documents = table_of(SignedDocument)
