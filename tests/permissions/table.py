"""The table of who may open what, as the site answers and as it is written down in docs/who-may-open-what.md."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from apflow.demo.clock import DemoDays
from apflow.demo.run import DATABASE, demo_site
from apflow.store.driver.engine import Store
from tests.permissions.asking import Asked, Asking, Route, is_of_something
from tests.permissions.who import MISSING, NOBODY, OTHERS, OWN, ROLES

WRITTEN = Path(__file__).parents[2] / "docs" / "who-may-open-what.md"
COLUMNS = (NOBODY, *ROLES)
Answers = Mapping[tuple[Route, str], Mapping[str, Asked]]
_HEAD = """# Who may open what

Every address the site answers, and what each role is told there: of its own, of another's, of what is not there. The
tests ask the router for its routes, ask for each as everyone, and compare: an address that is not in this table fails
them until somebody has decided who may open it. What is another's and what is not there must look the same to the
last word, and they check that too. `python -m tests.permissions` writes the table anew.

“Yes, asked for more” is where a form that was sent empty comes back, or a version must be given: past the door. “own”
and the others are left out where a role has none. “own” is of what the role works with: a provider's case, a pupil.
"""


@contextmanager
def served_in_memory(folder: Path) -> Iterator[Asking]:
    """The demo council of this folder, without the pages that only a demo has."""
    store = Store(f"sqlite:///{folder / DATABASE}")
    try:
        yield Asking(demo_site(folder, "http://testserver.local", DemoDays(store)))
    finally:
        store.close()


def asked_everything(asking: Asking) -> Answers:
    """What everybody is answered everywhere; reading first, so that nothing has changed when it is read."""
    found: dict[tuple[Route, str], dict[str, Asked]] = {}
    for role in COLUMNS:
        for route, which, asked in asking.answers(role):
            found.setdefault((route, which), {})[role] = asked
    return found


def rows(answers: Answers) -> dict[Route, list[str]]:
    """The cells of each route, a column a role."""
    known = sorted({route for route, _ in answers}, key=lambda route: (route[1], route[0]))
    return {route: [_cell(answers, route, role) for role in COLUMNS] for route in known}


def _cell(answers: Answers, route: Route, role: str) -> str:
    if not is_of_something(route[1]):
        return answers[route, ""][role].word
    said = {
        which: answers[route, which][role].word
        for which in (OWN, OTHERS, MISSING)
        if role in _of(answers, route, which)
    }
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{which}: {word}" for which, word in said.items())


def _of(answers: Answers, route: Route, which: str) -> Mapping[str, Asked]:
    return answers.get((route, which), {})


def written(answers: Answers) -> str:
    """The page."""
    lines = [_HEAD, _line("Address", *(role.replace("_", " ") for role in COLUMNS)), "|---" * (len(COLUMNS) + 1) + "|"]
    lines += [_line(f"`{method} {path}`", *cells) for (method, path), cells in rows(answers).items()]
    return "\n".join([*lines, ""])


def read() -> dict[Route, list[str]]:
    """What is written down."""
    found = {}
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            address, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            method, path = address.strip("`").split(" ")
            found[method, path] = cells
    return found


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
