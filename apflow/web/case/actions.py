"""What staff can do with a case now, by how much each stands out; and what they cannot yet, with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from apflow.core.firing.offers import Offer


@dataclass(frozen=True)
class Actions:
    """What can be done now, by how much it stands out; and what cannot yet, with its reasons."""

    main: tuple[Offer, ...]
    usual: tuple[Offer, ...]
    quiet: tuple[Offer, ...]
    danger: tuple[Offer, ...]
    blocked: tuple[Offer, ...]


def actions_of(offers: Sequence[Offer]) -> Actions:
    def possible(emphasis: str) -> tuple[Offer, ...]:
        return tuple(offer for offer in offers if offer.is_possible and offer.spec.emphasis == emphasis)

    return Actions(
        main=possible("main"),
        usual=possible("usual"),
        quiet=possible("quiet"),
        danger=possible("danger"),
        blocked=tuple(offer for offer in offers if not offer.is_possible and _is_missed(offer)),
    )


def _is_missed(offer: Offer) -> bool:
    """Whether the reader would wonder why it is not offered: what is quiet or past is not."""
    return not offer.is_past and (offer.spec.emphasis != "quiet" or bool(offer.could_set_aside))
