"""The values said of a claim over time, as charts: of each figure and each date that was ever said otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from tracker.domain.claims import Claim, Relation
from tracker.ports.views import ViewReader
from tracker.projections.claim_states import states_of, values_of
from tracker.projections.ledger import steps_of
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal
from tracker.rendering.chart import Chart, Fate, Point, chart
from tracker.rendering.measures import Days, Figures, Measure

DRAWN = 100
"""Findings looked at for the charts of a claim, the newest ones."""
_CHARTS = 3
_MEASURES: tuple[Measure[Any], ...] = (Figures(), Days())


@dataclass(frozen=True, slots=True)
class _Finding:
    """A finding that says another value, or denies; `claim`: as it makes the claim read, None where it does not."""

    row: Row
    fate: Fate
    claim: Claim | None

    @property
    def seen(self) -> datetime:
        return datetime.fromisoformat(self.row["seen"])


@dataclass(frozen=True, slots=True)
class _Start:
    """What the claim says where the charts begin."""

    at: datetime
    claim: Claim
    fate: Fate


def charts(views: ViewReader, story: str, row: Row) -> tuple[Chart, ...]:
    """Return charts of a claim, given its row of the ledger; none of what was never said otherwise."""
    partition = values_of(story, row["id"])
    marked = [one["position"] for one in views.scan("ledger", partition, after=ordinal(row["begun"]), last=DRAWN + 1)]
    found = tuple(_findings(views, story, row["id"], marked[-DRAWN:]))
    if not found:
        return ()
    earlier = len(marked) > DRAWN
    start = _held(views, story, row["id"], found[0]) if earlier else _first(row)
    until = datetime.fromisoformat(row["last_seen"])
    drawn = (
        _chart(measure, slot, start, found, until, earlier=earlier)
        for measure in _MEASURES
        for slot in range(len(measure.of(start.claim)))
    )
    return tuple(one for one in drawn if one)[:_CHARTS]


def _findings(views: ViewReader, story: str, claim: str, positions: Sequence[int]) -> Iterator[_Finding]:
    places = [(steps_of(story, claim), ordinal(at)) for at in positions]
    steps = views.load("ledger", places)
    rows = views.load("timeline", [(story, ordinal(at)) for at in positions])
    for place in places:
        step, row = steps.get(place), rows.get((story, place[1]))
        if step and row:
            current = msgspec.convert(step["current"], Claim) if step["current"] else None
            yield _Finding(row, _fate(step, row), current)


def _fate(step: Row, row: Row) -> Fate:
    if row["needs_review"]:
        return "doubted"
    if not step["applied"]:
        return "rejected"
    if step["relation"] == Relation.DENIES:
        return "denied"
    return "followed" if step["current"] and step["relation"] == Relation.UPDATES else "said"


def _first(row: Row) -> _Start:
    return _Start(datetime.fromisoformat(row["first_seen"]), msgspec.convert(row["original"], Claim), "first")


def _held(views: ViewReader, story: str, claim: str, finding: _Finding) -> _Start:
    """Return how the claim stood before a finding, where earlier ones are left out."""
    before = ordinal(finding.row["position"])
    (state,) = views.scan("ledger", states_of(story, claim), before=before, last=1)
    return _Start(finding.seen, msgspec.convert({"id": claim, **state["current"]}, Claim), "held")


def _chart(
    measure: Measure[Any], slot: int, start: _Start, found: Sequence[_Finding], until: datetime, *, earlier: bool
) -> Chart | None:
    value = measure.of(start.claim)[slot]
    ends = measure.ends(value, value)
    points = [*_points(measure, slot, start, found)]
    if ends is None or not any(point.middle is not None for point in points):
        return None
    first = Point(start.at, *ends, measure.words(value), start.fate, measure.approximate(value))
    return chart(measure.name(value), [first, *points], measure.scale(value), until, earlier=earlier)


def _points(measure: Measure[Any], slot: int, start: _Start, found: Sequence[_Finding]) -> Iterator[Point]:
    """Yield what was said of one value of a claim; a denial that names no value is one of every value."""
    unit = measure.of(start.claim)[slot]
    for one in found:
        at, who, position = one.seen, one.row["source"], one.row["position"]
        said = _said(measure, one, start.claim) if one.row["field"] == measure.field else None
        if said is None and one.row["relation"] == Relation.DENIES:
            yield Point(at, None, None, "denied", one.fate, source=who, position=position)
        elif said and said[0] == slot and (ends := measure.ends(said[1], unit)):
            approximate = measure.approximate(said[1])
            yield Point(at, *ends, one.row["new"], one.fate, approximate, source=who, position=position)


def _said(measure: Measure[Any], one: _Finding, start: Claim) -> tuple[int, Any] | None:
    """Return which value of the claim a finding is about, and what it says of it; None where it names none."""
    words = one.row["new"] or ""
    values = measure.of(one.claim or start)
    if one.claim:
        worded = next((nth for nth, value in enumerate(values) if measure.words(value) == words), None)
        if worded is not None:  # most are: nothing needs to be read out of the words
            return worded, values[worded]
    read = measure.read(words)
    if read is None:
        return None
    for alike in (measure.same, measure.akin) if one.claim else (measure.akin,):
        for nth, value in enumerate(values):
            if alike(value, read):
                return nth, read
    return None
