"""Following the log through everything that a database does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from tests.adapters.sql.made import Clock, renamed
from tests.adapters.sql.writers import processes, write_and_collide
from tests.made.relay import relayed
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.wakeup import Sleep, wakeup_of
from tracker.application.follow import follow
from tracker.errors import BrokenLog, StoreError
from tracker.ports.wakeup import Wakeup

PATIENCE = 60.0
"""Seconds after which a follower that has not seen everything has failed; it takes one or two."""


class Follower:
    """Follows a log in a thread of its own, and keeps what it saw."""

    def __init__(self, log: SqlEventLog, wakeup: Wakeup, *, after: int = 0, stream: str | None = None) -> None:
        self.seen: list[int] = []
        self.lost: list[StoreError] = []
        self.ended: list[Exception] = []
        self.away = threading.Event()
        self._log, self._wakeup, self._after, self._stream = log, wakeup, after, stream
        self._over, self._news = threading.Event(), threading.Condition()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        events = follow(
            self._log, self._wakeup, after=self._after, stream=self._stream, stopping=self._over.is_set, lost=self._lose
        )
        try:
            for recorded in events:
                with self._news:
                    self.seen.append(recorded.position)
                    self._news.notify_all()
        except BrokenLog as error:
            self.ended.append(error)

    def _lose(self, error: StoreError) -> None:
        self.lost.append(error)
        self.away.set()

    def has_seen(self, count: int) -> bool:
        """Wait until so many events were seen; tell whether they were."""
        with self._news:
            return self._news.wait_for(lambda: len(self.seen) >= count, PATIENCE)

    @contextmanager
    def running(self) -> Iterator["Follower"]:
        """Follow for the time of the block; the wakeup is closed after it."""
        self._thread.start()
        try:
            yield self
        finally:
            self._over.set()
            self._thread.join(PATIENCE)
            self._wakeup.close()
            assert not self._thread.is_alive()


def append(engine: Engine, *names: str) -> None:
    """Append events, each to a stream of its own."""
    log = SqlEventLog(engine, Clock())
    for name in names:
        log.append(f"story-{name}", 0, (renamed(name),))


def following(engine: Engine, *, after: int = 0, stream: str | None = None) -> Follower:
    """Return a follower of a log, woken as the database can."""
    return Follower(SqlEventLog(engine, Clock()), wakeup_of(engine), after=after, stream=stream)


def test_a_follower_that_came_before_the_first_event_sees_it(engine: Engine) -> None:
    """A follower of an empty log sees the events that come, in order and once, and ends when it is told to."""
    with following(engine).running() as follower:
        append(engine, "a", "b")
        assert follower.has_seen(2)
        append(engine, "c")
        assert follower.has_seen(3)
    assert follower.seen == [1, 2, 3]
    assert follower.lost == []


def test_a_follower_goes_on_where_another_ended(engine: Engine) -> None:
    """Whoever gives the last position that was seen gets what came after it, and nothing twice; so in one stream."""
    append(engine, "a", "b", "c")
    with following(engine, after=1).running() as follower, following(engine, stream="story-b").running() as of_b:
        append(engine, "d")
        SqlEventLog(engine, Clock()).append("story-b", 1, (renamed("b2"),))
        assert follower.has_seen(4)
        assert of_b.has_seen(2)
    assert follower.seen == [2, 3, 4, 5]
    assert of_b.seen == [2, 5]


def test_a_follower_of_three_writers_misses_nothing(database_url: str, engine: Engine) -> None:
    """With three processes that write, collide and roll back, a follower sees every event, in order and once."""
    context = processes()
    writers = [context.Process(target=write_and_collide, args=(database_url, f"w{nth}", 15)) for nth in range(3)]
    with following(engine).running() as follower:
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        head = SqlEventLog(engine, Clock()).head()
        assert follower.has_seen(head)
    assert follower.seen == list(range(1, head + 1))
    assert head == 3 * sum(number % 3 + 1 for number in range(15))


def test_a_follower_without_hints_finds_everything(sqlite_url: str) -> None:
    """Hints are never needed: a follower that nobody wakes finds the events when it looks again."""
    engine = open_engine(sqlite_url)
    with Follower(SqlEventLog(engine, Clock()), Sleep()).running() as follower:
        append(engine, "a")
        assert follower.has_seen(1)
        append(engine, "b")
        assert follower.has_seen(2)
    engine.dispose()


def end_listener(engine: Engine) -> None:
    """End whoever listens, from the server's side."""
    asked = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    with engine.connect() as connection:
        assert connection.execute(asked).all() == [(True,)]


def test_a_follower_outlives_its_listener(postgresql_url: str) -> None:
    """When the server ends the LISTEN connection, the follower still sees every event, and nobody is troubled."""
    engine = open_engine(postgresql_url)
    with following(engine).running() as follower:
        append(engine, "a")
        assert follower.has_seen(1)
        end_listener(engine)
        append(engine, "b", "c")
        assert follower.has_seen(3)
    assert follower.seen == [1, 2, 3]
    assert follower.lost == []
    engine.dispose()


def test_a_follower_whose_listener_is_in_a_black_hole(postgresql_url: str) -> None:
    """When the network swallows all that the LISTEN connection is told, events are found by looking."""
    engine = open_engine(postgresql_url)
    with relayed(postgresql_url) as (relay, through):
        distant = open_engine(through)
        log = SqlEventLog(engine, Clock())
        with Follower(log, wakeup_of(distant)).running() as follower:
            append(engine, "a")
            assert follower.has_seen(1)
            relay.silent.set()
            append(engine, "b", "c")
            assert follower.has_seen(3)
        distant.dispose()
    assert follower.seen == [1, 2, 3]
    engine.dispose()


def test_a_follower_outlives_its_database(postgresql_url: str) -> None:
    """While the server is away the follower says so once and tries again; then it goes on where it was."""
    engine = open_engine(postgresql_url)
    append(engine, "a", "b")
    with relayed(postgresql_url) as (relay, through):
        distant = open_engine(through)
        with following(distant).running() as follower:
            assert follower.has_seen(2)
            relay.cut()
            append(engine, "c", "d")
            assert follower.away.wait(PATIENCE)
            relay.mend()
            assert follower.has_seen(4)
        distant.dispose()
    assert follower.seen == [1, 2, 3, 4]
    assert len(follower.lost) == 1
    engine.dispose()


def test_a_log_that_is_broken_ends_the_following(sqlite_url: str) -> None:
    """What does not pass by itself is raised instead of being tried again."""
    engine = open_engine(sqlite_url)
    append(engine, "a", "b")
    unlocked(engine, "UPDATE event SET data = '[]' WHERE position = 2")
    follower = following(engine)
    with follower.running():
        assert follower.has_seen(1)
        follower._thread.join(PATIENCE)
    assert [type(error) for error in follower.ended] == [BrokenLog]
    engine.dispose()


def unlocked(engine: Engine, *statements: str) -> None:
    """Change a SQLite log behind its guards."""
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for statement in (*(f'DROP TRIGGER "{name}"' for name in names), *statements):
            connection.execute(text(statement))
        connection.commit()


def test_following_can_be_stopped_before_it_begins(sqlite_url: str) -> None:
    """A follower that is told to stop reads nothing."""
    engine = open_engine(sqlite_url)
    append(engine, "a")
    assert list(follow(SqlEventLog(engine, Clock()), Sleep(), stopping=lambda: True)) == []
    engine.dispose()
