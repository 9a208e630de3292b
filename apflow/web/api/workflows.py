"""The workflows there are, and what it takes to begin a case of each."""

from typing import Any

from litestar import Request, get
from pydantic import BaseModel, Field

from apflow.core.conditions import Facts
from apflow.core.definition.compiled import Definition
from apflow.core.machine import START
from apflow.core.people.actor import Actor
from apflow.core.people.permission import asked_of
from apflow.store.people.people import holding
from apflow.web.api.asking import actor_of, site_of
from apflow.web.api.problems import documented
from apflow.web.api.questions import QuestionOut, questions_out
from apflow.web.case.opened import audience_of
from apflow.web.site import Site


class StartOut(BaseModel):
    """One way to begin a case."""

    event: str
    label: str
    questions: list[QuestionOut]


class WorkflowOut(BaseModel):
    """One workflow as new cases start under it."""

    name: str
    title: str
    version: int
    states: dict[str, str] = Field(description="What each state is called.")
    start: list[StartOut] = Field(description="The start events that you may fire.")


class WorkflowList(BaseModel):
    """Every workflow."""

    items: list[WorkflowOut]


@get("/workflows", sync_to_thread=True, responses=documented(401, 503))
def list_workflows(request: Request[Any, Any, Any]) -> WorkflowList:
    """The workflows there are, with what each asks to begin a case."""
    site, actor = site_of(request), actor_of(request)
    definitions = [site.library.current(name) for name in site.library.sources]
    return WorkflowList(items=[_workflow(site, definition, actor) for definition in definitions])


def _workflow(site: Site, definition: Definition, actor: Actor) -> WorkflowOut:
    workflow, audience = definition.workflow, audience_of(site, actor)
    world = site.handler.world(site.now())
    with site.store.reading() as connection:
        people = holding(connection, definition.chosen_roles)
    facts = Facts({}, world.today.isoformat(), council=world.facts, time=world.time)
    return WorkflowOut(
        name=workflow.workflow,
        title=workflow.title,
        version=workflow.version,
        states={name: state.label.to(audience) for name, state in workflow.states.items()},
        start=[
            StartOut(
                event=event,
                label=spec.label.to(audience),
                questions=questions_out(asked_of(definition.forms[START, event], actor), facts, {}, people),
            )
            for event, spec in workflow.start.items()
            if not actor.roles.isdisjoint(spec.by)
        ],
    )


ROUTES = [list_workflows]
