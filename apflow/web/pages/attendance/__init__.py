"""Attendance: marking it, the plan of a placement, the page of the home school, and school days."""

from apflow.web.pages.attendance import marking, plans, school, school_years

PAGES = (marking, plans, school, school_years)
