"""docs/api.md against the API: the addresses it names are there, and it says what to do about every refusal."""

import re
from collections.abc import Iterator
from pathlib import Path

from litestar import Litestar

from apflow.core import errors
from apflow.core.errors import Refusal
from apflow.store.driver import faults
from apflow.uploads import refusals
from apflow.web.api.problems import CODES

GUIDE = (Path(__file__).parents[3] / "docs/api.md").read_text(encoding="utf-8")


def codes(kind: type[Refusal] = Refusal) -> Iterator[str]:
    """What programs are told, of every kind of refusal to do something to a case."""
    for one in kind.__subclasses__():
        if one.__module__ in (errors.__name__, refusals.__name__, faults.__name__):
            yield one.code
        yield from codes(one)


def test_every_address_in_the_guide_is_one_of_the_api(app: Litestar) -> None:
    described = app.openapi_schema.to_schema()["paths"].keys()

    named = set(re.findall(r"(?:GET|POST) `?(/api/v1/[a-z{}/-]+)", GUIDE))

    assert len(named) > 5
    assert named - described == set()


def test_the_guide_says_what_to_do_about_every_refusal() -> None:
    told = set(re.findall(r"`([a-z-]+)`", GUIDE))

    assert {*codes(), *CODES.values(), "fault"} - told == set()
