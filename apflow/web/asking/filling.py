"""A form being filled in: which event it is for, what has been typed so far, and what it was typed against."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from msgspec import structs

from apflow.beyond.cases import with_pupils_to_screen
from apflow.beyond.units import is_screened
from apflow.core.commands import Fire
from apflow.core.decide import decide
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import NotFound
from apflow.core.facts import keys_of
from apflow.core.firing.fire import permitted
from apflow.core.firing.items import own_item, says_again
from apflow.core.firing.offers import Offer
from apflow.core.firing.proposals import proposed
from apflow.core.outcome import Outcome
from apflow.core.people.permission import asked_of, readable
from apflow.core.snapshot import ItemKey, People, Upload
from apflow.store import beside
from apflow.store.cases.loading import load_uploads
from apflow.web.asking.drafts import drafted
from apflow.web.asking.files import KEPT, OUT, asked_files, held, kept_before, receipt, record, taken_out
from apflow.web.asking.submission import Submission
from apflow.web.case.opened import Opened
from apflow.web.forms import Question, Submitted, answers_from, as_typed, one, questions_of, with_agencies

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LONG_FORM = 4
_CARRIED = ("seen", "key")


@dataclass(frozen=True)
class Filling:
    """One event's form as one person is filling it in. `seen` and `key` come back with it when it is sent.

    `held` are the files that the case has already, by question.
    """

    opened: Opened
    event: str
    spec: EventSpec
    item: ItemKey | None
    form: Mapping[str, FieldSpec]
    seen: int
    key: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    from_draft: bool = False
    held: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.spec.label.to(self.opened.audience)

    @property
    def catalogue_item(self) -> str | None:
        """The key of the item a command names; an item of the actor's own, or a new one, needs no naming."""
        if self.item is None or self.item == _unnamed(self.opened, self.spec):
            return None
        return self.item[1]

    @property
    def address(self) -> str:
        address = f"/cases/{self.opened.reference}/do/{self.event}"
        return f"{address}?{urlencode({'item': self.catalogue_item})}" if self.catalogue_item else address

    @property
    def offer(self) -> Offer | None:
        """The event as it is offered now, perhaps with reasons against it; None when the case has moved past it."""
        offers = self.opened.item_offers(self.item) if self.item and self.catalogue_item else self.opened.offers()
        return next((offer for offer in offers if offer.event == self.event), None)

    @property
    def has_files(self) -> bool:
        return bool(asked_files(self.form))

    @property
    def is_long(self) -> bool:
        """Whether there is enough to write that someone may want to stop halfway."""
        long_texts = [spec for spec in self.form.values() if spec.type is FieldType.LONG_TEXT and not spec.optional]
        return bool(long_texts) or len(self.form) >= _LONG_FORM

    def questions(self, errors: Mapping[str, str] | None = None) -> list[Question]:
        """The questions to show, each with its answer so far; a file already here answers its question."""
        facts = structs.replace(self.opened.facts(self.item), answers=dict(self.answers))
        questions = questions_of(self.form, self.answers, facts, errors, self._people_offered)
        return [self._of_file(question) if question.spec.type is FieldType.FILE else question for question in questions]

    def _of_file(self, question: Question) -> Question:
        name = question.name
        sent = self.files.get(str(question.value), "")
        return replace(question, value=sent, held=self.held.get(name), is_taken_out=self.takes_out(name))

    def takes_out(self, name: str) -> bool:
        """Whether the file that the case has as the answer is to be taken out."""
        return name in self.held and name in self.answers and self.answers[name] is None

    @property
    def _people_offered(self) -> People:
        """Whom the form offers, each with where they come from where that may matter."""
        world = self.opened.world
        return with_agencies(world.people, world.agencies, self.opened.site.council)

    def command(self) -> Fire:
        return Fire(self.event, self.opened.actor, self.answers, self.catalogue_item, self.seen)


def begin(opened: Opened, event: str, item: str | None) -> Filling:
    """The form with what the case already says; a Refusal when the event is not this person's at all."""
    spec = permitted(opened.definition, opened.snapshot, event, opened.actor)
    blank = Filling(
        opened=opened,
        event=event,
        spec=spec,
        item=_item(opened, spec, item),
        form=_form(opened, event),
        seen=opened.snapshot.version,
        key=new_key(),
    )
    return replace(blank, answers=_prefilled(blank), held=held(opened, spec, blank.item, blank.form))


def with_draft(filling: Filling) -> Filling:
    """The form with what the person typed into it before and did not send, against what it was shown then."""
    with filling.opened.site.store.reading() as connection:
        draft = beside.draft(connection, **_draft_key(filling))
        if draft is None:
            return filling
        files = load_uploads(connection, _ids(draft.answers), filling.opened.actor.id)
    answers = {**filling.answers, **{name: value for name, value in draft.answers.items() if name in filling.form}}
    return replace(filling, answers=answers, files=files, from_draft=True, seen=draft.seen or filling.seen)


def keep_draft(filling: Filling) -> None:
    """Save what has been typed, for this person to come back to; what they left as it was is not theirs to keep."""
    typed, now = own_words(filling), filling.opened.now
    with filling.opened.site.store.writing() as connection:
        beside.save_draft(connection, **_draft_key(filling), answers=typed, seen=filling.seen, now=now)


def own_words(filling: Filling) -> dict[str, Any]:
    """What the person typed, emptied or sent of it; not what they left as it was."""
    files = asked_files(filling.form)
    known = {name: value for name, value in _prefilled(filling).items() if name in filling.form and name not in files}
    gone = {name: None for name in known if name not in filling.answers}
    own = {name: value for name, value in filling.answers.items() if as_typed(value) != as_typed(known.get(name))}
    sent = {name: value for name, value in filling.answers.items() if name in files}
    return gone | own | sent


def forget_draft(filling: Filling) -> None:
    """Let go of what was typed before."""
    with filling.opened.site.store.writing() as connection:
        beside.forget_draft(connection, **_draft_key(filling))


def filled(blank: Filling, submission: Submission) -> Filling:
    """The form as it came back: what was typed, with each file that came now or earlier."""
    values = submission.values
    sent = replace(blank, seen=_seen(values, blank.seen), key=key_from(values))
    came = {name: record(blank.opened, sent.key, staged) for name, staged in submission.files.items()}
    chosen = kept_before(blank.form, values) | came
    with blank.opened.site.store.reading() as connection:
        files = load_uploads(connection, chosen.values(), blank.opened.actor.id)
    others = {name: spec for name, spec in blank.form.items() if spec.type is not FieldType.FILE}
    typed = answers_from(others, _asked_for(values))
    here = {name: upload for name, upload in chosen.items() if upload in files}
    return replace(sent, answers=typed | taken_out(blank.held, values) | here, files=files)


def rehearse(filling: Filling) -> Outcome:
    """What sending the form would do, without doing it; or the Refusal it would meet."""
    opened = filling.opened
    snapshot, command = structs.replace(opened.snapshot, uploads=filling.files), filling.command()
    world = opened.world
    if is_screened(opened.definition, snapshot, command):
        with opened.site.store.reading() as connection:
            world = with_pupils_to_screen(connection, opened.definition, snapshot, opened.actor, command.answers, world)
    return decide(opened.definition, snapshot, command, world, opened.now)


def was_sent(filling: Filling) -> bool:
    """Whether this very form, by its key, has been sent and done."""
    with filling.opened.site.store.reading() as connection:
        return receipt(connection, filling.opened, filling.key) is not None


def new_key() -> str:
    """An idempotency key for a form about to be shown."""
    return secrets.token_urlsafe(24)


def key_from(values: Submitted) -> str:
    """The key a form came back with, or a new one when that is none of ours."""
    key = one(values, "key")
    return key if _KEY.fullmatch(key) else new_key()


def carried(filling: Filling, values: Submitted) -> list[tuple[str, str]]:
    """What a page that shows no questions must carry hidden, so that the form can be sent from there."""
    parts = ("", "-day", "-month", "-year")
    files = asked_files(filling.form)
    names = [f"{name}{part}" for name in filling.form if name not in files for part in parts]
    typed = [(name, value) for name in names for value in values.get(name, ())]
    sent = [(f"{name}{KEPT}", str(filling.answers[name])) for name in files if filling.answers.get(name) is not None]
    return typed + sent + [(f"{name}{OUT}", "yes") for name in filling.held if filling.takes_out(name)]


def _form(opened: Opened, event: str) -> Mapping[str, FieldSpec]:
    """The questions the event asks of this person, here or where else it is possible."""
    forms = opened.definition.forms
    here = forms.get((opened.snapshot.state, event))
    form = here if here is not None else next(form for (_, name), form in forms.items() if name == event)
    return asked_of(form, opened.actor)


def _item(opened: Opened, spec: EventSpec, item: str | None) -> ItemKey | None:
    if spec.item is None or spec.item.whose:
        return None
    if own := _unnamed(opened, spec):
        return own
    if item not in keys_of(opened.definition, opened.snapshot, spec.item.of):
        raise NotFound
    return spec.item.of, str(item)


def _unnamed(opened: Opened, spec: EventSpec) -> ItemKey | None:
    return own_item(opened.definition, opened.snapshot, spec, opened.actor)


def _prefilled(blank: Filling) -> dict[str, Any]:
    """What the form opens with: what the case says, and first drafts of texts."""
    return {**drafted(blank.opened, blank.form), **_known(blank)}


def _known(blank: Filling) -> dict[str, Any]:
    """What the case says already, or the item does: a form changes it, and must not empty it unseen."""
    opened = blank.opened
    item = opened.snapshot.item(*blank.item) if blank.item and says_again(opened.definition, blank.spec) else None
    kept = opened.definition.workflow.fields.keys() - {name for name, asked in blank.form.items() if asked.asked_anew}
    known = {name: value for name, value in opened.snapshot.fields.items() if name in kept}
    if blank.spec.proposal == "made":
        known |= proposed(opened.snapshot.fields)
    told = readable(opened.definition, blank.form, opened.actor)
    said = {name: value for name, value in (item.data if item else {}).items() if not _is_sent_anew(blank, name)}
    return {name: value for name, value in {**known, **said}.items() if name in told}


def _is_sent_anew(blank: Filling, name: str) -> bool:
    """A file of an item that is named stays there unless another is sent."""
    asked = blank.form.get(name)
    return blank.catalogue_item is not None and asked is not None and asked.type is FieldType.FILE


def _asked_for(values: Submitted) -> Submitted:
    """What was typed: a question may be called as something the form carries for itself, which stands before it."""
    return {name: given[-1:] if name in _CARRIED else given for name, given in values.items()}


def _seen(values: Submitted, current: int) -> int:
    seen = one(values, "seen")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else current


def _ids(answers: Mapping[str, Any]) -> list[str]:
    return [value for value in answers.values() if isinstance(value, str) and len(value) <= 64]


def _draft_key(filling: Filling) -> dict[str, Any]:
    return {
        "person": filling.opened.actor.id,
        "reference": filling.opened.reference,
        "event": filling.event,
        "item": filling.catalogue_item or "",
    }
