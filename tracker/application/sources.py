"""Commands on sources: follow a feed, drop it."""

from datetime import datetime
from urllib.parse import urlsplit

from tracker.application.retry import retried
from tracker.domain.events import FeedAdded, FeedRemoved, NewEvent, feed_stream, story_stream
from tracker.domain.ids import content_id
from tracker.errors import NotFound, UsageError
from tracker.ports.feeds import FeedBook, FeedState
from tracker.ports.log import EventLog


def feed_id(url: str, story: str | None) -> str:
    """Return the id of a source: one address followed for one story, or for all."""
    return content_id("f", (url, story or ""))[:14]


def check_address(url: str) -> None:
    """Raise UsageError, with the reason, for an address at which no feed can be followed."""
    shown = ascii(url)[:200]
    if " " in url or not url.isprintable():
        raise UsageError(f"{shown} is no address of a feed: it holds blanks or control characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{shown} is no address of a feed: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{shown} is no http or https address")
    if "@" in parts.netloc:
        raise UsageError("the address of a feed holds no user name and no password: the log keeps it in plain words")
    if port == 0:
        raise UsageError(f"{shown} is no address of a feed: there is no port 0")


def was_removed(log: EventLog, identity: str) -> bool:
    """Tell whether somebody once dropped a source."""
    return any(isinstance(recorded.event, FeedRemoved) for recorded in log.read(stream=feed_stream(identity)))


@retried
def add_feed(
    log: EventLog, book: FeedBook, *, url: str, name: str | None, story: str | None, now: datetime, actor: str
) -> tuple[FeedState, bool]:
    """Follow a source, due at once; return it, and whether it is new. Adding it twice changes nothing.

    Raises UsageError for an address that cannot be followed, NotFound for a story that was never opened.
    """
    check_address(url)
    if story is not None and not tuple(log.read(stream=story_stream(story), limit=1)):
        raise NotFound(f"no story {story}; `tracker story list` shows them")
    identity = feed_id(url, story)
    held = next((state for state in book.all() if state.id == identity), None)
    if held is not None:
        return held, False
    stream = feed_stream(identity)
    version, followed = _standing(log, stream)
    if not followed:
        event = FeedAdded(identity, url, name, story)
        log.append(stream, version, (NewEvent(content_id("feed", (stream, "added", str(version))), event, actor),))
    state = FeedState(identity, url, name, story, added_at=now, due_at=now)
    book.save(state)
    return state, True


@retried
def remove_feed(log: EventLog, book: FeedBook, identity: str, actor: str) -> FeedState:
    """Drop a source by its id or address. Raises NotFound. What it brought stays in the archive and the log."""
    state = next((state for state in book.all() if identity in (state.id, state.url)), None)
    if state is None:
        raise NotFound(f"no feed {identity}; `tracker feed list` shows them")
    stream = feed_stream(state.id)
    version, followed = _standing(log, stream)
    if followed:
        event = NewEvent(content_id("feed", (stream, "removed", str(version))), FeedRemoved(state.id), actor)
        log.append(stream, version, (event,))
    book.remove(state.id)
    return state


def _standing(log: EventLog, stream: str) -> tuple[int, bool]:
    """Return the version of a source's stream, and whether the log says that it is followed.

    The log may say more than the book: a command can be cut off between the two, and is then repeated.
    """
    version, followed = 0, False
    for recorded in log.read(stream=stream):
        version = recorded.version
        if isinstance(recorded.event, FeedAdded | FeedRemoved):
            followed = isinstance(recorded.event, FeedAdded)
    return version, followed
