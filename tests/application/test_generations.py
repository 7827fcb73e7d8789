"""Views that are made anew beside those in use: on request, by a later version, after an erasure, after kill -9."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from tests.adapters.sql.made import tamper, unguard
from tests.made import bridge
from tests.made.projections import Counting
from tests.made.stored import Stored, stored
from tracker.application.lag import Lag, dead_letters, lag
from tracker.application.project import catch_up, rebuild
from tracker.domain.events import EntryErased, NewEvent, Recorded
from tracker.errors import BrokenLog, Conflict, DatabaseTooNew, StoreError
from tracker.ports.log import Notice
from tracker.projections import ALL
from tracker.projections.folding import DeadLetter
from tracker.projections.generation import Generation
from tracker.projections.memory import MemoryViews
from tracker.projections.projection import Projection

EVENTS = bridge.events()
HEAD = len(EVENTS)
Views = MemoryViews | Stored


@pytest.fixture
def database(database_url: str) -> Iterator[Stored]:
    """Return a database, of each kind in turn, that holds the story of the bridge; its views are not made yet."""
    opened = stored(database_url, EVENTS)
    yield opened
    opened.engine.dispose()


def held(database: Stored, table: str = "view") -> set[int]:
    """Return the generations of the counting projection that have rows in a table."""
    with database.engine.connect() as connection:
        found = connection.execute(text(f"SELECT generation FROM {table} WHERE projection = 'counting'"))
        return set(found.scalars())


def counted(database: Stored) -> tuple[int, int]:
    """Return how many events of the story's stream have been counted, and by which version."""
    (row,) = database.views.scan("counting", bridge.STREAM)
    return row["count"], row["folds"]


def erase(database: Stored, entry: str = "e4") -> None:
    """Record that an entry was erased; no event is redacted for it."""
    version = max(one.version for one in database.log.read(stream=bridge.STREAM))
    event = EntryErased(entry, "a court", ())
    database.log.append(bridge.STREAM, version, (NewEvent(f"erased-{version}", event, "Ada"),))


def test_a_rebuild_takes_the_place_of_the_old_rows_and_removes_them(database: Stored) -> None:
    """After a rebuild readers see the new generation, and nothing of the old one is left."""
    catch_up(database.log, database.views, (Counting(),))
    before = counted(database)
    assert rebuild(database.log, database.views, (Counting(),), batch=3) == HEAD
    assert database.views.generations("counting") == (Generation(2, HEAD, 1, HEAD, live=True),)
    assert counted(database) == before
    assert held(database) == held(database, "checkpoint") == {2}


def test_a_rebuild_owes_nobody_a_message(database: Stored) -> None:
    """However often the views are made anew, no delivery is made: alerts come of the append alone."""
    database.log.append(
        bridge.STREAM, EVENTS[-2].version, (NewEvent("new", EVENTS[7].event, "judge"),), (Notice("s", "new", "x"),)
    )
    for _ in range(2):
        rebuild(database.log, database.views, ALL)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT event_id, state, attempts FROM delivery")).all() == [
            ("new", "pending", 0)
        ]


def test_a_later_version_replaces_the_rows_by_itself(database: Stored) -> None:
    """Rows of an older version of a projection are made anew by catching up; until then readers see the old ones."""
    catch_up(database.log, database.views, (Counting(folds=1),))
    views = database.views
    views.begin("counting", Generation(2, 0, folds=2, begun=HEAD, live=False))
    assert counted(database) == (HEAD - 3, 1)
    assert catch_up(database.log, views, (Counting(folds=2),)) == HEAD
    assert counted(database) == (HEAD - 3, 2)
    assert [(one.number, one.folds) for one in views.generations("counting")] == [(2, 2)]


def test_an_older_version_leaves_later_rows_alone(database: Stored) -> None:
    """A program that meets rows of a later version neither folds nor rebuilds them."""
    catch_up(database.log, database.views, (Counting(folds=2),), batch=500)
    erase(database)
    kept = database.views.generations("counting")
    assert catch_up(database.log, database.views, (Counting(folds=1), Counting("other"))) == HEAD + 1
    assert database.views.generations("counting") == kept
    assert database.views.checkpoint("other") == HEAD + 1
    with pytest.raises(DatabaseTooNew, match="counting"):
        rebuild(database.log, database.views, (Counting(folds=1),))


def test_both_versions_go_on_until_the_later_one_is_level(database: Stored) -> None:
    """The old program folds its rows on while the new one fills its own; the swap never takes readers back."""
    old, new, views = Counting(folds=1), Counting(folds=2), database.views
    catch_up(database.log, views, (old,))
    views.begin("counting", Generation(2, 0, folds=2, begun=HEAD, live=False))
    views.save("counting", {}, after=0, position=HEAD - 1, generation=2)
    assert not views.promote("counting", 2)
    erase(database)
    assert [one.position for one in views.generations("counting")] == [HEAD, HEAD - 1]
    catch_up(database.log, views, (new,))
    assert catch_up(database.log, views, (old,)) == 0
    assert counted(database) == (HEAD - 2, 2)


def test_rows_that_may_hold_erased_words_are_made_anew(database: Stored) -> None:
    """No generation goes beyond an erasure that came after it began: catching up makes another one, and removes it."""
    catch_up(database.log, database.views, (Counting(),))
    views = database.views
    views.begin("counting", Generation(2, 0, folds=1, begun=HEAD, live=False))
    views.save("counting", {("old", "words"): {}}, after=0, position=5, generation=2)
    erase(database)
    catch_up(database.log, views, (Counting(),))
    assert views.generations("counting") == (Generation(3, HEAD + 1, 1, HEAD + 1, live=True),)
    assert held(database) == {3}
    assert counted(database) == (HEAD - 2, 1)
    assert catch_up(database.log, views, (Counting(),)) == 0


def test_what_a_killed_sweep_left_goes_with_the_next_fold(database: Stored) -> None:
    """Rows of a generation that was replaced are removed even when the process died before it got to it."""
    catch_up(database.log, database.views, (Counting(),))
    views = database.views
    views.begin("counting", Generation(2, 0, folds=1, begun=HEAD, live=False))
    views.save("counting", {("p", "k"): {}}, after=0, position=HEAD, generation=2)
    assert views.promote("counting", 2)
    assert held(database) == {1, 2}
    catch_up(database.log, views, (Counting(),))
    assert held(database) == held(database, "checkpoint") == {2}


HALTING = """
import sys, time
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.read_models import SqlViews
from tracker.application.project import rebuild
from tracker.projections import ALL

class Halting(SqlEventLog):
    def read(self, *, after=0, **asked):
        if after >= 8:
            print("here", flush=True)
            time.sleep(600)
        return super().read(after=after, **asked)

engine = open_engine(sys.argv[1])
rebuild(Halting(engine, None), SqlViews(engine), ALL, batch=4)
"""


def test_a_killed_rebuild_is_taken_up(database: Stored, database_url: str) -> None:
    """Killed with -9 in the middle of a rebuild, readers keep the old rows; the next rebuild reads only the rest."""
    catch_up(database.log, database.views, ALL)
    before = {name: database.views.checkpoint(name) for name in ("ledger", "timeline")}
    process = subprocess.Popen([sys.executable, "-c", HALTING, database_url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    half = [(one.position, one.live) for one in database.views.generations("ledger")]
    assert half == [(HEAD, True), (8, False)]
    assert {name: database.views.checkpoint(name) for name in before} == before
    assert rebuild(database.log, database.views, ALL) == HEAD - 8
    assert [(one.number, one.position) for one in database.views.generations("ledger")] == [(2, HEAD)]


def test_two_rebuild_at_once(database_url: str) -> None:
    """Two processes that make the views anew at the same time fill one generation, each event folded once."""
    one, other = stored(database_url, EVENTS), stored(database_url, ())
    catch_up(one.log, one.views, (Counting(),))
    start, faults = Barrier(2), list[Exception]()

    def run(at: Stored) -> None:
        start.wait()
        try:
            rebuild(at.log, at.views, (Counting(),), batch=1)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the fault
            faults.append(error)

    workers = [Thread(target=run, args=(at,)) for at in (one, other)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert counted(one) == (HEAD - 3, 1)
    assert held(one) == held(one, "checkpoint")
    assert len(held(one)) == 1
    for at in (one, other):
        at.engine.dispose()


def test_what_cannot_be_folded_is_kept_aside(database: Stored) -> None:
    """A projection goes on without the events that it cannot fold and names them; the others are untouched."""
    failing = Counting(fails=(4, 9))
    catch_up(database.log, database.views, (failing, Counting("other")), batch=3)
    expected = tuple(
        DeadLetter("counting", position, f"ValueError: cannot count {position}", EVENTS[position - 1].recorded_at)
        for position in (4, 9)
    )
    assert dead_letters(database.views, (failing, Counting("other"))) == expected
    assert counted(database)[0] == HEAD - 3 - 2
    (other,) = database.views.scan("other", bridge.STREAM)
    assert other["count"] == HEAD - 3


class Asking(Counting):
    """A projection that cannot even say which rows it wants."""

    def keys(self, recorded: Recorded) -> tuple[tuple[str, str], ...]:
        """Fail without a word."""
        if recorded.position in self.fails:
            raise KeyError
        return super().keys(recorded)


def test_what_cannot_be_asked_for_is_kept_aside(database: Stored) -> None:
    """An event for which a projection cannot name its rows is a dead letter, too, and is not folded."""
    catch_up(database.log, database.views, (Asking(fails=(4,)),))
    assert [(letter.position, letter.error) for letter in database.views.dead_letters("counting")] == [(4, "KeyError")]
    assert counted(database)[0] == HEAD - 3 - 1


def test_a_rebuild_tries_dead_letters_anew(database: Stored) -> None:
    """What can be folded after all is in the rows of the next generation, and no dead letter is left of it."""
    catch_up(database.log, database.views, (Counting(fails=(4, 9)),))
    rebuild(database.log, database.views, (Counting(fails=(9,)),))
    assert [letter.position for letter in dead_letters(database.views, (Counting(),))] == [9]
    assert held(database, "dead_letter") == {2}
    assert counted(database)[0] == HEAD - 3 - 1


class Refused(Projection):
    """A projection whose fold the store refuses, in its keys or in its rows."""

    name = "refused"
    folds = 1

    def keys(self, recorded: Recorded) -> tuple[tuple[str, str], ...]:
        """Refuse at the third event."""
        if recorded.position == 3:
            raise StoreError("the disk is full")
        return ()

    def apply(self, rows: object, recorded: Recorded) -> dict[tuple[str, str], dict[str, int]]:  # type: ignore[override]
        """Return a row an event."""
        return {("p", str(recorded.position)): {"rows": len(str(rows))}}


def test_what_the_store_refuses_is_no_dead_letter(database: Stored) -> None:
    """An error of the database stops the fold where it is, to be tried again, instead of leaving an event out."""
    catch_up(database.log, database.views, (Counting(),))
    with pytest.raises(StoreError, match="disk is full"):
        catch_up(database.log, database.views, (Refused(),), batch=2)
    assert database.views.checkpoint("refused") == 2
    assert dead_letters(database.views, (Refused(),)) == ()


def test_lag_counts_what_is_waiting(database: Stored) -> None:
    """A projection's lag is its place, the events behind it, the age of the oldest of them, and what it lacks."""
    log, views = database.log, database.views
    failing = Counting("failing", fails=(2,))
    catch_up(log, views, (failing,))
    for position in (0, 5, 17):
        views.save("counting", {}, after=0 if position < 6 else 5, position=position)
        now = EVENTS[-1].recorded_at
        waiting = (now - EVENTS[position].recorded_at).total_seconds()
        assert lag(log, views, (Counting(), failing), now) == (
            Lag("counting", position, HEAD - position, waiting, 0),
            Lag("failing", HEAD, 0, 0.0, 1),
        )
    early = EVENTS[0].recorded_at
    assert lag(log, views, (Counting(),), early)[0].age == 0.0


def test_a_log_whose_end_is_gone_is_named(database: Stored) -> None:
    """Views that hold more than the log are told, and a rebuild over it ends by saying so, the old rows in place."""
    catch_up(database.log, database.views, (Counting(),))
    unguard(database.engine)
    tamper(database.engine, "DELETE FROM event WHERE position = :last", last=HEAD)
    tamper(database.engine, "UPDATE log SET position = :last", last=HEAD - 1)
    assert lag(database.log, database.views, (Counting(),), EVENTS[-1].recorded_at)[0].behind == -1
    with pytest.raises(BrokenLog, match=f"counting holds events up to {HEAD}"):
        rebuild(database.log, database.views, (Counting(),))
    with pytest.raises(BrokenLog, match=f"counting holds events up to {HEAD}"):
        catch_up(database.log, database.views, (Counting(),))
    assert database.views.checkpoint("counting") == HEAD


def test_memory_makes_anew_as_the_database_does(database: Stored) -> None:
    """Views in memory take the same way through generations, dead letters and erasures as the stored ones."""
    erase(database)
    both: tuple[MemoryViews, Stored] = (MemoryViews(), database)
    seen = []
    for at in both:
        views = at.views if isinstance(at, Stored) else at
        told = [catch_up(database.log, views, (Counting(fails=(4,)),), batch=3)]
        told.append(rebuild(database.log, views, (Counting(fails=(5,)),)))
        told.append(catch_up(database.log, views, (Counting(folds=2),)))
        seen.append((told, views.generations("counting"), views.dead_letters("counting"), views.partitions("counting")))
        with pytest.raises(Conflict):
            views.begin("counting", Generation(3, 0, 2, 0, live=False))
        views.begin("counting", Generation(4, 0, 2, 0, live=False))
        assert not views.promote("counting", 4)
        assert not views.promote("counting", 9)
        assert views.load("counting", [(bridge.STREAM, "count")], generation=4) == {}
        assert list(views.load("counting", (), [bridge.STREAM])) == [(bridge.STREAM, "count")]
    assert seen[0] == seen[1]
