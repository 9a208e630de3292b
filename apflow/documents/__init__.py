"""Documents for people to keep: what they say as values, laid out by a template of ours into a tagged PDF."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent


def pdf(layout: str, said: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The layout with these values in it, as PDF/UA-1: tagged, with a title and a language, or not made at all.

    Values reach the layout as data and never as markup, so nothing that somebody typed is taken for an instruction.
    """
    compiled = typst.compile(
        _layout(layout),
        format="pdf",
        ignore_system_fonts=True,  # So that the same case makes the same document on every machine.
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(compiled, bytes):
        raise TypeError(f"{layout}.typ makes no document")
    return compiled


@cache
def _layout(name: str) -> bytes:
    return (_FOLDER / "shared.typ").read_bytes() + (_FOLDER / f"{name}.typ").read_bytes()
