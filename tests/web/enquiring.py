"""What tests of enquiries share: how many cases there are, and an enquiry up to its last button."""

from apflow.store.reading.queues import CaseFilter, count_cases
from apflow.testing import ENQUIRY
from apflow.web.site import Site
from tests.web.browsing import Client
from tests.web.reading import Page


def how_many(site: Site) -> int:
    with site.store.reading() as connection:
        return count_cases(connection, CaseFilter())


def checked(client: Client, **changes: str) -> Page:
    """The page that shows the answers of ENQUIRY, or ones that differ from it, to be checked."""
    form = Page(client.get("/start/enquire")).form("Continue")
    return Page(form.send(client, "Continue", **{**ENQUIRY, **changes}))
