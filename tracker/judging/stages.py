"""Each stage of a judgement in words."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tracker.domain.events import Finding
from tracker.judging import parameters
from tracker.judging.abroad import Met
from tracker.judging.case import Case
from tracker.judging.contest import Stale
from tracker.judging.gate import listed
from tracker.judging.language import Spoken
from tracker.judging.linking import Link
from tracker.judging.near_duplicate import Copy
from tracker.judging.profile import Profile
from tracker.judging.reading import Worded, likeness
from tracker.judging.verdict import Stage


def copy_stage(copy: Copy | None) -> Stage:
    """Say which known entry an entry copies."""
    if copy is None:
        return Stage("near duplicate", "no copy", "no known entry has its headline or its text")
    return Stage("near duplicate", "copy", f"{copy.reason} as '{copy.of.ref.title}'", {"likeness": copy.score})


def relevance_stage(values: Mapping[str, float], score: float, entry: Worded, story: Profile) -> Stage:
    """Say whether the entry belongs, and what it shares with the story: the rarest words, and the claim most alike."""
    belongs = score >= parameters.RELEVANT
    words = listed(entry, entry.words & story.seed_words)
    shared = f"shares {words} with the story" if words else "shares no word with title and claims"
    detail = f"{score:.2f} {'reaches' if belongs else 'is under'} {parameters.RELEVANT:.2f}; it {shared}"
    return Stage("relevance", "belongs" if belongs else "does not belong", f"{detail}{_alike(entry, story)}", values)


def _alike(entry: Worded, story: Profile) -> str:
    """Name the claim that words of the entry are most like, if any."""
    likest = [(max(likeness(bag, claim.original.words) for bag in entry.bags), claim.id) for claim in story.claims]
    most, claim = max(likest, key=lambda one: one[0], default=(0.0, ""))
    return f"; nearest claim {claim}" if most else ""


def abroad_stage(abroad: Sequence[Met]) -> Stage:
    """Say by which names and words an entry in another language belongs."""
    words = ", ".join(f"'{word}'" for word in dict.fromkeys(word for one in abroad for word in one.words))
    detail = f"in another language, it shares {words} with the story; nearest claim {abroad[0].claim}"
    return Stage("relevance", "belongs", detail, {f"share of {one.claim} met": one.share for one in abroad})


def language_stage(spoken: Spoken, *, foreign: bool) -> Stage:
    """Say in which language the entry is, and how that is known."""
    tail = "; what it says of claims is not read and waits for a person" if foreign else ""
    return Stage("language", spoken.language or "not known", f"{spoken.why}{tail}")


def link_stage(links: Sequence[Link]) -> Stage:
    """Say which claims it bears on."""
    detail = ", ".join(f"{link.claim.id} {link.score:.2f}" for link in links) or "no claim is near enough"
    return Stage("linking", f"{len(links)} claims", detail, {link.claim.id: link.score for link in links})


def happening_stage(case: Case, told_already: bool) -> Stage:  # noqa: FBT001 - a stage's outcome
    """Say whether its happening is known."""
    if case.known is None:
        return Stage("novelty", "new", f"no known entry reports this happening{_nearest(case)}")
    outcome = "repeat" if told_already else "not told yet"
    return Stage("novelty", outcome, f"'{case.known.ref.title}' reports this happening already")


def _nearest(case: Case) -> str:
    if case.same is None or case.same.known.entry is None:
        return ""
    near = f"'{case.same.known.entry.ref.title}' ({case.same.score:.2f}, the same from {parameters.SAME:.2f})"
    return f"; most like it is {near}{', but it gives a claim another state' if case.moved else ''}"


def relation_stage(findings: Sequence[Finding]) -> Stage:
    """Say what it does to each claim, and by which comparison."""
    counts = Counter(str(finding.relation) for finding in findings)
    outcome = ", ".join(f"{count} {relation}" for relation, count in sorted(counts.items())) or "nothing said"
    reasons = (f"{finding.claim}: {finding.reason}" for finding in findings)
    return Stage("relation", outcome, "; ".join(reasons) or "it says nothing of a claim")


def reason(case: Case, findings: Sequence[Finding], stale: Sequence[Stale]) -> str:
    """Return the verdict's reason: that of its news, or why there is none."""
    if case.copy:
        return f"{case.copy.reason} as '{case.copy.of.ref.title}' ({case.copy.of.ref.source})"
    loudest = next((finding for finding in findings if finding.news), None)
    if loudest:
        return loudest.reason
    if stale and not findings:
        return stale[0].reason
    return f"tells again what '{case.known.ref.title}' told" if case.known else "background"
