"""Finding a pupil's number in what people write."""

import pytest

from apflow.core.screening.screening import PupilNamed, names_in, numbers_in


@pytest.mark.parametrize(
    "written", ["R201100018042", "r201100018042", "R 2011 0001 8042", "R-201-1000-18042", "(R201100018042)."]
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert len(numbers_in(f"We met {written} at the gate")) == 1


@pytest.mark.parametrize(
    "written",
    ["A801200005001", "XR201100018042", "R2011000180421", "01225 000000 and 01632 960000", "B123", "AP-HJBF-BBVQ", ""],
)
def test_what_only_looks_a_little_like_one_is_left(written: str) -> None:
    assert numbers_in(f"We met {written} at the gate") == []


LILY = PupilNamed("Lily Anne", "O'Made-Up")
WREN = PupilNamed("Wren", "Thistle", is_here=True)
ZOE = PupilNamed("Zoë", "van Sample", is_here=True)
ELK = PupilNamed("Elk", "Quillfeather", is_here=True)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("We met lily o'made-up today", "lily o'made-up"),
        ("We met Lily Anne O’Made-Up’s carer", "Lily Anne O’Made-Up"),
        ("Register: O'Made-Up, Lily", "O'Made-Up, Lily"),
        ("Wren was calm", "Wren"),
        ("That is Wren's desk", "Wren"),
        ("We asked Wren, who was calm", "Wren"),
        ("Zoe Van Sample spoke first", "Zoe Van Sample"),
    ],
)
def test_a_pupils_name_is_found_however_it_is_written(written: str, found: str) -> None:
    assert names_in(written, [LILY, WREN, ZOE]) == [found]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Quillfeather was calm", "Quillfeather"),
        ("The Quillfeather family rang", "Quillfeather"),
        ("We asked Mrs Quillfeather's sister", "Quillfeather"),
        ("Calm, as Quillfeather, who sat down, was not", "Quillfeather"),
        ("That Sample boy", "Sample"),
    ],
)
def test_a_distinctive_surname_of_somebody_placed_here_is_found_alone(written: str, found: str) -> None:
    assert names_in(written, [LILY, WREN, ZOE, ELK]) == [found]


@pytest.mark.parametrize(
    "written",
    [
        "Jane Quillfeather, the head, showed us round",  # Whose name it is, too.
        "We met at Quillfeather Farm",
        "They write with a quillfeather",
        "Thistle was calm",
    ],
)
def test_a_surname_that_is_somebody_elses_or_an_ordinary_word_is_left(written: str) -> None:
    assert names_in(written, [WREN, ELK]) == []


def test_a_surname_alone_of_somebody_placed_elsewhere_is_left() -> None:
    assert names_in("Quillfeather was calm", [PupilNamed("Elk", "Quillfeather")]) == []


@pytest.mark.parametrize(
    "written",
    [
        "Lily showed us round",  # She is placed elsewhere, and there are many of that name.
        "Wren Otherwise, the head, showed us round",
        "A wren nested in the porch",
        "Thistle and nettle grow there",
        "Lily likes it. O'Made-Up is somebody else",
        "",
    ],
)
def test_what_could_be_anybodys_name_is_left(written: str) -> None:
    assert names_in(written, [LILY, WREN, ZOE]) == []
