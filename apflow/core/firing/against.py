"""What stands against an event beside its guards, whatever is answered: asked when it is fired, and when offered."""

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.people.actor import Actor
from apflow.core.people.doers import done_by_the_same
from apflow.core.snapshot import Snapshot


def others_against(
    definition: Definition, snapshot: Snapshot, event: str, spec: EventSpec, actor: Actor
) -> tuple[str, ...]:
    """The reasons; none when nothing does."""
    return (
        *_extension_used_up(snapshot, spec),
        *_nothing_to_post(definition, snapshot, event),
        *done_by_the_same(definition, snapshot, spec, actor),
    )


def _nothing_to_post(definition: Definition, snapshot: Snapshot, event: str) -> tuple[str, ...]:
    """Why an event that says a letter was posted cannot be done: none waits."""
    by_link = definition.workflow.read_by_link
    if by_link is None or event not in definition.workflow.alerts[by_link.letter].done_by:
        return ()
    waits = any(task.name == by_link.letter for task in snapshot.tasks)
    return () if waits else ("There is no letter to post.",)


def _extension_used_up(snapshot: Snapshot, spec: EventSpec) -> tuple[str, ...]:
    """Why the event may not give its deadline yet more time, if it may not."""
    if spec.extends is None:
        return ()
    running = snapshot.deadlines.get(spec.extends.deadline)
    if running is None or running.ended:
        return ("There is no deadline running that could be extended.",)
    if running.extended >= spec.extends.at_most:
        return (f"The deadline has been extended {running.extended} times already, which is the most allowed.",)
    return ()
