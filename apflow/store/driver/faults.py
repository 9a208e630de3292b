"""What can go wrong with a database, as the rest of apflow hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolEmpty

from apflow.core.errors import ApflowError, Refusal

_CLASHES = ("40001", "40P01")  # PostgreSQL's serialization failure and deadlock
_READ_ONLY = "25006"  # On a full disk, or as another server takes over, PostgreSQL takes no writes.
_CUT_OFF = "25P03"  # A transaction that was left lying, by a process that was held up, is ended by the server.


class StoreUnavailable(ApflowError):
    """The database cannot be used at the moment. Nothing has been changed."""


class Clash(StoreUnavailable):
    """Two changes met in the database, and this one was undone. It can be done again."""


class InDoubt(StoreUnavailable):
    """The database went away while saving, so we cannot tell whether this was done. Look before you repeat it."""


class Unstorable(Refusal):
    """Something you sent cannot be kept. Take out characters that no keyboard types, and numbers beyond any use."""

    code = "unstorable"


@contextmanager
def doubts() -> Iterator[None]:
    """Say InDoubt where the connection is lost while something is committed."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated:
            raise InDoubt from error
        raise


@contextmanager
def faults() -> Iterator[None]:
    """Raise what the database did in apflow's own words."""
    try:
        yield
    except OperationalError as error:
        raise (Clash if _state(error) in _CLASHES else StoreUnavailable) from error
    except InternalError as error:
        if _state(error) != _CUT_OFF:
            raise
        raise StoreUnavailable from error
    except PoolEmpty as error:
        raise StoreUnavailable from error
    except (DataError, UnicodeEncodeError, OverflowError) as error:  # a NUL, half a character, a number too long
        raise Unstorable from error


@contextmanager
def faults_of_writing() -> Iterator[None]:
    """The same where something is to be written, as a database that can only be read is then no mistake of ours."""
    try:
        with faults():
            yield
    except InternalError as error:
        if _state(error) != _READ_ONLY:
            raise
        raise StoreUnavailable from error


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
