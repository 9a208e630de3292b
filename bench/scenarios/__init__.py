"""Every scenario by its name, in the order they run."""

from collections.abc import Mapping

from bench.scenario import Scenario
from bench.scenarios import (
    callers,
    disk,
    fire,
    growth,
    history,
    memory,
    opening,
    placement,
    postgresql,
    queue,
    startup,
    sweep,
    web,
)

_ALL = (disk, fire, callers, postgresql, growth, sweep, opening, queue, history, placement, web, startup, memory)
SCENARIOS: Mapping[str, Scenario] = {module.SCENARIO.name: module.SCENARIO for module in _ALL}
