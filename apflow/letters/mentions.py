"""What a notice speaks of, read from its templates without rendering them."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from jinja2 import TemplateError, nodes

from apflow.core.checks.privacy import Mention

_PLACES = ("fields", "answers", "items", "case", "deadline", "override", "council", "to")
_BY_NAME = ("selectattr", "rejectattr")
_OWN = ("super", "loop", "link")  # The first two are the language's own; a link has no parts.
_Said = tuple[str, str | None, int]  # The place, the name and the line.


@dataclass(frozen=True)
class Mentions:
    """What the templates of one folder speak of, each read once.

    `read` gives a template's tree and its file, `unset_in` the names in the tree of one that nothing in it sets.
    """

    read: Callable[[str], tuple[nodes.Template, str]]
    unset_in: Callable[[nodes.Template, str], Set[str]]
    _known: dict[str, Sequence[Mention]] = field(default_factory=dict)

    def of(self, template: str) -> Sequence[Mention]:
        """Every value that the template, or one it extends, may speak of; none when it cannot be read at all."""
        if template not in self._known:
            self._known[template] = ()  # For one that extends itself in the end.
            self._known[template] = self._found(template)
        return self._known[template]

    def _found(self, template: str) -> Sequence[Mention]:
        in_subject = template.endswith(".subject.txt")
        try:
            tree, file = self.read(template)
            there_are = nodes_of(tree)
            said = [*_said(there_are), *self._loose(tree, template, there_are)]
            own = [Mention(place, name, file, line, in_subject) for place, name, line in said]
        except (TemplateError, ValueError, OSError, RecursionError):
            return ()  # Rendering it says what is wrong.
        extended = [_constant(node.template) for node in there_are if isinstance(node, nodes.Extends)]
        parents = (self.of(name) for name in extended if name is not None)
        return (*own, *(mention for parent in parents for mention in parent))

    def _loose(self, tree: nodes.Template, template: str, there_are: list[nodes.Node]) -> Iterator[_Said]:
        """Whatever is neither a place nor set in the template itself."""
        names = [node for node in there_are if isinstance(node, nodes.Name) and node.name not in (*_PLACES, *_OWN)]
        unset = self.unset_in(tree, template) if names else frozenset[str]()
        yield from (("", node.name, node.lineno) for node in names if node.name in unset)


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
