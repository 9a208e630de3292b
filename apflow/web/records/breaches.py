"""The breaches of personal data that an e-mail belongs to, or can be added to, for whoever deals with them."""

from dataclasses import dataclass

from sqlalchemy import Connection

from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_see
from apflow.core.snapshot import Snapshot
from apflow.store.cases.loading import load_cases
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.web.lists.case_filter import seen_states
from apflow.web.site import Site

WORKFLOW, LINK = "data_breach", "link_email"
_EMAIL, _EMAILS, _NUMBER = "about_email", "emails", "email_number"
_MOST = 20


@dataclass(frozen=True, slots=True)
class Breaches:
    """By reference, what each is called: those that the e-mail belongs to, and open ones that it does not."""

    its_own: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()


def breaches_of(site: Site, connection: Connection, actor: Actor, email: int) -> Breaches:
    """Nothing for whoever sees no breaches but their own."""
    if WORKFLOW not in site.library.sources or seen_states(site.library.current(WORKFLOW).workflow, actor) == ():
        return Breaches()
    rows = list_cases(connection, CaseFilter(workflow=WORKFLOW, open_only=True, shown_to=actor.id), limit=_MOST)
    cases = load_cases(connection, [row.reference for row in rows])
    seen = [
        row for row in rows if may_see(site.handler.definition(connection, row.digest), cases[row.reference], actor)
    ]
    own = {row.reference for row in seen if str(email) in _emails(cases[row.reference])}
    named = [(row.reference, row.title) for row in seen]
    return Breaches(tuple(one for one in named if one[0] in own), tuple(one for one in named if one[0] not in own))


def _emails(case: Snapshot) -> set[str]:
    """The numbers of the e-mails that it is about, as somebody has written them."""
    written = [case.fields.get(_EMAIL), *(item.data.get(_NUMBER) for item in case.items.get(_EMAILS, {}).values())]
    return {str(number).strip() for number in written if number}
