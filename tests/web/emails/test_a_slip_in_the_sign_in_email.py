"""A slip in the sign-in e-mail keeps nobody out, and is refused before it is live."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from apflow.settings import shipped
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, OLIVE
from apflow.web.site import Site
from tests.loader.test_the_email_of_the_day_is_rehearsed import a_policy
from tests.web.browsing import Client, a_browser_on

SLIPS = {
    "a slip": ("txt", "{{ nobody.knows.this }}"),
    "a slip in the other part": ("html", "{% extends 'nowhere.html' %}"),
    "without its link": ("txt", "Sign in by {{ code }}."),
    "without its code": ("html", '<a href="{{ link }}">Sign in</a>'),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_whoever_asks_gets_in_all_the_same_and_the_log_says_so(site: Site, tmp_path: Path, slip: str) -> None:
    folder = Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))
    part, said = SLIPS[slip]
    (folder / "sign_in" / f"link.{part}").write_text(said, encoding="utf-8")
    broken = replace(site, notices=Notices(folder))

    with a_browser_on(broken) as browser, capture_logs() as logs:
        asked = browser.post("/sign-in", data={"email": EMAILS[OLIVE]})
        with site.store.reading() as connection:
            row = connection.execute(select(messages).where(messages.c.notice == "sign_in/link")).one()
        token = row.text.partition("/continue/")[2].split()[0]
        entered = browser.post(f"/continue/{token}")

    assert asked.status_code < 400
    assert (row.status, row.to_email) == ("queued", EMAILS[OLIVE])
    assert f"/continue/{token}" in row.html
    assert row.subject == "Your link to sign in to B&NES alternative provision"
    assert entered.status_code == 303
    assert any(line["log_level"] == "error" and line["notice"] == "sign_in/link" for line in logs)


@pytest.mark.parametrize("slip", SLIPS)
def test_the_check_refuses_it(tmp_path: Path, slip: str) -> None:
    part, said = SLIPS[slip]
    folder = a_policy(tmp_path)
    (folder / "notifications/sign_in" / f"link.{part}").write_text(said, encoding="utf-8")

    (problem,) = check_folder(folder / "workflows", Notices(folder / "notifications"))

    assert Path(problem.file).parent.name == "sign_in"


def test_in_its_own_words_it_goes_as_it_is_written(site: Site, client: Client) -> None:
    client.post("/sign-in", data={"email": EMAILS[OLIVE]})

    with site.store.reading() as connection:
        row = connection.execute(select(messages).where(messages.c.notice == "sign_in/link")).one()
    assert "What you need to do" in row.text
