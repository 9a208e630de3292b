"""Importing a file whole or not at all: what a look says, what is wrong with which row, and the same file again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from apflow.core.errors import NotFound
from apflow.handler import Handler
from apflow.records.files.sheets import UnreadableFile
from apflow.records.importing.file import FILES, Bad, Report, bring_in, look
from apflow.records.providers.lights import lights
from apflow.store.records.imports import finish_file, forget_files, stage_file, staged_file
from apflow.store.tables.places import commissioners, establishments, sites
from apflow.store.tables.pupils import placement_pauses, placement_weeks, placements, pupils
from apflow.store.tables.records import record_changes
from apflow.testing import MONDAY, PETRA, TODAY
from tests.records.council import a_provider, a_school, a_site, by, upn_of

SCHOOLS = (
    "Name,Kind,URN,Email,Closed on\n"
    "Hill School,School,999901,office@hill.example,\n"
    "Virtual Service,Council service,,,\n"
)
PLACED = "Surname,First name,DOB,UPN,EHCP,Home school,Provider,Hours,Start date,End date\n"
PIP = f"Sparrow,Pip,04/05/2012,{upn_of(1)},Y,Hill School,Made Up Farm,12.5,07/09/2026,\n"
WREN = "Thistle,Wren,30-11-2011,,N,999901,made up farm,19,2026-09-07,20/07/2027\n"
REGISTER = (
    "URN,LA (name),EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (code),"
    "EstablishmentStatus (name),OpenDate,CloseDate,UKPRN,Postcode,Street\n"
)
OPEN = "999912,Made Up,Meadow School,Other independent school,1,Open,01-09-2010,,10099999,BA1 1AA,High Street\n"
CLOSED = "999913,Made Up,Olde Caf\xe9 School,Other independent school,2,Closed,01-09-2010,31-08-2020,,BA1 1AB,\n"


def told(door: Handler, kind: str, text: str) -> Report:
    return look(door.store, FILES[kind], text.encode(), by(door))


def taken(door: Handler, kind: str, text: str) -> Report:
    return bring_in(door.store, FILES[kind], text.encode("cp1252"), by(door))


def rows(door: Handler, table: Any) -> list[Any]:
    with door.store.reading() as connection:
        return list(connection.execute(select(table)))


def count(door: Handler, *tables: Any) -> list[int]:
    with door.store.reading() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


@pytest.fixture
def farm(door: Handler) -> int:
    a_school(door)
    case = a_provider(door)
    a_site(door, case)
    return case


def test_a_look_changes_nothing_and_says_what_would_come_of_it(door: Handler) -> None:
    report = told(door, "schools", SCHOOLS)

    assert (report.rows, report.done, report.bad) == (2, {"added": 2, "changed": 0, "same": 0}, [])
    assert count(door, commissioners, record_changes) == [0, 0]


def test_the_same_file_twice_changes_nothing(door: Handler, farm: int) -> None:
    for kind, text in (
        ("schools", SCHOOLS),
        ("placements", PLACED + PIP + WREN),
        ("register", REGISTER + OPEN + CLOSED),
    ):
        first = taken(door, kind, text)
        before = count(door, commissioners, pupils, placements, establishments, record_changes)

        again = taken(door, kind, text)

        assert not first.changes_nothing
        assert again.changes_nothing
        assert again.done["same"] == 2
        assert count(door, commissioners, pupils, placements, establishments, record_changes) == before


def test_schools_are_found_by_urn_then_by_name_and_an_empty_cell_leaves_what_there_is(door: Handler) -> None:
    a_school(door, contact_name="Holly Head")

    report = taken(
        door, "schools", "School name,URN,Email\nHill High School,999901,\nhill high school,,new@hill.example\n"
    )

    (school,) = rows(door, commissioners)
    assert report.done == {"added": 0, "changed": 2, "same": 0}
    assert (school.name, school.email, school.contact_name) == ("hill high school", "new@hill.example", "Holly Head")


def test_placements_bring_their_pupils(door: Handler, farm: int) -> None:
    report = taken(door, "placements", PLACED + PIP + WREN)

    assert report.done == {"added": 2, "changed": 0, "same": 0}
    pip, wren = sorted(rows(door, pupils), key=lambda row: row.surname)
    assert (pip.upn, pip.ehcp, wren.ehcp) == (upn_of(1), True, False)
    assert sorted((row.pupil_id, row.minutes, row.has_breaks) for row in rows(door, placements)) == [
        (pip.id, 750, True),
        (wren.id, 1140, True),
    ]


def test_what_the_census_asks_of_a_child_comes_by_the_names_of_its_columns(door: Handler, farm: int) -> None:
    headings = "Middle name,Gender,Pupil postcode,Unique learner number," + PLACED
    report = taken(door, "placements", headings + "Ash,female,BA1 1AB,1010000003," + PIP)

    assert report.bad == []
    (pip,) = rows(door, pupils)
    assert (pip.middle_names, pip.sex, pip.postcode, pip.uln) == ("Ash", "F", "BA1 1AB", "1010000003")
    assert taken(door, "placements", headings + ",,,," + PIP).done["same"] == 1, "an empty cell leaves what there is"
    assert taken(door, "placements", headings + ",X,,," + PIP).bad == [
        Bad(2, "Gender", "“X” cannot be read: write F, M or U")
    ]


def test_where_a_pupil_went_is_read_by_its_words_or_told(door: Handler, farm: int) -> None:
    wren = "Back to School," + WREN
    assert taken(door, "placements", "Destination," + PLACED + wren).bad == []

    assert [row.destination for row in rows(door, placements)] == ["school"]
    (bad,) = taken(door, "placements", "Destination," + PLACED + "Away," + WREN).bad
    assert bad.message.startswith("“Away” cannot be read: write one of: Back to school; To another setting")


def test_hours_that_changed_since_a_day_come_from_a_file_and_those_before_stay(door: Handler, farm: int) -> None:
    headings = "These hours since," + PLACED
    (bad,) = taken(door, "placements", headings + "07/12/2026," + WREN).bad
    assert bad.message.endswith("Give the first day or leave it empty: they hold from the first day")

    fewer = WREN.replace(",19,", ",10,")
    assert fewer != WREN
    for line, became in (("," + WREN, "added"), ("07/12/2026," + fewer, "changed"), ("07/12/2026," + fewer, "same")):
        assert taken(door, "placements", headings + line).done[became] == 1
    assert [row.minutes for row in rows(door, placements)] == [600]
    assert [(str(row.until), row.minutes) for row in rows(door, placement_weeks)] == [("2026-12-07", 1140)]


def test_a_new_placement_may_say_that_its_hours_hold_since_its_first_day(door: Handler, farm: int) -> None:
    added = taken(door, "placements", "These hours since," + PLACED + "07/09/2026," + WREN)

    assert (added.done["added"], added.bad) == (1, [])
    assert rows(door, placement_weeks) == []


def test_pauses_and_the_census_reason_of_a_placement_kept_by_hand_come_from_a_file(door: Handler, farm: int) -> None:
    headings = "Primary reason,Paused since,Goes on since," + PLACED
    first = "For a health need,05/10/2026,19/10/2026," + WREN
    assert taken(door, "placements", headings + first).bad == []
    assert taken(door, "placements", headings + first).done["same"] == 1
    assert [row.reason for row in rows(door, placements)] == ["health"]

    again = "For a health need,02/11/2026,," + WREN
    assert taken(door, "placements", headings + again).done["changed"] == 1
    assert [(str(one.paused_on), one.resumed_on) for one in rows(door, placement_pauses)][1] == ("2026-11-02", None)
    assert len(rows(door, placement_pauses)) == 2, "the one before stays"
    assert taken(door, "placements", headings + ",,," + WREN).done["same"] == 1

    wrong = taken(door, "placements", headings + ",09/11/2026,03/11/2026," + WREN).bad
    assert [one.message for one in wrong] == ["Goes on since: this is not after the first day of the pause"]
    (bad,) = taken(door, "placements", headings + "Because,,," + WREN).bad
    assert bad.message.startswith("“Because” cannot be read: write one of: After a permanent exclusion")


def test_a_second_placement_of_a_pupil_adds_no_second_pupil(door: Handler, farm: int) -> None:
    taken(door, "placements", PLACED + PIP + PIP.replace("07/09/2026", "05/01/2026").replace(f"{upn_of(1)}", ""))

    assert count(door, pupils, placements) == [1, 2]


def test_hours_that_changed_are_changed_and_logged_with_the_file(door: Handler, farm: int) -> None:
    taken(door, "placements", PLACED + PIP)
    door_by = by(door)
    report = bring_in(
        door.store,
        FILES["placements"],
        (PLACED + PIP.replace("12.5", "19")).encode(),
        type(door_by)(door_by.actor, door_by.now, door_by.library, "Import of autumn.csv"),
    )

    assert report.done == {"added": 0, "changed": 1, "same": 0}
    last = rows(door, record_changes)[-1]
    assert (last.through, last.fields) == ("Import of autumn.csv", {"minutes": [750, 1140]})


def test_every_bad_row_is_told_with_its_number_its_column_and_how_to_mend_it(door: Handler, farm: int) -> None:
    wrong = (
        "Sparrow,,4th May,A123,maybe,Hill School,Made Up Farm,12,07/09/2026,\n"
        "Thistle,Wren,30/11/2011,,,Nowhere School,Made Up Farm,12,07/09/2026,\n"
        "Thistle,Wren,30/11/2011,,,Hill School,Nobody,12,07/09/2026,\n"
        "Thistle,Wren,30/11/2011,,,Hill School,Made Up Farm,lots,07/09/2026,01/09/2026\n"
    )

    report = taken(door, "placements", PLACED + PIP + wrong)

    no_upn = "Unique pupil number (UPN): check the UPN. It is a letter, 11 digits, and one more digit or letter"
    assert report.bad == [
        Bad(3, "UPN", no_upn),
        Bad(3, "First name", "this cell is empty, and is needed"),
        Bad(3, "DOB", "“4th May” cannot be read: write the date as day, month and year, like 07/09/2026"),
        Bad(3, "EHCP", "“maybe” cannot be read: write yes or no"),
        Bad(4, "Home school", "We know no school called “Nowhere School”. Check the spelling, or add it first"),
        Bad(5, "Provider", "We know no provider called “Nobody”. Check the spelling, or add it first"),
        Bad(6, "Hours", "Hours a week: enter a number of hours up to 168, like 15 or 7.5"),
        Bad(6, "End date", "Last day: this is before the first day"),
    ]
    assert report.bad_rows == 4


def test_a_row_that_cannot_be_read_whole_is_told_all_the_rest_that_is_wrong_with_it(door: Handler, farm: int) -> None:
    unread = "Sparrow,Pip,31/02/2012,X1,maybe,No School,No Farm,ten,07/09/2026,\n"
    second = "Thistle,Wren,30-11-2011,,N,No School,No Farm,ten,2026-09-07,\n"

    report = told(door, "placements", PLACED + unread + second)

    named = {number: [one.heading for one in report.bad if one.number == number] for number in (2, 3)}
    assert sorted(named[2]) == sorted(["DOB", "UPN", "EHCP", "Home school", "Provider", "Hours"])
    assert sorted(named[3]) == sorted(["Home school", "Provider", "Hours"])
    assert count(door, pupils, placements) == [0, 0]


def test_one_that_no_pupil_can_begin_at_is_told_beside_a_cell_that_cannot_be_read(door: Handler, farm: int) -> None:
    beside = "Thistle,Wren,30-11-2011,,maybe,Hill School,Made Up Farm,19,2026-12-07,\n"

    report = told(door, "placements", PLACED + beside)

    assert [one.heading for one in report.bad] == ["EHCP", "Provider"]


def test_of_a_site_and_a_school_too_all_is_told_at_once(door: Handler, farm: int) -> None:
    site = told(door, "sites", "Provider,Site,Monday,Closed on\nNo Farm,Yard,noon,31/02/2012\n")
    school = told(door, "schools", "Name,URN,Email,Closed on\nHill School,999901,not an address,31/02/2012\n")

    assert {one.heading for one in site.bad} == {"Provider", "Monday", "Closed on"}
    assert {one.heading for one in school.bad} == {"Email", "Closed on"}


def test_one_bad_row_and_nothing_of_the_file_is_imported(door: Handler, farm: int) -> None:
    taken(door, "placements", PLACED + PIP + WREN.replace("19", "lots"))

    assert count(door, pupils, placements) == [0, 0]


def test_two_rows_that_say_different_things_of_one_pupil_are_told(door: Handler, farm: int) -> None:
    other = PIP.replace(",Y,", ",N,").replace("07/09/2026", "05/01/2026")

    report = taken(door, "placements", PLACED + PIP + other)

    assert report.bad == [Bad(3, "EHCP", "row 2 says otherwise of the same pupil; make them the same")]


def test_a_number_that_is_another_child_s_is_told_and_overwrites_nobody(door: Handler, farm: int) -> None:
    taken(door, "placements", PLACED + PIP)

    report = taken(door, "placements", PLACED + WREN.replace("30-11-2011,,", f"30-11-2011,{upn_of(1)},"))

    assert [(bad.number, bad.heading, bad.message[:36]) for bad in report.bad] == [
        (2, "UPN", "a pupil with another surname and dat")
    ]
    assert [row.surname for row in rows(door, pupils)] == ["Sparrow"]


def test_a_surname_that_changed_is_changed_for_the_same_number(door: Handler, farm: int) -> None:
    taken(door, "placements", PLACED + PIP)

    report = taken(door, "placements", PLACED + PIP.replace("Sparrow", "Sparrow-Thistle"))

    assert (report.bad, report.done["changed"]) == ([], 1)
    assert [row.surname for row in rows(door, pupils)] == ["Sparrow-Thistle"]


def test_a_needed_column_that_is_missing_is_refused_by_name(door: Handler) -> None:
    with pytest.raises(UnreadableFile, match="needs columns called “Date of birth”, “Hours a week”"):
        told(door, "placements", "Surname,First name,Provider,Start\nSparrow,Pip,Farm,07/09/2026\n")


def test_columns_that_are_not_used_are_named(door: Handler) -> None:
    assert told(door, "schools", "Name,Colour\nHill School,Green\n").ignored == ("Colour",)


def test_sites_are_imported_with_their_hours(door: Handler) -> None:
    a_provider(door)
    headings = "Provider,Site,Proprietor,Mon,Tuesday\n"
    text = headings + "Made Up Farm,The barn,,9 to 3pm,\nMade Up Farm,Annexe,Other Ltd,,10am-12pm\n"

    assert taken(door, "sites", text).done["added"] == 2
    assert taken(door, "sites", text).done["same"] == 2
    assert [row.hours for row in rows(door, sites)] == [{"monday": ["09:00", "15:00"]}, {"tuesday": ["10:00", "12:00"]}]
    wrong = told(door, "sites", "Provider,Site,Monday\nMade Up Farm,The barn,mornings\n")
    assert [(bad.number, bad.heading) for bad in wrong.bad] == [(2, "Monday")]


def test_the_register_takes_the_place_of_the_one_before(door: Handler) -> None:
    taken(door, "register", REGISTER + OPEN + CLOSED)
    shut = OPEN.replace(",1,Open,", ",2,Closed,")

    report = taken(door, "register", REGISTER + shut)

    assert report.counts == {"added": 0, "changed": 1, "same": 0, "gone": 1}
    ((row),) = rows(door, establishments)
    assert (row.urn, row.is_open, row.ukprn, row.opened_on.isoformat()) == ("999912", False, "10099999", "2010-09-01")


def test_the_register_keeps_its_accents_and_what_is_open_but_to_close(door: Handler) -> None:
    taken(door, "register", REGISTER + OPEN.replace(",1,Open,", ',3,"Open, but proposed to close",') + CLOSED)

    found = {row.urn: (row.name, row.is_open) for row in rows(door, establishments)}
    assert found == {"999912": ("Meadow School", True), "999913": ("Olde Café School", False)}


def test_what_is_wrong_with_the_register_is_told_by_row_and_nothing_is_imported(door: Handler) -> None:
    wrong = OPEN.replace("999912", "12") + CLOSED.replace("31-08-2020", "2020-08-31") + OPEN + OPEN

    report = taken(door, "register", REGISTER + wrong)

    assert report.bad == [
        Bad(2, "URN", "“12” is not a URN, which has 6 digits (a few older ones 5)"),
        Bad(3, "CloseDate", "“2020-08-31” is not a date like 31-08-2026; import the file as it was downloaded"),
        Bad(5, "URN", "URN 999912 is in the file twice"),
    ]
    assert count(door, establishments) == [0]


def test_the_register_without_a_needed_column_is_refused_by_its_name(door: Handler) -> None:
    with pytest.raises(UnreadableFile, match=r"“EstablishmentStatus \(code\)”"):
        told(door, "register", (REGISTER + OPEN).replace("EstablishmentStatus (code)", "Status"))


def test_a_provider_s_light_follows_the_register(door: Handler) -> None:
    a_site(door, a_provider(door, registration="registered", urn="999912"))
    assert door.library.registration
    seen = []
    for text in (OPEN, OPEN.replace(",1,Open,", ",2,Closed,")):
        taken(door, "register", REGISTER + text)
        with door.store.reading() as connection:
            seen += [lit.assessment.light.name for lit in lights(connection, door.library.registration, TODAY)]

    assert seen == ["GREEN", "RED"]


def test_whoever_may_not_read_of_children_imports_nothing(door: Handler) -> None:
    with pytest.raises(NotFound):
        bring_in(door.store, FILES["schools"], SCHOOLS.encode(), by(door, PETRA))


def test_a_file_that_nobody_came_back_for_is_forgotten_after_a_day_and_an_imported_one_is_remembered(
    door: Handler,
) -> None:
    with door.store.writing() as connection:
        for name in ("left", "done"):
            stage_file(
                connection, {"id": name, "kind": "schools", "name": name, "content": b"x", "person_id": 1}, MONDAY
            )
        finish_file(connection, "done", {"added": 1, "changed": 0, "same": 0, "gone": 0}, MONDAY)

    forget_files(door.store, MONDAY + timedelta(hours=25))

    with door.store.reading() as connection:
        assert staged_file(connection, "left", 1) is None
        done = staged_file(connection, "done", 1)
    assert done
    assert done.content is None
