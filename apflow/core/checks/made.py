"""What is wrong with documents made of a case, with signing one, and with those who read one by a link."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key
from apflow.core.definition.by_link import ByLink
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.fields import FieldType
from apflow.core.definition.made import MadeDocument
from apflow.core.people.permission import role_reads_on_pages

_BY_LINK = "by_link"


def check_made(subject: Subject) -> Iterator[Finding]:
    """Every finding about documents made of a case and who reads them."""
    always = _had_always(subject)
    for name, made in subject.workflow.documents.items():
        yield from _document(subject, ("documents", name), made)
        if made.while_in and name in always:
            message = f'"{name}" is signed or read by a link, so it must be there in every state'
            yield Finding(("documents", name, "while_in"), "not-always-there", message)
    for path, _, event in subject.events():
        yield from _signed(subject, (*path, "signs"), event)
        by_link = subject.workflow.read_by_link
        if event.settles_anew and (by_link is None or by_link.settled is None):
            message = (
                "nothing here says of whom it is settled that they are still written to (read_by_link: settled: …)"
            )
            yield Finding((*path, "settles_anew"), "settles-nothing", message)
        for role in event.notify:
            yield from _written_to(subject, (*path, "notify", role), role)
    if subject.workflow.read_by_link is not None:
        yield from _by_link(subject, subject.workflow.read_by_link)


def _had_always(subject: Subject) -> set[str | None]:
    """The documents that somebody signs or reads by a link, in whichever state the case then is."""
    by_link = subject.workflow.read_by_link
    return {event.signs for _, _, event in subject.events()} | ({by_link.document} if by_link else set())


def _document(subject: Subject, path: Path, made: MadeDocument) -> Iterator[Finding]:
    workflow = subject.workflow
    yield from each_known((*path, "read_by"), "role", made.read_by, workflow.seen_by)
    yield from each_known((*path, "while_in"), "state", made.while_in, workflow.states)
    for name in made.words:
        yield from known_key((*path, "words", name), "field", workflow.fields)
    for name in made.happened:
        yield from known_key((*path, "happened", name), "event", subject.definition.event_names)
    for number, section in enumerate(made.sections):
        place = (*path, "sections", number)
        yield from each_known((*place, "shows"), "field", section.shows, workflow.fields)
        yield from each_known((*place, "events"), "event", section.events, subject.definition.event_names)
        yield from each_known((*place, "while_in"), "state", section.while_in, workflow.states)
        if section.items is not None:
            yield from known((*place, "items"), "collection", section.items, workflow.collections)


def _signed(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    """Nobody signs what they may not read whole."""
    if event.signs is None:
        return
    yield from known(path, "document", event.signs, subject.workflow.documents)
    made = subject.workflow.documents.get(event.signs)
    shown = [name for section in made.sections for name in section.shows] if made else []
    for role in (role for role in event.by if role != CLOCK and role in subject.definition.council.roles):
        for name in (name for name in shown if name in subject.workflow.fields):
            if not role_reads_on_pages(subject.definition.council, role, subject.workflow.fields[name]):
                yield Finding(path, "signed-unread", f'"{role}" would sign what it may not read: "{name}"')


def _written_to(subject: Subject, path: Path, role: str) -> Iterator[Finding]:
    known_role, by_link = subject.definition.council.roles.get(role), subject.workflow.read_by_link
    if known_role is not None and known_role.mail == _BY_LINK and (by_link is None or by_link.role != role):
        message = f'nothing here says who is "{role}" on a case, and what they read (read_by_link: …)'
        yield Finding(path, "no-readers", message, True)
    keeps = subject.workflow.keeps
    if known_role is not None and known_role.mail == "works_with" and not (keeps and "pupil" in keeps.as_):
        message = f'its cases are about no child (keeps: …), so nobody is "{role}"'
        yield Finding(path, "about-no-child", message, True)


def _by_link(subject: Subject, by_link: ByLink) -> Iterator[Finding]:
    workflow, path = subject.workflow, ("read_by_link",)
    roles = subject.definition.council.roles
    those = [name for name in workflow.seen_by if name in roles and roles[name].mail == _BY_LINK]
    yield from known((*path, "role"), "role", by_link.role, those)
    counted = [name for name, spec in workflow.collections.items() if spec.keyed_by == "number"]
    yield from known((*path, "of"), "collection", by_link.of, counted)
    if by_link.of in counted:
        statuses = workflow.collections[by_link.of].statuses
        yield from each_known((*path, "by_email"), "status", by_link.by_email, statuses)
        yield from each_known((*path, "by_post"), "status", by_link.by_post, statuses)
        asked = dict(subject.definition.said_of_items(by_link.of))
        emails = [name for name, spec in asked.items() if spec.type is FieldType.EMAIL]
        yield from known((*path, "email"), "question", by_link.email, emails)
        if by_link.apart is not None:
            yield from known((*path, "apart"), "question", by_link.apart, asked)
        if by_link.settled is not None:
            yield from known((*path, "settled", "says"), "question", by_link.settled.says, asked)
        if by_link.elsewhere is not None:
            yield from known((*path, "elsewhere", "says"), "question", by_link.elsewhere.says, asked)
        if by_link.by_post:
            yield from known((*path, "address"), "question", by_link.address or "", asked)
    if by_link.settled is not None and by_link.settled.since is not None:
        yield from known((*path, "settled", "since"), "field", by_link.settled.since, workflow.fields)
    if by_link.elsewhere is not None:
        yield from known((*path, "elsewhere", "alert"), "alert", by_link.elsewhere.alert, workflow.alerts)
    if by_link.asks_to_settle is not None:
        yield from known((*path, "settled", "alert"), "alert", by_link.asks_to_settle, workflow.alerts)
    yield from known((*path, "letter"), "alert", by_link.letter, workflow.alerts)
    yield from known((*path, "document"), "document", by_link.document, workflow.documents)
