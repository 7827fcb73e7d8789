"""The judge: an entry and a story in, a verdict out; pure, given its models."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.claims import Claim, Relation
from tracker.domain.entry import Entry
from tracker.domain.events import Finding
from tracker.domain.extraction import read_claim
from tracker.domain.story import KnownEntry, Story
from tracker.domain.words import content_words
from tracker.judging import linking, parameters, relevance
from tracker.judging.compare import Difference, differences
from tracker.judging.happening import Same, same_happening
from tracker.judging.linking import Link
from tracker.judging.models import Encoder, PairClassifier
from tracker.judging.near_duplicate import Copy, copy_of
from tracker.judging.novelty import background, best_new, known_figures, told
from tracker.judging.profile import Profile, profile_of
from tracker.judging.reading import Reader, Reading
from tracker.judging.relation import Probabilities, Related, relate, unmoved
from tracker.judging.sources import source_of
from tracker.judging.verdict import Stage, Verdict

__all__ = ["Judge", "Stage", "Verdict"]

CODE = "judge-2"
_ONE_COUNT = timedelta(hours=36)
_INHERITED = 0.8


@dataclass(frozen=True, slots=True)
class _Case:
    """What the stages hand on to each other."""

    entry: Entry
    story: Story
    reading: Reading
    profile: Profile
    copy: Copy | None
    same: Same | None
    moved: bool = False

    @property
    def foreign(self) -> bool:
        """Say whether the entry is in another language than the story."""
        mine, theirs = (self.entry.language or "").split("-")[0], self.story.language.split("-")[0]
        return bool(mine) and mine != theirs

    @property
    def day(self) -> date:
        return self.entry.moment.date()

    @property
    def known(self) -> KnownEntry | None:
        """The known entry whose happening this one reports too."""
        if self.copy:
            return self.copy.of
        if self.same is None or self.same.score < parameters.SAME or self.moved:
            return None
        return self.same.known.entry


class Judge:
    """Judges entries with a sentence encoder and, where there is one, a pair model.

    `version` names the code and the models, so that a finding can be traced to them.
    """

    def __init__(self, encoder: Encoder, pairs: PairClassifier | None = None) -> None:
        self._reader = Reader(encoder)
        self._encoder = encoder
        self._pairs = pairs
        self._profile: tuple[Story, Profile] | None = None

    @property
    def version(self) -> str:
        """Name of the code, its parameters and its models."""
        pairs = self._pairs.version if self._pairs else "no pair model"
        return f"{CODE}.{parameters.VERSION} ({self._encoder.version}; {pairs})"

    def judge(self, entry: Entry, story: Story) -> Verdict:
        """Return the verdict on an entry: the same for the same entry, story and models, always."""
        profile = self._profile_of(story)
        reading = self._reader.read(entry)
        copy = copy_of(entry, story)
        values = relevance.features(reading, profile)
        score = relevance.logistic(values, parameters.RELEVANCE)
        score = max(score, copy.score) if copy else score
        same = same_happening(reading, entry.moment, profile, parameters.HAPPENING)
        case = _Case(entry, story, reading, profile, copy, same)
        stages = [_copy_stage(copy), _relevance_stage(values, score)]
        if score < parameters.RELEVANT:
            return _irrelevant(entry, score, stages)
        return self._relevant(case, score, stages)

    def _profile_of(self, story: Story) -> Profile:
        if self._profile is None or self._profile[0] is not story:
            self._profile = (story, profile_of(story, self._reader))
        return self._profile[1]

    def _relevant(self, case: _Case, score: float, stages: list[Stage]) -> Verdict:
        links = linking.link(
            case.reading.lines,
            case.profile.claims,
            self._reader,
            parameters.LINKING,
            parameters.LINKED,
            topic=content_words(case.story.title),
        )
        related = _own_values(self._relations(case, links))
        case = replace(case, moved=any(_moves(one, case) for one in related))
        further = _inherited(case) if case.copy or not links else ()
        further = tuple(link for link in further if link.claim.id not in {one.claim.id for one in links})
        links, related = (*links, *further), (*related, *map(unmoved, self._relations(case, further)))
        told_already = told(case.story, case.known) or (
            not case.moved and known_figures(case.reading, case.profile) is not None
        )
        findings, claims = _findings(case, related, repeats=told_already)
        stages += [_link_stage(links), _happening_stage(case, told_already)]
        known = case.known
        return Verdict(
            entry=case.entry,
            source=source_of(case.entry) if not case.copy else case.copy.of.ref.source,
            relevant=True,
            score=score,
            duplicate_of=case.copy.of.ref.id if case.copy else None,
            happening=known.happening if known else case.entry.id,
            findings=findings,
            claims=claims,
            current={one.link.claim.id: one.current for one in related},
            reason=_reason(case, findings),
            needs_review=any(finding.needs_review for finding in findings),
            stages=tuple(stages),
        )

    def _relations(self, case: _Case, links: Sequence[Link]) -> tuple[Related, ...]:
        pairs = self._classify(links)
        return tuple(
            relate(link, case.story.claims[link.claim.id].current, case.day, pair)
            for link, pair in zip(links, pairs, strict=True)
        )

    def _classify(self, links: Sequence[Link]) -> Sequence[Probabilities | None]:
        if self._pairs is None or not links:
            return [None] * len(links)
        rows = self._pairs.classify([(link.claim.original.text, link.line.text) for link in links])
        return [(float(row[0]), float(row[1]), float(row[2])) for row in rows]


def _moves(one: Related, case: _Case) -> bool:
    """Say whether a line gives a claim another state than the likeliest known report did: then it is no repeat.

    A figure that differs from one told hours ago is another count of the same happening, unless it moves outright; what
    takes a claim back is new unless somebody took it back before.
    """
    if one.difference is None or not one.difference.moves:
        return False
    if _taken_back(one, case):
        return True
    if case.same is None:
        return False
    if one.relation is Relation.DENIES:
        return not case.story.claims[one.link.claim.id].denied_by
    later = case.entry.moment - (case.same.known.moment or case.entry.moment)
    return later > _ONE_COUNT or (one.difference.outright and later >= timedelta(0))


def _taken_back(one: Related, case: _Case) -> bool:
    """Say whether an edit takes a claim's value back: its entry set it and says it no more, and nobody else does."""
    if one.difference is None or one.relation is not Relation.UPDATES or not _is_figure(one.difference):
        return False
    claim = case.story.claims[one.link.claim.id]
    moved = [step.entry for step in claim.steps if step.applied and step.current == claim.current]
    setter, source = (moved[-1].id, moved[-1].source) if moved else (claim.entry, claim.first_source)
    if setter != case.entry.id or claim.sources - {source}:
        return False
    said = (told for line in one.link.lines for told in differences(claim.current, line.text, case.day))
    return not any(told.effect == "supports" and told.field == one.difference.field for told in said)


def _own_values(related: Sequence[Related]) -> tuple[Related, ...]:
    """Take back changes whose new value is another claim's own: "38%" that an offer holds moves no demand."""
    held = {one.difference.new for one in related if one.difference and one.difference.effect == "supports"}
    return tuple(
        unmoved(one) if one.difference and _is_figure(one.difference) and one.difference.new in held else one
        for one in related
    )


def _is_figure(difference: Difference) -> bool:
    return difference.moves and difference.field in ("quantity", "date")


def _inherited(case: _Case) -> tuple[Link, ...]:
    """Return the claims that the report before bore on: a copy bears on all of them, another report on the surest."""
    if (known := case.known) is None:
        return ()
    claims = {claim.id: claim for claim in case.profile.claims}
    score = case.copy.score if case.copy else (case.same.score if case.same else 0.0)
    ids = [claim for claim in dict.fromkeys(claim for claim, _ in known.links) if claim in claims]
    line = case.reading.lines[0]
    return tuple(Link(claims[claim], (line,), score * _INHERITED) for claim in (ids if case.copy else ids[:1]))


def _findings(
    case: _Case, related: Sequence[Related], *, repeats: bool
) -> tuple[tuple[Finding, ...], tuple[Claim, ...]]:
    happening = case.known.happening if case.known else case.entry.id
    quiet = repeats or background(case.reading)
    findings = [_finding(one, happening, case, repeats=repeats and not _moves(one, case)) for one in related]
    if findings and not quiet:
        for at in _loudest(findings):
            findings[at] = replace(findings[at], news=True)
    if findings or quiet or case.foreign:
        return tuple(findings), ()
    if (new := best_new(case.reading)) is None:
        return (), ()
    claim = read_claim(_next_id(case.story), new.text, published=case.day)
    reason = "an important statement that no tracked claim covers"
    finding = Finding(
        claim.id, Relation.NEW, None, None, new.text, 0.5, new.text, reason, news=True, happening=happening
    )
    return (finding,), (claim,)


def _loudest(findings: Sequence[Finding]) -> set[int]:
    """Return which finding is the news of an entry; one that waits for a person keeps no sure one from being told."""
    order = (Relation.DENIES, Relation.UPDATES, Relation.NEW, Relation.CORROBORATES)
    loud = sorted(range(len(findings)), key=lambda at: (order.index(findings[at].relation), -findings[at].score, at))
    return {loud[0], next((at for at in loud if not findings[at].needs_review), loud[0])}


def _finding(one: Related, happening: str, case: _Case, *, repeats: bool) -> Finding:
    relation = Relation.CORROBORATES if repeats and not one.another_value else one.relation
    difference = one.difference
    values = difference if difference and difference.field != "detail" else None
    sentence = difference.sentence if difference else one.link.line.text
    why = f"{one.reason}, its publisher took it back" if _taken_back(one, case) else one.reason
    return Finding(
        claim=one.link.claim.id,
        relation=relation,
        field=values.field if values else None,
        old=values.old if values else None,
        new=values.new if values else None,
        score=round(one.link.score, 6),  # beyond that the same words do not always give the same number
        sentence=sentence,
        reason=f"{why}; '{sentence}'",
        news=False,
        happening=happening,
        needs_review=case.foreign or one.unsure or (repeats and one.another_count),
    )


def _next_id(story: Story) -> str:
    used = [int(claim[1:]) for claim in story.claims if claim[:1] == "N" and claim[1:].isdigit()]
    return f"N{max(used, default=0) + 1:02}"


def _irrelevant(entry: Entry, score: float, stages: list[Stage]) -> Verdict:
    return Verdict(
        entry, source_of(entry), False, score, None, entry.id, (), (), {}, stages[-1].detail, False, tuple(stages)
    )


def _copy_stage(copy: Copy | None) -> Stage:
    if copy is None:
        return Stage("near duplicate", "no copy", "no known entry has its headline or its text")
    return Stage("near duplicate", "copy", f"{copy.reason} as '{copy.of.ref.title}'", {"likeness": copy.score})


def _relevance_stage(values: dict[str, float], score: float) -> Stage:
    moved = relevance.strongest(values, parameters.RELEVANCE, parameters.RELEVANCE_MEANS)[:3]
    belongs = score >= parameters.RELEVANT
    detail = f"{score:.2f} {'reaches' if belongs else 'is under'} {parameters.RELEVANT:.2f}; most: " + ", ".join(
        f"{name} {values[name]:.2f}" for name in moved
    )
    return Stage("relevance", "belongs" if belongs else "does not belong", detail, values)


def _link_stage(links: Sequence[Link]) -> Stage:
    detail = ", ".join(f"{link.claim.id} {link.score:.2f}" for link in links) or "no claim is near enough"
    return Stage("linking", f"{len(links)} claims", detail, {link.claim.id: link.score for link in links})


def _happening_stage(case: _Case, told_already: bool) -> Stage:  # noqa: FBT001 - a stage's outcome
    if case.known is None:
        return Stage("novelty", "new", "no known entry reports this happening")
    outcome = "repeat" if told_already else "not told yet"
    return Stage("novelty", outcome, f"'{case.known.ref.title}' reports this happening already")


def _reason(case: _Case, findings: Sequence[Finding]) -> str:
    if case.copy:
        return f"{case.copy.reason} as '{case.copy.of.ref.title}' ({case.copy.of.ref.source})"
    loudest = next((finding for finding in findings if finding.news), None)
    if loudest:
        return loudest.reason
    return f"tells again what '{case.known.ref.title}' told" if case.known else "background"
