"""Everything the application works with, as ports: handed in by bootstrap, passed down as one value."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.application.shelf import Shelf
from tracker.judging.judge import Judge
from tracker.ports.archive import Archive
from tracker.ports.clock import Clock
from tracker.ports.feeds import FeedQueue, Fetcher, Parser
from tracker.ports.log import EventLog
from tracker.ports.outbox import Outbox
from tracker.ports.views import ViewReader, ViewWriter


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The ports of one worker. `stopping` is asked between steps: True ends the cycle early and loses nothing."""

    clock: Clock
    log: EventLog
    archive: Archive
    feeds: FeedQueue
    writer: ViewWriter
    views: ViewReader
    outbox: Outbox
    fetcher: Fetcher
    parser: Parser
    judge: Judge
    shelf: Shelf
    feed_interval: float
    fetchers: int
    stopping: Callable[[], bool] = lambda: False
