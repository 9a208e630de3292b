"""What is said of cases that are items of others, compared: what an event does to them as well, and their pack."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, listed
from apflow.core.compare.names import Names, in_words
from apflow.core.compare.said import condition_words
from apflow.core.definition.linked import Calling, Joining, Pack, Signalling, Telling


def compare_tells(names: Names, subject: str, old: Mapping[str, Telling], new: Mapping[str, Telling]) -> Iterator[str]:
    """The sentences for what one event does to other cases as well."""
    for collection in dict.fromkeys([*old, *new]):
        was, now = (
            telling_words(names, collection, told[collection]) if collection in told else "nothing"
            for told in (old, new)
        )
        if was != now:
            yield f"{subject} now tells {now}; before, {was}."


def compare_calls(names: Names, subject: str, old: Mapping[str, Calling], new: Mapping[str, Calling]) -> Iterator[str]:
    """The sentences for what one event asks of the cases that keep records."""
    for collection in dict.fromkeys([*old, *new]):
        was, now = (
            calling_words(names, collection, called[collection]) if collection in called else "nothing"
            for called in (old, new)
        )
        if was != now:
            yield f"{subject} now calls {now}; before, {was}."


def signalling_words(names: Names, signalling: Signalling) -> str:
    """What those below are told to do, with what it says."""
    pairs = [f"{names.field(_bare(ours))} as “{in_words(theirs)}”" for theirs, ours in signalling.with_.items()]
    given = f", with {listed(pairs)}" if pairs else ""
    return f"“{in_words(signalling.event)}”{given}"


def calling_words(names: Names, collection: str, calling: Calling) -> str:
    """Whom it calls to do what, with what it says."""
    where = f", where {condition_words(names, calling.where)}" if calling.where is not None else ""
    pairs = [f"{names.field(_bare(ours))} as “{in_words(theirs)}”" for theirs, ours in calling.with_.items()]
    given = f", with {listed(pairs)}" if pairs else ""
    kept = f"the “{in_words(calling.workflow)}” cases that keep the records in {names.collection(collection)}"
    return f"{kept} to do “{in_words(calling.event)}”{given}{where}"


def _bare(fact: str) -> str:
    return fact.removeprefix("answer.").removeprefix("item.")


def telling_words(names: Names, collection: str, telling: Telling) -> str:
    """Whom it tells what, with what it says: “the agenda: “put on”, with “date” as “on””."""
    those = f" that are {listed(names.status(collection, one) for one in telling.those)}" if telling.those else ""
    pairs = [
        f"{names.field(ours.removeprefix('answer.'))} as “{in_words(theirs)}”" for theirs, ours in telling.with_.items()
    ]
    given = f", with {listed(pairs)}" if pairs else ""
    return f"the cases in {names.collection(collection)}{those} to do “{in_words(telling.event)}”{given}"


def joining_words(names: Names, joins: Joining | None) -> str:
    """What becomes of the case: “makes the case a “concern” of the one in Provider”."""
    if joins is None:
        return "leaves the case with the one it belongs to"
    return f"makes the case a “{in_words(joins.as_)}” of the one in {names.field(joins.case)}"


def compare_pack(names: Names, old: Pack | None, new: Pack | None) -> Iterator[str]:
    """The sentences for the document made of other cases."""
    if old is None and new is not None:
        yield f"A document is added, made of the cases in {names.collection(new.of)}: “{new.title}”."
    elif new is None and old is not None:
        yield f"The document “{old.title}” is taken away."
    elif old is not None and new is not None:
        yield from differences(f"The document “{new.title}”", old, new, _sayings(names, new))


def _sayings(names: Names, new: Pack) -> Mapping[str, Saying]:
    where = f"The document “{new.title}”:"

    def words(these: tuple[str, ...]) -> str:
        return listed(f"“{in_words(one)}”" for one in these) if these else "nothing"

    return {
        "title": lambda was, now: [f"The document “{was}” is now called “{now}”."],
        "of": lambda was, now: [f"{where} it is made of {names.collection(now)}, was of {names.collection(was)}."],
        "those": lambda was, now: [f"{where} it has the cases that are {words(now)}, had those that are {words(was)}."],
        "shows": lambda was, now: [f"{where} it now shows {words(now)}, did {words(was)}."],
        "evidence": lambda was, now: [f"{where} it now lists “{in_words(now)}”, did “{in_words(was)}”."],
        "views": lambda was, now: [f"{where} it now has what was said in “{in_words(now)}”, had “{in_words(was)}”."],
        "aside": lambda was, now: [f"{where} those take no part now who are {words(now)}, were {words(was)}."],
    }
