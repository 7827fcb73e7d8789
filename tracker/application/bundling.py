"""What becomes of all that waits for one subscription: which messages are made of it now, and what waits on. Pure.

A group gathers what a story brings; the end of quiet hours brings all that they held back, in one message; a digest is
of a period. The wish decides as it stands now, not as it stood when something began to wait.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tracker.domain.schedule import ALONE, PROMPT, Held, period, quiet_until
from tracker.domain.subscription_events import Timing
from tracker.ports.log import CORRECTION, EVERY_STORY
from tracker.ports.outbox import Bundle, Drop, Hold, Owed, Parcel, Plan

TAKEN_BACK = "taken back before it was told"
NOBODY = "subscription removed"

_BEFORE = timedelta(microseconds=1)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that waits for one subscription, in order of position, and what decides on it. `timing` None: it was removed.

    `needless`: positions of which nobody need be told any more. `elsewhere`: those of corrections that go another way
    than the rest, to whom they correct. `last`: by story, when the last message on it was made. `digests`: the ends of
    the periods that have their digest already.
    """

    timing: Timing | None
    notices: tuple[Owed, ...]
    needless: frozenset[int] = frozenset()
    elsewhere: frozenset[int] = frozenset()
    last: Mapping[str, datetime] = field(default_factory=dict)
    digests: frozenset[datetime] = frozenset()


def decide(waiting: Waiting, now: datetime, upto: int, *, flush: bool = False) -> Plan:
    """Return what becomes of what waits; nothing of it is due any more then. Messages are written as of `upto`.

    `flush`: groups wait no longer.
    """
    timing = waiting.timing
    if timing is None:
        return Plan(drops=(Drop(waiting.notices, NOBODY),))
    needless = tuple(one for one in waiting.notices if one.position in waiting.needless)
    apart = [one for one in waiting.notices if one.position in waiting.elsewhere - waiting.needless]
    told = [one for one in waiting.notices if one.position not in waiting.needless | waiting.elsewhere]
    regular = [one for one in told if timing.every != "immediate" and one.kind not in PROMPT]
    soon = [one for one in told if timing.every == "immediate" or one.kind in PROMPT]
    decided = (
        *_alone(timing, apart, now),
        *_digests(timing, regular, waiting.digests, now),
        *_at_once(timing, soon, waiting.last, now, flush=flush),
    )
    return Plan(
        tuple(_bundle(one, upto) for one in decided if isinstance(one, _Letter)),
        tuple(hold for one in decided if isinstance(one, Hold) for hold in _changed(one)),
        (Drop(needless, TAKEN_BACK),) if needless else (),
    )


@dataclass(frozen=True, slots=True)
class _Letter:
    """Notices for one message."""

    kind: Parcel
    notices: Sequence[Owed]
    period: tuple[datetime, datetime] | None = None


def _digests(
    timing: Timing, notices: Iterable[Owed], made: frozenset[datetime], now: datetime
) -> Iterator[_Letter | Hold]:
    """Yield a digest for each period that is over, unless it is quiet now."""
    night = quiet_until(timing, (), now)
    for span, some in _by(notices, lambda one: _period(timing, one, made)).items():
        until = span[1] if span[1] > now else night
        yield Hold(tuple(some), until, "digest") if until else _Letter("digest", some, span)


def _period(timing: Timing, one: Owed, made: frozenset[datetime]) -> tuple[datetime, datetime]:
    """Return the period of a notice; the next one without a digest where it comes too late for its own.

    Recorded times wait for a clock that was set back: the notice is due by the clock itself, at the end of its period.
    """
    span = period(timing, min(one.created_at, one.due_at - _BEFORE))
    while span[1] in made:
        span = period(timing, span[1])
    return span


def _alone(timing: Timing, notices: Iterable[Owed], now: datetime) -> Iterator[_Letter | Hold]:
    """Yield a message for each notice, unless it is quiet now."""
    for one in notices:
        night = quiet_until(timing, {one.kind}, now)
        yield Hold((one,), night, "quiet") if night else _Letter("alert", [one])


def _at_once(
    timing: Timing, notices: Iterable[Owed], last: Mapping[str, datetime], now: datetime, *, flush: bool
) -> Iterator[_Letter | Hold]:
    """Yield what is told without a digest: of one entry everything, as soon as its most urgent part."""
    awake: list[Owed] = []
    for entry in _by(notices, _entry).values():
        night = quiet_until(timing, {one.kind for one in entry}, now)
        if night:
            yield Hold(tuple(entry), night, "quiet")
        else:
            awake += entry
    yield from (_Letter("alert", [one]) for one in awake if one.kind in PROMPT)
    rest = sorted((one for one in awake if one.kind not in PROMPT), key=lambda one: one.position)
    if any(one.held in {"quiet", "digest"} for one in rest):
        yield _Letter("catch-up", rest)
        return
    yield from (_Letter("alert", [one]) for one in rest if one.kind in ALONE)
    for story, some in _by((one for one in rest if one.kind not in ALONE), lambda one: one.story).items():
        due = _due(timing, some, last.get(story), now)
        yield _Letter("group", some) if flush or due <= now else Hold(tuple(some), due, "group")


def _due(timing: Timing, group: Iterable[Owed], last: datetime | None, now: datetime) -> datetime:
    """Return when a group is told: its first notice has waited, and so has everybody since the last message."""
    waited = min(*(one.due_at for one in group), now + timedelta(seconds=timing.group_wait))
    rested = min(last, now) + timedelta(seconds=timing.group_interval) if last else waited
    return max(waited, rested)


def _bundle(letter: _Letter, upto: int) -> Bundle:
    """Return the message; one that holds a single entry, or a single correction, is a plain alert on it."""
    notices, stories = tuple(letter.notices), {one.story for one in letter.notices}
    single = len({_entry(one) for one in notices}) == 1
    mixed = len(notices) > 1 and any(one.kind == CORRECTION for one in notices)
    plain = letter.kind != "digest" and single and not mixed
    story = stories.pop() if len(stories) == 1 else EVERY_STORY
    return Bundle("alert" if plain else letter.kind, story, notices, upto, letter.period)


def _changed(hold: Hold) -> Iterator[Hold]:
    """Yield what of it does not wait so already."""
    wanted: tuple[datetime, Held] = (hold.until, hold.why)
    notices = tuple(one for one in hold.notices if (one.due_at, one.held) != wanted)
    if notices:
        yield Hold(notices, *wanted)


def _entry(one: Owed) -> tuple[str, str]:
    """Return what a notice is about: an entry, as a story sees it, or else its event alone."""
    return (one.story, one.entry) if one.entry else ("", one.event_id)


def _by(notices: Iterable[Owed], key: Callable[[Owed], K]) -> dict[K, list[Owed]]:
    parts: dict[K, list[Owed]] = defaultdict(list)
    for one in notices:
        parts[key(one)].append(one)
    return parts
