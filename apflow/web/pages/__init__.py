"""The pages people see, one module a noun, in folders by what they are about. Every folder lists its pages."""

from typing import Any

from apflow.web.pages import attendance, case, everybody, figures, installation, records, work
from apflow.web.site import Site


def routes(site: Site) -> list[Any]:
    """Every page; those of the demo only in a demo."""
    folders = (everybody, work, case, records, attendance, figures, installation)
    pages = [page for folder in folders for page in folder.PAGES]
    return [route for page in (*pages, *(everybody.DEMO if site.demo else ())) for route in page.ROUTES]
