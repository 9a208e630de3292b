"""That every text cases keep to can be read by this version of apflow, which may ask more of a policy than its last.

One text that cannot be read would close the queue and the lists in which its cases stand, so it is looked for before
anything is changed or served.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect

from apflow.core.errors import ApflowError, DefinitionError
from apflow.loader.library import workflow_as_kept
from apflow.store.cases.texts import cases_under, texts_in_use
from apflow.store.driver.engine import Store


class CasesLeftBehind(ApflowError):
    """Cases keep to workflow texts that this version of apflow cannot read."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(
            "\n".join(told) + "\nNothing was changed. Go back to the version of apflow that ran until now; there, "
            "open cases can be moved to a text without what is named (`apflow cases migrate`). "
            "Closed cases cannot: tell whoever maintains apflow."
        )


def refuse_unreadable(store: Store) -> None:
    """CasesLeftBehind, with each problem and how many cases keep to its text, unless all can be read.

    Before the database is upgraded as well: it reads what every version of the tables has.
    """
    if not inspect(store.engine).has_table("workflow_texts"):
        return
    with store.reading() as connection:
        told = [*_unreadable(connection)]
    if told:
        raise CasesLeftBehind(told)


def _unreadable(connection: Connection) -> Iterator[str]:
    for kept in texts_in_use(connection):
        called = f"{kept.workflow}, version {kept.version}"
        try:
            workflow_as_kept(called, kept.text)
        except DefinitionError as error:
            count = cases_under(connection, kept.digest)
            yield from map(str, error.problems)
            yield f"{count:,} case{' keeps' if count == 1 else 's keep'} to that text of {called}."
