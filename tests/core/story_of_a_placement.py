"""One placement, played by the council's own workflow, for tests to go on from."""

from typing import Any

from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library


class Story:
    """One placement, its commissioner and its provider."""

    def __init__(self, library: Library, kind: str = "alongside", **more: Any) -> None:
        definition = library.current("placement")
        cast = Cast(definition)
        self.play: Play = a_play(definition)
        self.school, self.provider = cast.person("commissioner"), cast.person("provider")
        self.does(self.school, "refer_a_pupil", kind=kind, **more)

    def does(self, who: Actor, event: str, item: str | None = None, **given: Any) -> None:
        does(self.play, who, event, item, **given)

    def referred(self) -> "Story":
        for event in ("describe", "confirm_checks", "refer"):
            self.does(self.school, event)
        return self

    def started(self, **plan: Any) -> "Story":
        self.does(self.provider, "offer")
        self.does(self.provider, "set_programme")
        self.does(self.school, "set_plan", **plan)
        for who in (self.provider, self.school):
            self.does(who, "sign")
        self.does(self.school, "start_placement")
        return self

    @property
    def state(self) -> str:
        return self.play.case.state

    def work(self) -> list[str]:
        return [task.name for task in self.play.case.tasks if task.role == "officer"]

    def sent(self) -> list[tuple[str, str]]:
        return [(send.role, send.notice) for outcome in self.play.outcomes for send in outcome.sends]
