"""An e-mail with a slip in its wording is shown as what it is, before it is written and afterwards."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from apflow.core.people.actor import Actor
from apflow.settings import shipped
from apflow.testing import OLIVE, a_handler, enquire
from apflow.web.site import Site
from tests.web.browsing import Client
from tests.web.reading import Page

WHY = "It could not be written: there is a slip in notifications/provider/invited_to_apply.txt, line 1"


def test_who_previews_it_is_told_and_its_case_says_so_once_it_is_done(
    site: Site, sign_in_to: Callable[[Site, Actor], Client], tmp_path: Path
) -> None:
    notices = Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))
    (notices / "provider" / "invited_to_apply.txt").write_text("{{ nobody.knows.this }}", encoding="utf-8")
    door = a_handler(site.store, site.library, notifications=notices)
    officer, reference = sign_in_to(replace(site, handler=door, notices=door.letters.notices), OLIVE), enquire(door)
    form = Page(officer.get(f"/cases/{reference}/do/invite")).form("Preview the email")

    preview = Page(form.send(officer, "Preview the email", message="We look forward to it."))
    form.send(officer, "Invite the provider to send its papers", message="We look forward to it.")

    assert WHY in preview.below("No email goes")
    assert "pat@made-up-farm.example" not in preview.below("No email goes")
    history = Page(officer.get(f"/cases/{reference}")).text
    assert "Could not be written" in history
    assert WHY in history
