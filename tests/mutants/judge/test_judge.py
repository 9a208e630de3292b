"""The judge sees each way in which a policy can be broken, and nothing where none is."""

from pathlib import Path

import pytest

from apflow.settings import shipped
from tests.loader import family, small
from tests.loader.folder import rewrite
from tests.mutants.judge import judge

ENDS = (".subject.txt", ".txt", ".html")


def a_policy(root: Path, files: dict[str, str], *changes: tuple[str, str], file: str) -> tuple[Path, Path]:
    """The files and the notices that the small policy sends, with some lines of one file written differently."""
    folder, notices = root / "workflows", root / "notifications"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    for notice in small.NOTICES:
        for end in ENDS:
            path = notices / f"{notice}{end}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("Dear {{ to.name }}, this is about {{ case.title }}", encoding="utf-8")
    rewrite(folder / f"{file}.yaml", *changes)
    return folder, notices


def a_small_policy(root: Path, *changes: tuple[str, str], file: str = "loan") -> tuple[Path, Path]:
    files = {"council": small.COUNCIL, "papers": small.CATALOGUE, "loan": small.WORKFLOW}
    return a_policy(root, files, *changes, file=file)


def a_family(root: Path, *changes: tuple[str, str], file: str = "provider") -> tuple[Path, Path]:
    files = {"council": family.COUNCIL, "provider": family.PROVIDER, "plan": family.PLAN}
    return a_policy(root, files, *changes, file=file)


@pytest.mark.slow  # It is played to its end, however many cases that takes.
@pytest.mark.timeout(7200)
def test_the_shipped_policy_is_sound() -> None:
    assert judge(shipped("workflows"), shipped("notifications")) == ()


def test_the_small_policy_is_sound(tmp_path: Path) -> None:
    assert judge(*a_small_policy(tmp_path)) == ()


def test_the_policy_with_child_cases_is_sound(tmp_path: Path) -> None:
    assert judge(*a_family(tmp_path)) == ()


RETURN = "return: {label: Return, by: reader, to: closed}"
CLOCKED = "then: {event: lapse, after_warning: 1 working day}"
LEND = "requires: [papers_seen, is_wanted]"
JOURNEY = "journey: [waiting, lent]\n"
LISTED = "public_list: {title: Readers, states: {lent: Has a book}, shows: {address: Where}}\n"
WALKED = {
    "no YAML": (("title: Lending books", "title: [Lending"), "no YAML"),
    "an anchor": (("title: Lending books", "title: &name Lending"), "anchor"),
    "a key twice": (("journey: [waiting, lent]", "journey: [waiting]\njourney: [lent]"), "duplicate key"),
    "a key there is not": (("awaiting: reader", "awaitting: reader"), "awaitting"),
    "a duration of nothing": (("within: 3 weeks", "within: 3 wks"), "duration"),
    "an unknown state": ((RETURN, RETURN.replace("closed", "close")), "state close"),
    "an unknown guard": ((LEND, "requires: [paper_seen, is_wanted]"), "guard paper_seen"),
    "an unknown role": (("awaiting: reader", "awaiting: redaer"), "redaer"),
    "an unknown field": (("called: name", "called: nmae"), "field nmae"),
    "an unknown notice": (("notice: overdue", "notice: overude"), "notice overude"),
    "an unknown deadline": (("extends: {deadline: look_due", "extends: {deadline: lok_due"), "deadline lok_due"),
    "an unknown status": (("to: seen}", "to: seem}"), "status seem"),
    "an unknown fact": (("{fact: wanted_on, is_present", "{fact: wantd_on, is_present"), "reads wantd_on"),
    "a question nobody is asked": (("fact: answer.member", "fact: answer.membr"), "answer.membr"),
    "a reserved name": (("is_wanted: {when", "today: {when"), "today"),
    "a value it cannot be": (("has: {fact: item.status, is: seen}", "has: {fact: item.status, is: saen}"), "never be"),
    "dates of what is no date": (("{fact: wanted_on, is_present: true}", "{fact: name, is_before: today}"), "dates"),
    "a state nothing leads to": (("  closed: {label", "  lost: {label: Lost, final: true}\n  closed: {label"), "lost"),
    "a state nobody leaves": ((RETURN, RETURN.replace(", to: closed", "")), "out of lent"),
    "a state that awaits nobody": (("    awaiting: reader\n", ""), "awaits nobody"),
    "a state that awaits the wrong one": (("awaiting: reader", "awaiting: librarian"), "can do nothing"),
    "an event by nobody": ((RETURN, RETURN.replace("by: reader", "by: []")), "by nobody"),
    "an event of the blind": (("own: true, states: [waiting, lent]", "own: true, states: [waiting]"), "does not see"),
    "an end that is none": (("closed: {label: Closed, final: true}", "closed: {label: Closed}"), "out of closed"),
    "a task nobody can do": (("for: reader, assumed: x", "for: librarian, assumed: x"), "nothing that finishes"),
    "a reminder before the beginning": (("at: 1 working day left", "at: 9 working days left"), "before it begins"),
    "a reminder twice": (("at: 1 working day left", "at: [1 working day left, 1 working day left]"), "twice"),
    "a deadline of no date": (("of: wanted_on\n", "of: name\n"), "no date"),
    "a clock that nothing sets off": ((CLOCKED, "then: {escalate: librarian}"), "the clock do lapse"),
    "a field not its reader's": (("label: Your name}", "label: Your name, privacy: child}"), "may not read"),
    "a secret on the public list": ((JOURNEY, f"{JOURNEY}{LISTED}"), "shows address"),
    "a public list of what there is not": ((JOURNEY, JOURNEY + LISTED.replace("lent", "lost")), "state lost"),
    "what nobody proposes": ((RETURN, RETURN.replace("to: closed", "to: closed, proposal: taken")), "nobody proposes"),
    "nothing to leave out": ((RETURN, RETURN.replace("to: closed", "to: closed, if_changed: notify")), "no notify to"),
    "no change to tell": ((RETURN, RETURN.replace("to: closed", "to: closed, if_changed: notify")), "cannot tell"),
    "an answer that is lost": ((RETURN, RETURN.replace("}", ", form: {books: }, empties: books}")), "asks for what"),
    "a case without a name": ((RETURN, RETURN.replace("}", ", empties: name}")), "cannot be without"),
    "what there is not, emptied": ((RETURN, RETURN.replace("}", ", empties: book}")), "field book"),
    "braces in a label": (("label: Lend\n", "label: Lend {it}\n"), "braces"),
}  # fmt: skip


@pytest.mark.parametrize("what", WALKED)
def test_it_is_seen_in_the_files_that_there_is(what: str, tmp_path: Path) -> None:
    change, said = WALKED[what]

    assert said in " ".join(judge(*a_small_policy(tmp_path, change)))


IS_WANTED = "{fact: wanted_on, is_present: true}, reason: Say when."
NEVER = "{all: [{fact: wanted_on, is_present: true}, {fact: wanted_on, is_present: false}]}, reason: Say when."
RULES = "alerts:\n"
PROMISE = "invariants: {large: {says: S., on_entry_to: lent, holds: {fact: size, is: large}, assumed: x}}\nalerts:\n"
STORY = "scenarios: {asked: {says: S., steps: [{who: librarian, does: ask}], ends: lent}}\nalerts:\n"
REFUSED = "scenarios: {r: {says: S., steps: [{who: librarian, does: ask, refused: Never}], ends: waiting}}\nalerts:\n"
MAILED = "scenarios: {m: {says: S., steps: [{who: librarian, does: ask}], ends: waiting, emails: lent}}\nalerts:\n"
PLAYED = {
    "a guard that never holds": ((IS_WANTED, NEVER), "no case ever comes to lent"),
    "a clock that never starts": (
        ("Due back, within", "Due back, after: correct, within"),
        "of which no deadline runs",
    ),
    "a broken promise": ((RULES, PROMISE), "large does not hold"),
    "a story that ends elsewhere": ((RULES, STORY), "it ends in waiting"),
    "a story refused nowhere": ((RULES, REFUSED), "not refused"),
    "a story of other letters": ((RULES, MAILED), "these go out"),
}


@pytest.mark.parametrize("what", PLAYED)
def test_it_is_seen_by_playing_that_there_is(what: str, tmp_path: Path) -> None:
    change, said = PLAYED[what]

    assert said in " ".join(judge(*a_small_policy(tmp_path, change)))


def test_a_state_without_deadlines_is_seen(tmp_path: Path) -> None:
    waits = (
        "    deadlines: {held_due: {label: Take it up again, every: 2 weeks, then: {escalate: manager}, assumed: x}}\n"
    )

    assert judge(*a_family(tmp_path, (waits, ""), file="plan")) == ("no deadline runs in held",)


def test_a_deadline_counted_from_the_only_way_in_is_sure(tmp_path: Path) -> None:
    assert judge(*a_small_policy(tmp_path, ("Due back, within", "Due back, after: lend, within"))) == ()


def test_a_promise_that_the_guards_keep_is_not_broken(tmp_path: Path) -> None:
    kept = PROMISE.replace("{fact: size, is: large}", "{fact: wanted_on, is_present: true}")

    assert judge(*a_small_policy(tmp_path, (RULES, kept))) == ()


def test_it_is_seen_that_some_cases_are_never_let_go(tmp_path: Path) -> None:
    """A book that is not wanted cannot be returned, and nothing but returning it leads out of there."""
    only_members = "is_member: {when: {fact: member, is: true}, reason: No., assumed: x}\n  is_wanted:"
    returned = RETURN.replace("by: reader", "by: reader, requires: is_member")

    said = judge(*a_small_policy(tmp_path, ("is_wanted:", only_members), (RETURN, returned)))

    assert said == ("there are cases in lent that nothing can ever move on",)


def test_two_deadlines_at_the_same_moment_are_seen(tmp_path: Path) -> None:
    also = "also_due: {label: Also, within: 5 working days, then: {event: go}, assumed: x}\n      look_due:"
    go = "go: {label: Go, by: clock, to: lent}\n      lapse:"

    said = judge(*a_small_policy(tmp_path, ("      look_due:", f"      {also}"), ("      lapse:", f"      {go}")))

    assert "end at the same moment" in " ".join(said)


def test_a_deadline_that_is_never_due_is_seen(tmp_path: Path) -> None:
    late = "late: {label: Late, within: 9 weeks, then: {escalate: librarian}, assumed: x}\n      look_due:"

    said = judge(*a_small_policy(tmp_path, ("      look_due:", f"      {late}"), (CLOCKED, "then: {event: lapse}")))

    assert said == ("late of waiting is never due: look_due always takes the case away before",)


def test_deadlines_that_lead_round_without_time_are_seen(tmp_path: Path) -> None:
    at_once = ("within: 5 working days\n", "within: 0 calendar days\n")
    remind = ("        remind: {at: 1 working day left, who: reader, notice: due_soon}\n", "")
    round_ = ("lapse: {label: Lapse, by: clock, to: closed}", "lapse: {label: Lapse, by: clock, to: waiting}")

    said = judge(*a_small_policy(tmp_path, at_once, remind, round_, (CLOCKED, "then: {event: lapse}")))

    assert "without any time" in " ".join(said)


def test_too_few_people_are_seen(tmp_path: Path) -> None:
    council = ("mailbox: library@council.example, assumed: x", "mailbox: library@council.example, least: 1, assumed: x")
    folder, notices = a_small_policy(tmp_path, council, file="council")
    many_views = "when: {count: views, where: {fact: item.status, is: given}, at_least: 2}, reason: Say when."
    rewrite(folder / "loan.yaml", (f"when: {IS_WANTED}", many_views))

    assert judge(folder, notices) == ("is_wanted needs 2 and there may be no more than 1",)


TEMPLATES = {
    "is not there": (None, "which there is not"),
    "cannot be read": ("Dear {{ to.name }", "unexpected"),
    "speaks of nothing there is": ("Dear {{ too.name }}", "it speaks of too"),
    "speaks of a field there is not": ("{{ fields.nmae }}", "speaks of fields.nmae"),
    "builds on another there is not": ("{% extends 'lay.txt' %}", "builds on lay.txt"),
    "speaks of a deadline where none runs": ("{{ override.by }}", "cannot be written"),
    "tells of what its reader may not read": ("{{ fields.card }}", "tells a reader of fields.card"),
}


@pytest.mark.parametrize("what", TEMPLATES)
def test_a_template_is_seen_that(what: str, tmp_path: Path) -> None:
    text, said = TEMPLATES[what]
    secret = ("card: {type: text, label: Number of your card", "card: {type: text, privacy: child, label: Your card")
    folder, notices = a_small_policy(tmp_path, secret)
    path = notices / "loan" / "lent.txt"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")

    assert said in " ".join(judge(folder, notices))


BOTH = "{all: [{fact: child.action_plan.open, is: 0}, {fact: child.action_plan.open, at_least: 1}]}"
RELATIVES = {
    "runs what there is not": (("workflow: plan", "workflow: paln"), "provider", "workflow paln"),
    "ends where it does not": (("ends: {met: lift", "ends: {open: lift"), "provider", "where it does not end"),
    "is told what it has not": (
        ("signals: {action_plan: stop}", "signals: {action_plan: sotp}"),
        "provider",
        "to sotp",
    ),
    "lacks what it needs": (("{name: organisation, email", "{email"), "provider", "without name"),
    "is refused unheard": (
        ("  signal_refused: {title: A linked", "  refused: {title: A linked"),
        "plan",
        "nobody hears",
    ),
    "never stands so": (("is: met}", "is: done}"), "provider", "can never be done"),
    "is never so many": (
        ("when: {fact: child.action_plan.open, is: 0}", f"when: {BOTH}"),
        "provider",
        "close of listed never happens",
    ),
}


@pytest.mark.parametrize("what", RELATIVES)
def test_it_is_seen_that_a_child_case(what: str, tmp_path: Path) -> None:
    change, file, said = RELATIVES[what]

    assert said in " ".join(judge(*a_family(tmp_path, change, file=file)))


def test_templates_make_no_difference_to_what_is_played(tmp_path: Path) -> None:
    folder, notices = a_small_policy(tmp_path)
    first = judge(folder, notices)
    (notices / "loan" / "lent.txt").write_text("Hello {{ nobody }}", encoding="utf-8")

    assert (first, len(judge(folder, notices))) == ((), 1)
