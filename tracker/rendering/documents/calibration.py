"""How right findings were by their reviews, and what that teaches."""

from typing import TypedDict

from tracker.rendering.documents.kinds import Count, Position, Version


class BandOfBelief(TypedDict):
    """Findings of a relation whose belief lies in [lowest, highest): `interval` is that of the share of right ones."""

    relation: str
    waited: bool
    lowest: float
    highest: float
    made: Count
    reviewed: Count
    right: Count
    interval: tuple[float, float]


class Lesson(TypedDict):
    """What the reviews of findings of a relation that waited teach; `why` nothing is learnt, where that is so.

    `told_from` is the judge's own belief from which such a finding is told, None where none is. Losses are mean log
    losses, the second on reviews that were held out.
    """

    relation: str
    waited: Count
    reviews: Count
    right: Count
    why: str | None
    log_loss: float | None
    log_loss_calibrated: float | None
    slope: float | None
    shift: float | None
    told_from: float | None


class Calibration(TypedDict):
    """All of it; `calibration` is the position of the one in force.

    `foreign` findings, in another language, are not counted.
    """

    schema_version: Version
    calibration: Position | None
    told_from: float
    needed: Count
    covered: float
    foreign: Count
    bands: list[BandOfBelief]
    lessons: list[Lesson]
