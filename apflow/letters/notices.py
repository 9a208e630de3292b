"""Notices: the council's e-mail templates, rendered into messages before anything is committed."""

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    DictLoader,
    FileSystemLoader,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
)
from msgspec import Struct

from apflow.core.checks.privacy import Mention
from apflow.core.errors import ApflowError
from apflow.letters.in_one import InOne
from apflow.letters.language import SLIPS, Language, all_said
from apflow.letters.mentions import Mentions
from apflow.letters.slips import told

PARTS = ("subject.txt", "txt", "html")
_SAYS_NOTHING = {
    "subject.txt": "the e-mail would go without a subject; write one, with words in every case",
    "txt": "the e-mail would be empty for whoever reads plain text; write the same as in the .html",
    "html": "the e-mail would be empty for most people; write the same as in the .txt",
}
_TAGS = re.compile(r"<[^>]*>")


class NoticeError(ApflowError):
    """A notice template cannot be rendered; `file` and `line` say where, if that is known."""

    def __init__(self, message: str, line: int | None = None, file: str | None = None) -> None:
        self.line, self.file = line, file
        super().__init__(message)


class Rendered(Struct, frozen=True):
    """One e-mail as words."""

    subject: str
    text: str
    html: str


def _notice_of(path: str) -> str | None:
    """The notice that a file is a part of; None for any other, such as the layouts beside the workflows' folders."""
    parts = (part for part in PARTS if "/" in path and path.endswith(f".{part}"))
    return next((path.removesuffix(f".{part}") for part in parts), None)


def _rendered(subject: str, text: str, html: str) -> Rendered:
    return Rendered(_on_one_line(subject), text.strip() + "\n", html)


def _on_one_line(subject: str) -> str:
    return " ".join(subject.split())[:300]


class Notices:
    """A folder of `<workflow>/<notice>.{subject.txt,txt,html}` templates; each compiled once.

    With `texts`, by path from that folder, nothing is read from disk: they are the templates of an edition. What is
    `compiled` already is taken from there, and what is not yet is put there.
    """

    def __init__(
        self, folder: Path, texts: Mapping[str, str] | None = None, compiled: BytecodeCache | None = None
    ) -> None:
        self.folder = folder
        self._texts, self._compiled = texts, compiled

    @cached_property
    def _environment(self) -> Language:
        return Language(self._loader(), self._compiled)

    @cached_property
    def _in_one(self) -> InOne:
        return InOne(self._environment, PARTS)

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self._environment.spoken_of)

    def _loader(self) -> BaseLoader:
        return FileSystemLoader(self.folder) if self._texts is None else DictLoader(self._texts)

    def names(self) -> frozenset[str]:
        """The notices there are, as `workflow/notice`; a notice lacking one of its three parts is not one."""
        paths = self._paths()
        found = {path.removesuffix(".subject.txt") for path in paths if path.endswith(".subject.txt")}
        return frozenset(name for name in found if all(f"{name}.{part}" in paths for part in PARTS))

    def incomplete(self) -> Iterator[tuple[str, str]]:
        """A file of each notice that lacks one of its three parts, and a file that it lacks."""
        paths = self._paths()
        for name in sorted({name for path in paths if (name := _notice_of(path))}):
            files = [f"{name}.{part}" for part in PARTS]
            if lacking := [file for file in files if file not in paths]:
                yield next(file for file in files if file in paths), lacking[0]

    def blank(self) -> Iterator[str]:
        """The files of notices in which nothing is written."""
        for path in sorted(path for path in self._paths() if _notice_of(path)):
            text = (self.folder / path).read_text(encoding="utf-8") if self._texts is None else self._texts[path]
            if not text.strip():
                yield path

    def mentions(self, name: str) -> list[Mention]:
        """What the notice speaks of, in any of its parts."""
        return [mention for part in PARTS for mention in self._mentions.of(f"{name}.{part}")]

    def compared(self, name: str) -> frozenset[str]:
        """The words that any part of it may compare a value with; NoticeError when it cannot be read."""
        try:
            return frozenset().union(*(self._mentions.compared(f"{name}.{part}") for part in PARTS))
        except (*SLIPS, RecursionError) as error:
            raise self._told(f"{name}.{PARTS[1]}", error) from error

    def _paths(self) -> frozenset[str]:
        if self._texts is not None:
            return frozenset(self._texts)
        return frozenset(path.relative_to(self.folder).as_posix() for path in self.folder.glob("*/*"))

    def render(self, name: str, context: dict[str, Any]) -> Rendered:
        """The notice in words; NoticeError names the template and what is wrong with it."""
        if (whole := self._in_one.of(name)) is not None:
            with suppress(*SLIPS, RecursionError):  # Told below, with the line that it is in.
                return _rendered(*[all_said(part(context)) for part in whole])
        return self.as_written(name, context)

    def as_written(self, name: str, context: dict[str, Any]) -> Rendered:
        """The same, template by template; for whoever renders each notice but a few times."""
        return _rendered(*[self._part(f"{name}.{part}", context) for part in PARTS])

    def rehearsed(self, name: str, context: dict[str, Any]) -> Rendered:
        """The same, before any is needed: NoticeError also where a part of it has no words."""
        whole = self.as_written(name, context)
        for part, said in zip(PARTS, (whole.subject, whole.text, _TAGS.sub("", whole.html)), strict=True):
            if not said.strip():
                path = f"{name}.{part}"
                raise NoticeError(f"notifications/{path}: {_SAYS_NOTHING[part]}", file=str(self.folder / path))
        return whole

    def subject(self, name: str, context: dict[str, Any]) -> str | None:
        """The subject alone, for whoever is told that the rest of the notice could not be written; None without one."""
        with suppress(NoticeError):
            return _on_one_line(self._part(f"{name}.{PARTS[0]}", context)) or None
        return None

    def _part(self, name: str, context: dict[str, Any]) -> str:
        try:
            return all_said(self._environment.get_template(name).generate(context))
        except RecursionError as error:
            said = f"notifications/{name}: it refers to itself without end"
            raise NoticeError(said, file=str(self.folder / name)) from error
        except SLIPS as error:
            raise self._told(name, error) from error

    def _told(self, name: str, error: Exception) -> NoticeError:
        """What is wrong, with the template and line that it is wrong in."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [(frame.filename, frame.lineno) for frame in frames if Path(frame.filename).is_relative_to(self.folder)]
        file, line = own[-1] if own else (str(self.folder / name), None)
        if isinstance(error, TemplateSyntaxError):
            file, line = error.filename or file, error.lineno
        message = error.message if isinstance(error, TemplateError) and error.message else str(error)
        said = told(message) if isinstance(error, TemplateSyntaxError | UndefinedError) else message
        return NoticeError(f"notifications/{name}: {said}", line, file)
