"""Pages: what stands behind the entries of the feeds that ask for it, read for its text, and again while it is young.

An entry is judged on what its feed says at once, and once more with its text when that has come: a version of its own.
The page of each new entry is read once; those that a story relies on are looked at again, often while they are young.
What is no article (a wall, another page, a torso) is no version and no news; its page is tried again later.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Event
from typing import Literal

from tracker.application.newsroom import Newsroom
from tracker.application.visit import Visits, try_again
from tracker.domain.entry import Entry
from tracker.domain.recheck import is_torso, recheck_in
from tracker.errors import Denied, FetchError, HostBusy, NoArticle, TrackerError
from tracker.ports.feeds import FeedOptions, FeedState
from tracker.ports.pages import Page, PageRead
from tracker.rendering.plain import line

YOUNG = timedelta(days=1)
"""Age up to which an entry counts as new: later its page is not read for the first time."""
HOSTS = 200
"""Hosts asked in a round; those left are the longest due in the next."""
BATCH = 10
"""Pages of one host in a round, so that its feeds get their turn as well."""
HOLD = timedelta(minutes=3)
"""After so long a worker that has claimed a host counts as dead."""
LONGEST_REST = 5.0
"""Seconds that a worker waits for a host; where the gap is longer its next page waits for the next round."""
_PAUSE = timedelta(minutes=15)
"""How long a host is left alone that asks for less and does not say how much less."""
_WALLED = frozenset((HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN, 451))
_MISSING = frozenset((HTTPStatus.NOT_FOUND, HTTPStatus.GONE))

Outcome = Literal["new", "unchanged", "wall", "denied", "gone", "failed", "waiting", "dropped"]
"""What came of a reading; "waiting": a redirect led to a host that may not be asked now, "dropped": its feed asks for
pages no more."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at one page brought. `error` in words when it was no article."""

    page: Page
    outcome: Outcome
    error: str | None = None


def due_hosts(room: Newsroom) -> tuple[str, ...]:
    """Bring the list of pages up to date; return the hosts of those that are due."""
    now = room.clock()
    room.pages.queue(now, now - YOUNG)
    room.pages.retire(now, now - YOUNG, room.shelf.followed())
    return room.pages.hosts(now, HOSTS)


def read_pages(room: Newsroom) -> Iterator[Looked]:
    """Read the pages that are due, many hosts at a time; yields what came as each host is done with."""
    hosts = due_hosts(room)
    if not hosts:
        return
    pool = ThreadPoolExecutor(max_workers=room.fetchers, thread_name_prefix="page")
    try:
        for done in as_completed([pool.submit(read_host, room, host) for host in hosts]):
            yield from done.result()
    finally:
        # Whoever leaves early, for trouble or at a signal, does not wait for what is slow.
        pool.shutdown(wait=False, cancel_futures=True)


def read_host(room: Newsroom, host: str) -> tuple[Looked, ...]:
    """Read what is due of one host, page after page with its gap between, as long as nobody else asks it."""
    looked: list[Looked] = []
    while len(looked) < BATCH and not room.stopping():
        now = room.clock()
        if not room.feeds.claim_hosts([host], now, now + HOLD):
            break
        visits, rests = Visits(room, host, HOLD), dict[str, float]()
        try:
            page = room.pages.next(host, now)
            if page is None:
                break
            found, rests = _look(room, page, visits)
            looked.append(found)
        finally:
            now = room.clock()
            room.feeds.free_hosts({name: now + timedelta(seconds=rests.get(name, 0.0)) for name in visits.hosts})
        if rests.get(host, 0.0) > LONGEST_REST:
            break
        Event().wait(rests.get(host, 0.0))
    return tuple(looked)


def _look(room: Newsroom, page: Page, visits: Visits) -> tuple[Looked, dict[str, float]]:
    """Look at a page and record what came; return that, and for how many seconds each host is left alone."""
    source, entry = room.feeds.state(page.feed), room.archive.entry(page.entry)
    if source is None or not source.options.article or entry is None:
        return _record(room, replace(page, due_at=None), "dropped"), {}
    options = options_for(page, source)
    try:
        looked, rest = _take(room, page, entry, room.page_reader.read(page, options, visits)), 0.0
    except Exception as error:  # noqa: BLE001 - a fault over one page must not stop the others
        if room.stopping():
            return Looked(page, "failed", "stopping"), {}
        looked, rest = _refused(room, page, entry, error), _rest(error)
    rests = dict.fromkeys(visits.hosts, room.host_gap)
    rests[page.host] = max(room.host_gap, room.page_reader.gap(page, options))
    answering = visits.hosts[-1]
    return looked, rests | {answering: max(rest, rests[answering])}


def options_for(page: Page, source: FeedState) -> FeedOptions:
    """Return how the page is asked for: what may be secret goes to the host of the feed alone."""
    told = source.options
    return told if page.host == source.host else FeedOptions(user_agent=told.user_agent, proxy=told.proxy)


def _take(room: Newsroom, page: Page, entry: Entry, read: PageRead) -> Looked:
    """Keep what a page says as a version of its entry. Raises NoArticle for a torso."""
    length, now = page.length, room.clock()
    if read.text is not None:
        before = len(entry.text) if length is None else length
        length = len(read.text)
        if is_torso(before, read.text):
            raise NoArticle(f"only {length} of {before} characters are left of it")
        version = replace(entry, text=read.text, seen=now, language=entry.language or read.language)
        baseline = page.baseline and page.read_at is None
        room.archive.keep(page.feed, [version], baseline=[baseline], seen=now, page=True)
    as_read = replace(
        page,
        state="read",
        url=read.url,
        due_at=_due(page, now, 0),
        read_at=now,
        etag=read.etag,
        last_modified=read.last_modified,
        body_hash=read.body_hash,
        length=length,
        failures=0,
        last_error=None,
    )
    return _record(room, as_read, "unchanged" if read.text is None else "new")


def _refused(room: Newsroom, page: Page, entry: Entry, error: Exception) -> Looked:
    """Record that a page gave no article. Raises StoreError when the database refuses even that."""
    if isinstance(error, HostBusy):
        return _record(room, replace(page, due_at=try_again(room, page.entry, error)), "waiting", str(error))
    status = error.status if isinstance(error, FetchError) else None
    if status in _MISSING and entry.url and entry.url != page.url:
        # Where a redirect once led there is nothing any more; the feed's own address may lead on.
        return _failed(
            room, replace(page, url=entry.url, etag=None, last_modified=None, body_hash=None), "failed", error
        )
    if status is not None and _is_gone(page, status):
        room.archive.page_gone(page.entry, room.clock(), status)
        # Should it come back it is to be read anew.
        gone = replace(page, state="gone", etag=None, last_modified=None, body_hash=None)
        return _failed(room, gone, "gone", error)
    state = _state(error)
    return _failed(room, replace(page, state=state or page.state), state or "failed", error)


def _is_gone(page: Page, status: int) -> bool:
    """Tell whether a page was taken away: it was there once, and it says so, or is missing for the second time."""
    return page.read_at is not None and (status == HTTPStatus.GONE or (status in _MISSING and page.failures > 0))


def _state(error: Exception) -> Literal["wall", "denied"] | None:
    match error:
        case Denied():
            return "denied"
        case NoArticle():
            return "wall"
        case FetchError(trouble=trouble, status=status) if trouble == "wall" or status in _WALLED:
            return "wall"
        case _:
            return None


def _failed(room: Newsroom, page: Page, outcome: Outcome, error: Exception) -> Looked:
    now, failures = room.clock(), page.failures + 1
    reason = line(str(error) if isinstance(error, TrackerError) else f"cannot be taken: {error!r}", 500)
    due_at = _due(page, now, failures)
    asked = error.retry_after if isinstance(error, FetchError) else None
    if due_at and asked:
        due_at = max(due_at, now + timedelta(seconds=asked))
    return _record(room, replace(page, failures=failures, last_error=reason, due_at=due_at), outcome, reason)


def _rest(error: Exception) -> float:
    """Return the seconds for which a host asks to be left alone."""
    if not isinstance(error, FetchError):
        return 0.0
    return error.retry_after or (_PAUSE.total_seconds() if error.trouble == "rate limited" else 0.0)


def _due(page: Page, now: datetime, failures: int) -> datetime | None:
    pause = recheck_in(now - page.first_at, failures)
    return None if pause is None else now + pause


def _record(room: Newsroom, page: Page, outcome: Outcome, error: str | None = None) -> Looked:
    room.pages.save(page)
    return Looked(page, outcome, error)
