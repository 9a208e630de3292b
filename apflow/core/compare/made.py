"""Documents made of a case compared, and who reads one by a link."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, keyed, listed
from apflow.core.compare.names import Names, in_words
from apflow.core.definition.by_link import ByLink, Elsewhere, Settled
from apflow.core.definition.made import MadeDocument, MadeSection


def compare_documents_made(
    names: Names, old: Mapping[str, MadeDocument], new: Mapping[str, MadeDocument]
) -> Iterator[str]:
    """At least one sentence for every difference; who may now open one comes first."""

    def changed(_: str, was: MadeDocument, now: MadeDocument) -> Iterator[str]:
        where = f"The document “{now.title}”"
        sayings: dict[str, Saying] = {
            "title": lambda before, after: [f"The document “{before}” is now called “{after}”."],
            "read_by": lambda before, after: [
                f"{where} can now be opened by {names.roles(after)}, could by {names.roles(before)}."
            ],
            "while_in": lambda before, after: [
                f"{where} can now be had {_when(names, after)}, could {_when(names, before)}."
            ],
            "terms": lambda before, after: [f"{where} now ends in {_text(after)}, did in {_text(before)}."],
            "words": lambda *_: [f"{where} now calls some of what it shows in other words."],
            "happened": lambda *_: [f"{where} now tells some of what happened in other words."],
            "sections": lambda before, after: _sections(names, where, before, after),
        }
        return differences(where, was, now, sayings)

    return keyed(
        old,
        new,
        added=lambda _, made: [f"A document is added, “{made.title}”, for {names.roles(made.read_by)} to open."],
        removed=lambda _, made: [f"The document “{made.title}” is taken away."],
        changed=changed,
        called=lambda made: f"The document “{made.title}”",
    )


def compare_read_by_link(names: Names, old: ByLink | None, new: ByLink | None) -> Iterator[str]:
    """Who reads a case without an account, and for how long."""
    if old is None and new is not None:
        yield f"Each of {names.collection(new.of)} now reads the document “{in_words(new.document)}” by a link."
    elif new is None and old is not None:
        yield f"None of {names.collection(old.of)} reads a document by a link any more."
    elif old is not None and new is not None:
        yield from differences("Reading by a link", old, new, _link_sayings(names, new))


def _link_sayings(names: Names, new: ByLink) -> Mapping[str, Saying]:
    def statuses(these: tuple[str, ...]) -> str:
        return listed(names.status(new.of, one) for one in these) if these else "nobody"

    return {
        "role": lambda was, now: [f"Who reads by a link is now {names.role(now)}, was {names.role(was)}."],
        "of": lambda was, now: [f"They are now those in {names.collection(now)}, were in {names.collection(was)}."],
        "by_email": lambda was, now: [
            f"By e-mail, those are now written to who are {statuses(now)}, not {statuses(was)}."
        ],
        "by_post": lambda was, now: [
            f"By post, those are now written to who are {statuses(now)}, not {statuses(was)}."
        ],
        "email": lambda was, now: [f"Their e-mail address is now {names.field(now)}, was {names.field(was)}."],
        "address": lambda was, now: [f"Their address is now {names.field(now)}, was {names.field(was)}."],
        "apart": lambda was, now: [
            f"From whom of the same surname they are told apart is now said in "
            f"{names.field(now) if now else 'nothing'}, was in {names.field(was) if was else 'nothing'}."
        ],
        "settled": lambda was, now: [
            f"Who is still written to is now settled first {_settled(names, now)}; before, {_settled(names, was)}."
        ],
        "elsewhere": lambda was, now: [
            f"Of whoever must not be contacted about another pupil it is now said first that they are written to "
            f"{_elsewhere(names, now)}; before, {_elsewhere(names, was)}."
        ],
        "letter": lambda was, now: [f"A letter to post is now the task {names.alert(now)}, was {names.alert(was)}."],
        "document": lambda was, now: [f"They now read the document “{in_words(now)}”, not “{in_words(was)}”."],
        "link_lasts": lambda was, now: [f"A link now lasts {now}, did {was}."],
        "code_lasts": lambda was, now: [f"A code in a letter now lasts {now}, did {was}."],
        "after_the_end": lambda was, now: [f"They can now read for {now} after the end, could for {was}."],
    }


def _sections(names: Names, where: str, old: tuple[MadeSection, ...], new: tuple[MadeSection, ...]) -> Iterator[str]:
    def changed(heading: str, was: MadeSection, now: MadeSection) -> list[str]:
        return [f"{where}: under “{heading}” it now has {_holds(names, now)}; before, {_holds(names, was)}."]

    return keyed(
        {section.heading: section for section in old},
        {section.heading: section for section in new},
        added=lambda heading, section: [f"{where} now has “{heading}”, with {_holds(names, section)}."],
        removed=lambda heading, _: [f"{where} no longer has “{heading}”."],
        changed=changed,
        order=f"{where} has its headings in another order.",
    )


def _holds(names: Names, section: MadeSection) -> str:
    parts = [f"the text “{section.text}”"] if section.text else []
    parts += [names.field(one) for one in section.shows]
    parts += [f"all in {names.collection(section.items)}"] if section.items else []
    parts += [f"what was {'last ' * section.newest}said at {names.event(one)}" for one in section.events]
    parts += [f"the {section.also}"] if section.also else []
    said = listed(parts) if parts else "nothing"
    return f"{said}, {_when(names, section.while_in)} only" if section.while_in else said


def _when(names: Names, states: tuple[str, ...]) -> str:
    return f"in {names.states(states)}" if states else "in every state"


def _text(name: str | None) -> str:
    return f"the text “{in_words(name)}”" if name else "no text of the council's"


def _elsewhere(names: Names, elsewhere: Elsewhere | None) -> str:
    if elsewhere is None:
        return "nowhere"
    return f"in {names.field(elsewhere.says)}, with the task {names.alert(elsewhere.alert)}"


def _settled(names: Names, settled: Settled | None) -> str:
    if settled is None:
        return "of nobody"
    since = f", or of whom {names.field(settled.since)} says so" if settled.since else ""
    asked = f", asked for by the task {names.alert(settled.alert)}" if settled.alert else ""
    of = listed(in_words(one) for one in settled.of)
    return f"of pupils who are {of}{since}, in {names.field(settled.says)}{asked}"
