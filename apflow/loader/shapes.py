"""Plain values into the definition's models; a validator's findings into sentences that say how to mend them."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from apflow.core.definition.base import Part
from apflow.core.errors import Problem
from apflow.core.findings import suggestion
from apflow.loader.nodes import Document

M = TypeVar("M", bound=BaseModel)


def read_shape(model: type[M], document: Document) -> M | None:
    """The document as `model`, or None with every problem added to the document."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        document.problems += _problems(document, error)
        return None


def _problems(document: Document, error: ValidationError) -> Iterable[Problem]:
    for found in error.errors():
        kind, location = found["type"], found["loc"]
        path = document.nearest(location)
        last = str(location[-1]) if location else ""
        if kind == "missing":
            yield document.problem(path, "missing-key", f'"{last}" is missing here', at_key=True)
        elif kind == "extra_forbidden":
            message = f'"{last}" is not a key here{suggestion(last, _known_keys())}'
            yield document.problem(path, "unknown-key", message, at_key=True)
        else:
            yield document.problem(path, "wrong-value", _sentence(found))


def _sentence(found: Mapping[str, Any]) -> str:
    message = str(found["msg"]).removeprefix("Value error, ")
    if found["type"] == "string_pattern_mismatch":
        return f'"{found["input"]}" is not a name; use small letters, digits and _'
    if found["type"] == "literal_error":
        wanted = found["ctx"]["expected"]
        return f'"{found["input"]}" is not one of {wanted}'
    return message[:1].lower() + message[1:]


def _known_keys() -> set[str]:
    return {info.alias or name for part in _parts(Part) for name, info in part.model_fields.items()}


def _parts(root: type[Part]) -> Iterable[type[Part]]:
    for part in root.__subclasses__():
        yield part
        yield from _parts(part)
