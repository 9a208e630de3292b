"""Which cases name somebody who must not be contacted about a pupil, by the pupil."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
import yaml
from alembic import op
from yamlcore import CCoreLoader

revision = "0035"
down_revision = "0034"

_ITEMS = sa.text(
    "SELECT DISTINCT cases.id, cases.digest, cases.fields, case_items.status FROM case_items"
    " JOIN cases ON cases.id = case_items.case_id"
    " WHERE case_items.collection = :of AND cases.workflow = :workflow ORDER BY cases.id"
)


def upgrade() -> None:
    barred = op.create_table(
        "barred_cases",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_barred_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_barred_cases_case_id_cases")),
    )
    op.create_index(op.f("ix_barred_cases_pupil_id"), "barred_cases", ["pupil_id"])
    found: dict[int, int] = {}
    for digest, workflow, read in _read_by_link():
        rows = op.get_bind().execute(_ITEMS, {"of": read["of"], "workflow": workflow}).all()
        for row in (one for one in rows if one.digest == digest and one.status not in read["readers"]):
            said = json.loads(row.fields) if isinstance(row.fields, str) else row.fields
            if isinstance(pupil := said.get(read["pupil"]), int):
                found[row.id] = pupil
    if found:
        op.bulk_insert(barred, [{"case_id": case, "pupil_id": pupil} for case, pupil in found.items()])


def _read_by_link() -> list[tuple[str, str, Mapping[str, Any]]]:
    """Of each workflow text whose cases are read by a link: its digest, its name and what it says of that."""
    texts = op.get_bind().execute(sa.text("SELECT digest, workflow, text FROM workflow_texts ORDER BY digest")).all()
    found: list[tuple[str, str, Mapping[str, Any]]] = []
    for row in (one for one in texts if "read_by_link" in one.text):
        said = yaml.load(row.text, Loader=CCoreLoader)  # As the files are read.
        by_link, pupil = said.get("read_by_link"), ((said.get("keeps") or {}).get("as") or {}).get("pupil")
        if by_link and pupil:
            readers = [one for key in ("by_email", "by_post") for one in _several(by_link.get(key) or [])]
            found.append((row.digest, row.workflow, {"of": by_link["of"], "pupil": pupil, "readers": readers}))
    return found


def _several(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
