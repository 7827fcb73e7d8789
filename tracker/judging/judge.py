"""The judge: an entry and a story in, a verdict out; pure, given its models."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace

from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.domain.words import content_words
from tracker.judging import linking, parameters, relevance
from tracker.judging.calibration import UNCALIBRATED, Calibration
from tracker.judging.case import Case
from tracker.judging.compare import Compare, differences
from tracker.judging.findings import findings
from tracker.judging.happening import same_happening
from tracker.judging.linking import Link
from tracker.judging.models import Encoder, PairClassifier
from tracker.judging.moved import moves, own_values
from tracker.judging.near_duplicate import copy_of
from tracker.judging.novelty import known_figures, told
from tracker.judging.profile import Profile, profile_of
from tracker.judging.reading import Reader
from tracker.judging.relation import Probabilities, Related, relate, unmoved
from tracker.judging.sources import source_of
from tracker.judging.stages import copy_stage, happening_stage, link_stage, reason, relevance_stage
from tracker.judging.verdict import Stage, Verdict

__all__ = ["Judge", "Stage", "Verdict"]

CODE = "judge-2"
_INHERITED = 0.8


class Judge:
    """Judges entries with a sentence encoder and, where there is one, a pair model.

    `version` names the code, the models and the calibration, so that a finding can be traced to them. `compare` finds
    what differs between a claim and a sentence.
    """

    calibration: Calibration = UNCALIBRATED

    def __init__(
        self, encoder: Encoder, pairs: PairClassifier | None = None, *, compare: Compare = differences
    ) -> None:
        self._reader = Reader(encoder)
        self._encoder = encoder
        self._pairs = pairs
        self._compare = compare
        self._profile: tuple[Story, Profile] | None = None

    @property
    def version(self) -> str:
        """Name of the code, its parameters and its models."""
        pairs = self._pairs.version if self._pairs else "no pair model"
        taught = f"; {self.calibration.name}" if self.calibration.position else ""
        return f"{CODE}.{parameters.VERSION} ({self._encoder.version}; {pairs}{taught})"

    def calibrated(self, calibration: Calibration) -> "Judge":
        """Return the judge as reviews taught it; models, and what it remembers of them, are shared."""
        if calibration == self.calibration:
            return self
        taught = copy(self)
        taught.calibration = calibration
        return taught

    def judge(self, entry: Entry, story: Story) -> Verdict:
        """Return the verdict on an entry: the same for the same entry, story and models, always."""
        profile = self._profile_of(story)
        reading = self._reader.read(entry)
        twin = copy_of(entry, story)
        values = relevance.features(reading, profile)
        score = relevance.logistic(values, parameters.RELEVANCE)
        score = max(score, twin.score) if twin else score
        same = same_happening(reading, entry.moment, profile, parameters.HAPPENING)
        case = Case(entry, story, reading, profile, twin, same, self.calibration)
        stages = [copy_stage(twin), relevance_stage(values, score)]
        if score < parameters.RELEVANT:
            return _irrelevant(entry, score, stages)
        return self._relevant(case, score, stages)

    def _profile_of(self, story: Story) -> Profile:
        if self._profile is None or self._profile[0] is not story:
            self._profile = (story, profile_of(story, self._reader))
        return self._profile[1]

    def _relevant(self, case: Case, score: float, stages: list[Stage]) -> Verdict:
        links = linking.link(
            case.reading.lines,
            case.profile.claims,
            self._reader,
            parameters.LINKING,
            parameters.LINKED,
            topic=content_words(case.story.title),
        )
        related = own_values(self._relations(case, links))
        case = replace(case, moved=any(moves(one, case) for one in related))
        further = _inherited(case) if case.copy or not links else ()
        further = tuple(link for link in further if link.claim.id not in {one.claim.id for one in links})
        links, related = (*links, *further), (*related, *map(unmoved, self._relations(case, further)))
        told_already = told(case.story, case.known) or (
            not case.moved and known_figures(case.reading, case.profile) is not None
        )
        found, claims = findings(case, related, repeats=told_already)
        stages += [link_stage(links), happening_stage(case, told_already)]
        known = case.known
        return Verdict(
            entry=case.entry,
            source=source_of(case.entry) if not case.copy else case.copy.of.ref.source,
            relevant=True,
            score=score,
            duplicate_of=case.copy.of.ref.id if case.copy else None,
            happening=known.happening if known else case.entry.id,
            findings=found,
            claims=claims,
            current={one.link.claim.id: one.current for one in related},
            reason=reason(case, found),
            needs_review=any(finding.needs_review for finding in found),
            stages=tuple(stages),
        )

    def _relations(self, case: Case, links: Sequence[Link]) -> tuple[Related, ...]:
        pairs = self._classify(links)
        return tuple(
            relate(link, case.story.claims[link.claim.id].current, case.day, pair, self._compare)
            for link, pair in zip(links, pairs, strict=True)
        )

    def _classify(self, links: Sequence[Link]) -> Sequence[Probabilities | None]:
        if self._pairs is None or not links:
            return [None] * len(links)
        rows = self._pairs.classify([(link.claim.original.text, link.line.text) for link in links])
        return [(float(row[0]), float(row[1]), float(row[2])) for row in rows]


def _inherited(case: Case) -> tuple[Link, ...]:
    """Return the claims that the report before bore on: a copy bears on all of them, another report on the surest."""
    if (known := case.known) is None:
        return ()
    claims = {claim.id: claim for claim in case.profile.claims}
    score = case.copy.score if case.copy else (case.same.score if case.same else 0.0)
    ids = [claim for claim in dict.fromkeys(claim for claim, _ in known.links) if claim in claims]
    line = case.reading.lines[0]
    return tuple(Link(claims[claim], (line,), score * _INHERITED) for claim in (ids if case.copy else ids[:1]))


def _irrelevant(entry: Entry, score: float, stages: list[Stage]) -> Verdict:
    return Verdict(
        entry, source_of(entry), False, score, None, entry.id, (), (), {}, stages[-1].detail, False, tuple(stages)
    )
