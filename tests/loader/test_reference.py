"""The reference page and the JSON Schemas: made from the models, complete, and true of real files."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema_rs import validator_for

from apflow.cli import main
from apflow.loader.nodes import read_document
from apflow.loader.reference import page
from apflow.loader.schema import KINDS, keys_of, parts, sayings, schema_of
from apflow.settings import shipped
from tests.loader.small import CATALOGUE, COUNCIL, REGISTRATION, WORKFLOW
from tests.loader.snippet import problems_with

EXAMPLES = [
    pytest.param(owner, key, id=f"{owner}.{key}")
    for owner, key in sorted({(owner, key) for part in parts() for key, owner in keys_of(part)})
]
DOCS = Path(__file__).parents[2] / "docs"


def a_snippet(owner: str, key: str) -> str:
    """The example put where its part stands, with whatever else it needs."""
    said = sayings()[owner]
    _, example, *elsewhere = said[key]
    value = read_document("example", example).value
    for step in reversed([] if elsewhere else said["_at"]):
        value = {step: value}
    needed = read_document("needed", said.get("_with", "{}")).value
    return yaml.safe_dump(_over(needed, value), sort_keys=False)


def _over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: _over(below.get(key), value) for key, value in above.items()}
    return above


@pytest.mark.parametrize(("owner", "key"), EXAMPLES)
def test_the_example_of_each_key_is_loaded_without_problems(owner: str, key: str, tmp_path: Path) -> None:
    said = sayings()[owner]
    whole = tuple(said["_at"]) if said.get("_whole") else None

    told = problems_with(tmp_path, a_snippet(owner, key), said.get("_in", "workflow"), whole)

    assert [str(problem) for _, problem in told] == []


def test_nothing_is_said_of_a_key_there_is_not() -> None:
    there_are = {(owner, key) for part in parts() for key, owner in keys_of(part)}

    assert {(owner, key) for owner, said in sayings().items() for key in said if key[0] != "_"} == there_are


def test_the_page_in_docs_is_what_would_be_made() -> None:
    assert (DOCS / "reference.md").read_text(encoding="utf-8") == page(), "run: make reference"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_schema_has_a_description(kind: str) -> None:
    made = schema_of(kind)

    for part in [made, *made.get("$defs", {}).values()]:
        assert [key for key, schema in part.get("properties", {}).items() if "description" not in schema] == []


@pytest.mark.parametrize("name", sorted(path.stem for path in shipped("workflows").glob("*.yaml")))
def test_the_shipped_files_fit_their_schema(name: str) -> None:
    text = (shipped("workflows") / f"{name}.yaml").read_text(encoding="utf-8")

    assert errors(read_document(name, text).value) == []


@pytest.mark.parametrize("text", [WORKFLOW, COUNCIL, CATALOGUE, REGISTRATION])
def test_the_small_policy_fits_its_schemas(text: str) -> None:
    assert errors(read_document("small", text).value) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    awaiting: reader\n", "    awaitting: reader\n"),
        ("within: 3 weeks", "within: 3 wks"),
        ("at: 1 working day left", "at: 1 working day"),
        ("reference: LO", "reference: lo"),
        ("  closed: {label", "  Closed: {label"),
        ("called: name\n", ""),
    ],
)
def test_an_editor_marks_what_is_not_of_the_language(before: str, after: str) -> None:
    assert WORKFLOW.count(before) == 1

    assert errors(read_document("small", WORKFLOW.replace(before, after)).value) != []


def errors(value: Any) -> list[str]:
    kind = next(kind for kind in KINDS if kind in value)
    return [str(error) for error in validator_for(schema_of(kind)).iter_errors(value)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_printed_and_written(tmp_path: Path, kind: str) -> None:
    printed = CliRunner().invoke(main, ["schema", kind])
    written = CliRunner().invoke(main, ["schema", "--write", str(tmp_path / "schemas")])

    assert (tmp_path / f"schemas/{kind}.json").read_text(encoding="utf-8") == printed.output
    assert len(written.output.splitlines()) == len(KINDS)
