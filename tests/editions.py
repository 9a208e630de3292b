"""Editions made live without the check that publishing runs, which takes most of its time and has tests of its own."""

from collections.abc import Mapping
from dataclasses import replace

from apflow.clock import Clock
from apflow.loader.folders import read_policy
from apflow.settings import Settings, shipped
from apflow.store.driver.engine import Store
from apflow.store.editions import Publisher, add_edition
from apflow.testing import MAGDA, MONDAY, SHIPPED_NOTICES, shipped_library
from apflow.web.site import Site
from apflow.wiring import site_under

BY = Publisher(MAGDA.name)


def shipped_files() -> dict[str, str]:
    """The shipped policy as an edition keeps it."""
    return read_policy(shipped("workflows"), shipped("notifications"))


def make_live(store: Store, files: Mapping[str, str] | None = None, *, after: int | None = None) -> int:
    """Publish these files, or the shipped ones, as they are; the number of the edition."""
    with store.writing() as connection:
        return add_edition(connection, files or shipped_files(), after=after, sentences=[], why="", by=BY, now=MONDAY)


def first_site(settings: Settings, *, clock: Clock | None = None) -> Site:
    """An installation, in whose database are tables only, under the shipped policy as its first edition.

    It is as `published_site` joins it, but for the policy, which is read once in this process.
    """
    store = Store(settings.database)
    edition = make_live(store)
    store.close()
    library = replace(shipped_library(), edition=edition)
    return replace(site_under(library, SHIPPED_NOTICES, settings, clock=clock), edition=edition)
