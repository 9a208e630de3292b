"""What a notice speaks of, read from its templates without rendering them."""

from collections.abc import Iterator

from jinja2 import Environment, TemplateError, meta, nodes

from apflow.core.checks.privacy import Mention

_PLACES = ("fields", "answers", "items", "case")


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
    looked_up: Iterator[nodes.Getattr | nodes.Getitem] = tree.find_all((nodes.Getattr, nodes.Getitem))
    for node in looked_up:
        name = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
        if isinstance(node.node, nodes.Name) and node.node.name in _PLACES:
            if name is not None:
                named.add(id(node.node))
                yield node.node.name, name, node.lineno
        elif name == "reason":
            yield "item", name, node.lineno
    for name_node in tree.find_all(nodes.Name):
        if name_node.name in _PLACES and name_node.ctx == "load" and id(name_node) not in named:
            yield name_node.name, None, name_node.lineno
    for filtered in tree.find_all(nodes.Filter):
        given = (*filtered.args, *(pair.value for pair in filtered.kwargs))
        if any(_constant(argument) == "reason" for argument in given):
            yield "item", "reason", filtered.lineno


def _constant(node: nodes.Expr) -> str | None:
    return str(node.value) if isinstance(node, nodes.Const) else None
