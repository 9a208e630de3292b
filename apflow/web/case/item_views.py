"""What people have said of a case that is an item of another: views, whose is still to come, who takes no part."""

from dataclasses import dataclass

from apflow.core.definition.linked import Pack
from apflow.core.errors import NotFound
from apflow.core.people.permission import may_see_collection
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.panel import View, views_of
from apflow.web.case.timeline import Said


@dataclass(frozen=True, slots=True)
class ItemViews:
    """Those who take no part, the views of the others, and those who have yet to give one."""

    aside: tuple[str, ...] = ()
    given: tuple[View, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def in_short(self) -> list[Said]:
        """Who would have what, without their reasons; nothing where nobody is asked."""
        given = "; ".join(f"{view.name}: {view.said[0].words}" for view in self.given if view.said)
        told = {
            "Views given": given,
            "Views still to come": ", ".join(self.waiting),
            "Takes no part, having declared an interest": "; ".join(self.aside),
        }
        return [Said(label, words) for label, words in told.items() if words]

    @property
    def in_full(self) -> list[Said]:
        """The same, each view with its reasons."""
        given = [Said(who(view), "\n".join(said.words for said in view.said)) for view in self.given]
        return given + [said for said in self.in_short if said.label != "Views given"]


def item_views(opened: Opened, reference: str) -> ItemViews:
    """What the reader may know of it; nothing of a case that they do not see."""
    pack = opened.definition.workflow.pack
    try:
        return views_on(open_case(opened.site, opened.actor, reference), pack) if pack else ItemViews()
    except NotFound:
        return ItemViews()


def views_on(found: Opened, pack: Pack) -> ItemViews:
    """The same of a case that is open already."""
    if pack.views is None or not may_see_collection(found.definition, pack.views, found.actor):
        return ItemViews()
    collection = found.definition.collection(pack.views)
    aside = {collection.statuses[one].label.staff for one in pack.aside if one in collection.statuses}
    with found.site.store.reading() as connection:
        views = next((one for one in views_of(connection, found) if one.label == collection.label.staff), None)
    if views is None:
        return ItemViews()
    return ItemViews(
        tuple(who(view) for view in views.views if view.status in aside),
        tuple(view for view in views.views if view.status not in aside),
        views.waiting,
    )


def who(view: View) -> str:
    """The name, and where they come from."""
    return f"{view.name}, {view.agency}" if view.agency else view.name
