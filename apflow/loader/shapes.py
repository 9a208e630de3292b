"""Plain values into the definition's models; a validator's findings into sentences that say how to mend them."""

import re
from collections.abc import Iterable, Mapping, Set
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from apflow.core.checks.findings import meant, nearest
from apflow.core.definition.base import Part
from apflow.core.errors import Problem
from apflow.loader.nodes import Document, Path
from apflow.loader.schema import sayings

M = TypeVar("M", bound=BaseModel)
_A_NAME = "^[a-z][a-z0-9_]*$"
_PATTERNS = {
    _A_NAME: "is not a name; use small letters, digits and _",
    r"\S": "has no words in it; write what people are to read here",
    "^[A-Z]{2,4}$": "cannot begin a reference; use 2 to 4 capital letters",
}
# What is wanted where something of another kind stands, by what the validator calls that.
_WANTED = {
    "string_type": "one text here, in quotes where it is a number or a yes or no",
    "tuple_type": "a list here: in square brackets, or each on a line of its own after a dash",
    "list_type": "a list here: in square brackets, or each on a line of its own after a dash",
    "dict_type": "keys with their values here",
    "mapping_type": "keys with their values here",
    "model_type": "keys with their values here",
    "bool_type": "true or false here",
    "bool_parsing": "true or false here",
    "int_type": "a whole number here",
    "int_parsing": "a whole number here",
    "int_from_float": "a whole number here",
    "too_short": "one here at least",
}
_IN_BRACKETS = "; put several values in square brackets, [ … , … ], and a text with a comma in it in quotes"


def read_shape(model: type[M], document: Document) -> M | None:
    """The document as `model`, or None; every problem is added to the document.

    A key there is not is a problem, and is then left out, so that what is wrong beside it is told as well.
    """
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        document.problems += _problems(document, error)
        unknown = {document.nearest(found["loc"]) for found in error.errors() if found["type"] == "extra_forbidden"}
    if not unknown:
        return None
    try:
        return model.model_validate(_without(document.value, unknown))
    except ValidationError:
        return None


def _without(value: Any, unwanted: Set[Path], path: Path = ()) -> Any:
    if isinstance(value, dict):
        kept = {key: part for key, part in value.items() if (*path, key) not in unwanted}
        return {key: _without(part, unwanted, (*path, key)) for key, part in kept.items()}
    if isinstance(value, list):
        return [_without(part, unwanted, (*path, number)) for number, part in enumerate(value)]
    return value


def _problems(document: Document, error: ValidationError) -> Iterable[Problem]:
    for found in error.errors():
        kind, location = found["type"], found["loc"]
        if kind == "too_short" and len(found["input"]) >= found["ctx"]["min_length"]:
            continue  # The validator counts only what is right, and what is wrong among it is told itself.
        path = document.nearest(location)
        last = str(location[-1]) if location else ""
        if kind == "missing":
            yield document.problem(path, "missing-key", f'"{last}" is missing here{_meaning(last)}', at_key=True)
        elif kind == "extra_forbidden":
            is_value = found["input"] is None and " " in last
            is_elsewhere = last in _known_keys()
            near = None if is_elsewhere or is_value else nearest(last, _known_keys())
            told = ", though it is in other places" if is_elsewhere else _IN_BRACKETS if is_value else meant(near)
            message = f'"{last}" is not a key here{told}'
            yield document.problem(path, "unknown-key", message, at_key=True, suggestion=near)
        else:
            near = _nearest_literal(found)
            message, is_key = _sentence(found) + meant(near), last == "[key]"
            yield document.problem(path, "wrong-value", message, at_key=is_key, suggestion=near)


def _sentence(found: Mapping[str, Any]) -> str:
    if wanted := _WANTED.get(found["type"]):
        return f"this is {_written(found['input'])}; write {wanted}{_keys_of(found)}"
    if found["type"] == "greater_than_equal":
        return f"this must be {found['ctx']['ge']} or more"
    if found["type"] == "less_than_equal":
        return f"this must be {found['ctx']['le']} or less"
    if found["type"] == "string_too_long":
        return f"this has {len(found['input'])} characters; write {found['ctx']['max_length']} or fewer"
    message = str(found["msg"]).removeprefix("Value error, ")
    if found["type"] == "string_pattern_mismatch":
        pattern = found["ctx"]["pattern"]
        meant_name = _as_name(found["input"]) if pattern == _A_NAME else ""
        return f'"{found["input"]}" {_PATTERNS.get(pattern, "is not of the form wanted here")}{meant_name}'
    if found["type"] in ("literal_error", "enum"):
        wanted = found["ctx"]["expected"]
        return f'"{found["input"]}" is not one of {wanted}'
    return message[:1].lower() + message[1:]


def _as_name(said: str) -> str:
    """What was probably meant by a name with capitals, spaces or hyphens in it."""
    name = re.sub(r"[\s-]+", "_", said.strip().lower())
    return f'; did you mean "{name}"?' if re.match(_A_NAME, name) else ""


def _written(value: Any) -> str:
    """What stands in the file where something else is wanted."""
    if value in ([], (), {}):
        return "empty"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a set of keys"
    return "empty" if value is None else f'"{str(value).lower() if isinstance(value, bool) else value}"'


def _keys_of(found: Mapping[str, Any]) -> str:
    """An example of the keys wanted, where a part of the file should be a set of them."""
    name = (found.get("ctx") or {}).get("class_name")
    part = next((part for part in _parts(Part) if part.__name__ == name), None)
    if part is None:
        return ""
    needed = [info.alias or key for key, info in part.model_fields.items() if info.is_required()]
    return f", such as {{{', '.join(f'{key}: …' for key in needed)}}}" if needed else ""


def _nearest_literal(found: Mapping[str, Any]) -> str | None:
    """Which of the few words allowed was probably meant."""
    if found["type"] not in ("literal_error", "enum"):
        return None
    return nearest(str(found["input"]), re.findall(r"'([^']*)'", str(found["ctx"]["expected"])))


def _meaning(key: str) -> str:
    """What is said of a key, where it must be given in one part of the language alone."""
    needed = [
        sayings().get(part.__name__, {}).get(key)
        for part in _parts(Part)
        for name, info in part.model_fields.items()
        if key == (info.alias or name) and info.is_required()
    ]
    if len(needed) != 1 or needed[0] is None:
        return ""
    saying = str(needed[0][0]).rstrip(".")
    return f": {saying[:1].lower()}{saying[1:]}"


def _known_keys() -> set[str]:
    return {info.alias or name for part in _parts(Part) for name, info in part.model_fields.items()}


def _parts(root: type[Part]) -> Iterable[type[Part]]:
    for part in root.__subclasses__():
        yield part
        yield from _parts(part)
