"""A source as its stream tells it, and which of its troubles are worth a message.

A source that comes and goes must not flood its readers, nor leave them believing that it is well when it is not. So the
first `MOST` troubles that begin within a day are told, and an end of trouble only while the next beginning could be
told as well: the last word of a flapping source is that it fails. That it moved, or is gone for good, is always told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.domain.events import Event, Recorded
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRemoved,
    FeedSilent,
)

MOST = 2
"""Troubles of one source that are told of within `DAY`."""
DAY = timedelta(days=1)

Trouble = FeedFailing | FeedSilent | FeedGone
SourceEvent = Trouble | FeedMoved | FeedRecovered
"""What says how a source fares."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source after an event of its stream.

    `trouble` is what is wrong, noticed at `since`; None, and since None, while it is well. `ended` is the trouble that
    the event ended, noticed at `began`. `worth_telling`: whether subscribers are to be told of the event. `told`: when
    each trouble began that was told of within the last day; `hushed`: the present one was not.
    """

    url: str = ""
    name: str | None = None
    story: str | None = None
    trouble: Trouble | None = None
    since: datetime | None = None
    ended: Trouble | None = None
    began: datetime | None = None
    worth_telling: bool = False
    told: tuple[datetime, ...] = ()
    hushed: bool = False

    @property
    def flapping(self) -> bool:
        """Whether so many troubles were told of within a day that no more is told until that is over."""
        return len(self.told) >= MOST

    def after(self, event: Event, at: datetime) -> "Source":
        """Return the source after an event of its stream at a moment."""
        told = tuple(when for when in self.told if at - when < DAY)
        calm = replace(self, told=told, worth_telling=False, ended=None, began=None)
        match event:
            case FeedAdded():
                return replace(_well(calm), url=event.url, name=event.name, story=event.story)
            case FeedRemoved():
                return _well(calm)
            case FeedMoved():
                return replace(calm, url=event.new, worth_telling=True)
            case FeedRecovered():
                worth = self.trouble is not None and not self.hushed and not calm.flapping
                return replace(_well(calm), ended=self.trouble, began=self.since, worth_telling=worth)
            case FeedGone():
                return replace(_troubled(calm, event, at), worth_telling=True, hushed=False)
            case FeedFailing() | FeedSilent():
                return _troubled(calm, event, at)
            case _:
                return calm


def _well(source: Source) -> Source:
    return replace(source, trouble=None, since=None, hushed=False)


def _troubled(source: Source, event: Trouble, at: datetime) -> Source:
    """A trouble that turns into one of another kind is told where the first was, and counts once."""
    if source.trouble is not None:
        worth = not source.hushed and type(event) is not type(source.trouble)
        return replace(source, trouble=event, worth_telling=worth)
    hushed = source.flapping
    told = source.told if hushed else (*source.told, at)
    return replace(source, trouble=event, since=at, worth_telling=not hushed, hushed=hushed, told=told)


def source_of(events: Iterable[Recorded]) -> Source:
    """Return a source as the events of its stream leave it."""
    source = Source()
    for recorded in events:
        source = source.after(recorded.event, recorded.recorded_at)
    return source
