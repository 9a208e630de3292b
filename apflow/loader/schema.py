"""The language as JSON Schema and as a reference page, both made from the models and what is said of their keys."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from apflow.core.definition.base import Claim, Part
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.council import Council
from apflow.core.definition.document import PublicDocument
from apflow.core.definition.workflow import Workflow
from apflow.loader.nodes import read_document
from apflow.provision.coding import Attendance
from apflow.provision.law import Registration
from apflow.provision.returns import Returns

KINDS: Mapping[str, type[BaseModel]] = {
    "workflow": Workflow,
    "council": Council,
    "catalogue": Catalogue,
    "registration": Registration,
    "attendance": Attendance,
    "returns": Returns,
    "document": PublicDocument,
}
SAYINGS = Path(__file__).parent / "sayings"


@cache
def sayings() -> Mapping[str, Any]:
    """For each part of the language: where it stands, and of each key what it means and an example."""
    said: dict[str, Any] = {}
    for file in sorted(SAYINGS.glob("*.yaml")):
        said |= read_document(str(file), file.read_text(encoding="utf-8")).value
    return said


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file, as editors and validators use it."""
    made = KINDS[kind].model_json_schema(by_alias=True)
    for part in [made, *made.get("$defs", {}).values()]:
        _describe(part)
    _close(made)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": f"apflow {kind}"}


def parts() -> Iterator[type[Part]]:
    """Every part of the language once, each file's own first, then what it is made of, in the order of use."""
    seen: set[type[Part]] = set()
    for root in KINDS.values():
        yield from _parts_of(root, seen)


def keys_of(part: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each key of a part as the file writes it, and what is said of it: its own saying or that of every claim."""
    own, shared = sayings().get(part.__name__, {}), sayings()["Claim"]
    for name, info in part.model_fields.items():
        key = info.alias or name
        if key not in own and not (issubclass(part, Claim) and key in shared):
            raise LookupError(f"nothing is said of {part.__name__}.{key}")
        yield key, part.__name__ if key in own else "Claim"


def as_text(kind: str) -> str:
    """The schema as it is printed."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


def _describe(part: dict[str, Any]) -> None:
    said = sayings().get(part.get("title", ""), {})
    for key, schema in part.get("properties", {}).items():
        schema.pop("title", None)
        saying = said.get(key) or sayings()["Claim"].get(key)
        if saying:
            schema["description"] = saying[0]


def _close(schema: Any) -> None:
    """A mapping by name has no other keys than names."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            _close(value)
    elif isinstance(schema, list):
        for value in schema:
            _close(value)


def _parts_of(part: type[BaseModel], seen: set[type[Part]]) -> Iterator[type[Part]]:
    if not issubclass(part, Part) or part in seen:
        return
    seen.add(part)
    yield part
    for info in part.model_fields.values():
        for inner in _models_in(info.annotation):
            yield from _parts_of(inner, seen)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)
