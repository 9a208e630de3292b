"""Reading YAML: what policy files may contain, where each thing stands, and what is refused before it can do harm."""

from typing import Any

import pytest

from apflow.loader.nodes import DEPTH_LIMIT, SIZE_LIMIT, read_document


def told(text: str) -> list[str]:
    """Each problem of the text as line:column: message."""
    return [f"{found.line}:{found.column}: {found.message}" for found in read_document("file.yaml", text).problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("17:00", "17:00"),
        ("2026-12-24", "2026-12-24"),
        ("true", True),
        ("012", 12),
        ("0x1F", 31),
        ("0o17", 15),
        ("1_000", "1_000"),
        ("~", None),
        ("''", ""),
        ("'5'", "5"),
        ("[a, 2]", ["a", 2]),
        ("{a: {b: c}}", {"a": {"b": "c"}}),
        ("{<<: {b: c}}", {"<<": {"b": "c"}}),
    ],
)
def test_values_are_read_by_the_rules_of_yaml_1_2(text: str, value: Any) -> None:
    document = read_document("file.yaml", f"key: {text}")

    assert (document.value, document.problems) == ({"key": value}, [])


def test_every_key_and_value_has_its_line_and_column() -> None:
    document = read_document("file.yaml", "# a comment\nstates:\n  open: {by: [a, b]}\n")

    assert document.keys["states", "open"] == (3, 3)
    assert document.values["states", "open"] == (3, 9)
    assert document.keys["states", "open", "by"] == (3, 10)
    assert document.values["states", "open", "by", 1] == (3, 18)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (("guards", "g", "when", "every", "has", "fact", "is"), ("guards", "g", "when", "has", "is")),
        (("guards", "g", "when", "every", "every"), ("guards", "g", "when", "every")),
        (("guards", "g", "remind", 0, "who"), ("guards", "g", "remind", "who")),
        (("guards", "g", "item", "from", 0), ("guards", "g", "item", "from")),
        (("guards", "nobody", "when"), ("guards",)),
        (("nothing", "at", "all"), ()),
    ],
)
def test_a_location_that_names_alternatives_leads_to_where_it_is_in_the_file(
    location: tuple[str | int, ...], path: tuple[str | int, ...]
) -> None:
    text = "guards:\n  g:\n    when: {every: papers, has: {fact: status, is: done}}\n    remind: {who: all}\n"
    text += "    from: [open]\n    item: {from: told}\n"

    assert read_document("file.yaml", text).nearest(location) == path


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", '3:1: "a" is given twice; it is first given on line 1'),
        ("a:\n  b: 1\n  b: 1\n", '3:3: "b" is given twice; it is first given on line 2'),
        ("a: &x {b: 1}\n", "1:4: anchors (&) and aliases (*) are not used here"),
        ("a: !!python/object/apply:os.system [echo]\n", "1:4: tags (tag:yaml.org,2002:python/object/apply:os.system)"),
        ("a: !!int 5\n", "1:4: tags (tag:yaml.org,2002:int) are not used here"),
        ("a: !mine 5\n", "1:4: tags (!mine) are not used here"),
        ("? [1, 2]\n: 3\n", "1:3: a key must be plain text"),
        ("a: [1, 2\nb: 3\n", "2:2: this is not readable YAML"),
        ("a:\n\t- b\n", "2:1: this is not readable YAML: found character that cannot start any token"),
        ("a: 1\n---\nb: 2\n", "2:1: this is not readable YAML: but found another document"),
        ("a: \x00\n", "1:1: this is not readable YAML"),
        ("a: .inf\n", "1:4: .inf is not a number to be used here"),
        ("a: -.INF\n", "1:4: -.INF is not a number to be used here"),
        ("a: .nan\n", "1:4: .nan is not a number to be used here"),
        (f"a: {'9' * 5000}\n", "1:4: 99999999999999999999 is not a number to be used here"),
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
    ],
)
def test_what_policy_files_do_not_contain_is_refused_where_it_stands(text: str, problem: str) -> None:
    assert told(text)[0].startswith(problem)


def test_an_alias_is_refused_like_the_anchor_it_repeats() -> None:
    assert [line[:4] for line in told("a: &x [1]\nb: *x\n")] == ["1:4:", "2:4:"]


def test_a_billion_laughs_are_refused_before_they_grow() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    document = read_document("file.yaml", "\n".join(lines))

    assert document.value is None
    assert len(document.problems) == 12 + 11 * 10


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a" * (SIZE_LIMIT + 1), "1:1: the file is larger than 1,000,000 characters"),
        ("a: [" + "x, " * 4_000_000 + "]", "1:1: the file is larger than 1,000,000 characters"),
        ("[" * (SIZE_LIMIT - 1), f"1:31: this is nested more than {DEPTH_LIMIT} deep"),
        ("a: " + "{b: " * 200_000, f"1:120: this is nested more than {DEPTH_LIMIT} deep"),
        ("".join(f"{' ' * n}a:\n" for n in range(1000)), f"31:31: this is nested more than {DEPTH_LIMIT} deep"),
    ],
    ids=["long", "wide", "deep list", "deep map", "deep block"],
)
def test_what_is_too_large_or_too_deep_is_refused_quickly(text: str, problem: str) -> None:
    assert told(text) == [problem]


def test_nesting_up_to_the_limit_is_read() -> None:
    assert told("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT) == []
