"""What stands beside a form about one item: what an earlier case said of it, and what has been said of it since."""

from apflow.core.facts import items_of
from apflow.web.asking.filling import Filling
from apflow.web.case.item_views import item_views
from apflow.web.case.panel import asked_of_items
from apflow.web.case.papers import EVIDENCE
from apflow.web.case.timeline import Said, Told


def beside(filling: Filling) -> list[Said]:
    """Everything that the form does not ask itself, as far as the reader may read it; a document has its own page."""
    if filling.item is not None and filling.item[0] in filling.opened.definition.of_cases:
        return item_views(filling.opened, filling.item[1]).in_full
    if filling.item is None or filling.catalogue_item is None or filling.item[0] == EVIDENCE:
        return []
    opened, (collection, key) = filling.opened, filling.item
    said = items_of(opened.definition, opened.snapshot, collection)[key]
    told = Told(opened.definition, opened.actor, names=opened.names)
    left_out = {*filling.form, opened.definition.collection(collection).called}
    return [
        told.answer(spec, said[name])
        for name, spec in asked_of_items(opened, collection).items()
        if name in said and name not in left_out and spec.type != "file"
    ]
