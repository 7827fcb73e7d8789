"""A small chart of the values that were said of a claim over time, as coordinates for an SVG.

Each value is drawn as far as it says: a range as a bar, an open end ("at least 40", "not before 26 June") as an arrow
to the edge. The line goes through what the claim says; what was said against it stands beside.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import floor, log10
from typing import Literal

from tracker.rendering.plain import minute, span

Fate = Literal["first", "held", "followed", "said", "doubted", "rejected", "denied"]

FATES: dict[Fate, str] = {
    "first": "as first tracked",
    "held": "as the claim stood before",
    "followed": "the claim follows it",
    "said": "said by a source; the claim stays as it was",
    "doubted": "in doubt: waits for a person",
    "rejected": "rejected by a person",
    "denied": "denied by a source",
}
"""What became of a value, in words."""
_LINE: tuple[Fate, ...] = ("first", "held", "followed")
"""Fates of what the claim says, or said."""

WIDTH, HEIGHT = 400, 200
LEFT, RIGHT, TOP, BOTTOM = 78, 392, 14, 172
"""Edges of the plot, in units of the picture."""
_TICKS = 4
_HEAD = 5
_SIZE = 4.0


@dataclass(frozen=True, slots=True)
class Point:
    """A value that was said: it lies in [low, high], None leaves that side open; both None for a bare denial.

    `at`: when it was seen; `words`: as it was said; `source`: who says it; `position`: the event that holds it.
    """

    at: datetime
    low: float | None
    high: float | None
    words: str
    fate: Fate
    approximate: bool = False
    source: str | None = None
    position: int | None = None

    @property
    def middle(self) -> float | None:
        """Where the line goes: the middle of a range, the end that is named of an open one, None without a value."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.high if self.low is None else self.low


@dataclass(frozen=True, slots=True)
class Mark:
    """A value as it is drawn: `shape` around its middle, `bar` from end to end, `arrows` at open ends; SVG paths."""

    point: Point
    shape: str
    bar: str
    arrows: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale, with what stands beside it."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws. `line` is an SVG path; `legend` has the fates that occur, in order, with their shapes."""

    title: str
    description: str
    marks: tuple[Mark, ...]
    line: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    legend: tuple[tuple[Fate, str, str], ...]
    earlier: bool

    def said(self, fate: Fate) -> str:
        """Return what became of a value, in words."""
        return FATES[fate]


@dataclass(frozen=True, slots=True)
class Scale:
    """How values are written, and whether their scale begins at nought."""

    written: Callable[[float], str]
    whole: bool = False
    from_nought: bool = False


def chart(title: str, points: Sequence[Point], scale: Scale, until: datetime, *, earlier: bool = False) -> Chart:
    """Return the chart of points in order of time; the first has a value. `until`: how far the last value is drawn.

    `earlier`: there were points before these, which are left out.
    """
    begin, end = points[0].at, max(until, points[-1].at)
    heights = _heights(points, scale)

    def x(at: datetime) -> float:
        share = (at - begin) / (end - begin) if end > begin else 0.5
        return round(LEFT + _SIZE + share * (RIGHT - LEFT - 2 * _SIZE), 1)

    def y(value: float) -> float:
        low, high = heights[0], heights[-1]
        return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 1)

    fates = [fate for fate in FATES if any(point.fate == fate for point in points)]
    return Chart(
        title=title,
        description=_description(points),
        marks=tuple(_marks(points, x, y)),
        line=_line(points, x, y, x(end)),
        across=_across(begin, end, x),
        up=tuple(Tick(y(value), scale.written(value)) for value in heights),
        legend=tuple((fate, _shape(fate, 0, 0), FATES[fate]) for fate in fates),
        earlier=earlier,
    )


def number(value: float) -> str:
    """Return a number as it stands at a scale: "12", "4,500", "1.2 m", "3 bn"."""
    for unit, size in (("bn", 1e9), ("m", 1e6)):
        if abs(value) >= size:
            return f"{value / size:,.4g} {unit}"
    return f"{value:,.6g}"


def _heights(points: Sequence[Point], scale: Scale) -> tuple[float, ...]:
    """Return round values that enclose all that was said, from the lowest to the highest."""
    values = [end for point in points for end in (point.low, point.high) if end is not None]
    low, high = min(values), max(values)
    if scale.from_nought:
        low, high = min(low, 0.0), max(high, 0.0)
    step = _step((high - low) / (_TICKS - 1), whole=scale.whole)
    first = floor(low / step)
    count = 1
    while (first + count) * step < high:
        count += 1
    return tuple((first + nth) * step for nth in range(count + 1))


def _step(least: float, *, whole: bool) -> float:
    if least <= 0:
        return 1.0
    grain = 10.0 ** floor(log10(least))
    step = next(grain * times for times in (1, 2, 5, 10) if grain * times >= least)
    return max(step, 1.0) if whole else step


def _across(begin: datetime, end: datetime, x: Callable[[datetime], float]) -> tuple[Tick, ...]:
    first, last = span(begin, begin), span(end, end)
    if first == last:
        first, last = minute(begin), minute(end)
    if first == last:
        return (Tick((LEFT + RIGHT) / 2, first),)
    return Tick(x(begin), first), Tick(x(end), last)


def _line(points: Iterable[Point], x: Callable[[datetime], float], y: Callable[[float], float], end: float) -> str:
    """Return the steps of what the claim says: each value holds until the next one takes its place."""
    held = [(x(one.at), y(one.middle)) for one in points if one.fate in _LINE and one.middle is not None]
    steps = "".join(f" H{right} V{there}" for _, (right, there) in pairwise(held))
    return f"M{held[0][0]} {held[0][1]}{steps} H{end}"


def _marks(points: Sequence[Point], x: Callable[[datetime], float], y: Callable[[float], float]) -> Iterable[Mark]:
    """Yield the marks; a denial without a value is drawn at what the claim says at that moment."""
    said = points[0].middle
    for point in points:
        middle = said if point.middle is None else point.middle
        assert middle is not None, "the first point has a value"
        if point.fate in _LINE:
            said = middle
        at, height = x(point.at), y(middle)
        ends = [None if end is None else y(end) for end in (point.low, point.high)]
        yield Mark(point, _shape(point.fate, at, height), *_extent(at, ends, valued=point.middle is not None))


def _extent(at: float, ends: Sequence[float | None], *, valued: bool) -> tuple[str, str]:
    """Return the bar of a value and the arrows of its open ends; none for an exact one, or for none at all."""
    low, high = ends
    if not valued or low == high:
        return "", ""
    bottom, top = BOTTOM if low is None else low, TOP if high is None else high
    arrows = [f"M{at - _HEAD} {TOP + _HEAD} L{at} {TOP} L{at + _HEAD} {TOP + _HEAD}"] if high is None else []
    arrows += [f"M{at - _HEAD} {BOTTOM - _HEAD} L{at} {BOTTOM} L{at + _HEAD} {BOTTOM - _HEAD}"] if low is None else []
    return f"M{at} {bottom} V{top}", " ".join(arrows)


def _shape(fate: Fate, x: float, y: float) -> str:
    """Return a shape of its own for each fate: nobody has to tell them by colour."""
    size = _SIZE
    match fate:
        case "first" | "held":
            return f"M{x - size} {y - size} h{2 * size} v{2 * size} h{-2 * size} Z"
        case "followed" | "said":
            return f"M{x - size} {y} a{size} {size} 0 1 0 {2 * size} 0 a{size} {size} 0 1 0 {-2 * size} 0 Z"
        case "doubted":
            return f"M{x} {y - size - 1} L{x + size + 1} {y} L{x} {y + size + 1} L{x - size - 1} {y} Z"
        case "rejected":
            return f"M{x - size} {y - size} L{x + size} {y + size} M{x - size} {y + size} L{x + size} {y - size}"
        case _:  # denied
            return f"M{x - size} {y + size} L{x} {y - size} L{x + size} {y + size} Z"


def _description(points: Sequence[Point]) -> str:
    said = [point for point in points if point.fate in _LINE]
    beside = len(points) - len(said)
    first, last = said[0], said[-1]
    line = f"From “{first.words}”, seen {span(first.at, first.at)}, to “{last.words}”, seen {span(last.at, last.at)}."
    if first is last:
        line = f"“{first.words}” since {span(first.at, first.at)}."
    return f"{line} {beside} more said otherwise or denied it." if beside else line
