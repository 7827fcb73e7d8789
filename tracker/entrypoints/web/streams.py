"""Readers who wait for what comes: one look at the database a second for all of them, and a thread for none."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tracker.errors import TrackerError

MOST = 200
"""Streams at a time."""
BEAT = 15.0
"""Seconds after which a stream that has nothing to tell says that it is still there."""
EVERY = 1.0
"""Seconds between two looks."""

Place = tuple[str, int]
"""A story, and the position of the log since which things are new."""


class News(NamedTuple):
    """What is to be told at a place, as JSON, and the position of the log up to which it was looked at."""

    head: int
    data: str


Look = Callable[[Mapping[str, frozenset[int]]], Mapping[Place, News]]
"""Given the positions that are waited at, by story, returns what is to be told of each."""


class _Reader:
    """One who waits; `news` is what they know already, or are about to be told."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.news = News(0, "")
        self.changed = asyncio.Event()


class Streams:
    """Everybody who waits. All of it runs in the loop of the server, except `look`, which has a thread for its time."""

    def __init__(self, look: Look, *, every: float = EVERY, beat: float = BEAT) -> None:
        self._look, self._every, self._beat = look, every, beat
        self._readers: set[_Reader] = set()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def follow(self, place: Place) -> StreamingResponse:
        """Return an answer that goes on until its reader leaves, or all are sent home.

        Raises HTTPException where too many wait already.
        """
        if self._closed or len(self._readers) >= MOST:
            words = "Too many readers wait for what is new; reload the page to see it."
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, words, {"Retry-After": "60"})
        reader = _Reader(place)
        self._readers.add(reader)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep_looking())
        return _Stream(self._told(reader), lambda: self._readers.discard(reader))

    def close(self) -> None:
        """Send everybody home."""
        self._closed = True
        for reader in self._readers:
            reader.changed.set()

    async def _told(self, reader: _Reader) -> AsyncIterator[str]:
        yield "retry: 5000\n\n"
        while not self._closed:
            try:
                await asyncio.wait_for(reader.changed.wait(), self._beat)
            except TimeoutError:
                yield ":\n\n"
                continue
            reader.changed.clear()
            if not self._closed:
                yield f"event: new\nid: {reader.news.head}\ndata: {reader.news.data}\n\n"

    async def _keep_looking(self) -> None:
        while self._readers and not self._closed:
            with suppress(TrackerError):  # what the database does not tell now it tells later
                waited = _by_story(reader.place for reader in self._readers)
                self._tell(await run_in_threadpool(self._look, waited))
            await asyncio.sleep(self._every)

    def _tell(self, told: Mapping[Place, News]) -> None:
        for reader in self._readers:
            news = told.get(reader.place, reader.news)
            if news.data != reader.news.data:
                reader.news = news
                reader.changed.set()


class _Stream(StreamingResponse):
    """Server-sent events; `left` is called when they have ended, however that came."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str], left: Callable[[], Any]) -> None:
        # What lies between must pass each event on at once, and may keep none.
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._left = left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._left()


def _by_story(places: Iterable[Place]) -> Mapping[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for story, after in places:
        found[story].add(after)
    return {story: frozenset(positions) for story, positions in found.items()}
