"""Notices: the council's e-mail templates, rendered into messages before anything is committed."""

import traceback
from collections.abc import Iterator, Mapping, Set
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    DictLoader,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    nodes,
    select_autoescape,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import do_join
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, new_context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_eval_context

from apflow.core.checks.privacy import Mention
from apflow.core.errors import ApflowError
from apflow.letters.lazily import Lazily
from apflow.letters.mentions import Mentions, nodes_of

PARTS = ("subject.txt", "txt", "html")
ROUNDS_LIMIT = 10_000
LENGTH_LIMIT = 200_000
_AT_ONCE = 100
_METHODS = ("splitlines", "strip", "lower", "upper", "startswith", "endswith")
_FILTERS = (
    *("capitalize", "count", "d", "default", "e", "escape", "first", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "select", "selectattr", "sort", "title", "trim", "unique", "upper"),
)
# What could loop or grow without end, however little data there is.
_UNUSED = (
    *(nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport, nodes.AssignBlock, nodes.NSRef),
    *(
        nodes.FilterBlock,
        nodes.Concat,
        nodes.Add,
        nodes.Sub,
        nodes.Mul,
        nodes.Div,
        nodes.FloorDiv,
        nodes.Mod,
        nodes.Pow,
    ),
)
_HAVE_ENTRIES = (dict, Lazily)
_LOOKED_AT = frozenset({nodes.Call, nodes.For, *_UNUSED})
# A template is somebody's text: whatever goes wrong in it is told, and stops nobody's work but its own.
_SLIPS = (TemplateError, SyntaxError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, OSError)
_rounds: ContextVar[list[int]] = ContextVar("rounds")


class NoticeError(ApflowError):
    """A notice template cannot be rendered; `file` and `line` say where, if that is known."""

    def __init__(self, message: str, line: int | None = None, file: str | None = None) -> None:
        self.line, self.file = line, file
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One e-mail as words."""

    subject: str
    text: str
    html: str


class _Letter(Template):
    """A template that is rendered from what it is given and nothing else, which then need not be copied."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,  # noqa: ARG002
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        return new_context(self.environment, self.name, self.blocks, vars, shared=True, globals=None, locals=locals)


class _Writer(CodeGenerator):
    """The code of a template, and the names in it that nothing in the template sets."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.unset: set[str] = set()

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        self.unset |= {name for action, name in frame.symbols.loads.values() if action == VAR_LOAD_RESOLVE and name}


class _Letters(ImmutableSandboxedEnvironment):
    """Templates as letters need them: values, conditions, blocks, and loops that come to an end."""

    template_class = _Letter

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"], default=False),
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,  # There is next to nothing constant in a letter to be worked out ahead.
            auto_reload=False,
            cache_size=-1,  # However many there are, none is forgotten and compiled again.
        )
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"join": _join}
        self._trees: dict[str, nodes.Template] = {}
        self._written: dict[tuple[nodes.Template, str | None], str] = {}

    def tree_of(self, template: str) -> tuple[nodes.Template, str]:
        """How the template reads, and its file; it is not read again when it is compiled next."""
        assert self.loader is not None
        source, file, _ = self.loader.get_source(self, template)
        tree = self._trees[source] = self.parse(source, template, file)
        return tree, file or template

    def unset_in(self, tree: nodes.Template, template: str) -> Set[str]:
        """The names that it looks up among what it is given; its code is written for that, and not written again."""
        written = StringIO()
        writer = _Writer(self, template, None, written, optimized=self.optimized)
        writer.visit(tree)
        self._written[tree, template] = written.getvalue()
        return writer.unset

    def goes_round(self) -> bool:
        """Called once in every round of every loop."""
        rounds = _rounds.get()
        rounds[0] += 1
        if rounds[0] > ROUNDS_LIMIT:
            raise TemplateRuntimeError(f"the loops go round more than {ROUNDS_LIMIT:,} times")
        return True

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What letters speak of are mappings: their entries come first, whatever a mapping's own methods are called."""
        if isinstance(obj, _HAVE_ENTRIES) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        return self._written.pop((source, name), None) or super()._generate(source, name, filename, defer_init)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if (read := self._trees.pop(source, None)) is not None:
            return read
        if len(source) > LENGTH_LIMIT:
            raise TemplateSyntaxError(f"the template is longer than {LENGTH_LIMIT:,} characters", 1, name, filename)
        tree = super()._parse(source, name, filename)
        found = nodes_of(tree)
        for node in found:
            if type(node) in _LOOKED_AT and (refusal := _why_refused(node)):
                raise TemplateSyntaxError(refusal, node.lineno, name, filename)
        loops = [node for node in found if isinstance(node, nodes.For)]
        for loop in loops:
            counted = nodes.Call(nodes.EnvironmentAttribute("goes_round"), [], [], None, None, lineno=1)
            if loop.test is None:
                loop.body.insert(0, nodes.ExprStmt(counted, lineno=1))
            else:
                loop.test = nodes.And(counted, loop.test, lineno=1)
        return tree


def _notice_of(path: str) -> str | None:
    """The notice that a file is a part of; None for any other, such as the layouts beside the workflows' folders."""
    parts = (part for part in PARTS if "/" in path and path.endswith(f".{part}"))
    return next((path.removesuffix(f".{part}") for part in parts), None)


def _why_refused(node: nodes.Node) -> str | None:
    match node:
        case nodes.Call(node=nodes.Getattr(attr=method)) if method in _METHODS:
            return None
        case nodes.Call(node=nodes.Name(name="super")):
            return None
        case nodes.Call(node=nodes.Getattr(attr=called) | nodes.Name(name=called)):
            return f'"{called}(…)" is not used in notices'
        case nodes.For():
            return "recursive loops are not used in notices" if node.recursive else None
        case nodes.BinExpr() | nodes.Concat():
            return "notices do no sums, and join no texts; write the values one after the other"
        case _:
            return f"{type(node).__name__.lower()} is not used in notices"


@pass_eval_context
def _join(context: EvalContext, value: Any, between: str = "", attribute: str | int | None = None) -> str:
    """The items one after the other; never so much that the next to join them could not be held."""
    joined: str = do_join(context, value, between[:20], attribute)
    if len(joined) > LENGTH_LIMIT:
        raise TemplateRuntimeError(f"this is longer than {LENGTH_LIMIT:,} characters")
    return joined


class Notices:
    """A folder of `<workflow>/<notice>.{subject.txt,txt,html}` templates; each compiled once.

    With `texts`, by path from that folder, nothing is read from disk: they are the templates of an edition.
    """

    def __init__(self, folder: Path, texts: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._texts = texts

    @cached_property
    def _environment(self) -> _Letters:
        return _Letters(self._loader())

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self._environment.tree_of, self._environment.unset_in)

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

    def mentions(self, name: str) -> list[Mention]:
        """What the notice speaks of, in any of its parts."""
        return [mention for part in PARTS for mention in self._mentions.of(f"{name}.{part}")]

    def _paths(self) -> frozenset[str]:
        if self._texts is not None:
            return frozenset(self._texts)
        return frozenset(path.relative_to(self.folder).as_posix() for path in self.folder.glob("*/*"))

    def render(self, name: str, context: Mapping[str, Any]) -> Rendered:
        """The notice in words; NoticeError names the template and what is wrong with it."""
        subject, text, html = (self._render(f"{name}.{part}", context) for part in PARTS)
        return Rendered(" ".join(subject.split())[:300], text.strip() + "\n", html)

    def _render(self, name: str, context: Mapping[str, Any]) -> str:
        _rounds.set([0])
        said = ""
        try:
            pieces = self._environment.get_template(name).generate(context)
            while more := list(islice(pieces, _AT_ONCE)):
                said += "".join(more)
                if len(said) > LENGTH_LIMIT:
                    raise TemplateRuntimeError(f"what it says is longer than {LENGTH_LIMIT:,} characters")
            return said
        except RecursionError as error:
            said = f"notifications/{name}: it refers to itself without end"
            raise NoticeError(said, file=str(self.folder / name)) from error
        except _SLIPS as error:
            raise self._told(name, error) from error

    def _told(self, name: str, error: Exception) -> NoticeError:
        """What is wrong, with the template and line that it is wrong in."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [(frame.filename, frame.lineno) for frame in frames if Path(frame.filename).is_relative_to(self.folder)]
        file, line = own[-1] if own else (str(self.folder / name), None)
        if isinstance(error, TemplateSyntaxError):
            file, line = error.filename or file, error.lineno
        message = error.message if isinstance(error, TemplateError) and error.message else str(error)
        return NoticeError(f"notifications/{name}: {message}", line, file)
