"""A report on calibration as the table that is shown, and as JSON."""

from tracker.application.calibrate import BANDS, Band, Report
from tracker.domain.judge_events import Curve
from tracker.judging.calibrating import COVERED, NEEDED, TOLD_FROM, Lesson, wilson
from tracker.judging.calibration import believed, chance, log_odds
from tracker.rendering.calibration import BandRow, CalibrationSheet, LessonRow
from tracker.rendering.documents import calibration as shown
from tracker.rendering.documents.kinds import SCHEMA_VERSION

SHOWN = (0.5, 0.7, 0.9)
"""Beliefs of which it is shown what becomes of them."""


def sheet(found: Report) -> CalibrationSheet:
    """Return the rows of the table."""
    return CalibrationSheet(
        found.calibration.position, [*map(_band, found.bands)], [*map(_lesson, found.lessons)], found.foreign
    )


def document(found: Report) -> shown.Calibration:
    """Return all figures, and what could be recorded."""
    return {
        "schema_version": SCHEMA_VERSION,
        "calibration": found.calibration.position or None,
        "told_from": TOLD_FROM,
        "needed": NEEDED,
        "covered": COVERED,
        "foreign": found.foreign,
        "bands": [_counted(row) for row in map(_band, found.bands)],
        "lessons": [_learnt(one) for one in found.lessons],
    }


def _counted(row: BandRow) -> shown.BandOfBelief:
    return {
        "relation": row.relation,
        "waited": row.waits,
        "lowest": row.lowest,
        "highest": row.highest,
        "made": row.made,
        "reviewed": row.reviewed,
        "right": row.right,
        "interval": row.interval,
    }


def _learnt(lesson: Lesson) -> shown.Lesson:
    curve = lesson.curve
    return {
        "relation": str(lesson.relation),
        "waited": lesson.waited,
        "reviews": len(lesson.reviews),
        "right": sum(one.right for one in lesson.reviews),
        "why": lesson.why or None,
        "log_loss": lesson.before,
        "log_loss_calibrated": lesson.after,
        "slope": curve.slope if curve else None,
        "shift": curve.shift if curve else None,
        "told_from": _least_told(curve) if curve else None,
    }


def _band(band: Band) -> BandRow:
    above = [edge for edge in BANDS if edge > band.lowest]
    return BandRow(
        relation=str(band.relation),
        waits=band.waits,
        lowest=band.lowest,
        highest=min(above, default=1.0),
        made=band.made,
        reviewed=band.reviewed,
        right=band.right,
        interval=wilson(band.right, band.reviewed),
    )


def _lesson(lesson: Lesson) -> LessonRow:
    about = (str(lesson.relation), len(lesson.reviews), lesson.waited, lesson.why)
    curve = lesson.curve
    if curve is None:
        return LessonRow(*about)
    shown = [(belief, believed(curve, belief)) for belief in SHOWN]
    return LessonRow(*about, shown, _least_told(curve), lesson.before, lesson.after)


def _least_told(curve: Curve) -> float | None:
    """Return the least belief of the judge's own from which a finding is told, None where none is."""
    least = chance((log_odds(TOLD_FROM) - curve.shift) / curve.slope)
    return round(least, 4) if believed(curve, 1.0) >= TOLD_FROM else None
