"""The files that cases hold, and finding one that was sent before."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, or_, select

from apflow.core.snapshot import Upload
from apflow.store.cases.loading import upload_of
from apflow.store.tables.uploads import uploads


def files_of(connection: Connection, case_id: int) -> Mapping[str, Upload]:
    """Every file the case holds, by id."""
    rows = connection.execute(select(uploads).where(uploads.c.case_id == case_id))
    return {row.id: upload_of(row) for row in rows}


def files_named(connection: Connection, case_id: int, ids: Iterable[str]) -> Mapping[str, Upload]:
    """Those of these files that the case holds, by id."""
    wanted = sorted(set(ids))
    query = select(uploads).where(uploads.c.case_id == case_id, uploads.c.id.in_(wanted))
    return {row.id: upload_of(row) for row in connection.execute(query)} if wanted else {}


def sent_before(connection: Connection, *, staged_by: int, sha256: str, name: str, used_on: int | None) -> str | None:
    """The id under which this person staged the very same file before: not used yet, or used on the case `used_on`."""
    unused = uploads.c.case_id.is_(None)
    query = (
        select(uploads.c.id)
        .where(uploads.c.staged_by == staged_by, uploads.c.sha256 == sha256, uploads.c.name == name)
        .where(unused if used_on is None else or_(unused, uploads.c.case_id == used_on))
        .order_by(uploads.c.staged_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()
