"""How the judge fares on cases, as a table; an upper part hands in the figures by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.rendering.plain import line

COLUMNS = ("relevance", "links", "relation", "news", "duplicates")
_LABEL, _WIDTH = 24, 18
_LESS_IS_BETTER = "duplicates"


@dataclass(frozen=True, slots=True)
class Measured:
    """A row of figures, None where nothing was said that could be right or wrong, and how far each can be trusted."""

    name: str
    figures: Sequence[float | None]
    intervals: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of an evaluation. `confusion` counts linked pairs by what is held of them and what was said."""

    version: str
    language: str
    goals: Sequence[float]
    cases: Sequence[Measured]
    mean: Measured
    baselines: Sequence[Measured]
    ablations: Sequence[Measured]
    confusion: Mapping[tuple[str, str], int]


def sheet_text(sheet: Sheet) -> str:
    """Return the table, ending in a line break."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"{line(sheet.version)}; items in: {line(sheet.language)}"
    yield "In brackets: the middle 95 of 100 of a thousand resamples of the happenings. Of duplicates less is better."
    yield ""
    yield _row("", COLUMNS)
    signs = ["<=" if name == _LESS_IS_BETTER else ">=" for name in COLUMNS]
    yield _row("goal of the mean", [f"{sign} {goal:.2f}" for sign, goal in zip(signs, sheet.goals, strict=True)])
    yield from map(_measured, sheet.cases)
    yield _measured(sheet.mean)
    for title, rows in (
        ("Simpler rules, in the mean", sheet.baselines),
        ("Without a part, in the mean", sheet.ablations),
    ):
        yield f"\n{title}"
        yield from map(_measured, rows)
    yield "\nRelations of linked pairs: what is held of them (either of several), and what was said"
    yield from _confusion(sheet.confusion)


def _measured(row: Measured) -> str:
    ends = [f" ({low:.2f}-{high:.2f})" for low, high in row.intervals] or [""] * len(row.figures)
    cells = ["-" if one is None else f"{one:.3f}{end}" for one, end in zip(row.figures, ends, strict=True)]
    return _row(row.name, cells)


def _confusion(counts: Mapping[tuple[str, str], int]) -> Iterator[str]:
    said, held = sorted({got for _, got in counts}), sorted({want for want, _ in counts})
    room = max([_LABEL, *(len(one) + 2 for one in held)])
    yield _row("", said, room)
    for one in held:
        yield _row(one, [str(counts.get((one, got), 0)) for got in said], room)


def _row(label: str, cells: Sequence[str], room: int = _LABEL) -> str:
    return f"{line(label):<{room}}{''.join(f'{cell:<{_WIDTH}}' for cell in cells)}".rstrip()
