"""The sentences read aloud: labels instead of names, plain words instead of values, nothing a manager would not say."""

import pytest

from apflow.core.compare import compare
from apflow.core.compare.names import Names
from apflow.core.compare.said import condition_words
from apflow.core.definition.timing import GuardSpec
from apflow.loader import library_of
from tests.core.test_compare import a_policy, said, small
from tests.loader import family
from tests.loader.small import CATALOGUE, COUNCIL

FIELD = "  name: {type: text, label: Your name}\n"
LENT = "{reader: {notice: lent, about: back_due, invite: {on: wanted_on, title: A book}}}"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            FIELD,
            "  name: {type: text, label: Your name, read: [librarian, reader]}\n",
            "“Your name” may now be seen by the librarian and the reader, was by all who see the case.",
        ),
        (
            FIELD,
            "  name: {type: text, label: Your name, write: librarian}\n",
            "“Your name” may now be answered by the librarian, was by all who are asked.",
        ),
        (
            "back_due: {label: Due back, within: 3 weeks,",
            "back_due: {label: Due back, within: 3 weeks, unless: {fact: member, is: true},",
            "Lent: “Due back” no longer runs while “Are you a member?” is yes.",
        ),
        (
            FIELD,
            "  name: {type: long text, label: Your name}\n",
            "“Your name” is now answered with several lines of text, was with a line of text.",
        ),
        (
            FIELD,
            "  name: {type: text, label: Your name, privacy: child}\n",
            "“Your name” is now information about a child, was information about the case.",
        ),
        (
            FIELD,
            "  name: {type: text, label: Your name, role: librarian}\n",
            "“Your name”: people are now chosen from everyone who is the librarian, were from everyone.",
        ),
        (
            "{date_must_be: today or after}",
            "{date_must_be: today or before}",
            "The shared form “request”: “When do you want it?” must now be today or before, "
            "could be today or after before.",
        ),
        (
            "{date_must_be: today or after}",
            "{date_must_be: today or after, not_before: born_on}",
            "The shared form “request”: “When do you want it?” now may not come before “born on”; "
            "so far, it may be any day.",
        ),
        (
            "{date_must_be: today or after}",
            "{date_must_be: today or after, at_most_ahead: 2 years}",
            "The shared form “request”: “When do you want it?” may now be at most 2 years from now, "
            "could be as far ahead as any other date before.",
        ),
        (
            "from: needed, to: seen",
            "from: [needed, seen], to: seen",
            "Waiting: “See a paper” now takes one of “Papers” from “Needed” or “Seen” to “Seen”; "
            "so far, it takes one of “Papers” from “Needed” to “Seen”.",
        ),
        (
            LENT,
            "{reader: {notice: lent, about: look_due, invite: {on: wanted_on, title: A book}}}",
            "Waiting: “Lend”: the deadline that its e-mail to the reader speaks of is now “Someone should look”, "
            "was “Due back”.",
        ),
        (
            LENT,
            "{reader: {notice: lent, about: back_due, invite: {on: wanted_on, title: A book, cancel: true}}}",
            "Waiting: “Lend”: its e-mail to the reader now carries a cancellation of “A book” on the day in "
            "“When do you want it?”; before, an invitation to “A book” on the day in “When do you want it?”.",
        ),
        (
            "notice: due_soon",
            "notice: very_soon",
            "Waiting: “Someone should look”: the reminder 1 working day before is now the e-mail “very soon”, "
            "was the e-mail “due soon”.",
        ),
        (
            "seen_by: librarian\n",
            "seen_by: [librarian, reader]\n",
            "“Papers” may now be seen by the librarian and the reader, was by the librarian.",
        ),
        (
            "    awaiting: reader\n",
            "    awaiting: librarian\n",
            "“Lent”: the librarian is now awaited, the reader was before.",
        ),
        (
            "lapse: {label: Lapse, by: clock, to: closed}",
            "lapse: {label: Lapse, by: clock, to: closed, warning: It is over.}",
            "Waiting: “Lapse”: now people are warned “It is over.”; so far, nobody is warned.",
        ),
        (
            "has: {fact: item.status, is: seen}",
            "where: {fact: item.required, is: true}, has: {fact: item.status, is_one_of: [needed, seen]}",
            "The condition “First: …” now asks that for every item of “Papers” where it is required, its status is "
            "one of “Needed” or “Seen”; before, that for every item of “Papers”, its status is “Seen”.",
        ),
    ],
)
def test_a_change_is_told_in_the_labels_of_whoever_reads_it(before: str, after: str, sentence: str) -> None:
    assert said((before, after)) == [sentence]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"fact": "council.applications_open", "is": True}, "applications are open"),
        ({"fact": "item.not_applicable", "is": False}, "it may not be said not to apply"),
        ({"fact": "item.expires_on", "is_present": True}, "the day it runs out is known"),
        ({"fact": "size", "is_not": "large"}, "“How large?” is not “Large”"),
        ({"fact": "wanted_on", "is_before": "2027-01-04"}, "“When do you want it?” is before 4 Jan 2027"),
        ({"fact": "wanted_on", "is_on_or_after": "today"}, "“When do you want it?” is on or after today"),
        (
            {"any": [{"fact": "books", "at_least": 3}, {"not": {"fact": "member", "is": True}}]},
            "“How many?” is at least 3 or it is not so that “Are you a member?” is yes",
        ),
        (
            {
                "count": "views",
                "where": {"fact": "item.status", "is": "none"},
                "distinct": "item.agency",
                "at_least": 2,
            },
            "there are at least 2 items of “Views” where its status is “nothing yet”, each with a different agency",
        ),
        (
            {
                "majority": "views",
                "where": {"fact": "item.view", "is": "yes"},
                "of": {"fact": "item.status", "is": "given"},
            },
            "for more than half of the items of “Views” where its status is “Given”, its view is “yes”",
        ),
    ],
)
def test_a_condition_is_read_as_a_clause(condition: dict[str, object], words: str) -> None:
    policy = small()
    loan = policy.workflows["loan"]
    guard = GuardSpec.model_validate({"when": condition, "reason": "No."})

    assert condition_words(Names.of(loan, loan, policy.council), guard.when) == words


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("signals: {action_plan: stop}", "signals: {action_plan: fail}",
         "On an action plan: “Call the plan off” now tells every open case of “Action plan” to do “fail”; "
         "before, “stop”."),
        ("contact: contact_name, why", "contact: organisation, why",
         "Listed: “Agree an action plan” now opens a case of “Action plan”, which takes over “Organisation” as “name”, "
         "“Email address” as “email”, “Organisation” as “contact” and “What is wrong?” as “why”; before, which takes "
         "over “Organisation” as “name”, “Email address” as “email”, “Contact” as “contact” and “What is wrong?” as "
         "“why”."),
        ("ends: {met: lift, failed: remove}", "ends: {met: lift, failed: lift}",
         "The child case “Action plan”: when it ends as “failed”, “The plan was met” happens on this case; before, "
         "“Take off the list” happens."),
        ("{when: {fact: child.action_plan.open, is: 0}", "{when: {fact: child.action_plan.open, at_most: 1}",
         "The condition “An action plan is still open.” now asks that the number of open cases of “Action plan” is at "
         "most 1; before, that the number of open cases of “Action plan” is 0."),
    ],
)  # fmt: skip
def test_child_cases_are_told_by_their_labels(before: str, after: str, sentence: str) -> None:
    assert family.PROVIDER.count(before) == 1
    files = {"council.yaml": family.COUNCIL, "plan.yaml": family.PLAN}
    old, new = (
        a_policy(library_of({**files, "provider.yaml": text}))
        for text in (family.PROVIDER, family.PROVIDER.replace(before, after))
    )

    assert compare(old, new) == (f"The list: {sentence}",)


def test_a_new_event_is_told_with_all_that_it_does() -> None:
    event = (
        "renew: {label: Renew, by: reader, not_by: return, asks: request, clears: views, empties: books, "
        "if_changed: clears, if_holds: {when: {fact: member, is: true}, does: opens}, "
        "opens: tell_everyone}"
    )

    assert said(("      return: {label: Return,", f"      {event}\n      return: {{label: Return,")) == [
        "Lent: The reader can now “Renew”, which leaves the case where it is. It is not for whoever last did “Return”. "
        "It asks the questions of “request”. It clears “Views”. It empties “How many?”. Where it changes nothing, it "
        "leaves out what it clears. It leaves out the tasks that it opens except where “Are you a member?” is yes. It "
        "opens the task “Tell everyone”."
    ]


def test_the_steps_of_a_story_are_told_as_it_would_be() -> None:
    story = "scenarios:\n  lent: {{says: A book is lent., steps: [{steps}], ends: lent{emails}}}\n"
    asks, waits = "{who: librarian, does: ask, answers: {member: true, size: small}}", "{wait: 2 weeks}"
    old, new = (
        small(("alerts:\n", f"{story.format(steps=steps, emails=emails)}alerts:\n"))
        for steps, emails in ((asks, ""), (f"{asks}, {waits}", ", emails: [due_soon]"))
    )

    assert compare(old, new) == (
        "The story “A book is lent.” is now also told with this: 2 weeks pass.",
        "The story “A book is lent.” must now send the e-mail “due soon”.",
    )
    assert compare(new, old)[0] == "The story “A book is lent.” is now told without this: 2 weeks pass."
    again = "{who: librarian, does: ask, answers: {member: false, size: large}}"
    other = small(("alerts:\n", f"{story.format(steps=again, emails='')}alerts:\n"))
    assert compare(old, other)[1] == (
        "The story “A book is lent.” is now also told with this: the librarian does “Ask for a book”, "
        "answering “Are you a member?”: no and “How large?”: “Large”."
    )


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("bank_holidays: england-and-wales", "bank_holidays: scotland",
         "The bank holidays are now those of Scotland, were of England and Wales."),
        ("{title: Reader, ", "{title: Reader, sees: [public, case, personal, child], ",
         "The role “Reader” may now also read what is information about a child."),
        ("{title: Reader, ", "{title: Reader, least: 2, ",
         "The role “Reader” is now held by at least 2 people, was by however many people."),
        ("short_name: MUC", "short_name: Made Up", "The council is now “Made Up” for short, was “MUC”."),
    ],
)  # fmt: skip
def test_the_council_s_settings_are_told_in_plain_words(before: str, after: str, sentence: str) -> None:
    assert compare(small(), small(council=COUNCIL.replace(before, after))) == (sentence,)


def test_agencies_sections_and_choices_are_told_alike() -> None:
    agencies = ["", "agencies: {school: The school}\n", "agencies: {school: Our school}\n"]
    policies = [small(council=COUNCIL + text) for text in agencies]

    assert compare(policies[0], policies[1]) == ("The agency “The school” is added.",)
    assert compare(policies[1], policies[2]) == ("The agency “The school” now reads “Our school”.",)
    assert compare(policies[1], policies[0]) == ("The agency “The school” is taken away.",)
    assert compare(small(), small(catalogue=CATALOGUE.replace("Who you are", "You"))) == (
        "Papers: the section “Who you are” now reads “You”.",
    )
    assert said(("{small: Small, large: Large}", "{large: Large, small: Small}")) == [
        "“How large?”: the choices come in another order."
    ]
