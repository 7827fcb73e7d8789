"""Erase an entry's words: find what holds them, have it redacted, and remember never to take the entry in again."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.application.retry import retried
from tracker.domain.entry import Entry
from tracker.domain.erasure import Redaction, rests_on
from tracker.domain.events import (
    EntryErased,
    Event,
    Recorded,
    StoryClosed,
    StoryOpened,
    StoryReopened,
    story_stream,
)
from tracker.errors import NotFound, UsageError
from tracker.ports.archive import Archive
from tracker.ports.erasure import Cut, Eraser, Order
from tracker.ports.log import EventLog

_STORY = story_stream("")


@dataclass(frozen=True, slots=True)
class Erased:
    """How many events were redacted in how many stories; both 0 when nothing was left to erase."""

    events: int
    stories: int


@retried
def erase(log: EventLog, archive: Archive, eraser: Eraser, entry: str, *, reason: str, actor: str) -> Erased:
    """Erase an entry's words from log and archive, for a reason that is recorded; return what was redacted.

    Told are the stories that rest on the entry and those that may be judging it. Views follow with the next catching
    up. Erasing again redacts what has come since, which is nothing. Raises NotFound for an entry that neither archive
    nor log knows, UsageError for a reason without words, Conflict when others keep getting in between.
    """
    if not reason.strip():
        raise UsageError("an erasure needs a reason; it is recorded in the log")
    versions = archive.versions(entry)
    look = _Look(entry, set(_words(versions)))
    for recorded in log.read():
        look.at(recorded)
    if not versions and not look.known:
        raise NotFound(f"no entry {entry}; `tracker story entries STORY --json` lists ids")
    awaiting = {story_stream(story) for story in archive.awaiting(entry, look.followed())}
    cuts = tuple(look.cuts(awaiting))
    eraser.erase(Order(entry, " ".join(reason.split()), actor, look.words), cuts)
    return Erased(sum(len(cut.left) for cut in cuts), len(cuts))


@dataclass(slots=True)
class _Stream:
    redaction: Redaction
    version: int = 0
    open: bool = False
    rests: bool = False
    told: bool = False
    left: dict[int, Event] = field(default_factory=dict)


@dataclass(slots=True)
class _Look:
    """Looks through the log once for what an entry's erasure changes; memory holds what changes and no more."""

    entry: str
    words: set[str]
    _streams: dict[str, _Stream] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether the log knows the entry."""
        return any(stream.rests for stream in self._streams.values())

    def at(self, recorded: Recorded) -> None:
        """Look at the next event."""
        if not recorded.stream.startswith(_STORY):
            return
        stream = self._streams.get(recorded.stream)
        if stream is None:
            stream = self._streams[recorded.stream] = _Stream(Redaction(self.entry, self.words))
        event, stream.version = recorded.event, recorded.version
        stream.rests |= rests_on(event, self.entry)
        left = stream.redaction.left(event, recorded.position)
        if left is not None:
            stream.left[recorded.position] = left
        match event:
            case StoryOpened() | StoryReopened():
                stream.open = True
            case StoryClosed():
                stream.open = False
            case EntryErased() if event.entry == self.entry:
                stream.told = True
            case _:
                pass

    def followed(self) -> tuple[str, ...]:
        """Return the ids of the stories that are followed."""
        return tuple(name.removeprefix(_STORY) for name, stream in self._streams.items() if stream.open)

    def cuts(self, awaiting: set[str]) -> Iterator[Cut]:
        """Yield what goes from each stream; nothing of one that was told already and has lost no more."""
        for name, stream in self._streams.items():
            concerned = stream.rests or name in awaiting
            if stream.left or (concerned and not stream.told):
                yield Cut(name, stream.version, stream.left)


def _words(versions: tuple[Entry, ...]) -> Iterator[str]:
    for version in versions:
        yield from (text for text in (version.title, version.summary, version.text, version.url) if text)
