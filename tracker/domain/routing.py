"""Who is to be told: subscriptions and mutes as folded from their stream, and what is worth telling."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from tracker.domain.claims import Relation
from tracker.domain.events import ClaimTracked, EntryRemoved, EntryRestored, EntryRevised, Event, Recorded, finding_of
from tracker.domain.ids import content_id
from tracker.domain.subscription_events import (
    DevelopmentKind,
    MuteLifted,
    MuteSet,
    SubscriptionAdded,
    SubscriptionRemoved,
)

What = TypeVar("What")
Turns = Sequence[tuple[int, What | None]]
"""What there was when: from which position on, None from where it ended."""


@dataclass(frozen=True, slots=True)
class Former:
    """A wish as it was until a moment, when another took its place or, if it `ended`, nobody wanted it any more."""

    wish: SubscriptionAdded
    until: datetime
    ended: bool


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Who is told now, by id, in the order they were added. `removed` were told once; `version` is the stream's.

    `mutes` are those that nobody lifted, by id: some of them may have run out, see `tracker.domain.mutes.in_force`.
    `former`: by id, in order, the wishes in whose place came one that goes another way, and those that were removed.
    `wishes` and `muted` hold by id what there was when. `choosy` are those who ever refused outlets or languages; None
    is among them where an outlet was ever muted for everybody.
    """

    current: Mapping[str, SubscriptionAdded] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    version: int = 0
    mutes: Mapping[str, MuteSet] = field(default_factory=dict)
    former: Mapping[str, tuple[Former, ...]] = field(default_factory=dict)
    wishes: Mapping[str, Turns[SubscriptionAdded]] = field(default_factory=dict)
    muted: Mapping[str, Turns[MuteSet]] = field(default_factory=dict)
    choosy: frozenset[str | None] = frozenset()

    def way_at(self, identity: str, at: datetime) -> SubscriptionAdded | None:
        """Return a subscription that is there with the way it went at a moment; None where that was removed since."""
        now = self.current[identity]
        then = next((one for one in self.former.get(identity, ()) if at <= one.until), None)
        if then is None or same_way(then.wish, now):
            return now
        wish = then.wish
        return None if then.ended else replace(now, channel=wish.channel, target=wish.target, secret=wish.secret)

    def wish_at(self, subscription: str, position: int) -> SubscriptionAdded | None:
        """Return the wish of a subscription by which an event at a position was ruled; None where there was none."""
        return _at(self.wishes.get(subscription, ()), position)

    def mutes_at(self, position: int) -> tuple[MuteSet, ...]:
        """Return the mutes that nobody had lifted by an event at a position; see `mutes`."""
        return tuple(one for turns in self.muted.values() if (one := _at(turns, position)))

    def is_choosy(self, subscription: str) -> bool:
        """Tell whether a subscription was ever told only of some outlets or languages."""
        return None in self.choosy or subscription in self.choosy

    def to_story(self, story_id: str) -> tuple[SubscriptionAdded, ...]:
        """Return the subscriptions that follow a story, those to every story among them."""
        return tuple(one for one in self.current.values() if one.story in (None, story_id))

    def to_source(self, story_id: str | None) -> tuple[SubscriptionAdded, ...]:
        """Return those who want to know how a source fares that is polled for a story, or for all (None)."""
        asked = (one for one in self.current.values() if one.sources)
        return tuple(one for one in asked if None in (story_id, one.story) or one.story == story_id)


NOBODY = Subscriptions()
"""Before anybody asked to be told."""


def fold_subscriptions(events: Iterable[Recorded], known: Subscriptions = NOBODY) -> Subscriptions:
    """Return the subscriptions and mutes that the stream `alerts` tells, after what is known of it already."""
    current, mutes, former = dict(known.current), dict(known.mutes), dict(known.former)
    wishes, muted = dict(known.wishes), dict(known.muted)
    removed, choosy, version = set(known.removed), set(known.choosy), known.version
    for recorded in events:
        version, event = recorded.version, recorded.event
        match event:
            case SubscriptionAdded(subscription=identity, only=only):
                if (held := current.get(identity)) and not same_way(held, event):
                    _leave(former, Former(held, recorded.recorded_at, ended=False))
                current[identity] = event
                _turn(wishes, identity, recorded.position, event)
                choosy |= {identity} if only.outlets or only.languages else set()
                removed.discard(identity)
            case SubscriptionRemoved(subscription=identity):
                if held := current.pop(identity, None):
                    _leave(former, Former(held, recorded.recorded_at, ended=True))
                _turn(wishes, identity, recorded.position, None)
                removed.add(identity)
            case MuteSet(mute=identity):
                mutes[identity] = event
                _turn(muted, identity, recorded.position, event)
                choosy |= {event.subscription} if event.what == "outlet" else set()
            case MuteLifted(mute=identity):
                mutes.pop(identity, None)
                _turn(muted, identity, recorded.position, None)
            case _:
                pass
    return Subscriptions(
        MappingProxyType(current),
        frozenset(removed),
        version,
        MappingProxyType(mutes),
        former=MappingProxyType(former),
        wishes=MappingProxyType(wishes),
        muted=MappingProxyType(muted),
        choosy=frozenset(choosy),
    )


def same_way(one: SubscriptionAdded, other: SubscriptionAdded) -> bool:
    """Tell whether two wishes are served over the same way, to the same address."""
    return (one.channel, one.target) == (other.channel, other.target)


def _leave(former: dict[str, tuple[Former, ...]], one: Former) -> None:
    """Note a wish that is no more; where it ended, so did all before it."""
    identity = one.wish.subscription
    ways = (*former.get(identity, ()), one)
    former[identity] = tuple(replace(way, ended=True) for way in ways) if one.ended else ways


def _turn(turns: dict[str, Turns[What]], identity: str, position: int, what: What | None) -> None:
    """Note what holds from a position on."""
    turns[identity] = (*turns.get(identity, ()), (position, what))


def _at(turns: Turns[What], position: int) -> What | None:
    """Return what there was before a position."""
    return next((what for at, what in reversed(turns) if at < position), None)


def subscription_id(channel: str, target: str, story: str | None) -> str:
    """Return the id of a subscription: the same channel, target and story are the same subscription."""
    return content_id("s", (channel, target, story or ""))[:14]


KINDS: Mapping[Relation, DevelopmentKind] = {
    Relation.NEW: "new",
    Relation.UPDATES: "updated",
    Relation.DENIES: "denied",
    Relation.CORROBORATES: "corroborated",
}


def kind_said(event: Event) -> DevelopmentKind | None:
    """Return what kind of development an event could be, whether or not it is news; None where it could be none.

    That is what a person need not look at first: a finding, or that a publisher edited, took away or put back an entry
    on which the story relies.
    """
    match event:
        case EntryRevised():
            return "revised"
        case EntryRemoved():
            return "removed"
        case EntryRestored():
            return "restored"
    finding = finding_of(event)
    if finding is None or finding.needs_review:
        return None
    if isinstance(event, ClaimTracked) and event.origin != "entry":
        return None
    return KINDS[finding.relation]


def kind_of(event: Event) -> DevelopmentKind | None:
    """Return what kind of development an event is, None for one that is none: repeats are told to nobody."""
    finding = finding_of(event)
    return kind_said(event) if finding is None or finding.news else None


def worth_telling(event: Event) -> bool:
    """Tell whether an event is a development."""
    return kind_of(event) is not None
