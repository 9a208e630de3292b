"""What the records come to: the report, returns to others, and invoices."""

from apflow.web.pages.figures import invoices, reports, returns

PAGES = (invoices, reports, returns)
