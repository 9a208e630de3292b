"""Notices: the council's e-mail templates, rendered into messages before anything is committed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from apflow.core.errors import ApflowError

PARTS = ("subject.txt", "txt", "html")


class NoticeError(ApflowError):
    """A notice template cannot be rendered."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One e-mail as words."""

    subject: str
    text: str
    html: str


class Notices:
    """A folder of `<workflow>/<notice>.{subject.txt,txt,html}` templates; each compiled once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _environment(self) -> Environment:
        return ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self.folder),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"], default=False),
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def names(self) -> frozenset[str]:
        """The notices there are, as `workflow/notice`; a notice lacking one of its three parts is not one."""
        found = {
            path.relative_to(self.folder).as_posix().removesuffix(".subject.txt")
            for path in self.folder.glob("*/*.subject.txt")
        }
        return frozenset(name for name in found if all((self.folder / f"{name}.{part}").exists() for part in PARTS))

    def render(self, name: str, context: Mapping[str, Any]) -> Rendered:
        """The notice in words; NoticeError names the template and what is wrong with it."""
        try:
            subject, text, html = (self._environment.get_template(f"{name}.{part}").render(context) for part in PARTS)
        except TemplateError as error:
            raise NoticeError(f"notifications/{name}: {error}", getattr(error, "lineno", None)) from error
        return Rendered(" ".join(subject.split())[:300], text.strip() + "\n", css_inline.inline(html))
