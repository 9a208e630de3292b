"""Whose work somebody looks after: the roles whose tasks theirs passes on."""

from apflow.core.people.actor import Actor
from apflow.web.site import Site


def led_by(site: Site, actor: Actor) -> list[str]:
    """The roles of a manager's team, none for anybody else."""
    held = (site.council.roles[role] for role in actor.roles if role in site.council.roles)
    return sorted({role for one in held for role in one.passes_on})
