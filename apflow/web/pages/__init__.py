"""The pages people see, one module a noun. Every route of the site is listed here."""

from typing import Any

from apflow.web.pages import about, event_form, health, sign_in
from apflow.web.site import Site


def routes(site: Site) -> list[Any]:
    """Every page; those of the demo only in a demo."""
    return [*about.ROUTES, *health.ROUTES, *sign_in.ROUTES, *event_form.ROUTES]
