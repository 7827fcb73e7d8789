"""What can be counted of a claim and a sentence: the evidence out of which their relation is learnt.

Each value is a plain number under a name, the same for the same two texts; `training/train_relation.py` fits what they
are worth. A minimal edit of a sentence shows in them: a figure out of bounds, a day that differs, a name that is not
there, a word in the place of another, a "not" on one side.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import Match, SequenceMatcher
from itertools import pairwise
from math import log

from tracker.domain.cues import denial, hedged, negated, question
from tracker.domain.naming import names
from tracker.domain.when import When, whens
from tracker.domain.words import STOP, bag, fold, opening, stem
from tracker.judging.background import weight
from tracker.judging.figures import Figure, figures
from tracker.judging.predicate import step

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CUES = sorted(
    bag(
        "not no never only first last most all every some many few more less fewer least than before after until since"
        " by over under above below up down both neither without former still will was is may might could would unclear"
        " mostly generally mainly about than both also same best during between"
    )
)
_OPPOSED = [
    frozenset(map(stem, pair.split("/")))
    for pair in bag(
        "positive/negative increase/decrease rise/fall rose/fell win/lose won/lost more/less more/fewer before/after"
        " highest/lowest largest/smallest first/last north/south east/west male/female man/woman son/daughter"
        " brother/sister husband/wife father/mother accept/reject approve/reject alive/dead born/died open/closed"
        " start/end began/ended support/oppose gain/lose success/failure best/worst older/younger early/late"
        " earlier/later buy/sell bought/sold arrive/leave guilty/innocent guilty/acquitted legal/illegal allow/ban"
        " above/below over/under up/down most/least favorable/unfavorable positive/mixed negative/mixed high/low"
        " major/minor majority/minority always/never all/none many/few better/worse higher/lower domestic/international"
        " confirmed/denied confirmed/suspected win/defeat won/defeated public/private true/false agree/refuse"
    )
]
ONE_DENIES = "one denies"
"""Name of the evidence that one of the two says that something is not so, or denies it, and the other does not."""

Tokens = Sequence[tuple[str, str]]
_FAR = 8.0
_MOST = 200
"""Words of a text that are aligned, which costs up to the cube of their number; a sentence of news has some thirty."""
_SWAP, _PUT_IN = 4, 2
"""Words of the sentence that may stand for at most one less of the claim's; words put in between two of the claim's."""
_REFERENCE = date(2020, 1, 1)
"""Where no day of publication is known: days without a year are read against it on both sides alike."""


def evidence(claim: str, sentence: str) -> Mapping[str, float]:
    """Return the evidence of a pair, by name, always the same names in the same order.

    Of a text without an end the opening is counted.
    """
    claim, sentence = opening(claim), opening(sentence)
    said, told = _tokens(claim), _tokens(sentence)
    return {
        **_words(said, told),
        **_places(said, told),
        **_replaced(said, told),
        **_figures(figures(claim), figures(sentence)),
        **_days(whens(claim, _REFERENCE), whens(sentence, _REFERENCE)),
        **_cues(claim, sentence, said, told),
    }


def _tokens(text: str) -> list[tuple[str, str]]:
    """Return the first _MOST words of a text as written, and their stems."""
    return [(word, stem(word.lower().removesuffix("'s"))) for word in _WORD.findall(fold(opening(text)))[:_MOST]]


def _words(said: Tokens, told: Tokens) -> dict[str, float]:
    mine, theirs = {root for _, root in said if root not in STOP}, {root for _, root in told if root not in STOP}
    missing = [weight(root) for root in mine - theirs]
    total, other = sum(map(weight, mine)) or 1.0, sum(map(weight, theirs)) or 1.0
    pairs = set(_pairs(said))
    return {
        "words": len(mine),
        "words told": len(theirs),
        "met": 1 - sum(missing) / total,
        "met of told": sum(weight(root) for root in mine & theirs) / other,
        "missing": len(missing),
        "rarest missing": max(missing, default=0.0),
        "pairs met": len(pairs & set(_pairs(told))) / (len(pairs) or 1),
        "likest of missing": max((_likest(root, theirs) for root in mine - theirs), default=1.0),
        "unlikest of missing": min((_likest(root, theirs) for root in mine - theirs), default=1.0),
    }


def _pairs(words: Tokens) -> Iterable[tuple[str, str]]:
    roots = [root for _, root in words if root not in STOP]
    return pairwise(roots)


def _likest(root: str, others: Iterable[str]) -> float:
    """Return how much of its beginning a word shares with the likest of others: "succession" and "succeed"."""
    return max((_shared(root, other) / max(len(root), len(other)) for other in others), default=0.0)


def _shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _places(said: Tokens, told: Tokens) -> dict[str, float]:
    """Where in the claim the words stand that the sentence lacks: a subject is often named elsewhere, an object not."""
    theirs = {root for _, root in told}
    thirds, named = [0.0] * 3, [0.0] * 3
    for at, (word, root) in enumerate(said):
        if root in STOP or root in theirs:
            continue
        third = 3 * at // len(said)
        thirds[third] += weight(root)
        named[third] += word[0].isupper() and at > 0
    last = next((root for _, root in reversed(said) if root not in STOP), "")
    return {
        **{f"missing in third {n}": value for n, value in enumerate(thirds, 1)},
        **{f"names missing in third {n}": value for n, value in enumerate(named, 1)},
        "names told": sum(word[0].isupper() for word, _ in told[1:]),
        "last met": float(last in theirs),
    }


def _replaced(said: Tokens, told: Tokens) -> dict[str, float]:
    """What stands in the sentence where the claim has other words, between words that both have."""
    blocks = _matching(said, told)
    gaps = _gaps(blocks)
    swapped = _swapped(said, told, gaps)
    other = _for_new(swapped, told)
    return {
        "in order": sum(block.size for block in blocks) / (len(said) or 1),
        "longest run": max((block.size for block in blocks), default=0) / (len(said) or 1),
        "put in": sum(1 for i, j, k, m in gaps if i == j and 0 < m - k <= _PUT_IN and i > 0),
        "left out": sum(1 for i, j, k, m in gaps if k == m and j > i),
        "swapped": len(swapped),
        "swapped for new": len(other),
        "names swapped": sum(one[0][0][0].isupper() and new[0][0][0].isupper() for one, new in other),
        "words swapped": sum(one[0][0][0].islower() and new[0][0][0].islower() for one, new in other),
    }


def exchanged(claim: str, sentence: str) -> Iterable[tuple[str, str]]:
    """Yield words of a claim that the sentence lacks, with those that stand in their place there."""
    said, told = _tokens(claim), _tokens(sentence)
    for one, new in _for_new(_swapped(said, told, _gaps(_matching(said, told))), told):
        yield " ".join(word for word, _ in one), " ".join(word for word, _ in new)


def _matching(said: Tokens, told: Tokens) -> list[Match]:
    mine, theirs = [root for _, root in said], [root for _, root in told]
    return SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()


def _gaps(blocks: Sequence[Match]) -> list[tuple[int, int, int, int]]:
    return [(a.a + a.size, b.a, a.b + a.size, b.b) for a, b in pairwise(blocks)]


def _swapped(said: Tokens, told: Tokens, gaps: Iterable[tuple[int, int, int, int]]) -> list[tuple[Tokens, Tokens]]:
    return [
        (said[i:j], told[k:m])
        for i, j, k, m in gaps
        if 0 < j - i < _SWAP and 0 < m - k <= _SWAP and i > 0 and j < len(said)
    ]


def _for_new(swapped: Iterable[tuple[Tokens, Tokens]], told: Tokens) -> list[tuple[Tokens, Tokens]]:
    theirs = {root for _, root in told}
    return [(one, new) for one, new in swapped if not {root for _, root in one} & theirs]


def _figures(said: Sequence[Figure], told: Sequence[Figure]) -> dict[str, float]:
    mine = [one for one in said if one.kind != "year"]
    theirs = [one for one in told if one.kind != "year"]
    aligned = [_aligned(one, theirs) for one in mine]
    closest = [nearest(one, theirs) for one in mine]
    years, others = {one.value for one in said if one.kind == "year"}, {one.value for one in told if one.kind == "year"}
    return {
        "figures": len(mine),
        "figures told": len(theirs),
        "open above": sum(one.bound > 0 for one in mine),
        "open below": sum(one.bound < 0 for one in mine),
        "open told": sum(bool(one.bound) for one in theirs),
        "equal": sum(any(one.value == other.value for other in theirs) for one in mine),
        "alone": sum(found is None for found in aligned),
        **_held("aligned", mine, aligned),
        **_held("nearest", mine, closest),
        "least alignment": min((_likeness(*both) for both in _both(mine, aligned)), default=-1.0),
        "most alignment": max((_likeness(*both) for both in _both(mine, aligned)), default=-1.0),
        "years": len(years),
        "years missing": len(years - others),
        "years told": len(others),
    }


def _both(mine: Sequence[Figure], found: Sequence[Figure | None]) -> list[tuple[Figure, Figure]]:
    return [(one, other) for one, other in zip(mine, found, strict=True) if other is not None]


def _held(name: str, mine: Sequence[Figure], found: Sequence[Figure | None]) -> dict[str, float]:
    both = _both(mine, found)
    broken = [_apart(*pair) for pair in both if not pair[0].holds(pair[1])]
    kept = [_apart(*pair) for pair in both if pair[0].holds(pair[1])]
    return {
        f"{name} held": len(kept),
        f"{name} broken": len(broken),
        f"{name} at the bound": sum(one.strict and one.value == other.value for one, other in both),
        f"{name} broken by": min(broken, default=-1.0),
        f"{name} broken at most by": max(broken, default=-1.0),
        f"{name} held within": max(kept, default=-1.0),
        f"{name} of a kind": sum(one.kind == other.kind for one, other in both),
        f"{name} of a noun": sum(bool(one.noun) and one.noun == other.noun for one, other in both),
    }


def _aligned(one: Figure, others: Sequence[Figure]) -> Figure | None:
    return max(others, key=lambda other: (_likeness(one, other), -_apart(one, other)), default=None)


def nearest(one: Figure, others: Sequence[Figure]) -> Figure | None:
    """Return the figure least apart, one of the same kind before all others."""
    return min(others, key=lambda other: (one.kind != other.kind, _apart(one, other)), default=None)


def _likeness(one: Figure, other: Figure) -> float:
    shared = sum(map(weight, one.near & other.near)) / (sum(map(weight, one.near)) or 1.0)
    noun = bool(one.noun) and (one.noun == other.noun or one.noun in other.near)
    return shared + noun + (one.kind == other.kind) - (_apart(one, other) > 1)


def _apart(one: Figure, other: Figure) -> float:
    """Return how far two figures lie apart, as the size of the logarithm of their ratio, at most _FAR."""
    a, b = abs(one.value), abs(other.value)
    if a == b:
        return 0.0
    return min(_FAR, abs(log(a / b))) if a and b else _FAR


def _days(said: Sequence[When], told: Sequence[When]) -> dict[str, float]:
    gaps = [min((_gap(one, other) for other in told), default=-1.0) for one in said]
    return {
        "days": len(said),
        "days told": len(told),
        "days met": sum(gap == 0 for gap in gaps),
        "days apart": max(gaps, default=-1.0),
        "open days": sum(one.bound in ("by", "not before") for one in said),
    }


def _gap(one: When, other: When) -> float:
    """Return the logarithm of the days between two spans, 0 where they meet."""
    first, last = (date.min if one.bound == "by" else one.start), (date.max if one.bound == "not before" else one.end)
    apart = max((other.start - last).days, (first - other.end).days, 0)
    return log(1 + apart)


def _cues(claim: str, sentence: str, said: Tokens, told: Tokens) -> dict[str, float]:
    mine, theirs = {root for _, root in said}, {root for _, root in told}
    lower, other = {word.lower() for word, _ in said}, {word.lower() for word, _ in told}
    deed = step(claim, sentence)
    turned = deed is not None and deed.turned
    return {
        ONE_DENIES: float(turned or _denies(claim) != _denies(sentence)),
        "turned": float(turned),
        "same deed": float(deed is not None and not turned),
        "advanced": float(deed is not None and deed.advanced),
        "negated": float(negated(claim)),
        "negated told": float(negated(sentence)),
        "denied": float(denial(claim)),
        "denied told": float(denial(sentence)),
        "hedged": float(hedged(claim)),
        "hedged told": float(hedged(sentence)),
        "question": float(question(sentence)),
        "opposed": sum(_opposed(pair, mine, theirs) for pair in _OPPOSED),
        "names missing": len(names(claim) - names(sentence)),
        **{f"says {cue}": float(cue in lower) for cue in _CUES},
        **{f"told {cue}": float(cue in other) for cue in _CUES},
    }


def _denies(text: str) -> bool:
    return negated(text) or denial(text)


def _opposed(pair: frozenset[str], mine: set[str], theirs: set[str]) -> bool:
    one, other = pair & mine, pair & theirs
    return len(one) == len(other) == 1 and one != other
