"""What is wrong with how long closed cases are kept is found, at the word; and so is one that nothing is said of."""

from pathlib import Path

import pytest

from tests.loader.small import a_small_folder
from tests.loader.test_checks import has, told

WHOLE = "loans: {of: loan, keep: 6 years, assumed: x}"


def with_rules(tmp_path: Path, *rules: str, decided_by: str = "librarian") -> list[str]:
    said = "".join(f"    {rule}\n" for rule in rules)
    closed = f"closed_cases:\n  decided_by: {decided_by}\n  rules:\n{said}applications:"
    return told(a_small_folder(tmp_path, ("applications:", closed), file="council.yaml"))


def test_a_rule_for_every_end_is_nothing_to_find(tmp_path: Path) -> None:
    assert with_rules(tmp_path, "small: {of: loan, keep: 1 year, answered: {size: small}, assumed: x}", WHOLE) == []


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (WHOLE.replace("of: loan", "of: lone"), 'unknown-workflow: there is no workflow called "lone"; did you mean'),
        (WHOLE.replace("keep:", "states: [close], keep:"), 'unknown-state: there is no state called "close"; did you'),
        (WHOLE.replace("keep:", "states: [lent], keep:"), 'unknown-state: there is no state called "lent"'),
        (WHOLE.replace("keep:", "counted_from: name, keep:"), 'unknown-field: there is no field called "name"'),
        (WHOLE.replace("keep:", "answered: {sizes: small}, keep:"), 'unknown-field: there is no field called "sizes"'),
        (WHOLE.replace("keep:", "answered: {size: smal}, keep:"), 'unknown-option: there is no option called "smal"'),
        (WHOLE.replace("keep: 6 years", "keep: 6 working days"), "wrong-value"),
        (WHOLE.replace(", assumed: x", ""), "unsourced: say where this comes from"),
        (WHOLE.replace("keep:", "answered: {size: small}, keep:"), "kept-for-ever: no rule says how long cases of"),
    ],
)
def test_a_rule_that_leads_nowhere_is_found(tmp_path: Path, rule: str, problem: str) -> None:
    assert has(with_rules(tmp_path, rule), problem)


def test_a_rule_below_one_that_fits_everything_and_one_that_nobody_could_follow_are_found(tmp_path: Path) -> None:
    assert has(with_rules(tmp_path, WHOLE, WHOLE.replace("loans", "more")), "never-counts: a rule above fits every")


def test_who_decides_is_a_role_that_sees_the_cases(tmp_path: Path) -> None:
    assert has(with_rules(tmp_path, WHOLE, decided_by="reader"), "nobody-decides: nobody who decides sees the cases")


def test_a_role_that_there_is_not_is_found(tmp_path: Path) -> None:
    assert has(with_rules(tmp_path, WHOLE, decided_by="manger"), 'unknown-role: there is no role called "manger"')
