"""What can go wrong with a database, as the rest of apflow hears of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

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


class _InOurWords(AbstractContextManager[None]):
    """Every command passes through; a generator would take several times as long to begin and end."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if error is not None and (ours := _said_of(error)) is not None:
            raise ours from error


_IN_OUR_WORDS = _InOurWords()


def faults() -> AbstractContextManager[None]:
    """Raise what the database did in apflow's own words."""
    return _IN_OUR_WORDS


def _said_of(error: BaseException) -> ApflowError | None:
    match error:
        case OperationalError():
            return Clash() if _state(error) in _CLASHES else StoreUnavailable()
        case InternalError():
            return StoreUnavailable() if _state(error) == _CUT_OFF else None
        case PoolEmpty():
            return StoreUnavailable()
        case DataError() | UnicodeEncodeError() | OverflowError():  # a NUL, half a character, a number too long
            return Unstorable()
        case _:
            return None


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
