"""Whether two names can be one person's: what is held back, and what is asked about first."""

import pytest

from apflow.core.people.barred import KeptFrom
from apflow.core.people.names import addresses_in, are_one, may_be_one, named

TITLES = ("mr", "mrs", "ms", "dr", "jnr")
GRIM = named("Grim Barred", TITLES)


@pytest.mark.parametrize(
    "written",
    [
        "Grim Barred", "Mr Grim Barred", "GRIM  BARRED ", "Grim J Barred", "Grim John Barred", "Barred, Grim",
        "Barred, Mr Grim J.", "G. Barred", "G Barred", "Grim Bärred", "Grim Baerred", "Grim-Barred",
        "Grim Barred (father)",
        "Grim  Barred", "GrimBarred", "Barred Grim", "Dr. G.J. Barred", "Grim Barred Jnr", "Grim Barred-Other",
    ],
)  # fmt: skip
def test_a_name_is_the_same_however_it_is_written(written: str) -> None:
    assert are_one(GRIM, named(written, TITLES))
    assert are_one(named(written, TITLES), GRIM)


@pytest.mark.parametrize(
    "written", ["Mina Barred", "Barred", "Mr Barred", "Mrs M. Barred", "Barred, Mina", "G B", "Grim"]
)
def test_of_whoever_shares_a_surname_it_is_asked_whether_they_are_somebody_else(written: str) -> None:
    other = named(written, TITLES)
    assert not are_one(GRIM, other)
    assert may_be_one(GRIM, other)
    assert may_be_one(other, GRIM)


@pytest.mark.parametrize(
    "written", ["Mina Thornbury", "Grim Other", "Ann Sparrow", "G. Other", "Mr Sparrow", "Bard Grimm"]
)
def test_another_name_is_another_person(written: str) -> None:
    other = named(written, TITLES)
    assert not are_one(GRIM, other)
    assert not may_be_one(GRIM, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann O'Neil", "Ann ONeil"),
        ("Łukasz Nowak", "Lukasz Nowak"),
        ("Ann Mc Donald", "Ann McDonald"),
        ("Jörg Groß", "Joerg Gross"),
    ],
)
def test_letters_marks_and_spaces_make_no_two_people(one: str, other: str) -> None:
    assert are_one(named(one, TITLES), named(other, TITLES))


def test_a_name_that_is_all_title_is_a_name() -> None:
    assert named("Dr", TITLES).words == ("dr",)
    assert named("(none)", TITLES).words == ("none",)
    assert named("...", TITLES).words == ("...",)


def test_an_address_is_the_same_in_capitals_and_with_a_tag() -> None:
    kept = KeptFrom(emails=addresses_in("Writes from Grim@Barred.example, g2+old@barred.example; rings at night."))
    for email in ("grim@barred.example", "GRIM+x@BARRED.example", " g2@barred.example"):
        assert kept.has("Ann Other", email), email
    assert not kept.has("Ann Other", "grim@other.example")
    assert not kept.has("Ann Other", "")


def test_they_are_told_apart_from_those_who_are_named_and_from_nobody_else() -> None:
    kept = KeptFrom(names=frozenset({GRIM, named("Ivor Barred", TITLES)}), titles=TITLES)
    assert kept.may_have("Mina Barred", "")
    assert kept.may_have("Mina Barred", "Grim Barred")
    assert kept.may_have("Mina Barred", "Barred")
    assert not kept.may_have("Mina Barred", "Mr Grim Barred and Ivor Barred")
    assert not kept.may_have("Mina Barred", "Barred, Grim; I. Barred")
    assert not kept.may_have("Mina Thornbury", "")
