"""The work of one role: who waits for it, in the order it came, and what it comes to week by week."""

from collections import deque
from dataclasses import dataclass, field

from apflow.core.simulate.plan import WEEK
from apflow.core.simulate.worktime import WorkTime


@dataclass(eq=False)
class Job:
    """One piece of work: about which case, what kind of answer it ends in, and how many seconds of work it takes."""

    case: int
    role: str
    stay: int
    number: int
    work: float
    came_at: float
    alert: int | None = None
    state: str = "waiting"


@dataclass
class Week:
    """What a week came to: seconds times pieces of work that were open, and that waited; the work and the waits."""

    open_seconds: float = 0.0
    waiting_seconds: float = 0.0
    most_waiting: int = 0
    came: float = 0.0
    started: int = 0
    waited: float = 0.0


@dataclass
class Queue:
    """A role's people and its work; whoever is free takes what has waited longest."""

    people: int
    time: WorkTime
    weeks: list[Week]
    busy: int = 0
    waiting: int = 0
    at: float = 0.0
    line: deque[Job] = field(default_factory=deque)

    def join(self, job: Job, at: float) -> None:
        """Another piece of work has come."""
        self.pass_to(at)
        self.line.append(job)
        self.waiting += 1
        self.week.came += job.work

    def start(self, at: float) -> tuple[Job, float] | None:
        """The next piece of work that somebody free takes on, and when it will be done; None when there is none."""
        self.pass_to(at)
        while self.line and self.line[0].state == "dropped":
            self.line.popleft()
        if not self.line or self.busy >= self.people:
            return None
        job = self.line.popleft()
        self.waiting, self.busy, job.state = self.waiting - 1, self.busy + 1, "begun"
        self.week.started += 1
        self.week.waited += self.time.begun(at) - job.came_at
        return job, self.time.after(at, job.work)

    def finish(self, at: float) -> None:
        self.pass_to(at)
        self.busy -= 1

    def drop(self, job: Job, at: float) -> None:
        """The work is not wanted any more; whoever is at it already finishes it."""
        if job.state == "waiting":
            self.pass_to(at)
            self.waiting, job.state = self.waiting - 1, "dropped"

    @property
    def week(self) -> Week:
        return self.weeks[min(int(self.at // WEEK), len(self.weeks) - 1)]

    def pass_to(self, at: float) -> None:
        """Time passes, with as much work open as there is."""
        while self.at < at:
            until = min(at, (self.at // WEEK + 1) * WEEK)
            self.week.waiting_seconds += self.waiting * (until - self.at)
            self.week.open_seconds += (self.waiting + self.busy) * (until - self.at)
            self.week.most_waiting = max(self.week.most_waiting, self.waiting)
            self.at = until
