"""A slip of the year keeps nothing in date for a lifetime, and puts off no visit until nobody remembers it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Invalid
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, PAT, a_handler, add_people
from tests.brought import bring_to

NOT_BEFORE_TODAY = "today or before"


def days_asked(definition: Definition) -> Iterator[tuple[str, str, FieldSpec]]:
    """Every question of a form that is answered with a day which can lie ahead, and the event that asks it."""
    for (_, event), form in definition.forms.items():
        for name, asked in form.items():
            if asked.type is FieldType.DATE and asked.date_must_be != NOT_BEFORE_TODAY:
                yield event, name, asked


def test_every_day_that_is_asked_has_a_furthest(library: Library) -> None:
    asked = [days for name in library.sources for days in days_asked(library.current(name))]

    assert asked
    assert [(event, name) for event, name, day in asked if day.at_most_ahead is None] == []


def test_a_question_says_otherwise_than_the_council(library: Library) -> None:
    council = library.council.furthest_date
    assert council is not None
    by_name = {name: asked for _, name, asked in days_asked(library.current("provider"))}

    assert by_name["routine_by"].at_most_ahead == council.ahead
    assert str(by_name["expires_on"].at_most_ahead) == "4 years"


def test_without_the_councils_limit_a_day_may_be_however_far_ahead(library: Library) -> None:
    council = library.council.model_copy(update={"furthest_date": None})
    unlimited = replace(library.current("provider"), council=council)

    assert {name: asked for _, name, asked in days_asked(unlimited)}["routine_by"].at_most_ahead is None


def test_insurance_that_runs_out_in_a_hundred_years_is_refused(store: Store) -> None:
    add_people(store)
    handler = a_handler(store)
    case = bring_to(handler, "gathering_evidence")
    far = {"expires_on": date(MONDAY.year + 100, 3, 31).isoformat()}

    with pytest.raises(Invalid) as refused:
        handler.fire(case, "supply", far, actor=PAT, now=MONDAY, item="public_liability")

    said = "Date it expires: this is more than 4 years from now. Check the year, or choose an earlier day"
    assert refused.value.errors["expires_on"] == said
