"""What can be counted of a headline and a body without a model: shared words, and cues of denial, doubt and report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tracker.domain.cues import attribution, denial, hedged, negated, question
from tracker.domain.words import STOP, fold, stem
from tracker.judging.background import weight

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CUES = {
    "false": r"fak(?:e|es|ed)|hoax\w*|false\w*|untrue|bogus|debunk\w*|not true|no truth|isn't true|made[- ]up|"
    r"fabricat\w*|prank\w*|satir\w*|den(?:y|ies|ied|ying|ial)|refut\w*|dismiss\w*|retract\w*|incorrect\w*|mislead\w*|"
    r"photoshop\w*|myth\w*|reject\w*|disput\w*|wrong\w*|inaccura\w*|baseless|nonsense|unfounded|fiction\w*|"
    r"contradict\w*",
    "doubt": r"doubt\w*|s[kc]eptic\w*|unverified|not (?:been )?(?:confirm\w*|verif\w*)|no evidence|no proof|"
    r"unconfirmed|unclear|dubious|suspicio\w*|rumou?r\w*|speculat\w*|question\w*|conflicting|uncertain\w*|unable to|"
    r"yet to|cannot be|could not be|whether|no (?:official )?(?:word|confirmation)|too good",
    "hedge": r"reported(?:ly)?|alleged(?:ly)?|apparent(?:ly)?|may|might|could|possib\w*|appear\w*|seem\w*|purported\w*|"
    r"suppos\w*|suggest\w*|believed|thought to|likely|if true|potential\w*",
    "report": r"claim\w*|according to|says?|said|reports?|told|sources?|tells|state[sd]|posted|tweeted|wrote|writes",
    "confirm": r"confirm\w*|official\w*|announc\w*|verif\w*|admit\w*|reveal\w*|prove[nsd]?|authentic\w*|real|indeed|"
    r"actually|genuine|true",
    "turn": r"but|however|despite|although|though|actually|in fact|instead|yet|later|updat\w*|correct\w*|turns? out",
    "negation": r"not|no|never|\w+n't|cannot|nobody|none|nothing|neither|nor|without|fail\w*",
    "question": r"\?",
    "quoted": r"[\"“”‘]",
}
_PATTERNS = {
    name: re.compile(words if name in {"question", "quoted"} else rf"\b(?:{words})\b", re.IGNORECASE)
    for name, words in _CUES.items()
}
root_of = cache(stem)
CUES = tuple(_PATTERNS)
_LONGEST = 6  # words of a run that a body is asked for
_FAR = 30  # words


class Words(NamedTuple):
    """A text's stems in their order, those that carry meaning, its names and its figures."""

    stems: tuple[str, ...]
    content: frozenset[str]
    names: frozenset[str]
    figures: frozenset[str]


@cache
def words(text: str) -> Words:
    """The words of a text."""
    found = _WORD.findall(fold(text))
    stems = tuple(root_of(word.lower().removesuffix("'s")) for word in found)
    pairs = list(zip(found, stems, strict=True))
    return Words(
        stems,
        frozenset(root for root in stems if root not in STOP),
        frozenset(root for word, root in pairs[1:] if word[0].isupper() and root not in STOP),
        frozenset(root for word, root in pairs if word[0].isdigit()),
    )


@cache
def cues(text: str) -> tuple[int, ...]:
    """How often each of CUES stands in a text."""
    folded = fold(text)
    return tuple(len(pattern.findall(folded)) for pattern in _PATTERNS.values())


@cache
def said(text: str) -> tuple[float, ...]:
    """What the judge's own cues say of a sentence: negated, denied, hedged, asked, in somebody else's words."""
    return tuple(float(bool(cue(text))) for cue in (negated, denial, hedged, question, attribution))


def _runs(stems: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(stems[at:] for at in range(size)), strict=False))


@cache
def runs(text: str) -> tuple[frozenset[tuple[str, ...]], ...]:
    """All runs of two to _LONGEST stems."""
    return tuple(_runs(words(text).stems, size) for size in range(2, _LONGEST + 1))


def _share(of: frozenset[str], held: frozenset[str]) -> float:
    """Which share of words is held, the rarer ones counting more; -1 of no words."""
    total = sum(map(weight, of))
    return sum(map(weight, of & held)) / total if total else -1.0


def overlap(headline: str, body: str, sentences: Sequence[str]) -> Mapping[str, float]:
    """How much of a headline's words, names, figures and runs of words a body has, and where."""
    mine, theirs = words(headline), words(body)
    lead = words(" ".join(sentences[:3]))
    shares = [_share(mine.content, words(each).content) for each in sentences]
    missing = mine.content - theirs.content
    met = [len(one & other) / max(len(one), 1) for one, other in zip(runs(headline), runs(body), strict=True)]
    return {
        "met": _share(mine.content, theirs.content),
        "met in lead": _share(mine.content, lead.content),
        "met in a sentence": max(shares),
        "sentence that meets": shares.index(max(shares)) / len(shares),
        "sentences that meet half": sum(share > 0.5 for share in shares) / len(shares),
        "names met": _share(mine.names, theirs.content),
        "figures met": _share(mine.figures, theirs.figures),
        "rarest missing": max(map(weight, missing), default=0.0),
        "missing": len(missing),
        **{f"runs of {size} met": share for size, share in enumerate(met, 2)},
        "headline words": len(mine.stems),
        "body words": len(theirs.stems),
        "sentences": len(sentences),
    }


def nearest_cue(headline: str, sentences: Sequence[str], pattern: str) -> float:
    """Words between a cue and the nearest word of the headline in the same sentence, at the least; _FAR where none."""
    mine, least = words(headline).content, _FAR
    for sentence in sentences:
        folded = fold(sentence)
        cue_at = [len(_WORD.findall(folded[: match.start()])) for match in _PATTERNS[pattern].finditer(folded)]
        if cue_at:
            shared_at = [at for at, root in enumerate(words(sentence).stems) if root in mine]
            least = min([least, *(abs(cue - at) for cue in cue_at for at in shared_at if cue != at)])
    return float(least)


@cache
def masked(text: str, headline: str) -> str:
    """A text in which words of the headline, names and figures are no longer told apart: its manner, not its matter."""
    mine = words(headline).content if headline else frozenset()
    found = []
    for at, word in enumerate(re.findall(r"[^\W_]+(?:'[^\W_]+)?|[?!\"]", fold(text))):
        if root_of(word.lower().removesuffix("'s")) in mine:
            found.append("SHARED")
        elif word[0].isdigit():
            found.append("FIGURE")
        elif at and word[0].isupper() and word.lower() not in STOP:
            found.append("NAME")
        else:
            found.append(word.lower())
    return " ".join(found)
