"""A workflow as a picture and in words: its states, who moves a case on from each, and what the clock does."""

from apflow.core.diagram.chart import Chart, chart_of
from apflow.core.diagram.drawing import drawn
from apflow.core.diagram.layout import laid_out
from apflow.core.diagram.way import NOWHERE, Passage, Way

__all__ = ["NOWHERE", "Chart", "Passage", "Way", "chart_of", "diagram"]


def diagram(chart: Chart, way: Way = NOWHERE) -> str:
    """The chart as one SVG document that needs nothing else: no network, no script, no style sheet."""
    return drawn(laid_out(chart, way))
