"""Claims of an article: the statements worth tracking, and what was left out and why."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.claims import Claim, Evidence, Status
from tracker.domain.cues import attribution as attribution_of
from tracker.domain.cues import denial, negated
from tracker.domain.cues import status as status_of
from tracker.domain.quantity import Quantity
from tracker.domain.quantity import quantities as quantities_of
from tracker.domain.text import sentences
from tracker.domain.when import When, whens


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


def read_claim(
    id: str,
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
    return Claim(
        id=id,
        text=text,
        attributed_to=attributed_to or attribution_of(text),
        status=status or status_of(text),
        quantities=quantities_of(text) if quantities is None else quantities,
        dates=whens(text, published) if dates is None else dates,
        polarity=not (negated(text) or denial(text)),
        evidence=evidence,
    )


def extract(document: str, text: str, published: date | None) -> Extraction:
    """Return the statements of an article that are worth tracking, in document order."""
    claims = tuple(
        read_claim(f"C{at:02}", sentence.text, published=published, evidence=Evidence(document, sentence.start, sentence.end, sentence.text))
        for at, sentence in enumerate(sentences(text), 1)
    )
    return Extraction(None, claims, ())
