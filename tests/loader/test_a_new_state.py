"""A council adds a state with its task, deadline and e-mails: by writing text, and nothing else."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, NotOpen
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder, rehearse
from apflow.loader import read_folder, read_library
from apflow.settings import shipped
from apflow.testing import OLIVE, PAT
from tests.core.journey import give_views, reach
from tests.loader.folder import a_folder, place_of, rewrite

INTERVIEW = """\
  interview:
    label: {staff: Interview, provider: We will talk to you}
    awaiting: officer
    tasks:
      talk: {title: Talk to the provider, for: officer, deadline: talk_due, done_by: record_talk, assumed: x}
    deadlines:
      talk_due:
        label: We should have talked
        within: 5 working days
        remind: {at: 2 working days left, who: officer, notice: talk_soon}
        then: {escalate: manager, notice: work_overdue}
        assumed: x
    events:
      record_talk:
        label: Record the talk
        by: officer
        to: visit
        requires: talker_is_named
        form:
          talker:
          said: {type: long text, label: What was said}
        notify: {provider: talked}

"""
AGREES = "        label: Record that the panel agrees to a visit\n        by: officer\n        to: {}\n"
GUARD = "  talker_is_named: {when: {fact: answer.talker, is_not: Nobody}, reason: Somebody must have., assumed: x}\n"
CHANGES = (
    ("checking_evidence, panel, visit, approved]\n\n", "checking_evidence, panel, interview, visit, approved]\n\n"),
    (AGREES.format("visit"), AGREES.format("interview")),
    ("  visit_on: {type: date,", "  talker: {type: text, label: Who talked to them?}\n  visit_on: {type: date,"),
    ("  visit_is_arranged:\n", f"{GUARD}  visit_is_arranged:\n"),
    ("  visit:\n    label: {staff: Visit", f"{INTERVIEW}  visit:\n    label: {{staff: Visit"),
)
TALKED = """\
{{% extends "layout.{}" %}}
{{% block happened %}}{{{{ answers.talker }}}} talked to you.{{% endblock %}}
{{% block to_do %}}You do not need to do anything now.{{% endblock %}}
{{% block next %}}We arrange a visit.{{% endblock %}}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """The shipped policy with an interview between panel and visit, and without the stories that it makes untrue."""
    folder = a_folder(tmp_path, *CHANGES)
    file = folder / "provider.yaml"
    file.write_text(file.read_text(encoding="utf-8").partition("\nscenarios:")[0] + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def notices(tmp_path: Path) -> Notices:
    """The shipped notices and two more: one made from another, one written for the new state."""
    folder = tmp_path / "notifications"
    shutil.copytree(shipped("notifications"), folder)
    for part in ("subject.txt", "txt", "html"):
        shutil.copy(folder / f"provider/work_due_soon.{part}", folder / f"provider/talk_soon.{part}")
        shutil.copy(folder / f"provider/panel_agreed.{part}", folder / f"provider/talked.{part}")
    for part in ("txt", "html"):
        (folder / f"provider/talked.{part}").write_text(TALKED.format(part), encoding="utf-8")
    return Notices(folder)


def test_text_alone_adds_a_state_with_its_task_deadline_and_emails(policy: Path, notices: Notices) -> None:
    assert check_folder(policy, notices) == []
    play = reach(read_library(policy).current("provider"), "panel")  # It was checked above.
    give_views(play)
    play.fire(OLIVE, "panel_agree", **play.answers("panel_agree"))

    (task,) = play.case.tasks
    assert (play.case.state, task.name, task.claimed_by) == ("interview", "talk", OLIVE.id)
    assert task.due_at == play.case.deadlines["talk_due"].due_at == datetime(2026, 11, 9, 23, 59, tzinfo=UTC)
    with pytest.raises(NotOpen):
        play.fire(OLIVE, "arrange_visit")

    play.wait_until(datetime(2026, 11, 5, 12, tzinfo=UTC))
    assert [send.notice for send in play.outcomes[-1].sends] == ["talk_soon"]

    with pytest.raises(Blocked, match="Somebody must have"):
        play.fire(OLIVE, "record_talk", talker="Nobody", said="Nothing.")
    outcome = play.fire(OLIVE, "record_talk", talker="Olive Officer", said="They know their goats.")
    assert [(change.task, change.how) for change in outcome.tasks] == [(task.id, "done")]
    assert [send.notice for send in outcome.sends] == ["talked"]
    assert (play.case.state, play.case.fields["talker"]) == ("visit", "Olive Officer")


def test_events_possible_in_several_states_are_possible_in_the_new_one(policy: Path) -> None:
    play = reach(read_library(policy).current("provider"), "panel")
    give_views(play)
    play.fire(OLIVE, "panel_agree", **play.answers("panel_agree"))

    assert play.fire(PAT, "withdraw", sure=True).state == "withdrawn"


def test_a_case_that_began_before_goes_its_old_way(policy: Path, definition: Definition) -> None:
    library = read_library(policy)
    source = shipped("workflows") / "provider.yaml"

    play = reach(library.pinned(definition.digest, source.read_text(encoding="utf-8")), "visit")

    assert "interview" not in {outcome.state for outcome in play.outcomes}


def test_a_new_email_that_was_forgotten_is_missed_before_anyone_is(policy: Path, notices: Notices) -> None:
    (notices.folder / "provider/talked.html").unlink()

    file = policy / "provider.yaml"
    reading = read_folder(policy, Notices(notices.folder).names())

    (found,) = reading.check(str(file)).found

    line, _ = place_of(file, "notify: {provider: talked}")
    problem = reading.documents[str(file)].problem(found.path, found.code, found.message, at_key=found.at_key)
    assert (problem.line, problem.code) == (line, "unknown-notice")


def test_a_slip_in_a_new_email_is_told_before_anyone_gets_it(policy: Path, notices: Notices) -> None:
    rewrite(notices.folder / "provider/talked.txt", ("answers.talker", "answers.speaker"))

    library = read_library(policy)
    alone = replace(library, sources={"provider": library.sources["provider"]})

    (problem,) = rehearse(alone, Notices(notices.folder))

    assert "speaker" in problem.message
