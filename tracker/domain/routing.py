"""Who is to be told: subscriptions and mutes as folded from their stream, and what is worth telling."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

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
    """

    current: Mapping[str, SubscriptionAdded] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    version: int = 0
    mutes: Mapping[str, MuteSet] = field(default_factory=dict)
    former: Mapping[str, tuple[Former, ...]] = field(default_factory=dict)

    def way_at(self, identity: str, at: datetime) -> SubscriptionAdded | None:
        """Return a subscription that is there with the way it went at a moment; None where that was removed since."""
        now = self.current[identity]
        then = next((one for one in self.former.get(identity, ()) if at <= one.until), None)
        if then is None or same_way(then.wish, now):
            return now
        wish = then.wish
        return None if then.ended else replace(now, channel=wish.channel, target=wish.target, secret=wish.secret)

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
    removed, version = set(known.removed), known.version
    for recorded in events:
        version = recorded.version
        match recorded.event:
            case SubscriptionAdded(subscription=identity):
                held = current.get(identity)
                if held and not same_way(held, recorded.event):
                    former[identity] = (*former.get(identity, ()), Former(held, recorded.recorded_at, ended=False))
                current[identity] = recorded.event
                removed.discard(identity)
            case SubscriptionRemoved(subscription=identity):
                if held := current.pop(identity, None):
                    ways = (*former.get(identity, ()), Former(held, recorded.recorded_at, ended=True))
                    former[identity] = tuple(replace(one, ended=True) for one in ways)
                removed.add(identity)
            case MuteSet(mute=identity):
                mutes[identity] = recorded.event
            case MuteLifted(mute=identity):
                mutes.pop(identity, None)
            case _:
                pass
    return Subscriptions(
        MappingProxyType(current), frozenset(removed), version, MappingProxyType(mutes), MappingProxyType(former)
    )


def same_way(one: SubscriptionAdded, other: SubscriptionAdded) -> bool:
    """Tell whether two wishes are served over the same way, to the same address."""
    return (one.channel, one.target) == (other.channel, other.target)


def subscription_id(channel: str, target: str, story: str | None) -> str:
    """Return the id of a subscription: the same channel, target and story are the same subscription."""
    return content_id("s", (channel, target, story or ""))[:14]


_KINDS: Mapping[Relation, DevelopmentKind] = {
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
    return _KINDS[finding.relation]


def kind_of(event: Event) -> DevelopmentKind | None:
    """Return what kind of development an event is, None for one that is none: repeats are told to nobody."""
    finding = finding_of(event)
    return kind_said(event) if finding is None or finding.news else None


def worth_telling(event: Event) -> bool:
    """Tell whether an event is a development."""
    return kind_of(event) is not None
