"""A workflow as a picture: everything is there once, nothing lies on anything else, and nothing in it can do harm."""

from collections import Counter
from datetime import date
from itertools import combinations, pairwise
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.definition.workflow import ChildSpec
from apflow.core.diagram import NOWHERE, Chart, Passage, Way, chart_of, diagram
from apflow.core.diagram.chart import Arrow, Box
from apflow.core.diagram.layout import laid_out
from apflow.core.diagram.order import ends_of, spine_of
from apflow.core.diagram.shapes import Picture, Point, Rect

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Record that the panel of people from several services wants more information about Donaudampfschifffahrt"
WAY = Way(
    "AP-MADE-UP00",
    "gathering_evidence",
    (
        Passage("log_enquiry", "start", "enquiry", date(2026, 1, 5)),
        Passage("invite", "enquiry", "gathering_evidence", date(2026, 1, 8)),
        Passage("submit", "gathering_evidence", "checking_evidence", date(2026, 2, 9)),
        Passage("ask_for_information", "checking_evidence", "gathering_evidence", date(2026, 2, 18)),
    ),
)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Any workflow at all: loops, ends, states that nothing leads to, long words, and a journey through some."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 9)))]
    finals = draw(st.sets(st.sampled_from(names), max_size=4))
    titles = st.sampled_from(["Open", "Checking the papers", LONG])
    boxes = [
        Box(
            name,
            draw(titles),
            deadlines=(LONG,) * draw(st.integers(0, 2)),
            is_final=name in finals,
            outcome=draw(st.sampled_from(["good", "bad", None])),
        )
        for name in names
    ]
    ways = st.tuples(st.sampled_from(["start", *(set(names) - finals)]), st.sampled_from(names))
    arrows = [
        Arrow(f"e{number}", *pair, draw(titles), who="The officer", when=draw(st.sampled_from(["", LONG])))
        for number, pair in enumerate(draw(st.lists(ways, max_size=20)))
    ]
    journey = draw(st.lists(st.sampled_from(names), unique=True))
    return Chart("made_up", "Made up", (Box("start", "Start"), *boxes), tuple(arrows), tuple(journey))


def a_toy(title: str = "Open") -> Chart:
    boxes = (Box("start", "Start"), Box("open", title), Box("done", "Done", is_final=True, outcome="good"))
    return Chart(
        "toy", title, boxes, (Arrow("begin", "start", "open", title), Arrow("end", "open", "done", title, title))
    )


def segments(points: tuple[Point, ...]) -> list[Rect]:
    """The line as thin rectangles."""
    return [Rect(min(x, to_x), min(y, to_y), abs(x - to_x), abs(y - to_y)) for (x, y), (to_x, to_y) in pairwise(points)]


def overlaps(picture: Picture) -> list[str]:
    """Boxes on boxes, words on boxes or other words, and lines through boxes or words."""
    placed = [(box.box.name, box.rect) for box in picture.boxes]
    placed += [(f"words of {route.arrow.event}", route.label) for route in picture.routes]
    placed += [("a note", rect) for rect, _ in picture.notes]
    faults = [f"{one} on {other}" for (one, first), (other, second) in combinations(placed, 2) if first.meets(second)]
    lines = [(route.arrow.event, line) for route in picture.routes for line in segments(route.points)]
    faults += [f"{event} through {name}" for event, line in lines for name, rect in placed if line.meets(rect)]
    frame = Rect(0, 0, picture.width, picture.height)
    return faults + [f"{name} is cut off" for name, rect in placed if not within(rect, frame)]


def within(inner: Rect, outer: Rect) -> bool:
    return inner.x >= outer.x and inner.y >= outer.y and inner.right <= outer.right and inner.bottom <= outer.bottom


def shared(picture: Picture) -> list[str]:
    """Pairs of arrows to different states that run along the same line."""
    runs = [(route.arrow, line) for route in picture.routes for line in segments(route.points)]
    return [
        f"{one.event} along {other.event}"
        for (one, first), (other, second) in combinations(runs, 2)
        if one.target != other.target and _is_along(first, second)
    ]


def _is_along(one: Rect, other: Rect) -> bool:
    level = one.height == other.height == 0 and one.y == other.y and one.x < other.right and other.x < one.right
    upright = one.width == other.width == 0 and one.x == other.x and one.y < other.bottom and other.y < one.bottom
    return level or upright


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_every_state_and_every_event_that_moves_a_case_is_drawn_once(definition: Definition) -> None:
    root = ElementTree.fromstring(diagram(chart_of(definition)))

    states = Counter(group.get("data-state") for group in root.iter(f"{SVG}g") if group.get("data-state"))
    events = Counter(
        (group.get("data-from"), group.get("data-event"), group.get("data-to"))
        for group in root.iter(f"{SVG}g")
        if group.get("data-event")
    )

    assert states == Counter(["start", *definition.workflow.states])
    assert events == Counter(
        (state, event, spec.to)
        for state, offered in definition.events.items()
        for event, spec in offered.items()
        if spec.to
    )


def test_nothing_in_the_shipped_diagrams_lies_on_anything_else(definition: Definition) -> None:
    for way in (NOWHERE, WAY):
        picture = laid_out(chart_of(definition), way)
        assert overlaps(picture) == []
        assert shared(picture) == []


def test_the_shipped_diagram_fits_a_page_of_the_site(definition: Definition) -> None:
    assert laid_out(chart_of(definition), NOWHERE).width <= 960


@settings(max_examples=150, deadline=None)
@given(charts())
def test_nothing_lies_on_anything_else_in_any_workflow(chart: Chart) -> None:
    picture = laid_out(chart, NOWHERE)

    assert overlaps(picture) == []
    assert shared(picture) == []
    assert Counter(route.arrow for route in picture.routes) == Counter(chart.arrows)
    assert {placed.box for placed in picture.boxes} == set(chart.boxes)


@settings(max_examples=50, deadline=None)
@given(charts())
def test_the_same_workflow_is_always_drawn_the_same(chart: Chart) -> None:
    assert diagram(chart) == diagram(chart)


def test_the_journey_is_the_spine_and_the_ends_stand_beside_it(definition: Definition) -> None:
    chart = chart_of(definition)

    assert spine_of(chart) == ["start", *definition.workflow.journey, "leaving", "suspended", "removal_proposed"]
    assert ends_of(chart) == ["declined", "withdrawn", "lapsed", "removed", "left"]


def test_a_state_outside_the_journey_stands_between_those_it_comes_from_and_leads_to() -> None:
    names = ["start", "first", "second", "aside"]
    pairs = [("start", "first"), ("first", "second"), ("second", "aside")]
    arrows = tuple(Arrow(f"e{number}", *pair, "Go on") for number, pair in enumerate(pairs))
    chart = Chart("x", "X", tuple(Box(name, name) for name in names), arrows, ("first", "second"))

    assert spine_of(chart) == ["start", "first", "second", "aside"]


def test_a_state_says_who_is_awaited_and_its_deadlines_with_what_comes_after(definition: Definition) -> None:
    chart = chart_of(definition)

    assert chart.box("checking_evidence").awaited == "Waiting for the officer"
    assert chart.box("checking_evidence").deadlines == (
        "The evidence should be checked: within 10 working days, then the manager is told",
    )
    assert chart.box("suspended").deadlines[0].endswith("then the manager is told")
    assert "by the end of “Day of the panel, or for its views in writing”" in chart.box("panel").deadlines[1]


def test_what_the_clock_does_is_dashed_and_says_after_how_long(definition: Definition) -> None:
    lapse = next(arrow for arrow in chart_of(definition).arrows if arrow.event == "lapse")
    root = ElementTree.fromstring(diagram(chart_of(definition)))
    dashed = [
        group.get("data-event")
        for group in root.iter(f"{SVG}g")
        if any(path.get("stroke-dasharray") for path in group.findall(f"{SVG}path"))
    ]

    assert lapse.when == "After 30 working days, at least 3 working days after a warning"
    assert (lapse.who, lapse.is_by_clock) == ("", True)
    told = {"meeting_agrees", "meeting_asks", "meeting_declines"}
    assert set(dashed) == {"lapse", "leaves_now", "stop_new_placements", "decide_on_removal", *told}


def test_an_event_that_leaves_a_case_where_it_is_is_counted_and_has_no_arrow(definition: Definition) -> None:
    chart = chart_of(definition)

    assert "Allow more time" in [event.title for event in chart.box("gathering_evidence").staying]
    assert "allow_more_time" not in [arrow.event for arrow in chart.arrows]
    assert "2 other things that do not move a case" in texts(diagram(chart))


def test_deadlines_of_the_whole_case_and_kinds_of_child_case_are_told_below(definition: Definition) -> None:
    whole = DeadlineSpec.model_validate(
        {
            "label": "All of it should be done",
            "within": "90 working days",
            "while_in": ["panel", "visit"],
            "paused_in": {"states": ["visit"], "at_most": "20 working days"},
            "then": {"escalate": "manager"},
        }
    )
    child = ChildSpec.model_validate(
        {"label": "Spot check", "workflow": "spot_check", "start": "plan", "ends": {"failed": "lapse"}}
    )
    workflow = definition.workflow.model_copy(update={"deadlines": {"all_due": whole}, "children": {"check": child}})
    changed = Definition(workflow, definition.council, definition.calendar, definition.catalogues)
    chart = chart_of(changed)

    assert chart.notes == (
        (
            "Deadline of the whole case",
            "All of it should be done: within 90 working days, standing still in “Visit before approval” for at most "
            "20 working days, then the manager is told. It runs in “With the panel” and “Visit before approval”.",
        ),
        ("Child case", "Spot check: ending “failed” does “Lapse” here."),
    )
    assert overlaps(laid_out(chart, NOWHERE)) == []
    lapse = next(arrow for arrow in chart.arrows if arrow.event == "lapse")
    assert lapse.when.endswith("; When Spot check ends: failed")


def test_an_event_says_which_child_case_it_opens(definition: Definition) -> None:
    child = ChildSpec.model_validate({"label": "Spot check", "workflow": "spot_check", "start": "plan"})
    event = EventSpec.model_validate({"label": "Plan", "by": "officer", "to": "enquiry", "begins": {"check": {}}})
    workflow = definition.workflow.model_copy(update={"start": {"plan": event}, "children": {"check": child}})
    chart = chart_of(Definition(workflow, definition.council, definition.calendar, definition.catalogues))

    assert chart.from_state("start")[0].small == ("The officer", "opens: Spot check")


def test_the_ends_say_in_words_whether_they_are_good() -> None:
    assert "The end: good" in texts(diagram(a_toy()))


def test_the_way_of_a_case_is_numbered_dated_and_bold(definition: Definition) -> None:
    svg = diagram(chart_of(definition), WAY)
    root = ElementTree.fromstring(svg)
    bold = {
        group.get("data-event")
        for group in root.iter(f"{SVG}g")
        if group.get("data-event") and any(path.get("stroke-width") == "4" for path in group.findall(f"{SVG}path"))
    }

    assert bold == {passage.event for passage in WAY.passages}
    assert {"1: 5 Jan 2026", "3: 9 Feb 2026", "4: 18 Feb 2026"} <= set(texts(svg))
    assert "The case is here since 18 Feb" in " ".join(texts(svg))
    assert "AP-MADE-UP00 is in the state “Gathering evidence”." in (root.findtext(f"{SVG}desc") or "")


def test_a_way_gone_twice_has_both_dates() -> None:
    again = (*WAY.passages, Passage("submit", "gathering_evidence", "checking_evidence", date(2026, 3, 2)))

    assert Way("AP-X", "checking_evidence", again).steps["gathering_evidence", "submit"] == (
        "3: 9 Feb 2026, 5: 2 Mar 2026"
    )


def test_a_move_that_this_workflow_does_not_have_does_not_spoil_the_picture(definition: Definition) -> None:
    strange = Way("AP-X", "nowhere_now", (Passage("migrate", "gone", "nowhere_now", date(2026, 1, 5)),))

    assert len(laid_out(chart_of(definition), strange).routes) == len(chart_of(definition).arrows)
    assert "<svg" in diagram(chart_of(definition), strange)


def test_labels_cannot_smuggle_anything_into_the_picture() -> None:
    nasty = '<script>alert("x")</script>&\' "onload="x'
    svg = diagram(a_toy(nasty))
    root = ElementTree.fromstring(svg)

    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "g",
        "path",
        "text",
    }
    assert "<script" not in svg
    assert not any(name.startswith("on") or name == "style" for element in root.iter() for name in element.attrib)
    assert nasty in (root.findtext(f"{SVG}title") or "")
