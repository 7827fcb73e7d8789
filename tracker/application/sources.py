"""Commands on sources: follow a feed, have it asked in another way, drop it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from tracker.application.near import no_feed, no_story
from tracker.application.retry import retried
from tracker.domain.events import NewEvent, feed_stream, story_stream
from tracker.domain.feed_events import (
    FeedAdded,
    FeedRemoved,
)
from tracker.domain.ids import content_id
from tracker.errors import UsageError
from tracker.ports.feeds import PLAIN, FeedBook, FeedOptions, FeedState
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


def canonical(url: str) -> str:
    """Return an address that `check_address` lets pass as it is kept: each spelling of one address is one source.

    Scheme and host are in lower case, without a port that goes without saying, a fragment or an empty query.
    """
    parts = urlsplit(url)
    usual = {"http": ":80", "https": ":443"}[parts.scheme]
    return parts._replace(netloc=parts.netloc.lower().removesuffix(usual).removesuffix(":"), fragment="").geturl()


def was_removed(log: EventLog, identity: str) -> bool:
    """Tell whether somebody once dropped a source."""
    return any(isinstance(recorded.event, FeedRemoved) for recorded in log.read(stream=feed_stream(identity)))


def check_story(log: EventLog, story: str | None) -> None:
    """Raise NotFound for a story that was never opened; None stands for all stories."""
    if story is not None and not tuple(log.read(stream=story_stream(story), limit=1)):
        raise no_story(log, story)


@retried
def add_feed(
    log: EventLog,
    book: FeedBook,
    *,
    url: str,
    name: str | None,
    story: str | None,
    now: datetime,
    actor: str,
    options: FeedOptions = PLAIN,
) -> tuple[FeedState, bool]:
    """Follow a source, due at once; return it, and whether it is new. Adding it twice changes nothing.

    Raises UsageError for an address that cannot be followed, NotFound for a story that was never opened.
    """
    check_address(url)
    check_story(log, story)
    url = canonical(url)
    held = followed(book.all(), url, story)
    if held is not None:
        return held, False
    identity = feed_id(url, story)
    stream = feed_stream(identity)
    version, told = standing(log, stream)
    if not told:
        log.append(stream, version, (added_event(FeedAdded(identity, url, name, story), version, actor),))
    state = FeedState(identity, url, name, story, added_at=now, due_at=now, options=options)
    book.save(state)
    return state, True


def added_event(event: FeedAdded, version: int, actor: str) -> NewEvent:
    """Return the event that follows the others of a source's stream, of which there are `version`."""
    return NewEvent(content_id("feed", (feed_stream(event.feed), "added", str(version))), event, actor)


def followed(states: Iterable[FeedState], url: str, story: str | None) -> FeedState | None:
    """Return the source of a story (None: of all stories) that is asked at an address, or was before it moved.

    http and https are one: publishers change from one to the other, and both lead to the same feed.
    """
    meant = twins(url)
    ids = _ids(story, url, *meant)
    mine = (state for state in states if state.story == story)
    same = [state for state in mine if state.id in ids or canonical(state.url) in meant]
    return min(same, key=lambda state: (state.id != feed_id(url, story), state.url != url), default=None)


def also_followed(states: Iterable[FeedState], source: FeedState) -> tuple[FeedState, ...]:
    """Return the other sources that are asked at the address of one, for other stories or for all."""
    meant = twins(source.url)
    return tuple(one for one in states if one.story != source.story and canonical(one.url) in meant)


def change_feed(
    book: FeedBook, state: FeedState, *, options: FeedOptions, name: str | None, now: datetime
) -> FeedState | None:
    """Have a source asked in another way, at once, or called something else; None when all is so already.

    Where we are with it, and what it brought, stay; `name` None leaves its name.
    """
    changed = replace(state, options=options, name=name or state.name)
    if changed == state:
        return None
    if options != state.options:
        changed = replace(changed, due_at=now)
    book.configure(changed)
    return changed


@retried
def remove_feed(log: EventLog, book: FeedBook, identity: str, actor: str) -> FeedState:
    """Drop a source by its id or address. Raises NotFound. What it brought stays in the archive and the log."""
    every = book.all()
    state = next((one for one in every if identity in (one.id, one.url)), None) or _at_or_from(every, identity)
    if state is None:
        raise no_feed(every, identity)
    stream = feed_stream(state.id)
    version, told = standing(log, stream)
    if told:
        event = NewEvent(content_id("feed", (stream, "removed", str(version))), FeedRemoved(state.id), actor)
        log.append(stream, version, (event,))
    book.remove(state.id)
    return state


def standing(log: EventLog, stream: str) -> tuple[int, bool]:
    """Return the version of a source's stream, and whether the log says that it is followed.

    The log may say more than the book: a command can be cut off between the two, and is then repeated.
    """
    version, told = 0, False
    for recorded in log.read(stream=stream):
        version = recorded.version
        if isinstance(recorded.event, FeedAdded | FeedRemoved):
            told = isinstance(recorded.event, FeedAdded)
    return version, told


def _at_or_from(states: Iterable[FeedState], address: str) -> FeedState | None:
    """Return the source that is asked at an address as others write it, or was before it moved."""
    try:
        check_address(address)
    except UsageError:
        return None
    url = canonical(address)
    return next((one for one in states if one.url == url or one.id in _ids(one.story, address, url)), None)


def _ids(story: str | None, *urls: str) -> set[str]:
    return {feed_id(url, story) for url in urls}


def twins(url: str) -> tuple[str, ...]:
    """Return an address as it is kept, and its twin of the other scheme; one with a port of its own has none."""
    url = canonical(url)
    scheme, colon, rest = url.partition("://")
    twin = {"http": "https", "https": "http"}.get(scheme)
    return (url,) if twin is None or urlsplit(url).port is not None else (url, f"{twin}{colon}{rest}")
