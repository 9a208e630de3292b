"""What a notice speaks of, read from its templates without rendering them."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from jinja2 import TemplateError, nodes

from apflow.core.checks.privacy import Mention

_PLACES = ("fields", "answers", "items", "case", "deadline", "override", "council", "to")
_BY_NAME = ("selectattr", "rejectattr")
_OWN = ("super", "loop", "link")  # The first two are the language's own; a link has no parts.
_Said = tuple[str, str | None, int]  # The place, the name and the line.
# What a template speaks of itself, the templates that it extends, and the words that it may compare a value with.
Spoken = tuple[Sequence[_Said], Sequence[str], Sequence[str]]


def spoken_of(tree: nodes.Template, unset: Set[str]) -> Spoken:
    """What the template itself may speak of; `unset` are the names that nothing in it sets."""
    there_are = nodes_of(tree)
    names = [node for node in there_are if isinstance(node, nodes.Name) and node.name not in (*_PLACES, *_OWN)]
    loose = [("", node.name, node.lineno) for node in names if node.name in unset]
    extended = [_constant(node.template) for node in there_are if isinstance(node, nodes.Extends)]
    compared = {node.value for node in there_are if isinstance(node, nodes.Const) and isinstance(node.value, str)}
    return [*_said(there_are), *loose], [name for name in extended if name is not None], sorted(compared)


@dataclass(frozen=True)
class Mentions:
    """What the templates of one folder speak of; `read` gives what one speaks of itself, and its file."""

    read: Callable[[str], tuple[Spoken, str]]
    _known: dict[str, Sequence[Mention]] = field(default_factory=dict)

    def of(self, template: str) -> Sequence[Mention]:
        """Every value that the template, or one it extends, may speak of; none when it cannot be read at all."""
        if template not in self._known:
            self._known[template] = ()  # For one that extends itself in the end.
            self._known[template] = self._found(template)
        return self._known[template]

    def compared(self, template: str) -> frozenset[str]:
        """The words that the template, or one it extends, may compare a value with; of one that can be read."""
        (_, extended, words), _ = self.read(template)
        return frozenset(words).union(*map(self.compared, extended))

    def _found(self, template: str) -> Sequence[Mention]:
        in_subject = template.endswith(".subject.txt")
        try:
            (said, extended, _), file = self.read(template)
        except (TemplateError, ValueError, OSError, RecursionError):
            return ()  # Rendering it says what is wrong.
        own = [Mention(place, name, file, line, in_subject) for place, name, line in said]
        return (*own, *(mention for parent in extended for mention in self.of(parent)))


def _said(there_are: list[nodes.Node]) -> Iterator[_Said]:
    """The place, the name and the line of each value; without a name where any could be meant."""
    named = set[int]()
    called = {id(call.node) for call in there_are if isinstance(call, nodes.Call)}
    for node in there_are:
        if not isinstance(node, nodes.Getattr | nodes.Getitem):
            continue
        name = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
        base = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name is None or base in _OWN or id(node) in called:
            continue
        if base in _PLACES:
            named.add(id(node.node))
        yield base if base in _PLACES else "item", name, node.lineno
    names = [node for node in there_are if isinstance(node, nodes.Name)]
    for name_node in names:
        if name_node.name in _PLACES and name_node.ctx == "load" and id(name_node) not in named:
            yield name_node.name, None, name_node.lineno
    yield from _in_filters(node for node in there_are if isinstance(node, nodes.Filter))


def nodes_of(tree: nodes.Node) -> list[nodes.Node]:
    """The node and all below it, in the order in which they are written; `find_all` takes four times as long."""
    found = [tree]
    for name in tree.fields:
        value = getattr(tree, name, None)
        for child in value if isinstance(value, list) else (value,):
            if isinstance(child, nodes.Node):
                found += nodes_of(child)
    return found


def _in_filters(filters: Iterable[nodes.Filter]) -> Iterator[_Said]:
    """What a filter looks up in each item, by its name."""
    for filtered in filters:
        given = [pair.value for pair in filtered.kwargs if pair.key == "attribute"]
        given += filtered.args[:1] if filtered.name in _BY_NAME else []
        yield from (("item", name, filtered.lineno) for name in map(_constant, given) if name is not None)


def _constant(node: nodes.Expr) -> str | None:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None
