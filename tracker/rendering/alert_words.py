"""What is told, put into the lines of a message."""

from collections.abc import Mapping, Sequence

from tracker.domain.claims import Standing
from tracker.domain.subscription_events import DevelopmentKind
from tracker.domain.tracked import TrackedClaim
from tracker.rendering.alert_sheet import Change, Item, Point, Tone, Words
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_view import WORD, Report, Told
from tracker.rendering.edit import edit
from tracker.rendering.plain import line, quoted, source_name

MOST = 40
"""Developments that one mail tells in full."""

_TONE: Mapping[DevelopmentKind, Tone] = {
    "denied": "doubted",
    "removed": "doubted",
    "restored": "settled",
    "updated": "changed",
    "new": "new",
    "revised": "changed",
    "corroborated": "settled",
}
_NAMES = 4


def item(one: Report, clock: Clockface) -> Item:
    """Return the one entry that a message is on: the headline of the message names it."""
    return Item(
        points=tuple(map(point, one.told[:MOST])),
        whence=source_line(one, clock),
        url=one.url,
        name=one.title or one.url or "",
        language=one.language,
    )


def source_line(one: Report, clock: Clockface) -> str:
    """Return who says so and when, and when it was seen."""
    published = f"published {clock.moment(one.published)}" if one.published else "no time of publication given"
    return f"Source: {_who(one)}, {published}, seen {clock.moment(one.seen)}"


def titled_item(one: Report, clock: Clockface) -> Item:
    """Return an entry among others, under its own title, as briefly as a list wants it."""
    published = f", published {clock.brief(one.published)}" if one.published else ""
    return Item(
        points=tuple(map(point, one.told)),
        whence=f"{_who(one)}{published}, seen {clock.brief(one.seen)}",
        url=one.url,
        title=one.title or line(one.told[0].sentence, 160) or one.entry,
        language=one.language,
    )


def point(told: Told) -> Point:
    """Return one development: its kind and claim, what changed, the words it rests on, and why it was judged so."""
    lines = [changed(told) if told.old or told.new else None]
    lines += [Words(quoted(told.sentence), quote=True) if told.sentence else None]
    why = _without_quote(told.reason, told.sentence)
    lines += [Words(why, "Why") if why else None]
    return Point(WORD[told.kind], told.claim_text, tuple(one for one in lines if one), _TONE[told.kind])


def changed(told: Told, label: str = "") -> Words | Change:
    """Return what became of a value; of an edited text, what became of its words."""
    if told.kind == "revised":
        return Words(edit(told.old, told.new), label or "text")
    return Change(told.field, told.old, told.new, label)


def stands(claim: TrackedClaim) -> str:
    """Return who stands behind a claim, in words."""
    if claim.standing is Standing.WITHDRAWN:
        return "no longer followed"
    said = names(claim.sources)
    if claim.standing is Standing.DISPUTED:
        return f"said by {said}; denied by {names(claim.denied_by)}"
    return f"one source: {said}" if len(claim.sources) == 1 else f"{len(claim.sources)} independent sources: {said}"


def names(sources: Sequence[str] | frozenset[str]) -> str:
    """Return names of sources in alphabetical order, the first few of them."""
    shown = sorted({line(source_name(one), 120) or "unnamed" for one in sources})
    rest = [f"{len(shown) - _NAMES} more"] if len(shown) > _NAMES else []
    return ", ".join([*shown[:_NAMES], *rest])


def _without_quote(reason: str, sentence: str) -> str:
    """Return a reason without the sentence at its end: that stands above it already."""
    quote = f"; '{sentence}'"
    if sentence and reason.endswith(quote):
        return reason.removesuffix(quote)
    start, mark, rest = reason.partition("; '")  # one that was cut short
    return start if mark and rest.endswith("…") and sentence.startswith(rest[:-1]) else reason


def _who(one: Report) -> str:
    if one.publisher and one.publisher != one.source:
        return f"{one.source} (in {one.publisher})" if one.source else one.publisher
    return one.source or "unnamed"
