"""Claims of an article: the statements worth tracking, and what was left out and why."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.boilerplate import is_heading, page_matter, without_dateline
from tracker.domain.claims import Claim, Evidence, Status
from tracker.domain.clauses import clauses, speaks
from tracker.domain.cues import attribution, negated
from tracker.domain.cues import status as status_of
from tracker.domain.quantity import Quantity
from tracker.domain.quantity import quantities as quantities_of
from tracker.domain.sourcing import is_pronoun, source_of
from tracker.domain.text import Sentence, content_words, sentences
from tracker.domain.when import When, whens
from tracker.domain.worth import worth

MOST = 25
_SAME = 0.8
_OUTSIDE = "an outside view"
_THEME, _RECURS = 12, 3
_LONG_TITLE, _LONG_LINE = 22, 200  # words, characters
_LINKS = re.compile(
    r"^(?:(?:But|And|Yet|Still)\s+|(?:Furthermore|Moreover|Meanwhile|Separately|However|In addition|Also),\s+)"
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that is not tracked, where it stands, and why in words."""

    sentence: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read out of an article."""

    title: str | None
    claims: tuple[Claim, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: Sentence
    weight: float
    reason: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class _Voice:
    """Whose words an article gives: the last speaker named, whether an outside view, and whether still speaking."""

    who: str | None = None
    outside: bool = False
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class _Gist:
    words: frozenset[str]
    figures: frozenset[tuple[float | None, float | None, str]]


def read_claim(
    id: str,  # noqa: A002  the name is the contract
    text: str,
    *,
    attributed_to: str | None = None,
    published: date | None = None,
    evidence: Evidence | None = None,
    status: Status | None = None,
    quantities: tuple[Quantity, ...] | None = None,
    dates: tuple[When, ...] | None = None,
) -> Claim:
    """Return the claim that a text makes; what is not given is read out of the text."""
    said = whens(text, published) if dates is None else dates
    return Claim(
        id=id,
        text=text,
        attributed_to=attributed_to or attribution(text),
        status=status or _status(text, said, published),
        quantities=quantities_of(text) if quantities is None else quantities,
        dates=said,
        polarity=not negated(text),
        evidence=evidence,
    )


def _status(text: str, dates: tuple[When, ...], published: date | None) -> Status:
    """Return a text's status; "meet on 8 December" read in November is a plan, whatever tense a headline is in."""
    found = status_of(text)
    to_come = published is not None and bool(dates) and all(when.start > published for when in dates)
    return Status.PLANNED if to_come and found is Status.DONE else found


def extract(document: str, text: str, published: date | None) -> Extraction:
    """Return the statements of an article that are worth tracking, in document order, and the rest with the reason.

    `document` names the article in the evidence. At most MOST claims are kept, the weightiest; their ids are C01, C02,
    ... in document order. A sentence that plainly joins several statements gives several claims with one evidence.
    """
    title, found = _candidates(text, published)
    kept = _weightiest([candidate for candidate in found if not candidate.reason])
    claims: list[Claim] = []
    left: list[LeftOut] = []
    for candidate in found:
        reason = candidate.reason or ("" if candidate in kept else f"less to check in it than in the {MOST} tracked")
        if reason:
            left.append(LeftOut(candidate.sentence.text, candidate.sentence.start, candidate.sentence.end, reason))
        else:
            claims += _claims(document, candidate, published, len(claims))
    return Extraction(title, tuple(claims[:MOST]), tuple(left))


def _candidates(text: str, published: date | None) -> tuple[str | None, list[_Candidate]]:
    title, theme = _title(text), _theme(text)
    found: list[_Candidate] = []
    voice = _Voice()
    told: list[_Gist] = []
    for sentence in sentences(text):
        candidate = _weigh(text, sentence, published, title, theme)
        voice = _heard(voice, candidate)
        candidate = _without_echo(_placed(candidate, voice), told)
        if not candidate.reason:
            told.append(_gist(sentence.text))
        found.append(candidate)
    return title, found


def _heard(voice: _Voice, candidate: _Candidate) -> _Voice:
    """Return who speaks in a sentence: a pronoun goes on with the speaker before, and with an outside view."""
    source = source_of(candidate.sentence.text)
    if source is None:
        return replace(voice, speaks=False)
    if is_pronoun(source.who):
        return replace(voice, speaks=True, outside=voice.outside or _OUTSIDE in candidate.reason)
    return _Voice(source.who, _OUTSIDE in candidate.reason, speaks=True)


def _placed(candidate: _Candidate, voice: _Voice) -> _Candidate:
    if not voice.speaks:
        return candidate
    outside = f"{_OUTSIDE} (the speaker of the sentence before)" if voice.outside else ""
    return replace(candidate, speaker=voice.who, reason=candidate.reason or outside)


def _without_echo(candidate: _Candidate, told: list[_Gist]) -> _Candidate:
    if candidate.reason:
        return candidate
    gist = _gist(candidate.sentence.text)
    echo = any(_repeats(earlier, gist) for earlier in told)
    return replace(candidate, reason="says again what an earlier sentence says") if echo else candidate


def _title(text: str) -> str | None:
    """Return the first line when it is a heading over an article."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if (
        len(lines) > 1
        and len(lines[0].split()) <= _LONG_TITLE
        and not re.search(r"[.;,]$", lines[0])
        and not page_matter(lines[0])
    ):
        return lines[0]
    return None


def _theme(text: str) -> frozenset[str]:
    """Return the stems that come up in most sentences of an article, of those in three at least."""
    counts = Counter(stem for sentence in sentences(text) for stem in content_words(sentence.text))
    return frozenset(
        stem
        for stem, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_THEME]
        if count >= _RECURS
    )


def _weigh(
    text: str, sentence: Sentence, published: date | None, title: str | None, theme: frozenset[str]
) -> _Candidate:
    line = _line(text, sentence)
    reason = (
        page_matter(sentence.text) or (line != sentence.text and len(line) < _LONG_LINE and page_matter(line)) or ""
    )
    if not reason and sentence.text == title:
        reason = "the title"
    if not reason and line == sentence.text and is_heading(line):
        reason = "a heading"
    if reason:
        return _Candidate(sentence, 0.0, reason, None)
    found = worth(without_dateline(sentence.text), published, theme)
    return _Candidate(sentence, found.weight, found.reason, None)


def _line(text: str, sentence: Sentence) -> str:
    start = max(text.rfind("\n", 0, sentence.start), text.rfind("\r", 0, sentence.start)) + 1
    stop = min(
        (at for at in (text.find("\n", sentence.end), text.find("\r", sentence.end)) if at >= 0), default=len(text)
    )
    return text[start:stop].strip()


def _weightiest(candidates: list[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda each: (-each.weight, each.sentence.start))[:MOST]


def _gist(text: str) -> _Gist:
    figures = {(quantity.low, quantity.high, quantity.unit) for quantity in quantities_of(text)}
    return _Gist(content_words(text), frozenset(figures))


def _repeats(earlier: _Gist, later: _Gist) -> bool:
    shared = len(earlier.words & later.words)
    return bool(later.words) and shared >= _SAME * len(later.words) and later.figures <= earlier.figures


def _claims(document: str, candidate: _Candidate, published: date | None, before: int) -> list[Claim]:
    sentence = candidate.sentence
    evidence = Evidence(document, sentence.start, sentence.end, sentence.text)
    return [
        read_claim(
            f"C{before + at:02}",
            piece,
            attributed_to=_own(piece) or candidate.speaker,
            published=published,
            evidence=evidence,
        )
        for at, piece in enumerate(clauses(_told(without_dateline(sentence.text))), start=1)
    ]


def _own(piece: str) -> str | None:
    """Return the speaker that a statement itself opens with, who counts before the one of the whole sentence."""
    source = source_of(piece)
    return source.who if source and source.verb and not is_pronoun(source.who) else None


def _told(sentence: str) -> str:
    """Return a sentence without "But" before it and, where it is no quotation, without a source named behind it."""
    sentence = _LINKS.sub("", sentence)
    sentence = sentence[:1].upper() + sentence[1:]
    source = source_of(sentence)
    if not source or source.start == 0 or source.verb or speaks(sentence):
        return sentence
    rest = f"{sentence[: source.start].rstrip(' ,')} {sentence[source.end :].lstrip(' ')}".strip()
    rest = re.sub(r"\s+([.,;])", r"\1", rest)
    return rest if rest.endswith((".", "!", "?")) else f"{rest.rstrip(',;')}."
