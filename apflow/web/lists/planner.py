"""Who may plan routine visits: whoever the workflow lets plan a single one."""

from apflow.core.people.actor import Actor
from apflow.web.site import Site

PLAN = "plan_routine_visit"


def may_plan(site: Site, actor: Actor) -> bool:
    """Whether there is such planning here, and it is the actor's."""
    spec = site.current().workflow.events.get(PLAN)
    return site.council.routine_visits is not None and spec is not None and actor.has_any(spec.by)
