"""What stands beside a form: of one item what was said of it before; of a step that clears some, what they say."""

from collections.abc import Iterator

from apflow.core.facts import items_of
from apflow.core.people.permission import may_see_collection
from apflow.web.asking.filling import Filling
from apflow.web.case.item_views import item_views
from apflow.web.case.panel import asked_of_items
from apflow.web.case.papers import EVIDENCE
from apflow.web.case.timeline import Said, Told


def beside(filling: Filling) -> list[Said]:
    """Everything that the form does not ask itself, as far as the reader may read it; a document has its own page."""
    if filling.item is not None and filling.item[0] in filling.opened.definition.of_cases:
        return item_views(filling.opened, filling.item[1]).in_full
    if filling.item is None:
        return list(_put_aside(filling))
    if filling.catalogue_item is None or filling.item[0] == EVIDENCE:
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


def _put_aside(filling: Filling) -> Iterator[Said]:
    """What people have said one by one and the event clears, such as views for a review: once more before it goes."""
    opened = filling.opened
    told = Told(opened.definition, opened.actor, names=opened.names)
    for name in filling.spec.clears:
        collection = opened.definition.collection(name)
        if collection.keyed_by != "number" or not may_see_collection(opened.definition, name, opened.actor):
            continue
        asked = asked_of_items(opened, name)
        for facts in items_of(opened.definition, opened.snapshot, name).values():
            status = collection.statuses[facts["status"]].label.to(opened.audience)
            said = (told.answer(asked[one], facts[one]) for one in asked if one in facts and one != collection.called)
            words = [one.words for one in said if one.words]
            yield Said(str(facts["label"]), "\n".join(words or [status]))
