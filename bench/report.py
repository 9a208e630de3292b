"""The table that is printed at the end."""

from collections.abc import Sequence

from bench.figures import Figure, Target

HEADINGS = ("", "median", "quartiles", "floor", "want", "")
MARKS = {"want": "✓ want", "floor": "· floor", "missed": "✗ missed", "": ""}


def table(figures: Sequence[Figure]) -> str:
    """Every figure with its spread, and what was promised of it."""
    rows = [HEADINGS, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def _row(figure: Figure) -> tuple[str, ...]:
    spread, unit = figure.spread, f" {figure.unit}" if figure.unit else ""
    return (
        figure.name,
        f"{number(spread.median)}{unit}",
        f"{number(spread.low)}–{number(spread.high)}",
        _target(figure.target, "floor"),
        _target(figure.target, "want"),
        MARKS[figure.verdict],
    )


def _target(target: Target | None, which: str) -> str:
    return number(getattr(target, which)) if target else ""


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "  ".join([first, *(cell.strip().rjust(len(cell)) for cell in others[:-1]), others[-1]]).rstrip()


def number(value: float) -> str:
    """Three figures that count; thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
