"""`apflow forecast`, run as an officer would run it."""

from pathlib import Path

from sqlalchemy import select

from apflow.demo.run import DATABASE
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from tests.shell.commands import apflow, apflow_started


def test_what_comes_is_said_with_its_day_who_is_written_to_and_where_the_case_goes(demo_made: Path) -> None:
    store = Store(f"sqlite:///{demo_made / DATABASE}")
    with store.reading() as connection:
        reference = connection.scalars(select(cases.c.reference).where(cases.c.state == "gathering_evidence")).first()
    assert reference is not None
    store.close()

    said = apflow("forecast", reference, folder=demo_made, APFLOW_DATABASE=f"sqlite:///{demo_made / DATABASE}")

    assert said.returncode == 0
    assert "Reminder: Documents should be sent\n    an e-mail to " in said.stdout
    assert "By itself: Lapse\n    the case goes on to “Lapsed”\n" in said.stdout


def test_a_case_that_there_is_not_is_refused_in_a_sentence(demo_made: Path) -> None:
    said = apflow_started(
        "forecast", "AP-NONE-0000", folder=demo_made, APFLOW_DATABASE=f"sqlite:///{demo_made / DATABASE}"
    )

    assert said.returncode == 1
    assert said.stderr == 'Error: There is no case "AP-NONE-0000".\n'
