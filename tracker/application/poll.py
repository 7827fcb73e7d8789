"""Poll: due sources -> bytes -> entries in the archive, and the cursor for the next time.

The cursor is saved after the archive holds the entries: a crash in between reads the feed again and changes nothing.
One bad source never stops the others: what goes wrong is a value of its `Polled`. A database that refuses one source's
document may do so because of the document; one that refuses to note even that is down, and ends the round.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from tracker.application.newsroom import Newsroom
from tracker.application.retry import retried
from tracker.domain.entry import Entry
from tracker.domain.events import Event, FeedFailing, FeedGone, FeedRecovered, NewEvent, feed_stream
from tracker.domain.ids import content_id
from tracker.errors import FeedError, FetchError, StoreError
from tracker.ports.feeds import Document, FeedState, Fetched
from tracker.rendering.plain import line

FAILING_AFTER = 3
"""Failures in a row before a source is called failing: one blip is not news."""
LONGEST_PAUSE = timedelta(days=1)
GONE_PAUSE = timedelta(days=7)
PATIENCE = 0.2
"""Seconds after which `poll` says that nothing has come yet, so that its caller can do other things meanwhile."""
NOT_MODIFIED = 304
GONE = 410


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of one source brought. `error` in words when it failed."""

    feed: FeedState
    outcome: Literal["new", "unchanged", "failed"]
    entries: int = 0
    fresh: int = 0
    error: str | None = None


def poll(room: Newsroom, limit: int = 100, *, now: bool = False) -> Iterator[Polled | None]:
    """Poll every due source once, at most `limit`, and record what came; yields each as soon as it is recorded.

    `now`: somebody asks for a poll at this moment, of every source, due or not.

    Yields None whenever nothing has come for `PATIENCE`, so that a slow source holds back nobody.
    """
    sources = tuple(room.feeds.all()) if now else room.feeds.due(room.clock(), limit)
    for fetched in _fetch_all(room, sources):
        yield _settle(room, *fetched) if fetched else None


def poll_feed(room: Newsroom, feed_id: str) -> Polled | None:
    """Poll one source and record what came; None when it is not due (any more) or was removed.

    Two at once of one source keep every entry once; the cursor is then that of the later one.
    """
    state = room.feeds.state(feed_id)
    if state is None or state.due_at > room.clock():
        return None
    return _settle(room, state, _fetch(room, state))


def _fetch_all(room: Newsroom, due: tuple[FeedState, ...]) -> Iterator[tuple[FeedState, Fetched | FeedError] | None]:
    if not due:
        return
    pool = ThreadPoolExecutor(max_workers=room.fetchers, thread_name_prefix="fetch")
    try:
        running = {pool.submit(_fetch, room, state): state for state in due}
        while running:
            done, _ = wait(running, PATIENCE, FIRST_COMPLETED)
            if not done:
                yield None
            for one in done:
                yield running.pop(one), one.result()
    finally:
        # Whoever leaves early, for trouble or at a signal, does not wait for what is slow.
        pool.shutdown(wait=False, cancel_futures=True)


def _fetch(room: Newsroom, state: FeedState) -> Fetched | FeedError:
    try:
        return room.fetcher.fetch(state.url, etag=state.etag, last_modified=state.last_modified, options=state.options)
    except FeedError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a fault at one source must not stop the others
        return _fault(error)


def _fault(error: Exception) -> FeedError:
    return FeedError(f"cannot be taken: {error!r}")


def _settle(room: Newsroom, state: FeedState, outcome: Fetched | FeedError) -> Polled:
    if room.stopping():
        return Polled(state, "failed", error="stopping")
    if isinstance(outcome, FeedError):
        return _failed(room, state, outcome)
    try:
        return _take(room, state, outcome)
    except (FeedError, StoreError) as error:
        return _failed(room, state, error)
    except Exception as error:  # noqa: BLE001 - a fault over one document must not stop the others
        return _failed(room, state, _fault(error))


def _take(room: Newsroom, state: FeedState, outcome: Fetched) -> Polled:
    digest = hashlib.sha256(outcome.body).hexdigest()
    if outcome.status == NOT_MODIFIED or digest == state.body_hash:
        _succeeded(room, state, outcome, state.body_hash)
        return Polled(state, "unchanged")
    now = room.clock()
    document = room.parser.parse(outcome, feed=state.id, name=state.name, seen=now, criterion=state.criterion)
    fresh = _keep(room, state, document, now)
    _succeeded(room, state, outcome, digest)
    return Polled(state, "new" if fresh else "unchanged", len(document.entries), fresh)


def _keep(room: Newsroom, state: FeedState, document: Document, now: datetime) -> int:
    baseline = [not state.imported and is_old(entry, state.added_at) for entry in document.entries]
    return room.archive.keep(state.id, document.entries, baseline=baseline, seen=now)


def is_old(entry: Entry, added_at: datetime) -> bool:
    """Tell whether an entry of a first import was there before anybody asked for the feed."""
    return entry.published is None or entry.published <= added_at


def _succeeded(room: Newsroom, state: FeedState, answer: Fetched, digest: str | None) -> None:
    now = room.clock()
    if state.failures >= FAILING_AFTER or state.gone:
        _record(room, state, FeedRecovered(state.id))
    not_modified = answer.status == NOT_MODIFIED
    room.feeds.save(
        replace(
            state,
            etag=answer.headers.get("etag", state.etag if not_modified else None),
            last_modified=answer.headers.get("last-modified", state.last_modified if not_modified else None),
            body_hash=digest,
            imported=True,
            failures=0,
            gone=False,
            last_ok_at=now,
            last_error=None,
            due_at=now + timedelta(seconds=room.feed_interval),
        )
    )


def _failed(room: Newsroom, state: FeedState, error: FeedError | StoreError) -> Polled:
    """Note the failure, which is how a database that is down shows: raises StoreError, and no cursor has moved."""
    now, failures = room.clock(), state.failures + 1
    reason = line(str(error), 500)
    gone = isinstance(error, FetchError) and error.status == GONE
    if gone and not state.gone:
        _record(room, state, FeedGone(state.id))
    elif failures == FAILING_AFTER:
        _record(room, state, FeedFailing(state.id, failures, reason))
    asked = error.retry_after if isinstance(error, FetchError) else None
    pause = GONE_PAUSE if gone else pause_after(failures, room.feed_interval, asked)
    room.feeds.save(replace(state, failures=failures, gone=gone or state.gone, last_error=reason, due_at=now + pause))
    return Polled(state, "failed", error=reason)


def pause_after(failures: int, interval: float, retry_after: float | None) -> timedelta:
    """Return how long a failing source is left alone: doubling from its interval, a day at the most, never for ever."""
    seconds = interval * 2 ** min(failures - 1, 16)
    return min(timedelta(seconds=max(seconds, retry_after or 0.0)), LONGEST_PAUSE)


@retried
def _record(room: Newsroom, state: FeedState, event: Event) -> None:
    stream = feed_stream(state.id)
    told = tuple(room.log.read(stream=stream))
    if told and isinstance(told[-1].event, type(event)):
        return  # somebody who polled the same source at the same time was first
    version = told[-1].version if told else 0
    name = content_id("feed", (stream, type(event).__name__, str(version)))
    room.log.append(stream, version, (NewEvent(name, event, "worker"),))
