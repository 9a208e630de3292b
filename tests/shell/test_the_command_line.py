"""The `apflow` command, run as a person would run it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from apflow.clock import machine_now
from apflow.demo.run import DATABASE
from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.store.people import sign_in
from apflow.store.people.sign_in import token_person
from apflow.store.records.reads import note_reads
from apflow.store.tables.cases import cases
from apflow.store.tables.people import people
from apflow.store.tables.pupils import pupils
from apflow.wiring import open_installation
from tests.lending import a_council, ask, environment
from tests.loader.folder import rewrite
from tests.shell.commands import Ran, apflow, apflow_started

# No file may grow beyond 200 KB, as where the disk is full.
_WITH_LITTLE_ROOM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from apflow.cli import main
main()
"""

IS_OPEN = "  is_open: {when: {fact: council.applications_open, is: true}, reason: Closed., assumed: x}\n"
IF_OPEN = ("guards:\n", f"guards:\n{IS_OPEN}"), ("is_wanted]", "is_wanted, is_open]")


@pytest.fixture
def council(tmp_path: Path) -> Settings:
    """A council with a small policy of its own."""
    return a_council(tmp_path / "council")


@pytest.fixture
def policy(council: Settings) -> Path:
    return council.workflows


def test_the_shipped_policy_has_no_problems(tmp_path: Path) -> None:
    checked = apflow_started("check", folder=tmp_path)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.endswith("no problems.\n")
    assert "\nprovider: all " in checked.stdout


def test_a_misspelt_state_is_reported_at_its_place_and_check_fails(policy: Path) -> None:
    file = policy / "loan.yaml"
    lines = file.read_text().splitlines()
    line = next(number for number, text in enumerate(lines) if text.strip() == "to: lent")
    lines[line] = lines[line].replace("lent", "lemt")
    file.write_text("\n".join(lines))

    checked = apflow("check", str(policy), folder=policy)

    assert checked.returncode == 1
    column = lines[line].index("lemt") + 1
    assert f"{file}:{line + 1}:{column}: unknown-state:" in checked.stdout
    assert 'did you mean "lent"?' in checked.stdout


def test_problems_can_be_read_by_a_tool(policy: Path) -> None:
    (policy / "papers.yaml").write_text("catalogue: papers\n")

    checked = apflow("check", "--json", str(policy), folder=policy)

    problems = json.loads(checked.stdout)
    assert checked.returncode == 1
    assert {"file", "line", "column", "code", "message", "suggestion"} == set(problems[0])


def test_a_tool_is_told_how_far_each_workflow_was_followed_beside_the_problems(policy: Path) -> None:
    rewrite(policy / "loan.yaml", *IF_OPEN)

    checked = apflow("check", "--json", str(policy), folder=policy)

    assert json.loads(checked.stdout) == []
    (told,) = map(json.loads, checked.stderr.splitlines())
    assert (told["workflow"], told["is_whole"], told["either_way"]) == ("loan", True, ["is_open"])


def test_a_notice_that_speaks_of_what_is_not_there_is_a_problem(policy: Path) -> None:
    notice = policy.parent / "notifications" / "loan" / "overdue.txt"
    notice.write_text(notice.read_text().replace("{{ case.title }}", "{{ fields.favourite_colour }}"))

    checked = apflow("check", str(policy), folder=policy)

    assert checked.returncode == 1
    assert "loan/overdue" in checked.stdout
    assert "favourite_colour" in checked.stdout


def test_what_is_assumed_is_listed_with_its_place_for_the_team_to_confirm(policy: Path) -> None:
    listed = apflow("check", "--assumed", str(policy), folder=policy).stdout.splitlines()

    assert any("Someone should look within 5 working days" in line for line in listed)
    assert any("More time: 1 week, at most 2 times" in line for line in listed)
    assert all(line.split(":")[1].isdigit() for line in listed)


def test_a_calendar_that_would_run_out_is_reported_ahead(policy: Path) -> None:
    checked = apflow("check", "--as-of", "2099-01-01", str(policy), folder=policy)

    assert checked.returncode == 1
    assert "calendar-ends" in checked.stdout


def test_a_new_database_is_made_and_a_member_of_staff_added(council: Settings, tmp_path: Path) -> None:
    run = partial(apflow, folder=tmp_path, **environment(council))

    run("publish", "--yes")
    added = run("person", "Olive", "olive@council.example", "--role", "librarian")
    token = run("token", "olive@council.example")

    assert "olive@council.example" in added.stdout
    assert token.stdout.startswith("apflow_")


def test_a_program_can_try_the_api_of_a_demo(demo: Path) -> None:
    database = f"sqlite:///{demo / DATABASE}"
    store = Store(database)
    with store.reading() as connection:
        email, id = connection.execute(select(people.c.email, people.c.id).limit(1)).one()

    token = apflow("token", email, folder=demo, APFLOW_DATABASE=database).stdout.strip()

    with store.reading() as connection:
        known = token_person(connection, token)
    store.close()
    assert known is not None
    assert known.id == id


@pytest.fixture
def olive(council: Settings, tmp_path: Path) -> Callable[..., Ran]:
    """The command, for a council at which Olive works."""
    run = partial(apflow, folder=tmp_path, **environment(council))
    run("publish", "--yes")
    run("person", "Olive", "olive@council.example", "--role", "librarian")
    return run


def test_whoever_leaves_is_signed_out_and_no_token_or_link_of_theirs_opens_anything(
    council: Settings, olive: Callable[..., Ran]
) -> None:
    token = olive("token", "olive@council.example").stdout.strip()
    store, now = Store(council.database), machine_now()
    with store.writing() as connection:
        id = connection.execute(select(people.c.id)).scalar_one()
        session, issued = sign_in.start_session(connection, id, now), sign_in.issue_link(connection, id, now)

    left = olive("leave", "Olive@council.example")
    again = olive("person", "Olive", "olive@council.example", "--role", "librarian")

    assert "cannot sign in any more" in left.stdout
    assert again.returncode == 0
    with store.reading() as connection:
        assert token_person(connection, token) is None, "what ended stays ended, though she has come back"
        assert sign_in.session_person(connection, session, now) is None
        assert sign_in.link(connection, issued.token, now) is None
    store.close()


def test_what_somebody_did_and_looked_at_is_written_down_though_they_have_left(
    council: Settings, olive: Callable[..., Ran]
) -> None:
    store, now = Store(council.database), machine_now()
    with store.writing() as connection:
        id = connection.execute(select(people.c.id)).scalar_one()
        pupil = {
            "surname": "Sparrow",
            "forename": "Pip",
            "sought": "sparrow pip",
            "born": now.date(),
            "changed_at": now,
        }
        connection.execute(insert(pupils).values(pupil | {"id": 7, "version": 1}))
        note_reads(connection, person=id, pupils=[7], page="Pupil", at=now)
    store.close()
    olive("leave", "olive@council.example")

    told = olive("did", "olive@council.example").stdout.splitlines()

    assert told[0].removeprefix("\ufeff") == "When,How,What,Of"
    assert told[1].endswith(",looked,Pupil,pupil 7")
    assert len(olive("did", "olive@council.example", "--since", "2199-01-01").stdout.splitlines()) == 1
    assert "There is nobody with the address" in olive("did", "nobody@council.example").stderr


def test_nobody_makes_a_token_for_somebody_who_has_left(olive: Callable[..., Ran]) -> None:
    olive("leave", "olive@council.example")

    refused = olive("token", "olive@council.example")

    assert refused.returncode == 1
    assert "Olive has left" in refused.stderr


def test_one_of_a_persons_tokens_is_ended_by_its_name(council: Settings, olive: Callable[..., Ran]) -> None:
    lost, kept = (olive("token", "olive@council.example", "--name", name).stdout.strip() for name in ("old", "new"))

    ended = olive("token", "olive@council.example", "--end", "--name", "old")

    assert ended.stdout.startswith("1 token is ended.\nnew, made on ")
    store = Store(council.database)
    with store.reading() as connection:
        assert token_person(connection, lost) is None
        assert token_person(connection, kept) is not None
    store.close()
    assert kept not in olive("token", "olive@council.example", "--list").stdout


@pytest.mark.parametrize(
    ("name", "email", "said"),
    [
        ("olive@council.example", "Olive", "enter an email address in the right form"),
        (" ", "olive@council.example", "Enter an answer: name"),
        ("Olive" * 30, "olive@council.example", "use 120 characters or fewer"),
    ],
)
def test_a_name_and_an_address_that_cannot_be_theirs_are_refused(
    name: str, email: str, said: str, olive: Callable[..., Ran]
) -> None:
    refused = olive("person", name, email, "--role", "librarian")

    assert refused.returncode == 1
    assert said in refused.stderr


def test_a_copy_is_made_while_others_write_and_is_whole(
    council: Settings, olive: Callable[..., Ran], tmp_path: Path
) -> None:
    store, file = Store(council.database), tmp_path / "copy.db"
    with store.writing() as connection:
        connection.execute(insert(people).values(_person("late@council.example")))
        copied = olive("db", "copy", str(file))
    store.close()

    assert copied.returncode == 0
    assert file.stat().st_mode & 0o077 == 0, "only its owner reads it"
    of_then = Store(f"sqlite:///{file}")
    with of_then.reading() as connection:
        assert list(connection.execute(select(people.c.email)).scalars()) == ["olive@council.example"]
    of_then.close()
    there = {**environment(council), "APFLOW_DATABASE": f"sqlite:///{file}"}
    assert apflow("verify", folder=tmp_path, **there).returncode == 0


def _person(email: str) -> dict[str, Any]:
    return {"name": "Late", "email": email, "roles": [], "is_active": True, "created_at": machine_now()}


def test_no_copy_is_written_over_what_is_there_nor_where_nothing_can_be(
    olive: Callable[..., Ran], tmp_path: Path
) -> None:
    there = tmp_path / "kept.db"
    there.write_text("the copy of yesterday")

    over, nowhere = olive("db", "copy", str(there)), olive("db", "copy", str(tmp_path / "none" / "copy.db"))

    assert (over.returncode, nowhere.returncode) == (1, 1)
    assert "is there already" in over.stderr
    assert "cannot be written: No such file or directory" in nowhere.stderr
    assert there.read_text() == "the copy of yesterday"


def test_a_checkpoint_shows_a_history_that_was_cut_since(
    council: Settings, olive: Callable[..., Ran], tmp_path: Path
) -> None:
    site, now, kept = open_installation(council), machine_now(), tmp_path / "kept"
    asked = ask(site.handler, now=now, wanted_on=now.date() + timedelta(days=60))
    made, again = olive("db", "checkpoint", str(kept)), olive("db", "checkpoint", str(kept))
    whole = olive("verify", "--against", str(kept))
    with site.store.writing() as connection:
        connection.execute(update(cases).values(reference="LO-ELSE-WHERE"))
    site.store.close()

    gone = olive("verify", "--against", str(kept))
    kept.write_text("half of one")
    none = olive("verify", "--against", str(kept))

    assert f"{kept} says how far 1 case had come. SHA-256 " in made.stdout
    assert "is there already" in again.stderr
    assert (whole.returncode, gone.returncode, none.returncode) == (0, 1, 1)
    assert f"Compared with {kept}, SHA-256 {made.stdout.split()[-1]}" in whole.stdout
    assert f"{asked}: the case is gone" in gone.stdout
    assert "no checkpoint, or not the whole of one" in none.stderr


@pytest.mark.usefixtures("olive")
def test_nothing_is_left_of_a_copy_for_which_there_is_no_room(council: Settings, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    command = [sys.executable, "-c", _WITH_LITTLE_ROOM, "db", "copy", str(copies / "copy.db")]
    own = {**os.environ, **environment(council)}

    ran = subprocess.run(command, env=own, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert ran.returncode == 1
    assert "What there was of it is removed." in ran.stderr
    assert list(copies.iterdir()) == []


def test_of_postgresql_another_program_makes_copies(tmp_path: Path) -> None:
    refused = apflow("db", "copy", "copy.db", folder=tmp_path, APFLOW_DATABASE="postgresql+psycopg://a@127.0.0.1:1/b")

    assert refused.returncode == 1
    assert "pg_dump" in refused.stderr


def test_an_unknown_role_is_refused_with_those_there_are(council: Settings, tmp_path: Path) -> None:
    apflow("publish", "--yes", folder=tmp_path, **environment(council))

    words = ("person", "Olive", "olive@council.example", "--role", "wizard")
    refused = apflow_started(*words, folder=tmp_path, **environment(council))

    assert refused.returncode == 1
    assert "librarian" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("part", ["web", "worker"])
def test_one_part_alone_is_refused_on_sqlite_with_the_reason_and_makes_no_file(tmp_path: Path, part: str) -> None:
    refused = apflow("serve", "--only", part, folder=tmp_path)

    assert refused.returncode == 1
    assert refused.stderr == (
        "Error: SQLite has one writer at a time, so one process does everything: leave out --only, or use PostgreSQL.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("APFLOW_PORT", "abc", "APFLOW_PORT cannot be used"),
        ("APFLOW_PORT", "70000", "APFLOW_PORT cannot be used"),
        ("APFLOW_SMTP_STARTTLS", "maybe", "APFLOW_SMTP_STARTTLS cannot be used"),
        ("APFLOW_BASE_URL", "ap.example", "begin it with https://"),
        ("APFLOW_DATABASE", "rubbish", "write sqlite:///FILE or postgresql+psycopg://"),
        ("APFLOW_DATABASE", "sqlite:///", "name the file"),
        ("APFLOW_DATABASE", "sqlite:///:memory:", "name the file"),
        ("APFLOW_DATABASE", "sqlite:///nowhere/apflow.db", "unable to open database file"),
        ("APFLOW_DATABASE", "postgresql+psycopg://a:secret@127.0.0.1:1/b", "cannot be opened"),
        ("APFLOW_DATABASE", "postgresql+psycopg://a@127.0.0.1:secret/b", "Its address cannot be read"),
    ],
)
@pytest.mark.parametrize("words", [("serve",), ("db", "upgrade"), ("verify",)])
def test_a_setting_that_cannot_be_used_is_refused_by_its_name(
    tmp_path: Path, words: tuple[str, ...], setting: str, value: str, told: str
) -> None:
    refused = apflow(*words, folder=tmp_path, **{setting: value})

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: ")
    assert told in refused.stderr
    assert "secret" not in refused.stderr


def test_a_setting_that_there_is_not_is_told_with_the_one_that_was_probably_meant(tmp_path: Path) -> None:
    ended = apflow("serve", folder=tmp_path, APFLOW_SMTP_USER="somebody", APFLOW_HOST="127.0.0.1")

    assert ended.stderr.startswith(
        'APFLOW_SMTP_USER is no setting of apflow, and does nothing; did you mean "APFLOW_SMTP_USERNAME"?'
    )
    assert "APFLOW_HOST" not in ended.stderr
    assert "somebody" not in ended.stderr


def test_an_address_that_cannot_be_read_is_refused_to_those_who_only_read_too(tmp_path: Path) -> None:
    address = "postgresql+psycopg://a@127.0.0.1:secret/b"
    refused = apflow("simulate", "--measured", folder=tmp_path, APFLOW_DATABASE=address)

    assert refused.returncode == 2
    assert refused.stderr.startswith("Error: The database that APFLOW_DATABASE names cannot be opened.")
    assert "secret" not in refused.stderr


def test_a_folder_for_files_in_which_nothing_can_be_written_is_refused(council: Settings, tmp_path: Path) -> None:
    apflow("publish", "--yes", folder=tmp_path, **environment(council))
    taken = tmp_path / "taken"
    taken.write_text("a file, and no folder")

    refused = apflow("serve", folder=tmp_path, **{**environment(council), "APFLOW_UPLOADS": str(taken)})

    assert refused.returncode == 1
    assert f"Nothing can be written in {taken}" in refused.stderr
