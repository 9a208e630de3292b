"""What every page can reach: one value, made once at start-up by `wiring`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apflow.clock import Clock
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.events import CLOCK
from apflow.handler import Handler
from apflow.letters.notices import Notices
from apflow.loader import Library
from apflow.records.people.colleagues import ADDED
from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.store.people.limits import RateLimit
from apflow.uploads import Uploads

ENQUIRIES = RateLimit(10, timedelta(hours=1))


@dataclass(frozen=True)
class DemoClock:
    """The demo's lever on policy time: how far ahead it is, and stepping on a whole day."""

    days_ahead: Callable[[], int]
    step_a_day: Callable[[], None]


@dataclass(frozen=True)
class Site:
    """One running installation. `wake` rings the scheduler after a commit; `demo` is None outside a demo.

    `enquiries` holds the public back to so many an hour from one sender. `edition` is the policy it was made with;
    `latest` looks whether another has been published since, and is the installation made with that.
    """

    settings: Settings
    store: Store
    library: Library
    notices: Notices
    handler: Handler
    uploads: Uploads
    clock: Clock
    wake: Callable[[], None]
    demo: DemoClock | None = None
    edition: int | None = None
    latest: Callable[[], "Site"] | None = None
    enquiries: RateLimit = ENQUIRIES

    @property
    def council(self) -> Council:
        return self.library.council

    @property
    def tells_colleagues(self) -> bool:
        """Whether the policy has letters about who else can act for somebody; without them nobody else is let in."""
        return ADDED in self.notices.names()

    @property
    def mail_from(self) -> str:
        return self.settings.mail_from or self.council.mailbox

    def now(self) -> datetime:
        """Policy time."""
        return self.clock.now()

    def started_by(self, event: str) -> Definition | None:
        """The workflow whose cases people begin by this event, as new ones start under it; None when none is."""
        definitions = (self.library.current(name) for name in sorted(self.library.sources))
        return next((one for one in definitions if _begins(one, event)), None)

    def can_start(self, roles: frozenset[str]) -> frozenset[str]:
        """The events by which somebody with these roles can begin a case."""
        definitions = (self.library.current(name) for name in self.library.sources)
        starts = ((event, spec) for one in definitions for event, spec in one.workflow.start.items())
        return frozenset(event for event, spec in starts if not roles.isdisjoint(spec.by))

    def current(self) -> Definition:
        """The provider workflow as new cases start under it."""
        return self.library.current("provider")


def _begins(definition: Definition, event: str) -> bool:
    spec = definition.workflow.start.get(event)
    return spec is not None and set(spec.by) != {CLOCK}
