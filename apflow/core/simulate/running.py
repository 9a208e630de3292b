"""Running a simulation: every step of every case is decided as a real one would be; only who acts when is made up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from msgspec import Struct

from apflow.core.commands import CompleteTask
from apflow.core.days.calendar import LONDON, local_date
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Refusal
from apflow.core.outcome import NewTask, Outcome, Send
from apflow.core.people.actor import Actor
from apflow.core.play import Play, next_due, unborn
from apflow.core.rehearsing import Cast, does, items_for
from apflow.core.simulate.case import Alike, Case
from apflow.core.simulate.plan import WEEK, Act, Simulation
from apflow.core.simulate.queue import Job, Queue, Week
from apflow.core.simulate.worktime import WorkTime
from apflow.core.snapshot import World

Weeks = Callable[[Iterable[int]], Iterable[int]]
_NOTE = "Dealt with."
_EVERY_REQUIRED = "every required"
_PARTY = 1


class Ran(Struct, frozen=True):
    """What came of it: the weeks of each role; what arrived, where it then stands; what was late, sent or refused."""

    simulation: Simulation
    roles: Mapping[str, tuple[Week, ...]]
    open_hours: Mapping[str, float]
    arrived: Mapping[str, int]
    stands: Mapping[tuple[str, str], int]
    breached: Mapping[tuple[str, str], int]
    mails: tuple[int, ...]
    refused: Mapping[tuple[str, str, str], int]
    steps: int


def run(simulation: Simulation, definitions: Mapping[str, Definition], weeks: Weeks) -> Ran:
    """The whole of it, the same for the same seed; `weeks` wraps the loop, to show how far it has come."""
    return _Run(simulation, definitions).through(weeks)


class _Run:
    """A simulation under way: what is to happen when, who waits, and what has been counted."""

    def __init__(self, simulation: Simulation, definitions: Mapping[str, Definition]) -> None:
        self.plan, self.definitions = simulation, definitions
        calendar = next(iter(definitions.values())).calendar
        self.begins = datetime.combine(simulation.begins, time.min, LONDON).astimezone(UTC)
        self.queues = {
            role: Queue(
                staff.count,
                WorkTime(staff.hours, calendar, self.begins, simulation.ends),
                [Week() for _ in range(simulation.weeks)],
            )
            for role, staff in simulation.people.items()
        }
        self.casts = {name: Cast(definition) for name, definition in definitions.items()}
        self.cases: dict[int, Case] = {}
        self.worlds: dict[tuple[str, str, date], World] = {}
        self.to_happen: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self.order = count()
        self.arrived: Counter[str] = Counter()
        self.breached: Counter[tuple[str, str]] = Counter()
        self.refused: Counter[tuple[str, str, str]] = Counter()
        self.mails = [0] * simulation.weeks
        self.steps = 0
        for workflow in sorted(simulation.arrivals):
            self._expect(workflow, Random(f"{simulation.seed} {workflow}"), 0.0)

    def through(self, weeks: Weeks) -> Ran:
        for week in weeks(range(self.plan.weeks)):
            while self.to_happen and self.to_happen[0][0] < (week + 1) * WEEK:
                at, _, happens, about = heappop(self.to_happen)
                happens(at, *about)
        for queue in self.queues.values():
            queue.pass_to(self.plan.ends)
        return Ran(
            simulation=self.plan,
            roles={role: tuple(queue.weeks) for role, queue in self.queues.items()},
            open_hours={role: queue.time.worked(self.plan.ends) / 3600 for role, queue in self.queues.items()},
            arrived=self.arrived,
            stands=Counter((case.play.definition.name, case.play.case.state) for case in self.cases.values()),
            breached=self.breached,
            mails=tuple(self.mails),
            refused=self.refused,
            steps=self.steps,
        )

    def _later(self, at: float, happens: Callable[..., None], *about: Any) -> None:
        if at < self.plan.ends:
            heappush(self.to_happen, (at, next(self.order), happens, about))

    def _expect(self, workflow: str, chance: Random, at: float) -> None:
        """The next case of the workflow arrives after a while that knows nothing of the last."""
        gap = chance.expovariate(self.plan.arrivals[workflow].a_week / WEEK)
        self._later(at + gap, self._arrive, workflow, chance)

    def _arrive(self, at: float, workflow: str, chance: Random) -> None:
        self._expect(workflow, chance, at)
        arrivals, definition = self.plan.arrivals[workflow], self.definitions[workflow]
        number = len(self.cases)
        now = self._moment(at)
        play = Alike(definition, unborn(definition, now), now, _PARTY, worlds=self.worlds)
        case = Case(number, play, Random(f"{self.plan.seed} {workflow} {self.arrived[workflow]}"))
        self.cases[number] = case
        self.arrived[workflow] += 1
        by = definition.workflow.start[arrivals.event].by[0]
        self._try(at, case, Act(event=arrivals.event, answers=arrivals.answers), by, 0)

    def _try(self, at: float, case: Case, act: Act, role: str, number: int) -> bool:
        """Whether the act was done: to every item there is, if it says so."""
        play, workflow = case.play, case.play.definition.name
        play.now = max(play.now, self._moment(at))
        cast = self.casts[workflow]
        actor = cast.person(role, number) if number else cast.anybody(play, role, act.event)
        keys: list[str | None] = [act.item]
        if act.item == _EVERY_REQUIRED:
            keys = list(items_for(play, act.event, required_only=True))
        try:
            for key in keys:
                does(play, actor, act.event, key, **self._answers(play, act))
                self._follow(at, case)
        except Refusal as refusal:
            self.refused[workflow, act.event, refusal.message] += 1
            return False
        return True

    def _answers(self, play: Play, act: Act) -> dict[str, Any]:
        form = play.definition.forms.get((play.case.state, act.event), {})
        today = local_date(play.now)
        return {
            name: (today + timedelta(days=value["days"])).isoformat() if isinstance(value, dict) else value
            for name, value in act.answers.items()
            if name in form
        }

    def _follow(self, at: float, case: Case) -> None:
        """Count what has just been decided, and see to what it asks of whom."""
        for outcome in case.play.outcomes:
            self._count(at, case, outcome)
            if outcome.moved:
                self._enter(at, case)
            for task in outcome.opened:
                self._alert(at, case, task)
        self._drop_alerts(at, case)
        case.play.outcomes.clear()
        case.play.changes.clear()
        due = next_due(case.play.case, self.begins + timedelta(seconds=self.plan.ends))
        if due and due.next_at:
            when = max(at, (due.next_at - self.begins).total_seconds())
            if when != case.looked_at:
                case.looked_at = when
                self._later(when, self._ring, case)

    def _ring(self, at: float, case: Case) -> None:
        if case.looked_at != at:
            return  # Another look has been put down since.
        case.looked_at = -1.0
        play, now = case.play, self._moment(at)
        if due := next_due(play.case, now):
            play.now = max(play.now, due.next_at or now)
            play.ring(due.name)
            play.deliver()
        self._follow(at, case)

    def _count(self, at: float, case: Case, outcome: Outcome) -> None:
        definition, entry = case.play.definition, outcome.entry
        self.steps += 1
        self.mails[int(at // WEEK)] += sum(self._recipients(definition, send) for send in outcome.sends)
        if entry.kind == "escalation" or (entry.kind == "event" and outcome.deadline):
            self.breached[definition.name, outcome.deadline or entry.name] += 1

    def _recipients(self, definition: Definition, send: Send) -> int:
        """How many are written to: everybody of the role who is there, or the one who has the case or is its party."""
        known = definition.council.roles.get(send.role)
        mail = known.mail if known else "nobody"
        if mail in ("nobody", "register", "works_with"):  # Of the last a made-up case knows nobody.
            return 0
        staff = self.plan.people.get(send.role)
        return staff.count if mail == "everyone" and staff else 1

    def _enter(self, at: float, case: Case) -> None:
        """Whoever is asked where the case now is begins to answer; what was asked before is not wanted any more."""
        for job in case.jobs:
            if job.alert is None:
                self.queues[job.role].drop(job, at)
        case.jobs = [job for job in case.jobs if job.alert is not None]
        case.stay += 1
        case.left.clear()
        definition, state = case.play.definition, case.play.case.state
        asked = self.plan.responses.get(definition.name, {}).get(state, {})
        case.held = list(asked.items())
        case.left.update({role: response.people for role, response in asked.items()})
        self._ask(at, case)

    def _ask(self, at: float, case: Case) -> None:
        """Ask those who wait for nobody else."""
        free = [(role, one) for role, one in case.held if not any(case.left[other] for other in one.waits_for)]
        case.held = [(role, one) for role, one in case.held if (role, one) not in free]
        for role, response in free:
            for number in range(response.people):
                if response.takes is not None:
                    self._put(at, case, Job(case.number, role, case.stay, number, response.takes.draw(case.chance), at))
                elif response.after is not None:
                    self._later(at + response.after.draw(case.chance), self._answer, case, role, case.stay, number)

    def _alert(self, at: float, case: Case, task: NewTask) -> None:
        """A task that stands on its own is work too, for a role whose people deal with such."""
        staff = self.plan.people.get(task.role)
        if task.is_alert and staff is not None and staff.alerts is not None:
            opened = next(one.id for one in reversed(case.play.case.tasks) if one.name == task.name)
            work = staff.alerts.draw(case.chance)
            self._put(at, case, Job(case.number, task.role, case.stay, 0, work, at, alert=opened))

    def _drop_alerts(self, at: float, case: Case) -> None:
        """Nobody deals with an alert that has been dealt with by what was done to the case."""
        still = {task.id for task in case.play.case.tasks}
        gone = [job for job in case.jobs if job.alert is not None and job.alert not in still]
        for job in gone:
            self.queues[job.role].drop(job, at)
            case.jobs.remove(job)

    def _put(self, at: float, case: Case, job: Job) -> None:
        case.jobs.append(job)
        self.queues[job.role].join(job, at)
        self._start(at, job.role)

    def _start(self, at: float, role: str) -> None:
        while begun := self.queues[role].start(at):
            job, done_at = begun
            self._later(done_at, self._finish, job)

    def _finish(self, at: float, job: Job) -> None:
        self.queues[job.role].finish(at)
        case = self.cases[job.case]
        if job in case.jobs:
            case.jobs.remove(job)
        if job.alert is None:
            self._answer(at, case, job.role, job.stay, job.number)
        else:
            self._complete(at, case, job.role, job.alert)
        self._start(at, job.role)

    def _answer(self, at: float, case: Case, role: str, stay: int, number: int) -> None:
        """The role answers in one of the ways there are, unless the case has moved on meanwhile."""
        if case.stay != stay:
            return
        response = self.plan.responses[case.play.definition.name][case.play.case.state][role]
        case.left[role] -= 1
        for act in response.chosen(case.chance).does:
            if not self._try(at, case, act, act.by or role, number):
                break
        if case.stay == stay:
            self._ask(at, case)

    def _complete(self, at: float, case: Case, role: str, task: int) -> None:
        """The alert is dealt with, unless it has gone meanwhile."""
        actor: Actor = self.casts[case.play.definition.name].person(role)
        case.play.now = max(case.play.now, self._moment(at))
        holder = next((one.claimed_by for one in case.play.case.tasks if one.id == task), None)
        if holder is not None:
            actor = Actor(holder, actor.name, actor.roles, actor.agency)
        try:
            case.play.do(CompleteTask(task, actor, _NOTE))
        except Refusal:
            return
        self._follow(at, case)

    def _moment(self, at: float) -> datetime:
        return self.begins + timedelta(seconds=at)
