"""Playing the stories: commands in the order of their dates, with timers ringing and mail going out in between."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from apflow.clock import machine_now
from apflow.core.days.calendar import LONDON, local_date
from apflow.core.definition.catalogue import CatalogueItem
from apflow.core.people.actor import THE_PUBLIC, Actor
from apflow.demo.alerts import finish_alerts, see_to_placements
from apflow.demo.attendance import keep_attendance, mark_since
from apflow.demo.breaches import tell_of_breaches
from apflow.demo.cast import OLIVE, STAFF, Member, Provider, providers
from apflow.demo.meetings import meetings
from apflow.demo.pdf import one_page_pdf
from apflow.demo.placed import take, turns
from apflow.demo.records import keep_records
from apflow.demo.step import Step, Story
from apflow.demo.stories import afterwards, stories
from apflow.records.door import By
from apflow.rounds.chasing import chasing
from apflow.rounds.raising import raise_red
from apflow.rounds.signals import hear_all
from apflow.scheduler import fire_due
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport
from apflow.store import beside
from apflow.store.cases.loading import load_case
from apflow.store.people import people
from apflow.store.records.commissioners import named_so
from apflow.store.timers import next_due
from apflow.web.site import Site


@dataclass(frozen=True, slots=True)
class Scene:
    """One step with its moment, and whose story it belongs to: a provider's, or a meeting's by its `name`."""

    at: datetime
    name: str
    step: Step
    provider: Provider | None = None


@dataclass
class Stage:
    """The demo being made: who has which account, and which case each provider has."""

    site: Site
    now: datetime
    accounts: dict[str, Actor] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    transport: MailboxTransport = field(default_factory=MailboxTransport)

    def day(self, working_days_on: int) -> date:
        """The date so many working days after today, or before it when negative."""
        calendar = self.site.library.calendar
        day, step = local_date(self.now), timedelta(days=1 if working_days_on > 0 else -1)
        while working_days_on == 0 and not calendar.is_working(day):
            day += step
        for _ in range(abs(working_days_on)):
            day += step
            while not calendar.is_working(day):
                day += step
        return day


def build(
    site: Site,
    now: datetime,
    progress: Callable[[list[Scene]], Iterator[Scene]],
    more: Sequence[Callable[[Stage], None]] = (),
) -> None:
    """Fill an empty database with a council's last year and a half, ending at `now`; `progress` wraps the loop.

    `more` is played at the end, in its order.
    """
    stage = Stage(site, now)
    scenes = sorted(_scenes(stage), key=lambda scene: scene.at)
    _hire(stage, scenes[0].at - timedelta(days=1))
    for scene in progress(scenes):
        pass_time(stage, scene.at)
        _play(stage, scene)
        _deliver(stage, scene.at)
    pass_time(stage, now)
    by = By(stage.accounts[OLIVE.email], now, site.library, "Import of the demonstration")
    keep_records(site, by, stage.day(-40))
    keep_attendance(site, by, stage.day(-40))
    for scene in _afterwards(stage):
        pass_time(stage, scene.at)
        _play(stage, scene)
        pass_time(stage, scene.at)
    _place(stage)
    tell_of_breaches(site, stage.accounts, now, lambda at: pass_time(stage, at))
    for play in more:
        play(stage)
    raise_red(site.handler, now)
    for _ in chasing(site.handler, now):
        pass
    pass_time(stage, now)


def _place(stage: Stage) -> None:
    """The placements that are cases, move by move in the order of their days."""
    schools: dict[str, Actor] = {}
    cases: dict[str, str] = {}
    for minute, turn in enumerate(turns()):
        placed = turn.placed
        at = datetime.combine(stage.day(-turn.move.back), time(13, minute % 60), LONDON)
        pass_time(stage, at)
        if placed.email not in schools:
            schools[placed.email] = person_at(stage, f"Office of {placed.school}", placed.email, at)
        take(stage.site, turn, cases, at, stage.day, schools[placed.email])
        _deliver(stage, at)
    mark_since(stage.site, stage.day(-max(turn.move.back for turn in turns())), local_date(stage.now))


def person_at(stage: Stage, name: str, email: str, at: datetime) -> Actor:
    """Whoever has this address, or a new account for a commissioner."""
    with stage.site.store.writing() as connection:
        there = people.person_by_email(connection, email)
        if there is not None:
            return people.actor_of(there)
        roles = ["commissioner"]
        number = people.add_person(connection, name=name, email=email, roles=roles, agency=None, now=at)
    return Actor(number, name, frozenset(roles))


def _afterwards(stage: Stage) -> list[Scene]:
    """What could not happen before it was known where pupils are placed, in order."""
    by_name, stories_of = {provider.organisation: provider for provider in providers()}, afterwards()
    told = ((by_name[name], step) for name, story in stories_of.items() for step in story)
    scenes = (
        Scene(datetime.combine(stage.day(-step.back), time(step.hour), LONDON), who.organisation, step, who)
        for who, step in told
    )
    return sorted(scenes, key=lambda scene: scene.at)


def _scenes(stage: Stage) -> Iterator[Scene]:
    for provider, story in zip(providers(), stories(), strict=True):
        yield from _scenes_of(stage, provider.organisation, story, provider)
    for name, story in meetings().items():
        yield from _scenes_of(stage, name, story)


def _scenes_of(stage: Stage, name: str, story: Story, provider: Provider | None = None) -> Iterator[Scene]:
    for minute, step in enumerate(story):
        at = datetime.combine(stage.day(-step.back), time(step.hour, minute % 60), LONDON)
        yield Scene(min(at, stage.now - timedelta(minutes=30 - minute % 30)), name, step, provider)


def _hire(stage: Stage, at: datetime) -> None:
    with stage.site.store.writing() as connection:
        for member in STAFF:
            person = people.add_person(
                connection, name=member.name, email=member.email, roles=member.roles, agency=member.agency, now=at
            )
            stage.accounts[member.email] = Actor(person, member.name, frozenset(member.roles), member.agency)


def pass_time(stage: Stage, until: datetime) -> None:
    """Let everything due before `until` happen at the moment it is due, and its mail go out."""
    hear_all(stage.site.handler, machine_now=machine_now)
    while True:
        with stage.site.store.reading() as connection:
            due = next_due(connection)
        if due is None or due > until:
            break
        fire_due(stage.site.handler, due, machine_now=machine_now)
        _deliver(stage, due)
    if officer := stage.accounts.get(OLIVE.email):  # Once the demo is made, only its users do any work.
        see_to_placements(stage.site, officer, until)
    _deliver(stage, until)


def _deliver(stage: Stage, at: datetime) -> None:
    send_due(stage.site.store, stage.transport, stage.site.handler, lambda: at, machine_now)


def _play(stage: Stage, scene: Scene) -> None:
    step = scene.step
    if step.event == "enquire" and scene.provider is not None:
        _enquire(stage, scene, scene.provider)
        return
    if step.event == "plan_meeting":
        answers, actor = _answers(stage, step), _actor(stage, scene)
        saved = stage.site.handler.open_case("panel_meeting", step.event, answers, actor=actor, now=scene.at)
        stage.references[scene.name] = saved.reference
        return
    if step.event == "finish_alerts":
        note = str((step.answers or {}).get("note", ""))
        finish_alerts(stage.site, _reference(stage, scene), note, _actor(stage, scene), scene.at)
    elif step.items is None:
        _fire(stage, scene, _item(stage, step), _about_them(scene) | _answers(stage, step))
    else:
        _fire_on_each(stage, scene, step.items)


def _fire_on_each(stage: Stage, scene: Scene, chosen: Callable[[str, int], bool]) -> None:
    items = list(stage.site.current().catalogue_of("evidence").items())
    for number, (key, item) in enumerate(items):
        if chosen(key, number):
            _fire(stage, scene, key, _about(stage, scene, key, item) | _answers(stage, scene.step))


def _enquire(stage: Stage, scene: Scene, provider: Provider) -> None:
    saved = stage.site.handler.open_case("provider", "enquire", provider.enquiry, actor=THE_PUBLIC, now=scene.at)
    stage.references[scene.name] = saved.reference
    with stage.site.store.reading() as connection:
        account = people.person_by_email(connection, provider.email)
    if account is not None:
        stage.accounts[provider.email] = people.actor_of(account)


def _fire(stage: Stage, scene: Scene, item: str | None, answers: Mapping[str, Any]) -> None:
    actor = _actor(stage, scene)
    reference = _reference(stage, scene)
    saved = stage.site.handler.fire(reference, scene.step.event, answers, actor=actor, now=scene.at, item=item)
    if scene.step.by is not None and actor.id is not None:
        _note_look(stage, actor.id, reference, saved.version, scene.at)


def _item(stage: Stage, step: Step) -> str | None:
    """The item's key; of an organisation its case, of somebody on the register the number of their record."""
    if step.event != "told_otherwise":
        return stage.references.get(step.item or "", step.item)
    with stage.site.store.reading() as connection:
        (row,) = named_so(connection, step.item or "", limit=1)
    return str(row.id)


def _reference(stage: Stage, scene: Scene) -> str:
    """The provider's own case, or the newest of a kind that belongs with it."""
    own = stage.references[scene.name]
    if not scene.step.on:
        return own
    with stage.site.store.reading() as connection:
        case = load_case(connection, own)
    assert case is not None
    return [child.reference for child in case.children if child.kind == scene.step.on][-1]


def _note_look(stage: Stage, person: int, reference: str, version: int, at: datetime) -> None:
    with stage.site.store.writing() as connection:
        case = load_case(connection, reference)
        if case is not None and case.id is not None:
            beside.note_look(connection, person=person, case_id=case.id, version=version, now=at)


def _actor(stage: Stage, scene: Scene) -> Actor:
    who: Member | Provider | None = scene.step.by or scene.provider
    assert who is not None
    return stage.accounts[who.email]


def _answers(stage: Stage, step: Step) -> dict[str, Any]:
    answers = {name: _accounts(stage, said) for name, said in (step.answers or {}).items()}
    return answers | {name: stage.day(answers[name]).isoformat() for name in step.days_on}


def _accounts(stage: Stage, said: Any) -> Any:
    """The ids of the members among what was said."""
    if isinstance(said, list):
        return [_accounts(stage, one) for one in said]
    return stage.accounts[said.email].id if isinstance(said, Member) else said


def _about_them(scene: Scene) -> dict[str, Any]:
    """What the provider says of itself where it is asked for its entry on the list."""
    if scene.provider is None:
        return {}
    entries = {"describe_entry": scene.provider.entry, "propose_entry": scene.provider.whole_entry}
    return entries.get(scene.step.event, {})


def _about(stage: Stage, scene: Scene, key: str, item: CatalogueItem) -> dict[str, Any]:
    """A document made up for the item, when the step supplies one."""
    if scene.step.event != "supply":
        return {}
    dated = local_date(scene.at) - timedelta(days=60)
    dates = {
        "dated": {"dated_on": dated.isoformat()},
        "stated": {"expires_on": (dated + timedelta(days=400)).isoformat()},
        "never": {},
    }
    lines = [scene.name, item.label, "Invented for a demonstration: not a real document."]
    staged = stage.site.uploads.take([one_page_pdf(lines)], f"{key.replace('_', '-')}.pdf")
    actor = _actor(stage, scene)
    with stage.site.store.writing() as connection:
        beside.stage_upload(connection, staged.row(staged_by=actor.id, staged_at=machine_now()))
    return {"file": staged.id} | dates[item.expiry_kind]
