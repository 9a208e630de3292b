"""Where a request comes from, and how often one sender may ask to sign in or type a code.

One network may be a school, or all the offices of the council, so it may ask much more often than for one address.
An address has more than any one sender may use, so that nobody can use up what its owner has.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from litestar import Request
from sqlalchemy import Connection

from apflow.store.people.limits import RateLimit
from apflow.web.site import Site

_HOUR = timedelta(hours=1)
_OF_ONE_SENDER_FOR_AN_ADDRESS = RateLimit(6, _HOUR)
_FOR_AN_ADDRESS = RateLimit(60, _HOUR)
_WHOLE_NETWORK = 64  # What one household is given of the newer addresses: any of them is the same sender.


def sender_of(request: Request[Any, Any, Any]) -> str:
    """The network address a request comes from, as a proxy that is trusted tells it."""
    told = request.client.host if request.client else "unknown"
    try:
        address = ip_address(told.partition("%")[0])
    except ValueError:
        return told
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), _WHOLE_NETWORK), strict=False))


def wait_to_ask(connection: Connection, site: Site, sender: str, email: str, now: datetime) -> timedelta | None:
    """How long until one more link may be asked for, counted alike whether or not we know the address."""
    address = email.strip().lower()
    limits = (
        (RateLimit(site.settings.sign_ins_per_sender, _HOUR), f"asks from {sender}"),
        (_OF_ONE_SENDER_FOR_AN_ADDRESS, f"asks from {sender} for {address}"),
        (_FOR_AN_ADDRESS, f"asks for {address}"),
    )
    return next((wait for limit, who in limits if (wait := limit.wait_within(connection, who, now))), None)


def wait_to_type(connection: Connection, site: Site, sender: str, now: datetime) -> timedelta | None:
    """How long until one more code may be typed."""
    return RateLimit(site.settings.sign_ins_per_sender, _HOUR).wait_within(connection, f"codes from {sender}", now)
