"""What is said of each claim, and which of it is the news of the entry."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.domain.claims import Claim, Relation
from tracker.domain.events import Finding
from tracker.domain.extraction import read_claim
from tracker.domain.story import Story
from tracker.domain.words import content_words
from tracker.judging.case import Case
from tracker.judging.contest import Stale
from tracker.judging.doubts import doubt_of
from tracker.judging.elsewhere import elsewhere, of_another_place
from tracker.judging.moved import moves, taken_back
from tracker.judging.novelty import background, best_new
from tracker.judging.relation import Related


def findings(
    case: Case, related: Sequence[Related], stale: Sequence[Stale], *, repeats: bool
) -> tuple[tuple[Finding, ...], tuple[Claim, ...]]:
    """Return what an entry says of each claim that it bears on, or the claim that it founds where it bears on none."""
    happening = case.known.happening if case.known else case.entry.id
    quiet = repeats or background(case.reading)
    found = [_finding(one, happening, case, repeats=repeats and not moves(one, case)) for one in related]
    if not case.foreign:  # what no language is known of waits, whatever was learnt of the others
        found = [_without_doubt(case.calibration.settled(finding)) for finding in found]
    if found and not quiet:
        for at in loudest(found):
            found[at] = replace(found[at], news=True)
    if quiet or stale or case.foreign or any(covers(one, case) for one in related):
        return tuple(found), ()
    if (new := best_new(case.reading, case.day)) is None:
        return tuple(found), ()
    claim = read_claim(_next_id(case.story), new.text, published=case.day)
    reason, doubt = "an important statement that no tracked claim covers", elsewhere(case.story.title, [new.text], case)
    finding = Finding(
        claim.id, Relation.NEW, None, None, new.text, 0.5, new.text, reason,
        news=True, happening=happening, needs_review=doubt is not None, doubt=doubt,
    )  # fmt: skip
    return (*found, finding), (claim,)


def covers(one: Related, case: Case) -> bool:
    """Say whether a claim holds what a line says: a value was compared, or they share more than the story's topic.

    "The owner of the ferry is charged" shares the ferry with "40 people were killed when the ferry sank", and none of
    the claim's own words: it bears on the claim, and says something that no claim covers. What is told of another place
    waits as what it says of the claim.
    """
    if of_another_place(one, case):
        return True
    if one.difference is not None and (one.difference.moves or one.difference.field in ("quantity", "date")):
        return True
    own = one.link.claim.original.words - content_words(case.story.title)
    return any(own & line.words for line in case.reading.lines)


def loudest(findings: Sequence[Finding]) -> set[int]:
    """Return which finding is the news of an entry; one that waits for a person keeps no sure one from being told."""
    order = (Relation.DENIES, Relation.UPDATES, Relation.NEW, Relation.CORROBORATES)
    loud = sorted(range(len(findings)), key=lambda at: (order.index(findings[at].relation), -findings[at].score, at))
    return {loud[0], next((at for at in loud if not findings[at].needs_review), loud[0])}


def _finding(one: Related, happening: str, case: Case, *, repeats: bool) -> Finding:
    relation = Relation.CORROBORATES if repeats and not one.another_value else one.relation
    difference = one.difference
    values = difference if difference and difference.field != "detail" else None
    sentence = difference.sentence if difference else one.link.line.text
    doubt = doubt_of(one, case, repeats=repeats)
    why = f"{one.reason}, its publisher took it back" if taken_back(one, case) else one.reason
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
        needs_review=doubt is not None,
        doubt=doubt,
    )


def _without_doubt(finding: Finding) -> Finding:
    """Return a finding that waits no more, as reviews have taught, without what was doubted of it."""
    return finding if finding.needs_review else replace(finding, doubt=None)


def _next_id(story: Story) -> str:
    used = [int(claim[1:]) for claim in story.claims if claim[:1] == "N" and claim[1:].isdigit()]
    return f"N{max(used, default=0) + 1:02}"
