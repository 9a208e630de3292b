"""Which policy is live: an installation as the newest edition has it, changed for another while it runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock

import structlog

from apflow.core.codes.unsafe import UNSAFE
from apflow.core.errors import ApflowError, Problem
from apflow.handler import Handler
from apflow.letters.messages import Letters
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_texts
from apflow.loader import Library, library_of
from apflow.loader.folders import WORKFLOWS, part_of
from apflow.store.driver.engine import Store
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.editions import files_of_edition, live_edition
from apflow.versions.publishing import notices_of
from apflow.versions.readable import refuse_unreadable
from apflow.watching.logs import fault
from apflow.web.site import Site

log = structlog.get_logger()


class NothingPublished(ApflowError):
    """No policy has been published here yet, so there is nothing to go by: run `apflow publish` first."""


class Unfit(ApflowError):
    """What was published before cannot be served by this version of apflow."""

    def __init__(self, edition: int, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        told = "\n".join(str(problem) for problem in problems)
        super().__init__(
            f"{told}\nEdition {edition} was checked by another version of apflow, and this one cannot run it safely. "
            "Mend the files and publish them (`apflow publish`), or go back to the version that ran until now."
        )


def live_files(store: Store) -> tuple[int, dict[str, str]]:
    """The live edition's number and files; NothingPublished before the first."""
    with store.reading() as connection:
        edition = live_edition(connection)
        if edition is None:
            raise NothingPublished
        return edition, files_of_edition(connection, edition)


def read_edition(edition: int, files: Mapping[str, str]) -> tuple[Library, Notices]:
    """What an edition's files say; they were checked when they were published."""
    return replace(library_of(part_of(files, WORKFLOWS)), edition=edition), notices_of(files)


def recheck(store: Store) -> list[Problem]:
    """What today's checks say of the live edition, and can wait; Unfit with what must not run as it is.

    CasesLeftBehind where cases keep to other texts than the live ones, and this version cannot read them.
    """
    edition, files = live_files(store)
    texts = {path: text for path, text in files.items() if path.startswith(WORKFLOWS)}
    problems = check_texts(texts, notices_of(files))
    if unsafe := [problem for problem in problems if problem.code in UNSAFE]:
        raise Unfit(edition, unsafe)
    refuse_unreadable(store)
    return problems


class Live:
    """The installation under the live edition. Each process looks for itself, by one small query, and swaps it whole.

    What has begun under the edition before is finished under it: a Site and its Handler never change.
    """

    def __init__(self, site: Site) -> None:
        self._site = replace(site, latest=self.site)
        self._unreadable: int | None = None
        self._lock = Lock()

    def wake_by(self, wake: Callable[[], None]) -> None:
        """What a commit rings; known only once the scheduler is made."""
        self._site = replace(self._site, wake=wake)

    def handler(self) -> Handler:
        """The door under the live edition."""
        return self.site().handler

    def site(self) -> Site:
        """The installation under the live edition; under the one before while another thread reads the new one."""
        try:
            with self._site.store.reading() as connection:
                newest = live_edition(connection)
        except ApflowError:  # Whoever needs the database will say so better.
            return self._site
        if newest not in (None, self._site.edition, self._unreadable) and self._lock.acquire(blocking=False):
            try:
                self._swap(newest)
            finally:
                self._lock.release()
        return self._site

    def _swap(self, newest: int | None) -> None:
        try:
            self._site = under(self._site, *live_files(self._site.store))
        except StoreUnavailable:  # It will be looked for again.
            return
        except ApflowError as error:
            # Published by a newer apflow, perhaps, or altered since. What runs goes on under the policy it has.
            self._unreadable = newest
            log.error("edition cannot be read", edition=newest, **fault(error))


def under(site: Site, edition: int, files: Mapping[str, str]) -> Site:
    """The same installation under this edition."""
    library, notices = read_edition(edition, files)
    letters = Letters(notices, site.settings.base_url, site.settings.mail_from or library.council.mailbox)
    handler = Handler(site.store, library, letters)
    return replace(site, library=library, notices=notices, handler=handler, edition=edition)
