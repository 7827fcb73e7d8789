"""Following the log: everything that is there, and then everything that comes."""

from collections.abc import Callable, Iterator

from tracker.domain.events import Recorded
from tracker.errors import BrokenLog, DatabaseRemoved, DatabaseTooNew, StoreError
from tracker.ports.log import EventLog
from tracker.ports.wakeup import Wakeup

LOOK_SECONDS = 1.0
"""The log is looked at this often, whether or not there is a hint that it has grown."""

_FOR_GOOD = (BrokenLog, DatabaseRemoved, DatabaseTooNew)


def follow(
    log: EventLog,
    wakeup: Wakeup,
    *,
    after: int = 0,
    stream: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
    lost: Callable[[StoreError], None] = lambda _: None,
) -> Iterator[Recorded]:
    """Yield every event after a position, in order and each once, and go on as the log grows.

    Positions have no gaps and follow the order of the commits, so that the last one seen is all there is to remember:
    whoever comes back with it misses nothing. A database that cannot be reached is tried again each second; `lost` is
    told once each time it goes away. `stopping` is asked between two looks. Raises BrokenLog, DatabaseRemoved and
    DatabaseTooNew, which do not pass by themselves.
    """
    away = False
    while not stopping():
        try:
            for recorded in log.read(after=after, stream=stream):
                after, away = recorded.position, False
                yield recorded
            away = False
        except _FOR_GOOD:
            raise
        except StoreError as error:
            if not away:
                lost(error)
            away = True
        wakeup.wait(LOOK_SECONDS)
