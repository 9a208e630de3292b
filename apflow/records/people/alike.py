"""Pupils of one name, where several are listed: what is said beside each, so that nobody takes one for the other."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from apflow.core.definition.words import short_day


def told_apart(rows: Iterable[Row[Any]], number: str = "pupil_id") -> Mapping[int, str]:
    """By the pupil's number, when those were born who share a name; of two born on one day the UPN as well."""
    pupils = {getattr(row, number): row for row in rows}
    of_name: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for pupil, row in pupils.items():
        of_name[row.forename.casefold(), row.surname.casefold()].append(pupil)
    alike = [same for same in of_name.values() if len(same) > 1]
    return {pupil: _beside(pupils[pupil], [pupils[one] for one in same]) for same in alike for pupil in same}


def _beside(row: Row[Any], same: Iterable[Row[Any]]) -> str:
    is_one_of_two = Counter(one.born for one in same)[row.born] > 1
    return f", born {short_day(row.born)}" + (f", UPN {row.upn or 'not given'}" if is_one_of_two else "")
