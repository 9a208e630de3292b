"""Taking over the approved list as it was, and what was checked before: from spreadsheets, whole or not at all."""

import pytest
from sqlalchemy import select

from apflow.core.errors import NotFound
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.records.importing.file import Bad, Report, bring_in, look
from apflow.store.cases.loading import load_case
from apflow.store.reading.history import broken_chains
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.taking_over import files_of
from apflow.testing import PETRA
from tests.records.council import a_provider, by

HEADINGS = (
    "Provider,Contact,Email,Phone,Postcode,Registration,URN,Description,Ages,Places,Subjects,Needs,Days,"
    "On the list since,Last visit\n"
)
KITE = (
    "Kite Barn,Kit Sample,kit@sample.example,,BA1 1AA,Not needed,,We mend bicycles.,11 to 14;14 to 16,Bath,"
    "building and engineering; life skills,SEMH,Monday;Friday,01/09/2021,12/03/2026\n"
)
LARK = (
    "Lark School,Lee Sample,lee@sample.example,01632 960001,BA2 2AA,Registered,999914,A small school.,ks4,"
    "online,english,autism,tuesday,2019-09-01,\n"
)
PAPERS = "Provider,Document,Dated,Expires,Where it is kept\n"
INSURED = "Kite Barn,Public liability insurance,,31/03/2027,Team folder\n"


def taken(door: Handler, kind: str, text: str) -> Report:
    return bring_in(door.store, files_of(door)[kind], text.encode(), by(door))


def case_of(door: Handler, title: str) -> Snapshot:
    with door.store.reading() as connection:
        reference = connection.execute(select(cases.c.reference).where(cases.c.title == title)).scalar_one()
        case = load_case(connection, reference)
    assert case
    return case


def letters(door: Handler) -> list[tuple[str, str]]:
    with door.store.reading() as connection:
        rows = connection.execute(select(messages.c.to_email, messages.c.notice).order_by(messages.c.id))
        return [tuple(row) for row in rows]


def test_a_look_says_what_would_come_of_it_and_writes_to_nobody(door: Handler) -> None:
    report = look(door.store, files_of(door)["providers"], (HEADINGS + KITE + LARK).encode(), by(door))

    assert (report.bad, report.counts["added"]) == ([], 2)
    assert letters(door) == []


def test_each_provider_becomes_a_case_on_the_list_and_is_told(door: Handler) -> None:
    taken(door, "providers", HEADINGS + KITE + LARK)

    kite, lark = case_of(door, "Kite Barn"), case_of(door, "Lark School")
    assert (kite.state, lark.state) == ("approved", "approved")
    assert kite.fields["ages"] == ["ks3", "ks4"]
    assert kite.fields["subjects"] == ["trades", "life_skills"]
    assert kite.fields["needs"] == ["semh"]
    assert (kite.fields["visited_on"], lark.fields["urn"]) == ("2026-03-12", "999914")
    assert [task.name for task in kite.tasks] == ["take_over_papers"]
    assert letters(door) == [
        ("kit@sample.example", "provider/taken_over"),
        ("lee@sample.example", "provider/taken_over"),
    ]
    with door.store.reading() as connection:
        assert list(broken_chains(connection)) == []


def test_the_day_of_its_last_self_assessment_says_when_the_next_one_opens(door: Handler) -> None:
    rows = [f"{HEADINGS.strip()},Last self-assessment", f"{KITE.strip()},12/03/2026", f"{LARK.strip()},"]

    report = taken(door, "providers", "\n".join(rows))

    assert report.bad == []
    opens = [
        case_of(door, name).deadlines["self_assessment_due"].due_at.date() for name in ("Kite Barn", "Lark School")
    ]
    assert [day.isoformat() for day in opens] == ["2027-03-12", "2027-11-02"]


def test_the_same_file_again_changes_nothing_and_writes_to_nobody(door: Handler) -> None:
    taken(door, "providers", HEADINGS + KITE)

    again = taken(door, "providers", HEADINGS + KITE.replace("Kite Barn", "kite  barn"))

    assert again.changes_nothing
    assert len(letters(door)) == 1


def test_one_bad_row_keeps_every_other_out_and_is_explained(door: Handler) -> None:
    bad = KITE.replace("Kite Barn", "Wrong Barn").replace("Bath,", "Atlantis,").replace("SEMH", "everything")

    report = taken(door, "providers", HEADINGS + KITE + bad + LARK.replace("999914", ""))

    assert [(one.number, one.heading) for one in report.bad] == [(3, "Places"), (3, "Needs"), (4, "URN")]
    assert report.bad[0].message.startswith("“Atlantis” is none of: Bath; Keynsham and Saltford;")
    with door.store.reading() as connection:
        assert list(connection.execute(select(cases))) == []
    assert letters(door) == []


def test_what_was_checked_before_is_recorded_with_its_dates_once(door: Handler) -> None:
    taken(door, "providers", HEADINGS + KITE)

    first = taken(door, "evidence", PAPERS + INSURED + "Kite Barn,registration status,,,\n")
    again = taken(door, "evidence", PAPERS + INSURED)
    later = taken(door, "evidence", PAPERS + INSURED.replace("2027", "2028"))

    assert (first.bad, first.counts["added"]) == ([], 2)
    assert (again.changes_nothing, later.counts["changed"]) == (True, 1)
    kite = case_of(door, "Kite Barn")
    paper = kite.item("evidence", "public_liability")
    assert paper
    assert (paper.status, paper.data["expires_on"]) == ("accepted", "2028-03-31")
    assert kite.deadlines["renewal_due"].due_at.date().isoformat() == "2028-03-31"


def test_an_empty_cell_or_a_column_that_is_not_there_takes_nothing_away(door: Handler) -> None:
    taken(door, "providers", HEADINGS + KITE)
    taken(door, "evidence", PAPERS + INSURED)

    taken(door, "evidence", PAPERS + "Kite Barn,Public liability insurance,,31/03/2028,\n")
    taken(door, "evidence", "Provider,Document,Expires\nKite Barn,Public liability insurance,31/03/2029\n")

    paper = case_of(door, "Kite Barn").item("evidence", "public_liability")
    assert paper
    assert (paper.data["expires_on"], paper.data["check_note"]) == ("2029-03-31", "Team folder")


def test_a_document_without_its_date_or_of_another_name_is_explained(door: Handler) -> None:
    taken(door, "providers", HEADINGS + KITE)

    report = taken(
        door, "evidence", PAPERS + "Kite Barn,Public liability insurance,,,\nKite Barn,Public liabilities,,,\n"
    )

    assert report.bad == [
        Bad(2, "Expires", "Enter an answer: date it expires"),
        Bad(
            3,
            "Document",
            '“Public liabilities” is not on the list of documents; did you mean "Public liability insurance"?',
        ),
    ]


def test_only_the_papers_of_those_who_were_on_the_list_before_are_taken_over(door: Handler) -> None:
    a_provider(door)

    report = taken(door, "evidence", PAPERS + INSURED.replace("Kite Barn", "Made Up Farm"))

    assert [one.heading for one in report.bad] == ["Document"]


def test_nobody_but_staff_who_keep_records_imports(door: Handler) -> None:
    with pytest.raises(NotFound):
        bring_in(door.store, files_of(door)["providers"], (HEADINGS + KITE).encode(), by(door, PETRA))
