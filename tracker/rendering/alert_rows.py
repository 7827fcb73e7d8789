"""What a message on many things tells: sorted into what is new, corrected, newly disputed and resolved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tracker.domain.events import Recorded
from tracker.domain.tracked import TrackedClaim
from tracker.rendering.alert_correction import correction_item
from tracker.rendering.alert_correction_words import Correction
from tracker.rendering.alert_letter import development, source
from tracker.rendering.alert_sheet import Item, Point, Section, Words
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_view import WEIGHT, Report, headline, report
from tracker.rendering.alert_words import names, stands, titled_item
from tracker.rendering.phrases import count
from tracker.rendering.plain import line

Kind = Literal["new", "corrected", "disputed", "resolved"]

SECTIONS: Mapping[Kind, str] = {
    "new": "new",
    "corrected": "corrected",
    "disputed": "newly disputed",
    "resolved": "resolved",
}
"""In the order of a message, in words."""
_FIRST: Mapping[Kind, int] = {"corrected": 0, "disputed": 1, "resolved": 2, "new": 3}
"""Which are told where there is no room for all."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a message has on one story. `claims`: the wording of its claims by id.

    `disputed` are claims disputed at the end of what the message is on, and not at its start; `resolved` were at its
    start, and are no more.
    """

    story: str
    title: str
    claims: Mapping[str, str]
    developments: tuple[Recorded, ...] = ()
    corrections: tuple[Correction, ...] = ()
    disputed: frozenset[str] = frozenset()
    resolved: tuple[TrackedClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told. `report` is its entry with this one development, None where it is of another kind.

    `also`: sources that say the same of the same happening. `headline` names it, `document` is for webhooks.
    """

    kind: Kind
    weight: int
    position: int
    headline: str
    document: Mapping[str, Any]
    item: Item
    report: Report | None = None
    also: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, int, int]:
        """What comes first where there is no room for all."""
        return _FIRST[self.kind], self.weight, self.position


def rows(share: Share, clock: Clockface) -> list[Row]:
    """Return what there is to tell of a story, in the order in which it happened.

    What only confirms what another row tells of the same happening is told there.
    """
    found = [_correction(one, share, clock) for one in share.corrections]
    found += [_resolved(claim) for claim in share.resolved]
    firsts: dict[tuple[str, str | None], int] = {}
    for recorded in share.developments:
        row = _development(report([recorded], share.claims), share, clock)
        assert row.report is not None, "a development is of an entry"
        told = row.report.told[0]
        what = told.happening, told.claim
        if told.kind == "corroborated" and what in firsts:
            first = found[firsts[what]]
            found[firsts[what]] = replace(first, also=(*first.also, row.report.source))
            continue
        if told.claim is not None:
            firsts.setdefault(what, len(found))
        found.append(row)
    return found


def sections(chosen: Iterable[Row], clock: Clockface, *, headed: bool, total: Mapping[Kind, int]) -> Iterator[Section]:
    """Yield the sections of the rows of one story, the weightiest first; `total`: how many there are of each kind."""
    ordered = sorted(chosen, key=lambda row: (row.weight, row.position))
    for kind, words in SECTIONS.items():
        mine = [row for row in ordered if row.kind == kind]
        if mine:
            heading = f"{words.capitalize()}: {total[kind]}" if headed else ""
            yield Section(heading, tuple(_items(mine, clock)))


def document(row: Row, story: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as webhooks bear it."""
    return {"section": row.kind, "story": story, **row.document, "also": len(row.also)}


def in_words(total: Mapping[Kind, int]) -> str:
    """Return how many there are of each kind: `3 new, 1 corrected`."""
    return ", ".join(f"{total[kind]} {words}" for kind, words in SECTIONS.items() if total.get(kind))


def _development(one: Report, share: Share, clock: Clockface) -> Row:
    told = one.told[0]
    kind: Kind = "new"
    if told.kind == "denied" and told.claim in share.disputed:
        kind = "disputed"
    elif told.kind in ("revised", "removed"):
        kind = "corrected"
    elif told.kind == "restored":
        kind = "resolved"
    named = headline(told.kind, one.title, told.sentence)
    bears = {**development(told, one.seen, one.title), "source": source(one)}
    return Row(kind, WEIGHT[told.kind], told.position, named, bears, titled_item(one, clock), one)


def _correction(one: Correction, share: Share, clock: Clockface) -> Row:
    named, item, bears = correction_item(one, share.claims, clock)
    return Row("corrected", -1, one.recorded.position, named, bears, item)


def _resolved(claim: TrackedClaim) -> Row:
    text, now = line(claim.original.text, 400), line(claim.current.text, 400)
    lines = [Words(now, "Holds now")] if now != text else []
    point = Point("No longer disputed", text, (*lines, Words(stands(claim), "Stands")), "settled")
    bears = {
        "resolved": {"standing": str(claim.standing), "current": now},
        "claim": {"id": line(claim.original.id, 200), "text": text},
    }
    position = max((step.position for step in claim.steps), default=0)
    return Row("resolved", 0, position, line(f"No longer disputed: {text}", 160), bears, Item((point,)))


def _items(mine: Sequence[Row], clock: Clockface) -> Iterator[Item]:
    """Yield the rows, those of one entry together."""
    of: dict[str, list[Row]] = {}
    for row in mine:
        of.setdefault(row.report.entry if row.report else f"at {row.position}", []).append(row)
    for together in of.values():
        yield _item(together, clock)


def _item(together: Sequence[Row], clock: Clockface) -> Item:
    reports = [row.report for row in together if row.report]
    if not reports:
        return together[0].item
    whole = titled_item(replace(reports[0], told=tuple(told for one in reports for told in one.told)), clock)
    return replace(whole, points=tuple(map(_with_others, whole.points, together)))


def _with_others(point: Point, row: Row) -> Point:
    if not row.also:
        return point
    words = f"{count(len(row.also), 'more report')} of this, from {names(row.also)}"
    return replace(point, lines=(*point.lines, Words(words, "Also")))
