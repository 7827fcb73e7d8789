"""How right findings were by what people said of them, and what can be learnt from it, as text.

An upper part hands in the figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.rendering.phrases import count
from tracker.rendering.plain import line

BIAS = (
    "Who reviews is shown what waits. What did not wait is looked at mostly when it strikes somebody as wrong: its",
    "share below is too low, and nothing is learnt from it. And nobody reviews what the judge did not find.",
)
"""What keeps the shares from being those of all findings."""


@dataclass(frozen=True, slots=True)
class BandRow:
    """Findings of a relation in a band of belief, and the 95 % interval of the share of right ones."""

    relation: str
    waits: bool
    lowest: float
    highest: float
    made: int
    reviewed: int
    right: int
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class LessonRow:
    """What the reviews of a relation teach; `shown`, what becomes of some beliefs, is empty where nothing was."""

    relation: str
    reviews: int
    waited: int
    why: str
    shown: Sequence[tuple[float, float]] = ()
    told_from: float | None = None
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class CalibrationSheet:
    """All of it. `position` is that of the calibration in force, 0 for none."""

    position: int
    bands: Sequence[BandRow]
    lessons: Sequence[LessonRow]
    foreign: int


def calibration_text(sheet: CalibrationSheet) -> str:
    """Return the reliability table and the lessons, ending in a line break."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: CalibrationSheet) -> Iterator[str]:
    taught = f"follows what it was taught at position {sheet.position}" if sheet.position else "is as it was made"
    yield f"The judge {taught}."
    if not sheet.bands:
        yield "There is no finding yet."
        return
    yield from BIAS
    yield ""
    yield f"{'findings':<22}{'belief':<12}{'made':>6}{'reviewed':>10}{'right':>7}   share of right (95 in 100)"
    yield from map(_band, sheet.bands)
    if sheet.foreign:
        yield f"{count(sheet.foreign, 'finding')} in another language than the story's: not counted"
    yield "\nWhat the reviews of findings that waited teach"
    yield from (said for one in sheet.lessons for said in _lesson(one))
    if not sheet.lessons:
        yield "nothing: no finding waited for a person"


def _band(row: BandRow) -> str:
    name = f"{'waited' if row.waits else 'told'}: {row.relation}"
    low, high = row.interval
    share = f"{row.right / row.reviewed:.2f} ({low:.2f}-{high:.2f})" if row.reviewed else "-"
    band = f"{row.lowest:.2f}-{row.highest:.2f}"
    return f"{line(name):<22}{band:<12}{row.made:>6}{row.reviewed:>10}{row.right:>7}   {share}"


def _lesson(row: LessonRow) -> Iterator[str]:
    looked = f"{row.relation}: {count(row.reviews, 'review')} of {row.waited} that waited"
    if not row.shown:
        yield f"{looked}: nothing is learnt, {row.why}"
        return
    beliefs = ", ".join(f"{old:.2f} -> {new:.2f}" for old, new in row.shown)
    told = f"told from {row.told_from:.2f} of the judge's own" if row.told_from is not None else "none is told unseen"
    yield f"{looked}: belief {beliefs}; {told}"
    if row.before is not None and row.after is not None:
        yield f"    log loss on reviews held out: {row.before:.3f} as it is, {row.after:.3f} so"
