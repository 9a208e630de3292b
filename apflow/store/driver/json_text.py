"""JSON columns, written and read by msgspec: a save has several, and the standard library takes ten times as long."""

import json
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def write_json(value: Any) -> str | None:
    return None if value is None else _encode(value).decode()


def read_json(text: str) -> Any:
    try:
        return _decode(text)
    except msgspec.DecodeError:  # Half a character or no number, which apflow once let in on SQLite.
        return json.loads(text)


def read_column(value: Any) -> Any:
    """The same of a column of SQLite, which gives a number that stands alone as one."""
    return read_json(value) if type(value) is str else value


JSON = {"json_serializer": write_json, "json_deserializer": read_json}
