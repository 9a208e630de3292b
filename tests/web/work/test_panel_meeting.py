"""The page of a panel meeting and its pack: what can be taken up, who may read the papers, and how they are tagged."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.cases import cases, looks
from apflow.store.tables.messages import messages
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PAVEL, PETRA, POPPY, StoppedClock
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.reading import Page

MEETING: dict[str, Any] = {
    "meeting_on": MONDAY.date().isoformat(),
    "meeting_time": "14:00",
    "meeting_place": "Room 1",
    "chair": 4,
}
ClientAs = Callable[..., Any]


def plan(site: Site) -> str:
    return site.handler.open_case("panel_meeting", "plan_meeting", MEETING, actor=OLIVE, now=MONDAY).reference


def do(site: Site, reference: str, event: str, item: str | None = None, actor: Actor = OLIVE, **said: Any) -> None:
    site.handler.fire(reference, event, said, actor=actor, now=MONDAY, item=item)


def with_two(site: Site) -> tuple[str, str, str]:
    """A meeting with two applications on its agenda, of one of which a member has given a view and another none."""
    first, second = (bring_to(site.handler, "panel", organisation=name) for name in ("Made Up Barn", "Made Up Forge"))
    meeting = plan(site)
    do(site, first, "give_view", actor=PETRA, view="visit", comments="Sensible ratios.")
    do(site, first, "declare_conflict", actor=PAVEL, conflict="My cousin teaches there.")
    for reference in (first, second):
        do(site, meeting, "put_on_agenda", reference)
    return meeting, first, second


def pack_for(client: Any, meeting: str) -> PdfReader:
    answer = client.get(f"/cases/{meeting}/pack")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["cache-control"] == "no-store"
    return PdfReader(io.BytesIO(answer.content))


def who_looked_at(site: Site, meeting: str) -> set[int | None]:
    with site.store.reading() as connection:
        of_it = looks.c.case_id == select(cases.c.id).where(cases.c.reference == meeting).scalar_subquery()
        return set(connection.execute(select(looks.c.person_id).where(of_it)).scalars())


def words_of(pack: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pack.pages)


def tags_of(pack: PdfReader) -> list[str]:
    """Every tag of the structure tree, in reading order."""

    def within(node: Any) -> list[str]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            return [tag for one in node for tag in within(one)]
        if not isinstance(node, dict):
            return []
        own = [str(node["/S"])] if "/S" in node else []
        return own + (within(node["/K"]) if "/K" in node else [])

    root: Any = pack.trailer["/Root"]
    return within(root["/StructTreeRoot"]["/K"])


def test_the_pack_is_tagged_titled_and_in_english(site: Site, client_as: ClientAs) -> None:
    pack = pack_for(client_as(PETRA), with_two(site)[0])

    root: Any = pack.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert pack.metadata is not None
    assert pack.metadata.title == "Panel pack, Monday 2 November 2026"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    tags = tags_of(pack)
    assert tags[0] == "/Document"
    assert tags.count("/H1") >= 3
    assert {"/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/TOC", "/TOCI", "/Link"} <= set(tags)
    assert tags.count("/Table") == 2


def test_its_contents_lead_to_a_section_for_each_application_and_every_page_is_numbered(
    site: Site, client_as: ClientAs
) -> None:
    pack = pack_for(client_as(PETRA), with_two(site)[0])

    titles = [str(entry["/Title"]) for entry in pack.outline if not isinstance(entry, list)]
    assert titles == ["Members of the panel", "Made Up Barn", "Made Up Forge"]
    count = len(pack.pages)
    for number, page in enumerate(pack.pages, start=1):
        assert f"Page {number} of {count}" in page.extract_text()
    starts = {name: pack.get_destination_page_number(entry) for name, entry in zip(titles, pack.outline, strict=True)}  # type: ignore[arg-type]
    assert "Made Up Barn" in pack.pages[starts["Made Up Barn"] or 0].extract_text()
    links = [note.get_object() for note in pack.pages[0].get("/Annots", [])]
    assert [link["/Subtype"] for link in links].count("/Link") >= 2


def test_a_section_has_the_summary_the_offer_the_views_the_conflicts_and_the_evidence(
    site: Site, client_as: ClientAs
) -> None:
    meeting, first, _ = with_two(site)
    said = words_of(pack_for(client_as(PETRA), meeting))

    assert first in said
    for words in (
        "Summary for the panel",
        "Sensible ratios.",
        "Evidence index",
        "Public liability insurance",
        "Accepted",
    ):
        assert words in said
    assert "Pavel Panel, Virtual School" in said
    assert "My cousin" not in said
    assert "pat@made-up-farm.example" not in said


def test_an_agenda_is_in_one_order_on_its_page_in_its_papers_in_letters_and_in_the_api(
    site: Site, client_as: ClientAs, api_as: ClientAs, clock: StoppedClock
) -> None:
    meeting, officer = plan(site), client_as(OLIVE)
    wanted = ["Made Up Stables", "Made Up Barn", "Made Up Forge"]
    waiting = [bring_to(site.handler, "panel", organisation=name) for name in wanted]
    for reference in waiting:
        clock.at += timedelta(minutes=1)
        site.handler.fire(meeting, "put_on_agenda", {}, actor=OLIVE, now=clock.at, item=reference)
    site.handler.fire(meeting, "send_papers", {}, actor=OLIVE, now=clock.at)

    assert in_order(Page(officer.get(f"/cases/{meeting}")).below("The agenda"), wanted)
    assert [str(entry["/Title"]) for entry in pack_for(officer, meeting).outline[1:]] == wanted  # type: ignore[call-overload]
    assert in_order(letter(site, "panel_meeting/papers_ready"), wanted)
    agenda = api_as(OLIVE).get(f"/api/v1/cases/{meeting}").json()["collections"][0]
    assert [item["label"] for item in agenda["items"]] == wanted

    site.handler.fire(
        meeting, "open_meeting", {"present": [PETRA.id, POPPY.id], "chair": PETRA.id}, actor=OLIVE, now=clock.at
    )
    for reference in waiting:
        site.handler.fire(meeting, "hold_over", {"why": "No time."}, actor=OLIVE, now=clock.at, item=reference)
    draft = Page(officer.get(f"/cases/{meeting}/do/write_minutes")).form("Write the minutes").value("minutes")
    assert in_order(draft, wanted)
    minutes = {"minutes": "We met.", "retention": "six_years"}
    site.handler.fire(meeting, "write_minutes", minutes, actor=OLIVE, now=clock.at)
    filed = officer.get(f"/cases/{meeting}/documents/minutes").content
    assert in_order(words_of(PdfReader(io.BytesIO(filed))), wanted)


def in_order(said: str, names: list[str]) -> bool:
    return sorted(names, key=said.index) == names


def letter(site: Site, notice: str) -> str:
    with site.store.reading() as connection:
        sent = select(messages.c.text).where(messages.c.notice == notice)
        return str(connection.execute(sent).scalars().first())


def test_what_somebody_typed_is_never_taken_for_an_instruction(site: Site, client_as: ClientAs) -> None:
    meeting, typed = plan(site), '#set text(red) \\ *bold* _x_ $1/0$ `raw` @nobody <label> "quoted" = No heading'
    application = bring_to(site.handler, "panel", organisation=typed[:100])
    do(site, meeting, "put_on_agenda", application)

    pack = pack_for(client_as(OLIVE), meeting)
    assert str(pack.outline[-1]["/Title"]) == typed[:100]  # type: ignore[call-overload]


def test_the_minutes_are_a_tagged_document_with_every_decision_once_they_are_written(
    site: Site, client_as: ClientAs
) -> None:
    meeting, first, second = with_two(site)
    do(site, meeting, "open_meeting", chair=PETRA.id, present=[PETRA.id, POPPY.id])
    address = f"/cases/{meeting}/documents/minutes"
    assert client_as(PETRA).get(address).status_code == 404, "there are none yet"
    assert "Minutes of the panel (PDF)" not in client_as(PETRA).get(f"/cases/{meeting}").text
    do(site, meeting, "record_conflict", first, member=POPPY.id, conflict="Her aunt works there.")
    for reference in (first, second):
        do(site, meeting, "hold_over", reference, why="Too few members.")
    do(site, meeting, "write_minutes", minutes="We met.\nWe held both over.", retention="six_years")

    assert "Minutes of the panel (PDF)" in client_as(PETRA).get(f"/cases/{meeting}").text
    answer = client_as(PETRA).get(address)
    assert f"minutes-{meeting}.pdf" in answer.headers["content-disposition"]
    minutes = PdfReader(io.BytesIO(answer.content))
    root: Any = minutes.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert {"/Document", "/H1", "/H2", "/P"} <= set(tags_of(minutes))
    assert tags_of(minutes).count("/H2") == 2, "one for each application"
    said = words_of(minutes)
    for words in ("Minutes to agree", "We held both over.", "Held over to another meeting", "Poppy Panel", "6 years"):
        assert words in said
    assert said.index("Made Up Barn") < said.index("Made Up Forge")
    assert client_as(PAT).get(address).status_code == 404


def test_every_conflict_of_interest_stands_beside_the_application_and_in_the_minutes(
    site: Site, client_as: ClientAs
) -> None:
    meeting, first, second = with_two(site)  # Of the first, Pavel has declared one himself.
    do(site, meeting, "open_meeting", chair=PETRA.id, present=[PETRA.id, POPPY.id])
    do(site, meeting, "record_conflict", first, member=POPPY.id, conflict="Her aunt works there.")
    form = client_as(OLIVE).get(f"/cases/{meeting}/do/record_conflict?item={first}")
    assert "Her aunt works there." not in Page(form).form("Record a member's conflict").value("conflict")
    do(site, meeting, "record_conflict", first, member=PETRA.id, conflict="She gave them a reference.")

    page = Page(client_as(OLIVE).get(f"/cases/{meeting}")).text
    for words in ("Poppy Panel: Her aunt works there.", "Petra Panel: She gave them a reference."):
        assert words in page
    aside = page.partition("Takes no part, having declared an interest")[2].strip().split("\n")[0]
    assert [name in aside for name in ("Pavel Panel", "Petra Panel", "Poppy Panel")] == [True] * 3

    for reference in (first, second):
        do(site, meeting, "hold_over", reference, why="Too few members.")
    do(site, meeting, "write_minutes", minutes="We met.", retention="six_years")
    said = words_of(PdfReader(io.BytesIO(client_as(OLIVE).get(f"/cases/{meeting}/documents/minutes").content)))
    for words in ("Poppy Panel: Her aunt works there.", "Petra Panel: She gave them a reference."):
        assert words in said


def test_that_somebody_read_the_minutes_is_kept_and_their_old_address_leads_to_the_meeting(
    site: Site, client_as: ClientAs
) -> None:
    meeting, first, second = with_two(site)
    do(site, meeting, "open_meeting", chair=PETRA.id, present=[PETRA.id, POPPY.id])
    for reference in (first, second):
        do(site, meeting, "hold_over", reference, why="Too few members.")
    do(site, meeting, "write_minutes", minutes="We met.", retention="six_years")

    assert client_as(MAGDA).get(f"/cases/{meeting}/documents/minutes").status_code == 200
    assert who_looked_at(site, meeting) == {MAGDA.id}
    moved = client_as(MAGDA).get(f"/cases/{meeting}/printed", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, f"/cases/{meeting}#documents")
    assert client_as(PAT).get(f"/cases/{meeting}/printed", follow_redirects=False).status_code == 404


def test_a_pack_of_nothing_says_so(site: Site, client_as: ClientAs) -> None:
    assert "There is nothing on the agenda." in words_of(pack_for(client_as(OLIVE), plan(site)))


def test_only_those_who_see_the_papers_open_it_and_that_they_looked_is_kept(site: Site, client_as: ClientAs) -> None:
    meeting, first, _ = with_two(site)
    for actor in (PETRA, MAGDA, OLIVE):
        pack_for(client_as(actor), meeting)
    for address in (f"/cases/{meeting}", f"/cases/{meeting}/pack", f"/cases/{first}/pack"):
        assert client_as(PAT).get(address).status_code == 404
    assert client_as(OLIVE).get(f"/cases/{first}/pack").status_code == 404
    assert who_looked_at(site, meeting) == {PETRA.id, MAGDA.id, OLIVE.id}


def test_what_a_member_may_no_longer_see_is_named_in_the_pack_and_not_shown(site: Site, client_as: ClientAs) -> None:
    meeting, first, _ = with_two(site)
    do(site, first, "withdraw", actor=PAT, sure=True)
    said = words_of(pack_for(client_as(POPPY), meeting))

    assert "Made Up Barn" in said
    assert "The application is no longer with the panel, and its papers are not shown." in said
    assert "Sensible ratios." not in said


def test_all_that_wait_are_ticked_and_taking_up_none_is_refused(site: Site, client_as: ClientAs) -> None:
    meeting, officer = plan(site), client_as(OLIVE)
    waiting = [bring_to(site.handler, "panel", organisation=name) for name in ("Made Up Barn", "Made Up Forge")]
    page = Page(officer.get(f"/cases/{meeting}"))
    assert [page.form("Put on the agenda").value("case")] == waiting[:1]

    nothing = officer.post(f"/cases/{meeting}/take-up/agenda", data={})
    assert (nothing.status_code, Page(nothing).errors) == (409, {"case": "Choose at least one to put there"})

    assert page.form("Put on the agenda").send(officer, "Put on the agenda").status_code == 303
    page = Page(officer.get(f"/cases/{meeting}"))
    assert "None wait now." in page.text
    again = officer.post(f"/cases/{meeting}/take-up/agenda", data={"case": [waiting[0], "AP-0000-0000"]})
    assert again.status_code == 409


def test_a_member_takes_nothing_up(site: Site, client_as: ClientAs) -> None:
    meeting, application = plan(site), bring_to(site.handler, "panel")
    assert "Waiting to be taken up" not in Page(client_as(PETRA).get(f"/cases/{meeting}")).text
    answer = client_as(PETRA).post(f"/cases/{meeting}/take-up/agenda", data={"case": application})
    assert answer.status_code == 404


def test_the_application_says_which_meeting_takes_it_and_its_provider_never_reads_that(
    site: Site, client_as: ClientAs
) -> None:
    meeting, first, _ = with_two(site)
    assert f'href="/cases/{meeting}"' in client_as(OLIVE).get(f"/cases/{first}").text
    provider = client_as(PAT)
    for address in (f"/cases/{first}", "/home", f"/api/v1/cases/{first}", f"/api/v1/cases/{first}/history"):
        said = provider.get(address).text
        for secret in (meeting, "Petra", "Pavel", "Made Up Forge", "Sensible ratios", "cousin"):
            assert secret not in said or (secret == "Made Up Forge" and address == "/home")


def test_members_are_offered_with_their_agencies_where_a_meeting_is_planned_too(
    site: Site, client_as: ClientAs
) -> None:
    said = Page(client_as(OLIVE).get("/start/plan_meeting")).text
    assert "Which members are invited?" in said
    assert "Petra Panel, SEND service" in said
