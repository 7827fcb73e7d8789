"""What is told, put into the lines of a message."""

from collections.abc import Mapping, Sequence

from tracker.domain.claims import Standing
from tracker.domain.subscription_events import DevelopmentKind
from tracker.domain.tracked import TrackedClaim
from tracker.rendering.alert_sheet import Change, Item, Point, Tone, Words
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_view import WORD, Report, Told, headline
from tracker.rendering.edit import edit
from tracker.rendering.phrases import without_quote
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
        points=points(one.told[:MOST]),
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
    """Return an entry among others, under what it brings and its title, as briefly as a list wants it."""
    published = f", published {clock.brief(one.published)}" if one.published else ""
    return Item(
        points=points(one.told),
        whence=f"{_who(one)}{published}, seen {clock.brief(one.seen)}",
        url=one.url,
        title=headline(one.told[0].kind, one.title, one.told[0].sentence or one.entry),
        language=one.language,
    )


def points(told: Sequence[Told]) -> tuple[Point, ...]:
    """Return the developments of an entry; the kind of the first is in its headline, and is said of others."""
    return tuple(_point(one, "" if one.kind == told[0].kind else WORD[one.kind]) for one in told)


def _point(told: Told, word: str) -> Point:
    """Return one development: its claim, what changed, the words it rests on, and why it was judged so."""
    lines = [changed(told), Words(quoted(told.sentence), quote=True) if told.sentence else None]
    why = _why(told)
    lines += [Words(why, "Why") if why else None]
    return Point(word, told.claim_text, tuple(one for one in lines if one), _TONE[told.kind])


def changed(told: Told, label: str = "") -> Words | Change | None:
    """Return what became of a value: what it is now, or that it is confirmed; of an edited text, of its words.

    None where there is no value of which to say so.
    """
    if told.kind == "revised" and (told.old or told.new):
        return Words(edit(told.old, told.new), label or "text")
    if told.kind == "corroborated":
        label = label or f"{told.field or 'value'} confirmed"
        return Words(told.new, label) if told.new and not _is_word(told) else None
    return None if _is_same(told) else Change(told.field, told.old, told.new, label)


def _is_same(told: Told) -> bool:
    """Tell whether no value changed: there is none, both are one, or a claim is denied in its own words."""
    return _is_word(told) or (told.old or "").casefold() == (told.new or "").casefold()


def _is_word(told: Told) -> bool:
    """Tell whether a finding compares no values, but whether something is said or its opposite."""
    return told.field == "polarity"


def _why(told: Told) -> str:
    why = without_quote(told.reason, told.sentence)
    turned = f"{told.field} turned: {told.old} -> {told.new}"
    return why.replace(turned, "it says the opposite") if _is_same(told) else why


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


def _who(one: Report) -> str:
    if one.publisher and one.publisher != one.source:
        return f"{one.source} (in {one.publisher})" if one.source else one.publisher
    return one.source or "unnamed"
