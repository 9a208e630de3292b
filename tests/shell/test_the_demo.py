"""The demo council: believable, made by commands alone, kept when asked for again."""

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from apflow.clock import machine_now
from apflow.core.days.calendar import local_date
from apflow.demo.clock import DemoDays
from apflow.demo.run import DATABASE, demo_site, say_what_waits
from apflow.records.providers.lights import lights
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.store.reading.history import broken_chains
from apflow.store.tables.cases import case_items, cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks


@pytest.fixture
def council(demo: Path) -> Store:
    return Store(f"sqlite:///{demo / DATABASE}")


def test_there_are_providers_in_every_state_of_the_journey(council: Store, demo: Path) -> None:
    with council.reading() as connection:
        of_providers = select(cases.c.state).where(cases.c.workflow == "provider")
        found = set(connection.execute(of_providers).scalars())
        count = connection.execute(select(func.count()).select_from(cases)).scalar_one()

    assert found == set(demo_site(demo, "http://demo.example").current().workflow.states)
    assert count >= 30


def test_one_provider_s_registration_light_is_red_and_another_s_amber(council: Store, demo: Path) -> None:
    registration = demo_site(demo, "http://demo.example").library.registration
    assert registration
    with council.reading() as connection:
        lit = lights(connection, registration, local_date(machine_now()))
        followed = connection.execute(select(cases.c.title).where(cases.c.workflow == "registration_light")).all()

    assert followed == [("Yarrow House",)]
    assert [(one.proprietor, one.assessment.light.name) for one in lit] == [
        ("Yarrow Learning Ltd", "RED"),
        ("Zephyr Sailing CIC", "AMBER"),
        ("Amber Lane Studio", "GREEN"),
        ("Beacon Motor Project", "GREEN"),
        ("Goldcrest Kitchen", "GREEN"),
        ("Meadowsweet Trust", "GREEN"),
    ]


def test_there_are_plans_visits_a_concern_breaches_and_a_year_of_quality_at_providers_on_the_list(
    council: Store,
) -> None:
    with council.reading() as connection:
        other = cases.c.workflow.not_in(["provider", "registration_light", "panel_meeting", "placement"])
        rows = connection.execute(select(cases.c.workflow, cases.c.state).where(other))
        found = sorted((row.workflow, row.state) for row in rows)

    plans = [("action_plan", "done"), ("action_plan", "running")]
    visits = [("visit", "arranged"), ("visit", "circulated")]
    year = [("quality_review", "waiting_for_visit"), ("self_assessment", "reviewed")]
    year += [("self_assessment", "to_fill_in")] * 2
    reviews = [("placement_review", "goes_on"), *[("placement_review", "to_decide")] * 2]
    breaches = [("data_breach", "assessing"), ("data_breach", "closed")]
    assert found == sorted([*plans, ("concern", "reported"), *year, *visits, *reviews, *breaches])


def test_there_is_a_placement_at_each_step_of_its_way(council: Store) -> None:
    with council.reading() as connection:
        states = connection.scalars(select(cases.c.state).where(cases.c.workflow == "placement")).all()

    assert sorted(states) == ["active", "agreed", "draft", "first_follow_up", "referred", "review"]


def test_it_shows_a_council_s_year_visits_due_lapsing_insurance_two_plans_a_removal_and_a_red_light(
    council: Store,
) -> None:
    with council.reading() as connection:
        states = [tuple(row) for row in connection.execute(select(cases.c.workflow, cases.c.state))]
        providers = connection.execute(select(cases.c.fields).where(cases.c.workflow == "provider")).scalars()
        due = [fields["routine_by"] for fields in providers if "routine_by" in fields]
        reminded = select(messages.c.to_name, messages.c.text).where(messages.c.notice == "provider/document_runs_out")
        insurance = [row.to_name for row in connection.execute(reminded) if "Public liability insurance" in row.text]

    assert len(due) == 2
    assert states.count(("visit", "arranged")) == 1
    assert len(insurance) == 2, "of one provider, eight weeks ahead and four"
    assert len(set(insurance)) == 1
    assert [state for workflow, state in states if workflow == "action_plan"].count("running") == 1
    assert sum(workflow == "action_plan" for workflow, _ in states) == 2
    assert states.count(("provider", "removed")) == 1
    assert states.count(("registration_light", "to_look_into")) == 1


def test_one_self_assessment_is_open_and_one_is_late_and_two_visits_are_planned(council: Store) -> None:
    with council.reading() as connection:
        late = select(cases.c.title).join(tasks, tasks.c.case_id == cases.c.id)
        overdue = late.where(tasks.c.name == "overdue_hand_in_due", tasks.c.closed_at.is_(None))
        open_now = select(cases.c.title).where(cases.c.workflow == "self_assessment", cases.c.state == "to_fill_in")
        of_providers = select(cases.c.fields).where(cases.c.workflow == "provider")
        planned = [fields for fields in connection.execute(of_providers).scalars() if "routine_by" in fields]
        titles = set(connection.execute(open_now).scalars()) - set(connection.execute(overdue).scalars())

    assert titles == {"Kingfisher Canoes"}
    assert len(planned) == 2


def test_everybody_is_told_of_the_removal_but_two_without_an_address_of_whom_one_was_rung(council: Store) -> None:
    with council.reading() as connection:
        told = messages.c.notice == "provider/removed_to_commissioners"
        rows = connection.execute(
            select(messages.c.status, messages.c.pupils_there).where(told).order_by(messages.c.id)
        )
        statuses = [(row.status, row.pupils_there) for row in rows]
        waiting = select(func.count()).where(tasks.c.name == "not_reached", tasks.c.closed_at.is_(None))
        assert connection.execute(waiting).scalar_one() == 1

    assert statuses[:3] == [("sent", 1)] * 3
    assert statuses.count(("failed", 0)) == 2
    assert len(statuses) == 70


def test_one_panel_meeting_has_filed_its_minutes_and_one_is_to_come_with_two_on_its_agenda(council: Store) -> None:
    with council.reading() as connection:
        meetings = connection.execute(select(cases.c.id, cases.c.state).where(cases.c.workflow == "panel_meeting"))
        by_state = {row.state: row.id for row in meetings}
        kept = select(case_items.c.case_id, case_items.c.status).where(case_items.c.collection == "agenda")
        agendas = sorted((row.case_id, row.status) for row in connection.execute(kept))

    closed, planned = by_state["closed"], by_state["planned"]
    held = [(closed, "agreed"), (closed, "held_over")]
    assert agendas == sorted([*held, (planned, "to_decide"), (planned, "to_decide")])


def test_there_are_thirteen_staff(council: Store) -> None:
    with council.reading() as connection:
        roles = list(connection.execute(select(people.c.roles)).scalars())

    assert sum(held not in (["provider"], ["commissioner"]) for held in roles) == 13


def test_some_work_is_overdue_today_and_some_is_not(council: Store) -> None:
    with council.reading() as connection:
        due = list(connection.execute(select(tasks.c.due_at).where(tasks.c.closed_at.is_(None))).scalars())

    late = [at for at in due if at and at < machine_now()]
    assert late
    assert len(late) < len(due)


def test_its_past_is_made_of_commands_so_every_case_agrees_with_its_history(council: Store) -> None:
    with council.reading() as connection:
        assert list(broken_chains(connection)) == []
        written = connection.execute(select(func.count()).select_from(history)).scalar_one()
        versions = connection.execute(select(func.sum(cases.c.version))).scalar_one()

    assert written == versions


def test_every_email_of_the_past_has_been_delivered(council: Store) -> None:
    with council.reading() as connection:
        with_address = select(messages.c.status).where(messages.c.to_email != "")
        assert set(connection.execute(with_address).scalars()) == {"sent"}


def test_stepping_a_day_ahead_lets_what_is_due_happen_first(demo: Path) -> None:
    days = DemoDays(Store(f"sqlite:///{demo / DATABASE}"))
    passed: list[datetime] = []

    days.step(passed.append)

    assert days.days_ahead() == 1
    assert (local_date(passed[0]) - local_date(machine_now())).days == 1
    again = DemoDays(days.store)
    again.load()
    assert again.days_ahead() == 1


def test_its_policy_is_an_edition_and_a_change_in_the_folder_is_said_to_wait(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = demo_site(demo, "http://demo.example")
    say_what_waits(site)
    assert (site.edition, capsys.readouterr().out) == (1, "")

    own = tmp_path / "notifications"
    shutil.copytree(shipped("notifications"), own)
    (own / "layout.txt").write_text("Hello\n")
    say_what_waits(replace(site, settings=site.settings.model_copy(update={"notifications": own})))

    assert "waits to be published" in capsys.readouterr().out
