"""The policies that are broken: every one that ships, and small ones that use the rest of the language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from apflow.settings import shipped
from tests.loader import family, small
from tests.mutants import bursary
from tests.mutants.page import Page

LARGE = 50_000


@dataclass(frozen=True)
class Subject:
    """A whole policy that is sound, as texts by their path from the folder that holds both of its parts."""

    name: str
    texts: Mapping[str, str]

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        return tuple(Page(file, text) for file, text in self.texts.items() if file.endswith(".yaml"))

    @cached_property
    def templates(self) -> Mapping[str, str]:
        return {file: text for file, text in self.texts.items() if not file.endswith(".yaml")}

    @property
    def is_large(self) -> bool:
        """Whether judging every mutation of it would take too long to do each day."""
        return sum(map(len, self.texts.values())) > LARGE

    def write(self, root: Path) -> None:
        for file, text in self.texts.items():
            path = root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def subjects() -> tuple[Subject, ...]:
    return (
        Subject("shipped", _shipped()),
        Subject("small", _small()),
        Subject("family", _family()),
        Subject("bursary", _texts(bursary.FILES, bursary.NOTICES)),
    )


def _shipped() -> dict[str, str]:
    """What a check reads: made-up years lie in a folder below, and are no part of the policy."""
    texts: dict[str, str] = {}
    for part, below in (("workflows", "*"), ("notifications", "**/*")):
        folder = shipped(part)
        for path in sorted(folder.glob(below)):
            if path.is_file() and path.suffix in (".yaml", ".txt", ".html"):
                texts[f"{part}/{path.relative_to(folder).as_posix()}"] = path.read_text(encoding="utf-8")
    return texts


def _small() -> dict[str, str]:
    files = {"council": small.COUNCIL, "papers": small.CATALOGUE, "loan": small.WORKFLOW}
    return _texts(files, dict.fromkeys(sorted(small.NOTICES), "{{ to.name }}, {{ case.title }}"))


def _family() -> dict[str, str]:
    return _texts({"council": family.COUNCIL, "provider": family.PROVIDER, "plan": family.PLAN}, {})


def _texts(files: Mapping[str, str], notices: Mapping[str, str]) -> dict[str, str]:
    """The files, and for each notice a template in each of its three forms."""
    texts = {f"workflows/{name}.yaml": text for name, text in files.items()}
    for notice, said in notices.items():
        texts[f"notifications/{notice}.subject.txt"] = "About your case"
        texts[f"notifications/{notice}.txt"] = said
        texts[f"notifications/{notice}.html"] = f"<p>{said}</p>"
    return texts
