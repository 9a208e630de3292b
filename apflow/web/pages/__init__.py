"""The pages people see, one module a noun. Every route of the site is listed here."""

from typing import Any

from apflow.web.pages import about, demo, event_form, evidence, health, home, sign_in, start
from apflow.web.site import Site


def routes(site: Site) -> list[Any]:
    """Every page; those of the demo only in a demo."""
    pages = [about, health, sign_in, start, home, event_form, evidence, *([demo] if site.demo else [])]
    return [route for page in pages for route in page.ROUTES]
