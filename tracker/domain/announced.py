"""Dates ahead that a story's claims have announced, each followed from then on, wherever it slips to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import zip_longest

from tracker.domain.claims import Claim, Standing, Status
from tracker.domain.events import FindingReviewed, Recorded, claim_of
from tracker.domain.story import claims_along
from tracker.domain.tracked import TrackedClaim
from tracker.domain.when import When

AHEAD = frozenset({Status.PLANNED, Status.ANNOUNCED, Status.UNDER_WAY})


class Fate(StrEnum):
    """What has become of an announced date; OFF: cancelled, denied, withdrawn, or no longer spoken of."""

    AHEAD = "ahead"
    DONE = "done"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Announced:
    """A date that was ahead when a claim named it.

    `claim` and `nth`, from 1, name it for ever, whatever day it is moved to. `sequence` counts how often day or fate
    have changed since, `revised` is when we saw the last of that.
    """

    claim: str
    nth: int
    when: When
    fate: Fate
    sequence: int
    revised: datetime


def announced(events: Iterable[Recorded]) -> tuple[Announced, ...]:
    """Return every date that the claims of a story announced, by claim as first tracked, then as they name them.

    `events` are those of its stream, from the first on. A date stays when its day has passed, and when the claim falls.
    """
    found: dict[str, list[Announced]] = {}
    known: dict[str, tuple[object, ...]] = {}
    for recorded, claims in claims_along(events):
        for claim in _about(recorded, claims):
            id_, says = claim.original.id, _says(claim)
            if known.get(id_) != says:
                known[id_] = says
                found[id_] = list(_told_again(found.get(id_, []), claim, recorded))
    return tuple(one for dates in found.values() for one in dates)


def _about(recorded: Recorded, claims: Mapping[str, TrackedClaim]) -> Iterable[TrackedClaim]:
    """Return the claims that an event may have changed; a review of old names none."""
    named = claim_of(recorded.event)
    if named is None:
        return claims.values() if isinstance(recorded.event, FindingReviewed) else ()
    return (claims[named],) if named in claims else ()


def _says(claim: TrackedClaim) -> tuple[object, ...]:
    """Return what of a claim bears on its dates; words may change without them."""
    now = claim.current
    return now.status, now.polarity, claim.standing is Standing.WITHDRAWN, tuple(map(_days, now.dates))


def _days(when: When) -> tuple[date, date, str]:
    return when.start, when.end, when.bound


def _told_again(before: Sequence[Announced], claim: TrackedClaim, recorded: Recorded) -> Iterator[Announced]:
    fate = _fate(claim)
    named = _named(before, claim.current, recorded)
    for nth, (old, when) in enumerate(zip_longest(before, named if fate is Fate.AHEAD else named[: len(before)]), 1):
        if old is None:
            yield Announced(claim.original.id, nth, when, fate, 0, recorded.recorded_at)
        elif when is None:
            # A claim that falls often names no day any more: what falls is what it had announced.
            yield _moved(old, old.when, fate if fate is Fate.DONE else Fate.OFF, recorded)
        else:
            yield _moved(old, when, fate, recorded)


def _moved(old: Announced, when: When, fate: Fate, recorded: Recorded) -> Announced:
    if (_days(old.when), old.fate) == (_days(when), fate):
        return replace(old, when=when)
    return replace(old, when=when, fate=fate, sequence=old.sequence + 1, revised=recorded.recorded_at)


def _named(before: Sequence[Announced], claim: Claim, recorded: Recorded) -> list[When]:
    """Return the dates that lay ahead when they were said, and those announced before; of what is done, any."""
    said = min(recorded.published_at or recorded.recorded_at, recorded.recorded_at).date()
    held = {_days(one.when) for one in before}
    named = [when for when in claim.dates if when.end >= said or _days(when) in held]
    return list(claim.dates) if not named and claim.status is Status.DONE else named


def _fate(claim: TrackedClaim) -> Fate:
    if claim.standing is Standing.WITHDRAWN or not claim.current.polarity:
        return Fate.OFF
    if claim.current.status is Status.DONE:
        return Fate.DONE
    return Fate.AHEAD if claim.current.status in AHEAD else Fate.OFF
