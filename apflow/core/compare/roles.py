"""The council's roles compared."""

from collections.abc import Iterable, Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, gained_and_lost, keyed, listed
from apflow.core.compare.names import in_words, role_words
from apflow.core.compare.questions import KEPT_AS
from apflow.core.definition.council import Council
from apflow.core.definition.fields import PrivacyClass
from apflow.core.definition.roles import Role, WorksWith

_MAIL = {
    "assigned": "whoever has the case, else the mailbox",
    "everyone": "everyone with the role",
    "mailbox": "the mailbox",
    "party": "the outsider the case is about",
    "register": "everybody on a register",
    "by_link": "those on a case who read it by a link of their own",
    "works_with": "those who work with the child of a case",
    "nobody": "nobody",
}


def compare_roles(council: Council, old: Mapping[str, Role], new: Mapping[str, Role]) -> Iterator[str]:
    def changed(name: str, was: Role, now: Role) -> Iterator[str]:
        subject = f"The role “{now.title}”"
        sayings: dict[str, Saying] = {
            "title": lambda before, after: [f"The role “{before}” is now called “{after}”."],
            "audience": lambda before, after: [f"{subject} now reads the words for {after}, was for {before}."],
            "mail": lambda before, after: [
                f"Mail to {role_words(council, name)} now goes to {_MAIL.get(after, after)}, "
                f"did to {_MAIL.get(before, before)}."
            ],
            "register_": lambda before, after: [
                f"Mail to {role_words(council, name)} now goes to everybody on the register {_register(after)}, "
                f"did to {_register(before)}."
            ],
            "works_with": lambda before, after: [
                f"Mail to {role_words(council, name)} now goes to {_works_with(after)}, did to {_works_with(before)}."
            ],
            "mailbox": lambda before, after: [
                f"{subject} now has the mailbox {after or 'of the council'}, had {before or 'that of the council'}."
            ],
            "sees": lambda before, after: _sees(subject, before, after),
            "sees_on_pages": lambda before, after: _sees(f"On pages of its own cases, {subject}", before, after),
            "passes_on": lambda before, after: _passes_on(council, subject, before, after),
            "most_conflicts": lambda before, after: [
                f"{subject}: at most {after} of those who hold it may have an interest in one case, was {before}."
            ],
            "least": lambda before, after: [f"{subject} is now held by {_people(after)}, was by {_people(before)}."],
        }
        return differences(subject, was, now, sayings)

    return keyed(
        old,
        new,
        added=lambda _, role: [f"A role is added: “{role.title}”, whose mail goes to {_MAIL[role.mail]}."],
        removed=lambda _, role: [f"The role “{role.title}” is taken away."],
        changed=changed,
        called=lambda role: f"The role “{role.title}”",
        noticed="whoever has it is no longer in it, until it is given to them anew",
    )


def _passes_on(council: Council, subject: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    more, less = gained_and_lost(old, new)
    if more:
        yield f"{subject} may now give away the tasks of {listed(role_words(council, one) for one in more)}."
    if less:
        yield f"{subject} may no longer give away the tasks of {listed(role_words(council, one) for one in less)}."


def _register(name: str | None) -> str:
    return f"“{in_words(name)}”" if name else "nobody's"


def _works_with(those: WorksWith | None) -> str:
    if those is None:
        return "nobody who works with a child"
    only = f", only of one with {listed(map(in_words, those.only_of))}" if those.only_of else ""
    expected = f", expected of one with {listed(map(in_words, those.expected_of))}" if those.expected_of else ""
    return f"whoever the child's record names as “{in_words(those.who)}”{only}{expected}"


def _people(least: int | None) -> str:
    if least is None:
        return "however many people"
    return f"at least {least} {'person' if least == 1 else 'people'}"


def _sees(subject: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    more, less = gained_and_lost(old, new)
    if more:
        yield f"{subject} may now also read what is {listed(KEPT_AS[PrivacyClass(one)] for one in more)}."
    if less:
        yield f"{subject} may no longer read what is {listed(KEPT_AS[PrivacyClass(one)] for one in less)}."
