"""Records that are no cases: pupils, placements, schools, sites, colleagues, e-mails, imports and retention."""

from apflow.web.pages.records import (
    closed_cases,
    colleagues,
    failed_letters,
    held,
    imports,
    letters,
    placed_pupil,
    placements,
    pupils,
    registration,
    retention,
    schools,
)

PAGES = (
    closed_cases,
    colleagues,
    failed_letters,
    held,
    imports,
    letters,
    placed_pupil,
    placements,
    pupils,
    registration,
    retention,
    schools,
)
