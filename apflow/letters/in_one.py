"""A notice and the layout it fills in as one template: to go from block to block takes longer than all they say.

Only notices that are sent often are put together, and only where they then say what they say as written.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from types import CodeType
from typing import Any

from jinja2 import TemplateRuntimeError, nodes
from jinja2.compiler import Frame
from jinja2.runtime import Context
from jinja2.utils import missing
from markupsafe import escape

from apflow.letters.contexts import SPOKEN_OF
from apflow.letters.language import SLIPS, Language, Writer
from apflow.letters.mentions import nodes_of

OFTEN = 20
_DEEPEST = 10
_BETWEEN = (nodes.Block, nodes.Output)  # What a template that extends another says between its blocks is not said.
Whole = Callable[[dict[str, Any]], Iterator[str]]
_Body = Sequence[nodes.Node]
_to_be_escaped = re.compile("[&<>\"']").search


class InOne:
    """The notices of one folder, those put together that have been asked for often; each has these parts."""

    def __init__(self, language: Language, parts: Sequence[str]) -> None:
        self._language, self._parts = language, parts
        self._asked: Counter[str] = Counter()
        self._known: dict[str, Sequence[Whole] | None] = {}

    def of(self, notice: str) -> Sequence[Whole] | None:
        """The notice's parts, each in one; None while it is seldom asked for, or has to be taken as it is written.

        What goes wrong in them is told of no line that somebody wrote.
        """
        if notice not in self._known:
            self._asked[notice] += 1
            if self._asked[notice] < OFTEN:
                return None
            found = [put_together(self._language, f"{notice}.{part}") for part in self._parts]
            wholes = [whole for whole in found if whole is not None]
            self._known[notice] = wholes if len(wholes) == len(found) else None
        return self._known[notice]


class _Given(Context):
    """What a notice in one is given; made without what only blocks need, which it has none of."""

    name = None
    blocks: Mapping[str, Any] = {}  # type: ignore[assignment]

    def __init__(self, evaluated: nodes.EvalContext, given: dict[str, Any]) -> None:
        self.environment, self.eval_ctx = evaluated.environment, evaluated
        self.parent, self.vars, self.exported_vars = given, {}, set()
        # What is set stays where it is set: whoever looks for a name here looks for what was given.
        self.resolve_or_missing = _OrMissing(given).__getitem__  # type: ignore[method-assign,assignment]


class _OrMissing(dict[str, Any]):
    """What was given; of any other name that it is missing, as Jinja says it."""

    def __missing__(self, _name: str) -> Any:
        return missing


class _Straight(Writer):
    """The code of a notice in one, which takes what every notice is given without looking whether it is there.

    Where it is not, that is an error, and the notice is rendered as it is written.
    """

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name for it.
        match node.node:
            case nodes.Name(name=name) if node.attr in SPOKEN_OF.get(name, ()):
                self.write(f"{frame.symbols.ref(name)}[{node.attr!r}]")
            case _:
                super().visit_Getattr(node, frame)


def put_together(language: Language, name: str) -> Whole | None:
    """The template with all that it extends as one; None where that might say something else, or cannot be rendered."""
    try:
        trees = _with_what_it_extends(language, name)
        last = {block.name: block for tree in reversed(trees) for block in tree.find_all(nodes.Block)}
        if not _can_be_one(trees):
            return None
        layout = trees[-1]
        layout.body = _filled(layout.body, last)
        code = _straight(language, layout, name)
    except (*SLIPS, nodes.Impossible, RecursionError):
        return None  # Rendering it as written says what is wrong.
    render: Any = language.template_class.from_code(language, code, {}).root_render_func
    render.__globals__["escape"] = _escaped
    evaluated = nodes.EvalContext(language, name)
    return lambda given: render(_Given(evaluated, given))


def _straight(language: Language, layout: nodes.Template, name: str) -> CodeType:
    code = StringIO()
    _Straight(language, name, f"{name}, in one", code, optimized=False).visit(layout)
    return compile(code.getvalue(), f"{name}, in one", "exec")


def _with_what_it_extends(language: Language, name: str) -> list[nodes.Template]:
    """The trees from the template itself to the layout, which extends nothing."""
    assert language.loader is not None
    trees: list[nodes.Template] = []
    extended: str | None = name
    while extended is not None:
        if len(trees) > _DEEPEST:
            raise RecursionError
        source, file, _ = language.loader.get_source(language, extended)
        tree = language.parse(source, extended, file)
        trees.append(tree)
        extended = next((node.template.as_const() for node in tree.body if isinstance(node, nodes.Extends)), None)
    return trees


def _can_be_one(trees: Sequence[nodes.Template]) -> bool:
    """Whether all but the layout have nothing but blocks, and each block says the same where it is put."""
    *filling, layout = trees
    if _has(layout, nodes.Extends) or (_has(layout, nodes.Block) and _has(layout, nodes.Assign)):
        return False
    return all(_only_fills(tree) for tree in filling) and not any(_is_entangled(tree) for tree in trees)


def _only_fills(tree: nodes.Template) -> bool:
    first, *others = tree.body
    return isinstance(first, nodes.Extends) and all(isinstance(node, _BETWEEN) for node in others)


def _is_entangled(tree: nodes.Template) -> bool:
    """Whether a block could tell that it is no block: by its name, or by what is set around it."""
    names = [block.name for block in tree.find_all(nodes.Block)]
    return len(set(names)) < len(names) or any(_sees_its_place(node) for node in nodes_of(tree))


def _sees_its_place(node: nodes.Node) -> bool:
    match node:
        case nodes.Name():
            return node.name in ("super", "self")
        case nodes.For() | nodes.With():
            return _has(node, nodes.Block)
        case nodes.Block():
            return _has(node, nodes.Block) and _has(node, nodes.Assign)
        case _:
            return False


def _has(node: nodes.Node, kind: type[nodes.Node]) -> bool:
    return any(isinstance(other, kind) for other in nodes_of(node) if other is not node)


def _filled(body: _Body, last: Mapping[str, nodes.Block]) -> list[nodes.Node]:
    """The same with each block's last words in its place, and what is said in one go as one."""
    filled: list[nodes.Node] = []
    for node in _each_filled(body, last):
        before = filled[-1] if filled else None
        if isinstance(node, nodes.Output) and isinstance(before, nodes.Output):
            filled[-1] = nodes.Output([*before.nodes, *node.nodes], lineno=before.lineno)
        else:
            filled.append(node)
    return filled


def _each_filled(body: _Body, last: Mapping[str, nodes.Block]) -> Iterator[nodes.Node]:
    for node in body:
        if isinstance(node, nodes.Block):
            block = last[node.name]
            if block.required:
                raise TemplateRuntimeError(f'nothing fills in "{node.name}"')
            within = _filled(block.body, last)
            yield from [nodes.Scope(within, lineno=node.lineno)] if _has(block, nodes.Assign) else within
            continue
        for part in ("body", "elif_", "else_"):
            if hasattr(node, part):
                setattr(node, part, _filled(getattr(node, part), last))
        yield node


def _escaped(value: Any) -> str:
    """As Jinja escapes it; a text in which there is nothing to escape, as most are, without being marked as safe."""
    return value if type(value) is str and _to_be_escaped(value) is None else escape(value)
