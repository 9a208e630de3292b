"""The files of a folder as plain values, and why they could not be read: YAML's own reader and the models' types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yamlcore import CCoreLoader

from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.council import Council
from apflow.core.definition.document import PublicDocument
from apflow.core.definition.workflow import Workflow
from apflow.provision.coding import Attendance
from apflow.provision.law import Registration
from apflow.provision.returns import Returns

Raw = dict[str, Any]
Model = (
    type[Council]
    | type[Workflow]
    | type[Catalogue]
    | type[Registration]
    | type[Attendance]
    | type[Returns]
    | type[PublicDocument]
)
MODELS: Mapping[str, Model] = {
    "council": Council,
    "workflow": Workflow,
    "catalogue": Catalogue,
    "registration": Registration,
    "attendance": Attendance,
    "returns": Returns,
    "document": PublicDocument,
}


@dataclass(frozen=True)
class File:
    """One file as it was read: its kind, its values with and without a model, and what is wrong with it."""

    name: str
    kind: str
    raw: Raw
    model: Any
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A whole folder; `wrong` holds everything that keeps it from being used at all."""

    files: tuple[File, ...]
    templates: Mapping[str, str]
    wrong: tuple[str, ...]

    @property
    def council(self) -> Raw:
        return self._of("council")[0].raw

    @property
    def workflows(self) -> tuple[Raw, ...]:
        return tuple(file.raw for file in self._of("workflow"))

    @property
    def catalogues(self) -> dict[str, Raw]:
        return {file.raw["catalogue"]: file.raw for file in self._of("catalogue")}

    @property
    def returns(self) -> tuple[Raw, ...]:
        return tuple(file.raw for file in self._of("returns"))

    @property
    def notices(self) -> frozenset[str]:
        """Those with all three of their parts."""
        ends = (".subject.txt", ".txt", ".html")
        names = {path.removesuffix(".subject.txt") for path in self.templates if path.endswith(".subject.txt")}
        return frozenset(name for name in names if all(name + end in self.templates for end in ends))

    def models(self, kind: str) -> list[Any]:
        return [file.model for file in self._of(kind)]

    def _of(self, kind: str) -> list[File]:
        return [file for file in self.files if file.kind == kind]


def read_folder(folder: Path, notifications: Path) -> Policy:
    """Everything that is in the two folders."""
    files = tuple(_file(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml")))
    templates = {
        path.relative_to(notifications).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(notifications.rglob("*"))
        if path.is_file()
    }
    wrong = [sentence for file in files for sentence in file.wrong]
    if not wrong:
        wrong = list(_as_a_folder(files))
    return Policy(files, templates, tuple(wrong))


def _as_a_folder(files: tuple[File, ...]) -> Iterator[str]:
    if sum(file.kind == "council" for file in files) != 1:
        yield "there is not exactly one council file"
    names = [(file.kind, str(file.raw[file.kind])) for file in files]
    yield from (
        f"two files are the {kind} {name}" for kind, name in sorted(set(names)) if names.count((kind, name)) > 1
    )


@lru_cache(maxsize=256)
def _file(name: str, text: str) -> File:
    try:
        if any(getattr(event, "anchor", None) for event in yaml.parse(text, Loader=CCoreLoader)):
            return File(name, "", {}, None, (f"{name} has an anchor or an alias",))
        raw = yaml.load(text, Loader=CCoreLoader)
    except (yaml.YAMLError, ValueError) as error:
        return File(name, "", {}, None, (f"{name} is no YAML: {error}",))
    kind = next((kind for kind in MODELS if isinstance(raw, dict) and kind in raw), "")
    if not kind:
        return File(name, "", {}, None, (f"{name} is none of {', '.join(MODELS)}",))
    try:
        model = MODELS[kind].model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return File(name, kind, raw, None, (f"{name} cannot be read: {where}: {first['msg']}",))
    return File(name, kind, raw, model, ())
