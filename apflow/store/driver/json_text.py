"""JSON columns, written and read by msgspec: a save has several, and the standard library takes ten times as long."""

import json
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def _written(value: Any) -> str:
    return _encode(value).decode()


def read_json(text: str) -> Any:
    try:
        return _decode(text)
    except msgspec.DecodeError:  # Half a character or no number, which apflow once let in on SQLite.
        return json.loads(text)


JSON = {"json_serializer": _written, "json_deserializer": read_json}
