"""What a notice speaks of, read from its templates without rendering them."""

from collections.abc import Iterator

from jinja2 import Environment, TemplateError, meta, nodes

from apflow.core.checks.privacy import Mention

_PLACES = ("fields", "answers", "items", "case", "deadline", "override", "council", "to")
_BY_NAME = ("selectattr", "rejectattr")
_OWN = ("super", "loop", "link")  # The first two are the language's own; a link has no parts.


def mentions_in(environment: Environment, template: str) -> list[Mention]:
    """Every value that the template, or one it extends, may speak of; none when it cannot be read at all."""
    assert environment.loader is not None
    try:
        source, file, _ = environment.loader.get_source(environment, template)
        tree = environment.parse(source, template)
    except TemplateError:
        return []  # Rendering it says what is wrong.
    in_subject = template.endswith(".subject.txt")
    found = [Mention(place, name, file or template, line, in_subject) for place, name, line in _said(tree)]
    for parent in meta.find_referenced_templates(tree):
        if parent is not None:
            found += mentions_in(environment, parent)
    return found


def _said(tree: nodes.Template) -> Iterator[tuple[str, str | None, int]]:
    """The place, the name and the line of each value; without a name where any could be meant."""
    named = set[int]()
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    looked_up: Iterator[nodes.Getattr | nodes.Getitem] = tree.find_all((nodes.Getattr, nodes.Getitem))
    for node in looked_up:
        name = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
        base = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name is None or base in _OWN or id(node) in called:
            continue
        if base in _PLACES:
            named.add(id(node.node))
        yield base if base in _PLACES else "item", name, node.lineno
    for name_node in tree.find_all(nodes.Name):
        if name_node.name in _PLACES and name_node.ctx == "load" and id(name_node) not in named:
            yield name_node.name, None, name_node.lineno
    yield from _in_filters(tree)
    yield from _undeclared(tree)


def _in_filters(tree: nodes.Template) -> Iterator[tuple[str, str | None, int]]:
    """What a filter looks up in each item, by its name."""
    for filtered in tree.find_all(nodes.Filter):
        given = [pair.value for pair in filtered.kwargs if pair.key == "attribute"]
        given += filtered.args[:1] if filtered.name in _BY_NAME else []
        yield from (("item", name, filtered.lineno) for name in map(_constant, given) if name is not None)


def _undeclared(tree: nodes.Template) -> Iterator[tuple[str, str | None, int]]:
    """Whatever is neither a place nor set in the template itself."""
    unknown = meta.find_undeclared_variables(tree) - {*_PLACES, *_OWN}
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            yield "", node.name, node.lineno


def _constant(node: nodes.Expr) -> str | None:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None
