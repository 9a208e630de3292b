"""A simulation as a picture: for each role how much waits in each week, and how many people it would take.

Every chart has its title and its numbers in words, for whoever does not see it; nothing is told by colour alone.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil

from apflow.core.simulate.findings import RoleYear

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM, _HEAD = 760, 230, 56, 24, 64, 40, 70
_INK, _QUIET, _BAR, _LINE = "#0b0c0c", "#505a5f", "#1d70b8", "#d4351c"
_STEPS = (1, 2, 5)


def chart(title: str, years: Sequence[RoleYear], titles: dict[str, str]) -> str:
    """One picture in SVG with a bar for every week of every role; `titles` says what each role is called."""
    height = _HEAD + _HEIGHT * len(years)
    said = " ".join(in_words(year, titles.get(year.role, year.role)) for year in years)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="title desc" font-family="arial, sans-serif" fill="{_INK}">',
        f'<title id="title">{escape(title)}: work that waits, by role and week</title>',
        f'<desc id="desc">{escape(said)}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(_LEFT, 34, f"{title}: work that waits", size=22, weight="bold"),
        _text(
            _LEFT,
            56,
            "Bars: pieces of work that waited, on average over the week. Line: the most at once.",
            fill=_QUIET,
        ),
    ]
    for place, year in enumerate(years):
        parts += _panel(year, titles.get(year.role, year.role), _HEAD + _HEIGHT * place)
    return "\n".join([*parts, "</svg>", ""])


def in_words(year: RoleYear, title: str) -> str:
    """What one role's chart shows."""
    hardest = max(year.weeks, key=lambda week: week.waiting)
    average = sum(week.waiting for week in year.weeks) / len(year.weeks)
    people = f"{year.people} {'person is' if year.people == 1 else 'people are'} there"
    return (
        f"{title}: on average {average:.1f} waited, most in week {hardest.week} with {hardest.waiting:.1f}, at most "
        f"{max(week.most_waiting for week in year.weeks)} at once; {people}, busy for {year.busy:.0%} of their hours, "
        f"and {year.needed} {'is' if year.needed == 1 else 'are'} needed."
    )


def _panel(year: RoleYear, title: str, top: int) -> Iterator[str]:
    base, high = top + _HEIGHT - _BOTTOM, _HEIGHT - _TOP - _BOTTOM
    most = max(1, *(week.most_waiting for week in year.weeks))
    step = _step(most)
    scale = high / (ceil(most / step) * step)
    wide = (_WIDTH - _LEFT - _RIGHT) / len(year.weeks)
    colour = _LINE if year.needed > year.people else _QUIET
    yield _text(_LEFT, top + 30, title, size=17, weight="bold")
    told = f"{year.people} there, {year.needed} needed; busy for {year.busy:.0%} of their hours"
    yield _text(
        _WIDTH - _RIGHT, top + 30, told, fill=colour, anchor="end", weight="bold" if colour is _LINE else "normal"
    )
    for value in range(0, ceil(most / step) * step + 1, step):
        y = base - value * scale
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#b1b4b6" stroke-width="1"/>'
        yield _text(_LEFT - 8, y + 5, f"{value:,}", anchor="end", fill=_QUIET)
    for place, week in enumerate(year.weeks):
        tall, x = week.waiting * scale, _LEFT + place * wide
        if tall > 0:
            box = f'x="{x + 1:.1f}" y="{base - tall:.1f}" width="{max(wide - 2, 1):.1f}" height="{tall:.1f}"'
            yield f'<rect {box} fill="{_BAR}"/>'
    points = " ".join(
        f"{_LEFT + (place + 0.5) * wide:.1f},{base - week.most_waiting * scale:.1f}"
        for place, week in enumerate(year.weeks)
    )
    yield f'<polyline points="{points}" fill="none" stroke="{_INK}" stroke-width="1.5"/>'
    for week_number in range(1, len(year.weeks) + 1, max(1, _step(len(year.weeks), 12))):
        yield _text(_LEFT + (week_number - 0.5) * wide, base + 20, str(week_number), anchor="middle", fill=_QUIET)
    yield _text(_WIDTH - _RIGHT, base + 36, "week", anchor="end", fill=_QUIET)


def _step(most: int, lines: int = 5) -> int:
    """A round step that takes no more than so many lines to the greatest value."""
    power = 1
    while True:
        for one in _STEPS:
            if ceil(most / (one * power)) <= lines:
                return one * power
        power *= 10


def _text(
    x: float, y: float, said: str, *, size: int = 14, weight: str = "normal", anchor: str = "start", fill: str = _INK
) -> str:
    placed = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}"'
    return f"<text {placed}>{escape(said)}</text>"
