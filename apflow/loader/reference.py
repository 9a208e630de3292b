"""The reference page of the language: every key of every part, made from the models; `make reference` writes it."""

import types
from collections.abc import Iterator, Mapping
from datetime import date, time
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from apflow.core.days.duration import Duration
from apflow.core.definition.base import Part
from apflow.loader.schema import KINDS, keys_of, parts, sayings

_HEAD = """\
# The language, key by key

Made from the models by `make reference`; do not edit it. The guide is [workflow-files.md](workflow-files.md).
Each example is one that the tests load without problems.

"""
_PLAIN: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "date",
    time: "time of day",
    Duration: "duration",
    Any: "any value",
    float: "number",
}


def page() -> str:
    """The whole page as Markdown."""
    return _HEAD + "\n".join(_part(part) for part in parts())


def _part(part: type[Part]) -> str:
    kind = next((kind for kind, root in KINDS.items() if root is part), None)
    title = f"A {kind} file" if kind else part.__name__
    lines = [f'<a id="{part.__name__.lower()}"></a>', "", f"## {title}", "", (part.__doc__ or "").strip(), ""]
    lines += ["| key | meaning | type | if not given |", "|---|---|---|---|", *_rows(part), ""]
    return "\n".join([*lines, *_examples(part)])


def _rows(part: type[Part]) -> Iterator[str]:
    infos = {info.alias or name: info for name, info in part.model_fields.items()}
    for key, owner in keys_of(part):
        meaning = sayings()[owner][key][0]
        yield f"| `{key}` | {meaning} | {_type(infos[key].annotation)} | {_default(infos[key])} |".replace("||", "|")


def _examples(part: type[Part]) -> Iterator[str]:
    shown: set[str] = set()
    yield "```yaml"
    for key, owner in keys_of(part):
        example = sayings()[owner][key][1].rstrip()
        if example not in shown:
            shown.add(example)
            yield f"# {key}\n{example}"
    yield "```\n"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value = info.get_default(call_default_factory=True)
    if value in (None, (), {}) or isinstance(value, BaseModel):
        return "—"
    if isinstance(value, tuple | frozenset):
        return ", ".join(f"`{one}`" for one in sorted(value))
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(inner[0])
    if origin is Literal:
        return " or ".join(f"`{word}`" for word in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(one) for one in inner if one is not type(None)))
    if origin in (tuple, frozenset):
        return f"list of {_type(inner[0])}"
    if inner:
        return f"by name: {_type(inner[-1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{one.value}`" for one in annotation)
    return _PLAIN.get(annotation, "text")
