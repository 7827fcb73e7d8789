"""Calibrate: what the reviews of all stories teach of the judge's beliefs; recorded only where a person asks for it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.application.retry import retried
from tracker.domain.claims import Relation
from tracker.domain.events import Event, FindingReviewed, NewEvent, Recorded, StoryOpened, entry_of, finding_of
from tracker.domain.ids import content_id
from tracker.domain.judge_events import JUDGE, JudgeCalibrated, JudgeEvent, JudgeReset
from tracker.errors import NotFound
from tracker.judging.calibrating import TOLD_FROM, Lesson, Review, learn
from tracker.judging.calibration import UNCALIBRATED, Calibration, calibration_named, fold_calibration
from tracker.ports.log import EventLog

BANDS = (0.0, 0.5, 0.7, 0.9)
"""From which belief on findings are counted together."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finding as it was recorded: its belief as shown, the judge's own (`belief`), and whether it waited."""

    relation: Relation
    score: float
    belief: float
    waits: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Findings of a relation whose belief is in a band: how many, and how many of them a person found right."""

    relation: Relation
    waits: bool
    lowest: float
    made: int
    reviewed: int
    right: int


@dataclass(frozen=True, slots=True)
class Report:
    """How right findings were, and what that teaches. `foreign` findings, in another language, are not among them."""

    calibration: Calibration
    bands: tuple[Band, ...]
    lessons: tuple[Lesson, ...]
    foreign: int

    @property
    def taught(self) -> JudgeCalibrated | None:
        """Return what could be recorded, None where nothing was learnt."""
        learnt = [one for one in self.lessons if one.curve]
        positions = sorted(review.position for one in learnt for review in one.reviews)
        curves = tuple(one.curve for one in learnt if one.curve)
        return JudgeCalibrated(curves, TOLD_FROM, tuple(positions)) if curves else None


@dataclass(slots=True)
class _Reading:
    """The log, read once: findings by position, and what was said of each last."""

    calibration: Calibration = UNCALIBRATED
    taught: dict[int, Calibration] = field(default_factory=lambda: {0: UNCALIBRATED})
    languages: dict[str, str] = field(default_factory=dict)
    made: dict[int, Made] = field(default_factory=dict)
    reviews: dict[int, tuple[int, bool]] = field(default_factory=dict)
    foreign: int = 0

    def take(self, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case JudgeCalibrated() | JudgeReset():
                self.calibration = fold_calibration([recorded])
                self.taught[self.calibration.position] = self.calibration
            case StoryOpened(language=language):
                self.languages[recorded.stream] = language
            case FindingReviewed(position=position) if position in self.made:
                right = event.verdict == "confirmed" or event.relation is self.made[position].relation
                self.reviews[position] = (recorded.position, right)
            case _:
                self._find(event, recorded)

    def _find(self, event: Event, recorded: Recorded) -> None:
        finding, entry = finding_of(event), entry_of(event)
        if finding is None:
            return
        spoken = (entry.language if entry else None) or ""
        if spoken and _tongue(spoken) != _tongue(self.languages.get(recorded.stream, spoken)):
            self.foreign += 1
            return
        waits = finding.needs_review
        by = self.taught.get(calibration_named(recorded.actor), UNCALIBRATED)
        belief = by.undone(finding) if waits else finding.score
        self.made[recorded.position] = Made(finding.relation, finding.score, belief, waits)


def report(log: EventLog) -> Report:
    """Return how right the findings of all stories were, as far as people said, and what can be learnt from that."""
    reading = _Reading()
    for recorded in log.read():
        reading.take(recorded)
    return Report(reading.calibration, tuple(_bands(reading)), tuple(_lessons(reading)), reading.foreign)


@retried
def apply(log: EventLog, actor: str) -> Recorded | None:
    """Record what reviews teach; from then on the judge follows it. None where it follows just that already.

    Raises NotFound where nothing is learnt.
    """
    found = report(log)
    taught = found.taught
    if taught is None:
        raise NotFound("the reviews teach nothing yet: `tracker calibrate` shows what is missing")
    held = found.calibration
    if (held.curves, held.told_from) == (taught.curves, taught.told_from):
        return None
    return _append(log, taught, actor)


@retried
def reset(log: EventLog, actor: str) -> Recorded | None:
    """Record that the judge is again as it was made; None where it is."""
    if not fold_calibration(log.read(stream=JUDGE)).position:
        return None
    return _append(log, JudgeReset(), actor)


def _append(log: EventLog, event: JudgeEvent, actor: str) -> Recorded:
    version = sum(1 for _ in log.read(stream=JUDGE))
    identity = content_id("judge", (str(version), repr(event)))
    (recorded,) = log.append(JUDGE, version, (NewEvent(identity, event, actor),))
    return recorded


def _bands(reading: _Reading) -> list[Band]:
    counted: defaultdict[tuple[bool, Relation, float], list[int]] = defaultdict(lambda: [0, 0, 0])
    for position, one in reading.made.items():
        lowest = max(edge for edge in BANDS if edge <= one.score)
        tally = counted[not one.waits, one.relation, lowest]
        said = reading.reviews.get(position)
        tally[0] += 1
        tally[1] += said is not None
        tally[2] += said is not None and said[1]
    return [Band(relation, not told, lowest, *tally) for (told, relation, lowest), tally in sorted(counted.items())]


def _lessons(reading: _Reading) -> list[Lesson]:
    waiting = {position: one for position, one in reading.made.items() if one.waits}
    return [
        _lesson(relation, waiting, reading.reviews) for relation in sorted({one.relation for one in waiting.values()})
    ]


def _lesson(relation: Relation, waiting: Mapping[int, Made], said: Mapping[int, tuple[int, bool]]) -> Lesson:
    mine = {position: one for position, one in waiting.items() if one.relation is relation}
    reviews: Sequence[Review] = [
        Review(said[position][0], one.belief, said[position][1]) for position, one in mine.items() if position in said
    ]
    return learn(relation, reviews, len(mine))


def _tongue(language: str) -> str:
    """Return the language of a tag: "en" of "en-GB"."""
    return language.replace("_", "-").split("-")[0].lower()
