"""Events on sources: which are polled, and how they fare."""

from dataclasses import dataclass
from datetime import datetime

from tracker.errors import Trouble


@dataclass(frozen=True, slots=True)
class FeedAdded:
    """A source is polled from now on, for one story or for all (story None)."""

    feed: str
    url: str
    name: str | None
    story: str | None


@dataclass(frozen=True, slots=True)
class FeedRemoved:
    """A source is polled no longer."""

    feed: str


@dataclass(frozen=True, slots=True)
class FeedFailing:
    """A source has failed several times in a row, lastly with `error`, of the kind `trouble`.

    `last_ok_at` is when it was last read well, None where it never was. Events of schema 1 say neither.
    """

    feed: str
    failures: int
    error: str
    trouble: Trouble | None = None
    last_ok_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedRecovered:
    """A source that was failing, gone or silent is well again."""

    feed: str


@dataclass(frozen=True, slots=True)
class FeedGone:
    """A source says that it is gone for good (HTTP 410)."""

    feed: str


@dataclass(frozen=True, slots=True)
class FeedMoved:
    """A source has another address: permanent redirects led there often and long enough."""

    feed: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FeedSilent:
    """A source that answers has brought nothing for much longer than it used to: not since `since`.

    `gap` is the time between its entries so far, in seconds.
    """

    feed: str
    since: datetime
    gap: float


@dataclass(frozen=True, slots=True)
class FeedRekeyed:
    """The entries of a source are told apart by something weaker from now on, since what served so far fails."""

    feed: str
    old: str
    new: str
    reason: str


FeedEvent = FeedAdded | FeedRemoved | FeedFailing | FeedRecovered | FeedGone | FeedMoved | FeedSilent | FeedRekeyed
