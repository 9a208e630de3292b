"""Reading answers: what each kind of question accepts, and what it says to someone who must mend theirs."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apflow.core.conditions import Facts
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Invalid
from apflow.core.firing.answers import read_answers
from apflow.core.snapshot import Upload

FACTS = Facts({}, "2026-11-02")
STAGED = Upload("staged", "policy.pdf", "application/pdf", 10, "0" * 64, staged_by=7)
USED = Upload("used", "policy.pdf", "application/pdf", 10, "0" * 64, staged_by=7, case_id=4)
PEOPLE = {"officer": {7: "Olive Officer", 12: "Oscar Officer"}, "manager": {9: "Magda Manager"}}
FRUIT = {"apple": "An apple", "pear": "A pear"}


def a_form(**questions: dict[str, Any]) -> dict[str, FieldSpec]:
    return {name: FieldSpec.model_validate({"label": "Your answer", **spec}) for name, spec in questions.items()}


def read(form: dict[str, FieldSpec], **submitted: Any) -> dict[str, Any]:
    return read_answers(form, submitted, FACTS, {"staged": STAGED, "used": USED}, PEOPLE)


def mistakes(form: dict[str, FieldSpec], **submitted: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read(form, **submitted)
    return refusal.value.errors


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ({"type": "text"}, "  Made Up Farm ", "Made Up Farm"),
        ({"type": "text"}, "Zoë Ünal 漢字 🐐", "Zoë Ünal 漢字 🐐"),
        ({"type": "text"}, "a\x00b\x1b[31m\x85\ud800", "ab[31m"),
        ({"type": "long text"}, "one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ({"type": "email"}, "Pat.O'Neil+ap@made-up.example", "Pat.O'Neil+ap@made-up.example"),
        ({"type": "phone"}, "+44 (0)1225 000 000 ext. 12", "+44 (0)1225 000 000 ext. 12"),
        ({"type": "date"}, "2026-11-02", "2026-11-02"),
        ({"type": "date", "date_must_be": "today or before"}, "2026-11-02", "2026-11-02"),
        ({"type": "date", "date_must_be": "today or after"}, "2026-11-02", "2026-11-02"),
        ({"type": "time"}, "9:05", "09:05"),
        ({"type": "time"}, "2.15 PM", "14:15"),
        ({"type": "time"}, "12am", "00:00"),
        ({"type": "time"}, "12:30pm", "12:30"),
        ({"type": "time"}, "23:59", "23:59"),
        ({"type": "number"}, "1,200", 1200),
        ({"type": "number"}, -3, -3),
        ({"type": "number", "minimum": 1, "maximum": 3}, "3", 3),
        ({"type": "number"}, 0, 0),
        ({"type": "choice", "options": FRUIT}, "pear", "pear"),
        ({"type": "many", "options": FRUIT}, ["pear", "apple", "pear"], ["apple", "pear"]),
        ({"type": "many", "options": FRUIT}, "pear", ["pear"]),
        ({"type": "yes/no"}, "no", False),
        ({"type": "yes/no"}, True, True),
        ({"type": "confirm"}, "on", True),
        ({"type": "confirm"}, True, True),
        ({"type": "file"}, "staged", "staged"),
        ({"type": "postcode"}, "ba11aa", "BA1 1AA"),
        ({"type": "postcode"}, " ec1a 1bb", "EC1A 1BB"),
        ({"type": "urn"}, "123456", "123456"),
        ({"type": "urn"}, 12345, "12345"),
        ({"type": "money"}, "£1,234.50", "1234.50"),
        ({"type": "money"}, " 95 ", "95.00"),
        ({"type": "money"}, 1250, "1250.00"),
        ({"type": "money"}, "0", "0.00"),
        ({"type": "money", "minimum": 10, "maximum": 20}, "20.00", "20.00"),
        ({"type": "upn"}, "r2011 0001 8042", "R201100018042"),
        ({"type": "person", "role": "officer"}, "12", 12),
        ({"type": "person", "role": "officer"}, 7, 7),
        ({"type": "organisation"}, " Made Up Academy ", "Made Up Academy"),
    ],
)
def test_an_answer_is_kept_in_one_form(question: dict[str, Any], given: Any, kept: Any) -> None:
    answers = read(a_form(asked=question), asked=given)

    assert answers == {"asked": kept}
    assert type(answers["asked"]) is type(kept)


@pytest.mark.parametrize(
    ("question", "given", "message"),
    [
        ({"type": "text"}, "two\nlines", "Your answer: write this on one line"),
        ({"type": "text"}, "two\rlines", "Your answer: write this on one line"),
        ({"type": "text"}, "two\u2028lines", "Your answer: write this on one line"),
        ({"type": "text"}, ["a", "b"], "Your answer: this must be text"),
        ({"type": "text"}, 4, "Your answer: this must be text"),
        ({"type": "text"}, "x" * 201, "Your answer: use 200 characters or fewer; you have used 201"),
        ({"type": "text", "max_length": 5}, "abcdef", "Your answer: use 5 characters or fewer; you have used 6"),
        ({"type": "long text"}, "x" * 5001, "Your answer: use 5,000 characters or fewer; you have used 5,001"),
        *(
            ({"type": "email"}, wrong, "Your answer: enter an email address in the right form, like name@example.com")
            for wrong in (
                "pat",
                "pat@made-up",
                "pat@@x.example",
                "a..b@x.example",
                "a b@x.example",
                "ü@x.example",
                "pat@x.example,dan@x.example",
                "Pat <pat@x.example>",
                "pat@-x.example",
            )
        ),
        *(
            ({"type": "phone"}, wrong, "Your answer: enter a phone number, like 01225 000 000")
            for wrong in ("12", "(((((((((((", "01225 00000a", "1 2 3 4 5 6 7 8")
        ),
        *(
            ({"type": "date"}, wrong, "Your answer: enter a real date, like 27 3 2026")
            for wrong in ("2026-02-29", "27/3/2026", "tomorrow", 20260327)
        ),
        ({"type": "date"}, "0226-11-02", "Your answer: check the year"),
        (
            {"type": "date", "date_must_be": "today or before"},
            "2026-11-03",
            "Your answer: the date must be today or in the past",
        ),
        (
            {"type": "date", "date_must_be": "today or after"},
            "2026-11-01",
            "Your answer: the date must be today or in the future",
        ),
        *(
            ({"type": "time"}, wrong, "Your answer: enter a time, like 10:30 or 2:15pm")
            for wrong in ("10", "24:00", "9:60", "13pm", "0am", "noonish")
        ),
        *(
            ({"type": "number"}, wrong, "Your answer: enter a whole number")
            for wrong in ("1.5", "1,5", "ten", True, 2.0, "1" * 13, [1])
        ),
        *(
            ({"type": "money"}, wrong, "Your answer: enter an amount in pounds, like 1,250 or 1250.50")
            for wrong in ("1.5", "12,34", "-3", "ten", 2.5, True, "1" * 10, "£", "1.234")
        ),
        ({"type": "money", "minimum": 10}, "9.99", "Your answer: this must be £10 or more"),
        ({"type": "money", "maximum": 1000}, "1000.01", "Your answer: this must be £1,000 or less"),
        *(
            (
                {"type": "upn"},
                wrong,
                "Your answer: check the UPN. It is a letter, 11 digits, and one more digit or letter",
            )
            for wrong in ("A801200005001", "R20110001804", "123")
        ),
        *(
            ({"type": "person", "role": "officer"}, wrong, "Your answer: choose one of the people offered")
            for wrong in ("9", 9, "Olive Officer", True, [7], 1.0)
        ),
        ({"type": "person"}, "7", "Your answer: choose one of the people offered"),
        ({"type": "person", "role": "officer"}, "", "Choose a person: your answer"),
        ({"type": "organisation"}, "x" * 201, "Your answer: use 200 characters or fewer; you have used 201"),
        ({"type": "number", "minimum": 1}, 0, "Your answer: this must be 1 or more"),
        ({"type": "number", "maximum": 3}, 4, "Your answer: this must be 3 or less"),
        ({"type": "choice", "options": FRUIT}, "plum", "Your answer: choose one of the answers given"),
        ({"type": "choice", "options": FRUIT}, ["pear"], "Your answer: choose one of the answers given"),
        ({"type": "many", "options": FRUIT}, ["pear", "plum"], "Your answer: choose from the answers given"),
        ({"type": "many", "options": FRUIT}, [{"pear": 1}], "Your answer: choose from the answers given"),
        ({"type": "yes/no"}, "maybe", "Your answer: choose yes or no"),
        ({"type": "confirm"}, "no", "Tick to confirm: your answer"),
        ({"type": "file"}, "gone", "We no longer have that file. Choose it again"),
        ({"type": "file"}, "used", "That file has been used already. Choose it again"),
        ({"type": "file"}, {"id": "staged"}, "We no longer have that file. Choose it again"),
        ({"type": "postcode"}, "BA1", "Your answer: enter a full postcode, like BA1 1AA"),
        ({"type": "urn"}, "1234", "Your answer: a URN is a number of 6 digits (a few older ones have 5)"),
    ],
)
def test_a_wrong_answer_is_refused_with_how_to_mend_it(question: dict[str, Any], given: Any, message: str) -> None:
    assert mistakes(a_form(asked=question), asked=given) == {"asked": message}


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("text", "Enter an answer: your answer"),
        ("long text", "Enter an answer: your answer"),
        ("date", "Enter an answer: your answer"),
        ("number", "Enter an answer: your answer"),
        ("choice", "Choose an answer: your answer"),
        ("yes/no", "Choose an answer: your answer"),
        ("many", "Choose at least one: your answer"),
        ("confirm", "Tick to confirm: your answer"),
        ("file", "Choose a file: your answer"),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", "  \r\n", "\x00", []])
def test_no_answer_is_refused_unless_the_question_is_optional(kind: str, message: str, nothing: Any) -> None:
    question: dict[str, Any] = {"type": kind, "options": FRUIT}

    assert mistakes(a_form(asked=question), asked=nothing) == {"asked": message}
    takes_out = kind == "file" and nothing is None  # Else a file that is there stays.
    assert read(a_form(asked={**question, "optional": True}), asked=nothing) == ({"asked": None} if takes_out else {})


def test_an_initialism_keeps_its_capitals_in_a_message() -> None:
    assert mistakes(a_form(asked={"type": "text", "label": "URN of the school"})) == {
        "asked": "Enter an answer: URN of the school"
    }


def test_every_mistake_is_told_at_once_and_an_answer_nobody_asked_for_is_one() -> None:
    form = a_form(name={"type": "text", "label": "Name"}, day={"type": "date", "label": "Day"})

    assert mistakes(form, day="soon", colour="red") == {
        "name": "Enter an answer: name",
        "day": "Day: enter a real date, like 27 3 2026",
        "colour": 'This form does not ask for "colour".',
    }


@pytest.mark.parametrize(
    ("submitted", "kept"),
    [
        ({"registered": "yes", "urn": "123456"}, {"registered": True, "urn": "123456"}),
        ({"registered": "no", "urn": "not a number"}, {"registered": False}),
    ],
)
def test_a_question_ruled_out_by_an_earlier_answer_is_not_read(submitted: dict[str, Any], kept: dict[str, Any]) -> None:
    form = a_form(
        registered={"type": "yes/no"}, urn={"type": "urn", "asked_if": {"fact": "answer.registered", "is": True}}
    )

    assert read(form, **submitted) == kept


def test_a_question_that_depends_on_an_answer_not_given_is_not_asked() -> None:
    form = a_form(
        registered={"type": "yes/no"}, urn={"type": "urn", "asked_if": {"fact": "answer.registered", "is": True}}
    )

    assert mistakes(form, urn="123456") == {"registered": "Choose an answer: your answer"}


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["yes", "10:30", "pear"])
)
JSON = st.recursive(
    SCALARS, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3)
)


@settings(deadline=None, max_examples=60)
@given(kind=st.sampled_from(list(FieldType)), given_answer=JSON)
def test_whatever_is_sent_is_refused_or_kept_in_a_form_that_is_read_the_same_again(
    kind: FieldType, given_answer: Any
) -> None:
    form = a_form(asked={"type": kind.value, "options": FRUIT, "optional": True})
    try:
        kept = read(form, asked=given_answer)
    except Invalid:
        return

    assert json.loads(json.dumps(kept, ensure_ascii=False).encode()) == kept
    assert read(form, **kept) == kept


@pytest.mark.parametrize(
    ("ahead", "last"), [("2 weeks", "2026-11-16"), ("3 months", "2027-02-02"), ("4 years", "2030-11-02")]
)
def test_a_day_is_answered_up_to_the_furthest_that_there_can_be(ahead: str, last: str) -> None:
    form = a_form(asked={"type": "date", "at_most_ahead": ahead})
    after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()

    assert read(form, asked=last) == {"asked": last}
    assert mistakes(form, asked=after) == {
        "asked": f"Your answer: this is more than {ahead} from now. Check the year, or choose an earlier day"
    }


FROM_UNTIL = a_form(
    first={"type": "date", "label": "First day"},
    last={"type": "date", "label": "Last day", "not_before": ["first", "born_on"], "optional": True},
)


@pytest.mark.parametrize("last", ["2026-11-02", "2026-11-03", ""])
def test_a_day_may_be_the_one_that_it_may_not_come_before_or_later_or_none(last: str) -> None:
    assert read(FROM_UNTIL, first="2026-11-02", last=last).get("last", "") == last


def test_a_day_before_the_one_that_is_answered_beside_it_is_refused_with_that_day() -> None:
    said = "Last day: the date must be the same as or after Monday 2 November 2026, your answer to “First day”"
    assert mistakes(FROM_UNTIL, first="2026-11-02", last="2026-11-01") == {"last": said}


def test_nothing_is_said_of_the_order_while_one_of_the_days_is_no_day() -> None:
    assert list(mistakes(FROM_UNTIL, first="31 June", last="2026-11-01")) == ["first"]


def test_a_day_before_one_that_the_case_has_already_is_refused() -> None:
    facts = Facts({"born_on": "2026-11-05"}, "2026-11-02")

    with pytest.raises(Invalid) as refusal:
        read_answers(FROM_UNTIL, {"first": "2026-11-02", "last": "2026-11-04"}, facts, {})

    said = "Last day: the date must be the same as or after Thursday 5 November 2026"
    assert refusal.value.errors == {"last": said}
