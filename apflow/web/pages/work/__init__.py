"""The staff's work: the queue and what is done with its tasks, the list of cases, lists that are kept, the team."""

from apflow.web.pages.work import (
    agenda,
    away,
    cases,
    my_lists,
    passing,
    putting_off,
    reported,
    several,
    tasks,
    team,
    visits,
    work,
)

PAGES = (agenda, away, cases, my_lists, passing, putting_off, reported, several, tasks, team, visits, work)
