"""Events to JSON and back, under stable names with schema numbers."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    FindingReviewed,
    StoryClosed,
    StoryOpened,
    StoryRenamed,
    StoryReopened,
)
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedRemoved,
    FeedSilent,
)
from tracker.domain.judge_events import JudgeCalibrated, JudgeReset
from tracker.domain.subscription_events import (
    EndpointDisabled,
    EndpointFailing,
    EndpointRecovered,
    MuteLifted,
    MuteSet,
    SubscriptionAdded,
    SubscriptionRemoved,
)
from tracker.errors import BrokenLog, DatabaseTooNew, StoreError

E = TypeVar("E")
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Brings an event's data from one schema to the next."""

# Names are stored for ever: a class may be renamed, its name here may not.
TYPES: Mapping[type[Event], tuple[str, int]] = {
    StoryOpened: ("story.opened", 1),
    StoryClosed: ("story.closed", 1),
    StoryReopened: ("story.reopened", 1),
    StoryRenamed: ("story.renamed", 1),
    ClaimTracked: ("claim.tracked", 3),
    EntryLinked: ("entry.linked", 1),
    ClaimCorroborated: ("claim.corroborated", 2),
    ClaimUpdated: ("claim.updated", 2),
    ClaimDenied: ("claim.denied", 2),
    ClaimWithdrawn: ("claim.withdrawn", 1),
    EntryRevised: ("entry.revised", 1),
    EntryRemoved: ("entry.removed", 1),
    EntryRestored: ("entry.restored", 1),
    EntryErased: ("entry.erased", 1),
    FindingReviewed: ("finding.reviewed", 2),
    FeedAdded: ("feed.added", 1),
    FeedRemoved: ("feed.removed", 1),
    FeedFailing: ("feed.failing", 2),
    FeedRecovered: ("feed.recovered", 1),
    FeedGone: ("feed.gone", 1),
    FeedMoved: ("feed.moved", 1),
    FeedSilent: ("feed.silent", 1),
    FeedRekeyed: ("feed.rekeyed", 1),
    SubscriptionAdded: ("subscription.added", 3),
    SubscriptionRemoved: ("subscription.removed", 1),
    MuteSet: ("mute.set", 1),
    MuteLifted: ("mute.lifted", 1),
    EndpointFailing: ("endpoint.failing", 1),
    EndpointDisabled: ("endpoint.disabled", 1),
    EndpointRecovered: ("endpoint.recovered", 1),
    JudgeCalibrated: ("judge.calibrated", 1),
    JudgeReset: ("judge.reset", 1),
}

# What subscriptions were before they could be told apart by what is wanted, and when.
_ALL_AT_ONCE: Mapping[str, Any] = {
    "person": None,
    "endpoints": False,
    "only": {"kinds": [], "standing": "reported", "claims": [], "languages": [], "outlets": []},
    "timing": {
        "every": "immediate", "at": "08:00", "day": 0, "zone": "UTC", "quiet": None, "urgent": [], "group_wait": 0.0,
        "group_interval": 0.0,
    },
}  # fmt: skip


def _without_opinion(data: dict[str, Any]) -> dict[str, Any]:
    """Bring up a finding of the time before a second opinion was asked for, and a doubt was told in words."""
    return {**data, "finding": data["finding"] and {**data["finding"], "opinion": None, "doubt": None}}


# (name, schema) -> what makes schema + 1 of it. Every schema below the present one must be here.
UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    ("claim.tracked", 1): lambda data: {**data, "source": None},
    ("claim.tracked", 2): _without_opinion,
    ("claim.corroborated", 1): _without_opinion,
    ("claim.updated", 1): _without_opinion,
    ("claim.denied", 1): _without_opinion,
    ("finding.reviewed", 1): lambda data: {**data, "claim": ""},
    ("feed.failing", 1): lambda data: {**data, "trouble": None, "last_ok_at": None},
    ("subscription.added", 1): lambda data: {**data, "sources": False},
    ("subscription.added", 2): lambda data: {**data, **_ALL_AT_ONCE},
}

_encoder = msgspec.json.Encoder(order="sorted")


def canonical(value: Any) -> str:
    """Return JSON with sorted keys, no blanks and nothing escaped that need not be.

    Raises StoreError for half a character (a lone surrogate), which no database can keep.
    """
    try:
        return _encoder.encode(value).decode()
    except UnicodeEncodeError as error:
        raise StoreError(f"a text that holds half a character cannot be stored: {error.object!a:.60}") from error


class Codec(Generic[E]):
    """Maps classes to (name, schema) and back. Raises ValueError when a chain of upcasters has a gap or a stray."""

    def __init__(self, types: Mapping[type[E], tuple[str, int]], upcasters: Mapping[tuple[str, int], Upcaster]) -> None:
        wanted = {(name, old) for name, schema in types.values() for old in range(1, schema)}
        if wanted != set(upcasters):
            raise ValueError(f"upcasters missing or stray: {sorted(wanted ^ set(upcasters))}")
        self._names = dict(types)
        self._upcasters = dict(upcasters)
        self._schemas = dict(types.values())
        self._decoders = {name: msgspec.json.Decoder(kind) for kind, (name, _) in types.items()}
        self._present = {(name, schema): self._decoders[name] for name, schema in types.values()}

    def encode(self, event: E) -> tuple[str, int, str]:
        """Return name, schema and canonical JSON.

        Raises StoreError for an event that would not be read back as it is: a NaN, a list in place of a tuple.
        """
        name, schema = self._names[type(event)]
        text = canonical(event)
        try:
            faithful = self._decoders[name].decode(text) == event
        except msgspec.ValidationError as error:
            raise StoreError(f"an event {name} cannot be recorded: {error}") from error
        if not faithful:
            raise StoreError(f"an event {name} cannot be recorded: it would be read back as something else")
        return name, schema, text

    def decode(self, name: str, schema: int, text: str) -> E:
        """Return the event. Raises DatabaseTooNew for an unknown name or schema, BrokenLog for unfit JSON."""
        present = self._present.get((name, schema))
        try:
            return present.decode(text) if present else self._brought_up(name, schema, text)
        except msgspec.DecodeError as error:
            raise BrokenLog(f"an event {name} cannot be read: {error}") from error

    def _brought_up(self, name: str, schema: int, text: str) -> E:
        if not 1 <= schema < self._schemas.get(name, 0):
            raise DatabaseTooNew(f"an event {name} of schema {schema} was written by a later version of tracker")
        data = msgspec.json.decode(text, type=dict)
        for old in range(schema, self._schemas[name]):
            data = self._upcasters[name, old](data)
        return msgspec.convert(data, self._decoders[name].type)


_codec: Codec[Event] = Codec(TYPES, UPCASTERS)


def encode(event: Event) -> tuple[str, int, str]:
    """Return an event's stable name, its schema and its canonical JSON. Raises StoreError, see `Codec.encode`."""
    return _codec.encode(event)


def decode(type_name: str, schema: int, json_text: str) -> Event:
    """Return the event, brought to its present schema. Raises DatabaseTooNew and BrokenLog, see `Codec.decode`."""
    return _codec.decode(type_name, schema, json_text)
