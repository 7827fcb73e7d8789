"""Everything the application works with, as ports: handed in by bootstrap, passed down as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tracker.application.bundle import Bundler
from tracker.application.reach import Reach
from tracker.application.second_opinion import SecondOpinion
from tracker.application.shelf import Shelf
from tracker.judging.judge import Judge
from tracker.ports.archive import Archive
from tracker.ports.clock import Clock
from tracker.ports.feeds import FeedQueue, Fetcher, Parser
from tracker.ports.log import EventLog
from tracker.ports.outbox import Outbox
from tracker.ports.pages import PageBook, PageReader
from tracker.ports.views import ViewReader, ViewWriter


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The ports of one worker. `stopping` is asked between steps: True ends the cycle early and loses nothing.

    Times are in seconds, as the settings of the worker say them. `reach` is what this process has heard of the world.
    """

    clock: Clock
    log: EventLog
    archive: Archive
    feeds: FeedQueue
    pages: PageBook
    writer: ViewWriter
    views: ViewReader
    outbox: Outbox
    fetcher: Fetcher
    parser: Parser
    page_reader: PageReader
    judge: Judge
    shelf: Shelf
    bundler: Bundler
    feed_interval: float
    longest_interval: float
    host_gap: float
    fetch_timeout: float
    fetchers: int
    stopping: Callable[[], bool] = lambda: False
    reach: Reach = field(default_factory=Reach)
    opinion: SecondOpinion | None = None

    def taught(self) -> "Newsroom":
        """Return the room with the judge as reviews have taught it by now."""
        return replace(self, judge=self.judge.calibrated(self.shelf.calibration()))
