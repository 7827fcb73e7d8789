"""The judge: an entry and a story in, a verdict out; pure, given its models."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache, partial
from typing import Literal

from tracker.domain.cues import question
from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging import linking, parameters, relevance
from tracker.judging.abroad import Met, met
from tracker.judging.calibration import UNCALIBRATED, Calibration
from tracker.judging.case import Case
from tracker.judging.compare import Compare, differences
from tracker.judging.contest import contest
from tracker.judging.elsewhere import placed
from tracker.judging.findings import findings
from tracker.judging.first_look import first_look, irrelevant
from tracker.judging.gate import FEW, MET, UNREAD, at_most, falls_short, shut_out
from tracker.judging.happening import same_happening
from tracker.judging.index import Outlines
from tracker.judging.language import Spoken
from tracker.judging.latest import Latest
from tracker.judging.linking import Link
from tracker.judging.models import Encoder, LanguageModel, PairClassifier
from tracker.judging.moved import moves, own_values
from tracker.judging.near_duplicate import copy_of
from tracker.judging.novelty import known_figures, told
from tracker.judging.outline import seed_texts, standing
from tracker.judging.profile import profile_of
from tracker.judging.reading import Reader, worded
from tracker.judging.relation import Probabilities, Related, relate, unmoved, unread
from tracker.judging.sources import source_of
from tracker.judging.stages import (
    abroad_stage,
    copy_stage,
    happening_stage,
    language_stage,
    link_stage,
    reason,
    relation_stage,
    relevance_stage,
)
from tracker.judging.verdict import Stage, Verdict
from tracker.judging.withdrawal import withdrawn

__all__ = ["Judge", "Stage", "Verdict"]

Part = Literal["pair model", "comparators", "gate"]
"""What the judge can be tried without, to see what it is worth."""

CODE = "judge-4"
_FAR, _WHOLE = "its lines are too far from the story", "it is too far from title and claims"
_INHERITED = 0.8
_OUTLINES, _PROFILES = 2_000, 32
"""Stories of which the words, and of which all vectors are remembered: a few KB each, and up to 3 MB."""


class Judge:
    """Judges entries with a sentence encoder and, where there is one, a pair model.

    `version` names the code, the models and the calibration, so that a finding can be traced to them. `compare` finds
    what differs between a claim and a sentence. `gated`: what words alone tell not to belong is not read any further.
    """

    calibration: Calibration = UNCALIBRATED

    def __init__(
        self,
        encoder: Encoder,
        pairs: PairClassifier | None = None,
        *,
        languages: LanguageModel | None = None,
        compare: Compare = differences,
        gated: bool = True,
    ) -> None:
        self._reader = Reader(encoder)
        self._encoder = encoder
        self._pairs = pairs
        self._languages = languages
        self._compare = compare
        self._gated = gated
        self._first_look = lru_cache(maxsize=_OUTLINES)(partial(first_look, model=languages))  # same for most stories
        self._outlines = Outlines(_OUTLINES)
        self._profiles = Latest(partial(profile_of, reader=self._reader), _PROFILES)

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

    def without(self, part: Part) -> "Judge":
        """Return the judge without one of its parts; the models are shared."""
        return Judge(
            self._encoder,
            None if part == "pair model" else self._pairs,
            languages=self._languages,
            compare=self._compare if part != "comparators" else lambda *_: (),
            gated=self._gated and part != "gate",
        )

    def judge(self, entry: Entry, story: Story) -> Verdict:
        """Return the verdict on an entry: the same for the same entry, story and models, always."""
        look = self._first_look(entry, story.language)
        abroad = _abroad(entry, story) if look.foreign else ()
        if abroad:
            return self._foreign(entry, story, look.said, abroad)
        if self._gated and not self._outlines.telling(look.words, story):
            return look.unlike
        outline = self._outlines.of(story)
        words = relevance.word_features(look.words, outline)
        if self._gated and (shut := shut_out(look.words, outline, words, parameters.RELEVANCE)):
            return irrelevant(entry, shut[0], (*look.before, shut[1]))
        twin = copy_of(entry, story)
        if self._gated and twin is None and (far := self._far(entry, story, words)):
            return irrelevant(entry, far[0], (copy_stage(None), *look.before, far[1]))
        profile = self._profiles.of(story)
        reading = self._reader.read(entry)
        values = relevance.read_features(reading, profile) | words
        score = relevance.logistic(values, parameters.RELEVANCE)
        score = max(score, twin.score) if twin else score
        stages = [copy_stage(twin), relevance_stage(values, score, reading, profile)]
        if score < parameters.RELEVANT:
            return irrelevant(entry, score, (stages[0], *look.before, stages[1]))
        entry = replace(entry, language=look.said.language)
        same = same_happening(reading, entry.moment, profile, parameters.HAPPENING)
        case = Case(entry, story, reading, profile, twin, same, self.calibration)
        stages.append(language_stage(look.said, foreign=case.foreign))
        return self._relevant(case, score, stages, self._links(case))

    def _foreign(self, entry: Entry, story: Story, said: Spoken, abroad: Sequence[Met]) -> Verdict:
        """Return the verdict on an entry in another language that meets claims by names and words."""
        profile, reading = self._profiles.of(story), self._reader.read(entry)
        entry, twin = replace(entry, language=said.language), copy_of(entry, story)
        same = same_happening(reading, entry.moment, profile, parameters.HAPPENING)
        score = max(parameters.RELEVANT, abroad[0].share)
        case = Case(entry, story, reading, profile, twin, same, self.calibration)
        stages = [copy_stage(twin), abroad_stage(abroad), language_stage(said, foreign=True)]
        claims = {claim.id: claim for claim in profile.claims}
        links = tuple(Link(claims[one.claim], reading.asserted[:1], one.share) for one in abroad)
        return self._relevant(case, score, stages, links)

    def _far(self, entry: Entry, story: Story, words: Mapping[str, float]) -> tuple[float, Stage] | None:
        """Say whether a short one as a whole, or any by its lines, lies too far from the story to belong.

        Title and claims are looked at first: most stories need no more, and what is known of them all fits in memory.
        """
        seed, short = self._reader.seed(seed_texts(story)), len(worded(entry).texts) <= FEW
        values = {**words, **relevance.whole_features(self._reader.whole(entry), seed)}
        if short and (far := falls_short(values, at_most(values), parameters.RELEVANCE, _WHOLE)):
            return far
        reading = self._reader.read(entry, aloud=False)
        values |= relevance.seed_features(reading, seed)
        if not self._outlines.of(story).known_bags:
            return falls_short(values | relevance.known_features(reading, None), MET, parameters.RELEVANCE, _FAR)
        if far := falls_short(values, UNREAD, parameters.RELEVANCE, "its lines are too far from title and claims"):
            return far
        values |= relevance.known_features(reading, self._profiles.of(story).known_vectors)
        return falls_short(values, MET, parameters.RELEVANCE, _FAR)

    def _relevant(self, case: Case, score: float, stages: list[Stage], links: Sequence[Link]) -> Verdict:
        related, stale = contest(own_values([withdrawn(one, case) for one in self._relations(case, links)]), case)
        case = replace(case, moved=any(moves(one, case) for one in related))
        further = _inherited(case) if case.copy or (not links and _asserted(case)) else ()
        further = tuple(link for link in further if link.claim.id not in {one.claim.id for one in links})
        links, related = (*links, *further), (*related, *map(unmoved, self._relations(case, further)))
        told_already = told(case.story, case.known) or (
            not case.moved and not case.foreign and known_figures(case.reading, case.profile) is not None
        )
        found, claims = findings(case, related, stale, repeats=told_already)
        stages += [link_stage(links), relation_stage(found), happening_stage(case, told_already)]
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
            reason=reason(case, found, stale),
            needs_review=any(finding.needs_review for finding in found),
            stages=tuple(stages),
            repeats=tuple(one.claim for one in stale),
        )

    def _links(self, case: Case) -> Sequence[Link]:
        if not _asserted(case):
            return ()
        telling = [line for line in case.reading.lines if not question(line.text)]
        return linking.link(telling, case.profile.claims, self._reader, parameters.LINKING)

    def _relations(self, case: Case, links: Sequence[Link]) -> tuple[Related, ...]:
        if case.foreign:
            language = case.entry.language or case.story.language
            return tuple(unread(link, case.story.claims[link.claim.id].current, language) for link in links)
        pairs = self._classify(links)
        return tuple(
            placed(relate(link, case.story.claims[link.claim.id].current, case.day, pair, self._compare), case)
            for link, pair in zip(links, pairs, strict=True)
        )

    def _classify(self, links: Sequence[Link]) -> Sequence[Probabilities | None]:
        if self._pairs is None or not links:
            return [None] * len(links)
        rows = self._pairs.classify([(link.claim.original.text, link.line.text) for link in links])
        return [(float(row[0]), float(row[1]), float(row[2])) for row in rows]


def _asserted(case: Case) -> bool:
    """Tell whether it says anything: some sentence of it is no question."""
    return any(line.asserted and not question(line.text) for line in case.reading.lines)


def _inherited(case: Case) -> tuple[Link, ...]:
    """Return the claims that the report before bore on: a copy bears on all of them, another report on the surest."""
    if (known := case.known) is None:
        return ()
    claims = {claim.id: claim for claim in case.profile.claims}
    score = case.copy.score if case.copy else (case.same.score if case.same else 0.0)
    ids = [claim for claim in dict.fromkeys(claim for claim, _ in known.links) if claim in claims]
    line = case.reading.lines[0]
    return tuple(Link(claims[claim], (line,), score * _INHERITED) for claim in (ids if case.copy else ids[:1]))


def _abroad(entry: Entry, story: Story) -> Sequence[Met]:
    return met(entry, story.title, ((claim.original.id, claim.original.text) for claim in standing(story)))
