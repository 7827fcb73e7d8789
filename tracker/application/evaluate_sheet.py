"""An evaluation as the table that is shown, and as JSON."""

from collections.abc import Iterable

from tracker.application.evaluate import GOALS, Evaluation, Row
from tracker.judging.resampling import Interval
from tracker.judging.scoring import Marks, Rates, confusion
from tracker.rendering.documents import evaluation as shown
from tracker.rendering.documents.kinds import SCHEMA_VERSION
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


def document(done: Evaluation, language: str) -> shown.Evaluation:
    """Return all figures, to four digits."""
    return {
        "schema_version": SCHEMA_VERSION,
        "judge": done.version,
        "language": language,
        "goals": _marks(GOALS),
        "cases": [_case(done, nth) for nth in range(len(done.cases))],
        "mean": {**_marks(done.judge.mean), "interval": _ends(done.intervals[-1])},
        "baselines": {row.name: _marks(row.mean) for row in done.baselines},
        "ablations": {row.name: _marks(row.mean) for row in done.ablations},
        "confusion": [
            {"held": held.split("/"), "said": said, "pairs": number}
            for (held, said), number in confusion(done.judge.tally).items()
        ],
    }


def _case(done: Evaluation, nth: int) -> shown.MeasuredCase:
    case, found = done.cases[nth], done.judge.cases[nth]
    return {
        "case": case.name,
        "items": len(case.gold),
        "relevance": _rates(found.relevance),
        "links": _rates(found.links),
        "relation": {"f1": _short(found.relation), "pairs": found.pairs},
        "news": _rates(found.news),
        "duplicates": _short(found.duplicates),
        "interval": _ends(done.intervals[nth]),
        "baselines": {row.name: _marks(row.cases[nth].marks) for row in done.baselines},
        "ablations": {row.name: _marks(row.cases[nth].marks) for row in done.ablations},
    }


def _rates(rates: Rates) -> shown.Rates:
    return {
        "f1": _short(rates.f1),
        "precision": _short(rates.precision),
        "recall": _short(rates.recall),
        "said": rates.said,
        "true": rates.true,
    }


def _marks(marks: Marks) -> shown.Marks:
    return {
        "relevance": _short(marks.relevance),
        "links": _short(marks.links),
        "relation": _short(marks.relation),
        "news": _short(marks.news),
        "duplicates": _short(marks.duplicates),
    }


def _ends(interval: Interval) -> shown.Ends:
    low, high = interval
    return {
        "relevance": [_short(low.relevance), _short(high.relevance)],
        "links": [_short(low.links), _short(high.links)],
        "relation": [_short(low.relation), _short(high.relation)],
        "news": [_short(low.news), _short(high.news)],
        "duplicates": [_short(low.duplicates), _short(high.duplicates)],
    }


def _short(figure: float) -> float:
    return round(figure, _DIGITS)


def _mean(row: Row) -> Measured:
    linked = any(one.links.said for one in row.cases)
    of_links = ("links", "relation")
    return Measured(row.name, [None if name in of_links and not linked else one for name, one in _named(row.mean)])


def _named(marks: Marks) -> Iterable[tuple[str, float]]:
    return marks._asdict().items()


def _measured(name: str, marks: Marks, ends: Interval) -> Measured:
    return Measured(name, marks, tuple(zip(ends.low, ends.high, strict=True)))
