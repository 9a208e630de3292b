"""Who is acting."""

from msgspec import Struct

CLOCK = "clock"
PUBLIC = "public"


class Actor(Struct, frozen=True):
    """Whoever gives a command: a person with roles, the public before sign-in, or the clock.

    `id` is the person's id, None for the public and the clock. Identity comes from the sign-in, never a request's body.
    Whoever came by a link of their own is one item on one case: `by_link` is its reference and the item's key.
    `leads` are roles whose work they look after, where their own work is asked for. `no_more` are roles of
    theirs, each with a class that it does not read on the case that they look at, as that stands.
    """

    id: int | None
    name: str
    roles: frozenset[str]
    agency: str | None = None
    by_link: tuple[str, str] | None = None
    leads: frozenset[str] = frozenset()
    no_more: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_clock(self) -> bool:
        return CLOCK in self.roles

    def has_any(self, roles: tuple[str, ...]) -> bool:
        return not self.roles.isdisjoint(roles)


THE_CLOCK = Actor(id=None, name="apflow", roles=frozenset({CLOCK}))
THE_PUBLIC = Actor(id=None, name="A member of the public", roles=frozenset({PUBLIC}))
