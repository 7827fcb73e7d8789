"""An evaluation as the table that is shown, and as JSON."""

from collections.abc import Iterable
from typing import Any

from tracker.application.evaluate import GOALS, Evaluation, Row
from tracker.application.evaluate_case import Case
from tracker.judging.resampling import Interval
from tracker.judging.scoring import Figures, Marks, Rates, confusion
from tracker.rendering.evaluation import Measured, Sheet

_DIGITS = 4


def sheet(done: Evaluation, language: str) -> Sheet:
    """Return the rows of the table; `language` is that of the items that were scored."""
    *of_cases, of_mean = done.intervals
    judged = zip(done.cases, done.judge.cases, of_cases, strict=True)
    return Sheet(
        version=done.version,
        language=language,
        goals=GOALS,
        cases=[_measured(f"{case.name} ({len(case.gold)})", one.marks, ends) for case, one, ends in judged],
        mean=_measured("mean", done.judge.mean, of_mean),
        baselines=[*map(_mean, done.baselines)],
        ablations=[*map(_mean, done.ablations)],
        confusion=confusion(done.judge.tally),
    )


def document(done: Evaluation, language: str) -> dict[str, Any]:
    """Return all figures, to four digits."""
    *of_cases, of_mean = done.intervals
    return {
        "schema_version": 1,
        "judge": done.version,
        "language": language,
        "goals": GOALS._asdict(),
        "cases": [
            _case(case, done, nth, ends) for nth, (case, ends) in enumerate(zip(done.cases, of_cases, strict=True))
        ],
        "mean": _marks(done.judge.mean) | {"interval": _interval(of_mean)},
        "baselines": {row.name: _marks(row.mean) for row in done.baselines},
        "ablations": {row.name: _marks(row.mean) for row in done.ablations},
        "confusion": [
            {"held": held.split("/"), "said": said, "pairs": number}
            for (held, said), number in confusion(done.judge.tally).items()
        ],
    }


def _case(case: Case, done: Evaluation, nth: int, ends: Interval) -> dict[str, Any]:
    rows = {"baselines": done.baselines, "ablations": done.ablations}
    others = {name: {row.name: _marks(row.cases[nth].marks) for row in group} for name, group in rows.items()}
    found = _figures(done.judge.cases[nth])
    return {"case": case.name, "items": len(case.gold), **found, "interval": _interval(ends), **others}


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "relevance": _rates(found.relevance),
        "links": _rates(found.links),
        "relation": {"f1": round(found.relation, _DIGITS), "pairs": found.pairs},
        "news": _rates(found.news),
        "duplicates": round(found.duplicates, _DIGITS),
    }


def _rates(rates: Rates) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in rates._asdict().items()}


def _marks(marks: Marks) -> dict[str, Any]:
    return {name: round(value, _DIGITS) for name, value in marks._asdict().items()}


def _interval(ends: Interval) -> dict[str, list[float]]:
    pairs = zip(Marks._fields, ends.low, ends.high, strict=True)
    return {name: [round(low, _DIGITS), round(high, _DIGITS)] for name, low, high in pairs}


def _mean(row: Row) -> Measured:
    linked = any(one.links.said for one in row.cases)
    of_links = ("links", "relation")
    return Measured(row.name, [None if name in of_links and not linked else one for name, one in _named(row.mean)])


def _named(marks: Marks) -> Iterable[tuple[str, float]]:
    return marks._asdict().items()


def _measured(name: str, marks: Marks, ends: Interval) -> Measured:
    return Measured(name, marks, tuple(zip(ends.low, ends.high, strict=True)))
