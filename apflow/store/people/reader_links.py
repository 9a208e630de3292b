"""Links and codes of people without an account, and the documents of cases as they were signed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from apflow.store.people.sign_in import hashed
from apflow.store.tables.cases import cases
from apflow.store.tables.reader_links import reader_links, signed_documents


def reader_link(connection: Connection, token: str) -> Row[Any] | None:
    """The link or code with the reference of its case, whether or not it is still good; None when there is none."""
    query = select(reader_links, cases.c.reference).join(cases, cases.c.id == reader_links.c.case_id)
    return connection.execute(query.where(reader_links.c.token_hash == hashed(token))).one_or_none()


def add_reader_link(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a code that goes with a letter; those in e-mails are kept in the commit that writes them."""
    connection.execute(insert(reader_links), dict(values))


def signed_of(connection: Connection, case_id: int, name: str) -> Sequence[Row[Any]]:
    """What was signed of a document of the case, by whom and when, the newest first."""
    query = select(signed_documents).where(signed_documents.c.case_id == case_id, signed_documents.c.name == name)
    return connection.execute(query.order_by(signed_documents.c.version.desc())).all()
