"""The language that notices are written in: values, conditions, blocks, and loops that come to an end."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from itertools import islice
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
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

from apflow.letters.lazily import Lazily
from apflow.letters.mentions import Spoken, nodes_of, spoken_of

ROUNDS_LIMIT = 10_000
LENGTH_LIMIT = 200_000
# A template is somebody's text: whatever goes wrong in it is told, and stops nobody's work but its own.
SLIPS = (TemplateError, SyntaxError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, OSError)
_AT_ONCE = 100
_SPOKEN = "spoken"  # What it is called in the code of a template.
_METHODS = ("splitlines", "strip", "lower", "upper", "startswith", "endswith")
_FILTERS = (
    *("capitalize", "count", "d", "default", "e", "escape", "first", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "select", "selectattr", "sort", "title", "trim", "unique", "upper"),
)
# What could loop or grow without end, however little data there is, or leave out that what people typed is escaped.
_UNUSED = (
    *(nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport, nodes.AssignBlock, nodes.NSRef),
    *(nodes.EvalContextModifier, nodes.ScopedEvalContextModifier),
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
_rounds: ContextVar[list[int]] = ContextVar("rounds")


def all_said(pieces: Iterable[str]) -> str:
    """What a template comes to, piece by piece; an error of Jinja's when it does not come to an end in good time."""
    _rounds.set([0])
    said, left, is_over = "", iter(pieces), False
    while not is_over:
        more = list(islice(left, _AT_ONCE))
        said += "".join(more)
        if len(said) > LENGTH_LIMIT:
            raise TemplateRuntimeError(f"what it says is longer than {LENGTH_LIMIT:,} characters")
        is_over = len(more) < _AT_ONCE
    return said


class _Letter(Template):
    """A template that is rendered from what it is given and nothing else, which then need not be copied."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,  # noqa: ARG002
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        return new_context(self.environment, self.name, self.blocks, vars, shared=True, globals=None, locals=locals)


class Writer(CodeGenerator):
    """The code of a template, which takes entries straight from a dict, with what the template speaks of beside it."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.unset: set[str] = set()

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name.
        super().visit_Template(node, frame)
        self.writeline(f"{_SPOKEN} = {spoken_of(node, self.unset)!r}")

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        self.unset |= {name for action, name in frame.symbols.loads.values() if action == VAR_LOAD_RESOLVE and name}

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name for it.
        self.write(f"(it[{node.attr!r}] if type(it := ")
        self.visit(node.node, frame)
        self.write(f") is dict and {node.attr!r} in it else environment.getattr(it, {node.attr!r}))")


class Language(ImmutableSandboxedEnvironment):
    """Templates as notices need them, from wherever `loader` finds them."""

    template_class = _Letter
    code_generator_class = Writer

    def __init__(self, loader: BaseLoader, compiled: BytecodeCache | None = None) -> None:
        super().__init__(
            loader=loader,
            bytecode_cache=compiled,
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

    def spoken_of(self, template: str) -> tuple[Spoken, str]:
        """What the template itself speaks of, and its file; an error of Jinja's when it cannot be compiled."""
        compiled = self.get_template(template)
        return compiled.root_render_func.__globals__[_SPOKEN], compiled.filename or template

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

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
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
        case nodes.EvalContextModifier():
            return "what somebody typed is always escaped; autoescape is not used in notices"
        case _:
            return f"{type(node).__name__.lower()} is not used in notices"


@pass_eval_context
def _join(context: EvalContext, value: Any, between: str = "", attribute: str | int | None = None) -> str:
    """The items one after the other; never so much that the next to join them could not be held."""
    joined: str = do_join(context, value, between[:20], attribute)
    if len(joined) > LENGTH_LIMIT:
        raise TemplateRuntimeError(f"this is longer than {LENGTH_LIMIT:,} characters")
    return joined
