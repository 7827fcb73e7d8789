"""Views that follow a log in a real database."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from sqlalchemy import text

from tests.made import bridge
from tests.made.stored import Stored, stored
from tracker.application.project import catch_up, rebuild
from tracker.errors import Conflict
from tracker.projections import ALL
from tracker.projections.memory import MemoryViews

EVENTS = bridge.events()
Table = list[tuple[str, str, str, str]]


@pytest.fixture
def database(database_url: str) -> Iterator[Stored]:
    """Return a database, of each kind in turn, that holds the story of the bridge; its views are not made yet."""
    opened = stored(database_url, EVENTS)
    yield opened
    opened.engine.dispose()


def table(database: Stored) -> Table:
    """Return the bytes of every row of every view that readers see, as stored."""
    live = "(projection, generation) IN (SELECT projection, generation FROM checkpoint WHERE live)"
    with database.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT projection, partition, key, data FROM view WHERE {live}"))
        return sorted(tuple(row) for row in rows)


def test_catching_up_makes_every_view_level(database: Stored) -> None:
    """Catching up reads every event once and moves every checkpoint to the head; doing it again reads nothing."""
    assert catch_up(database.log, database.views, ALL) == len(EVENTS)
    assert {database.views.checkpoint(projection.name) for projection in ALL} == {database.log.head()}
    assert catch_up(database.log, database.views, ALL) == 0
    assert catch_up(database.log, database.views, ()) == 0


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_rebuilding_gives_the_same_bytes(database: Stored, batch: int) -> None:
    """Views made in batches of any size are, byte for byte, those made anew from the log."""
    catch_up(database.log, database.views, ALL, batch=batch)
    before = table(database)
    assert rebuild(database.log, database.views, ALL) == len(EVENTS)
    assert table(database) == before
    assert len(before) > len(EVENTS)


def test_reports_stay_while_the_views_are_rebuilt(database: Stored) -> None:
    """Whoever reads while another rebuilds and a third catches up sees every row at every moment, and no error."""
    catch_up(database.log, database.views, ALL)
    before = table(database)
    done, faults = Event(), list[Exception]()

    def follow() -> None:
        while not done.is_set():
            try:
                catch_up(database.log, database.views, ALL, batch=1)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the fault
                faults.append(error)

    worker = Thread(target=follow)
    worker.start()
    rebuilding = Thread(target=lambda: [rebuild(database.log, database.views, ALL) for _ in range(10)])
    rebuilding.start()
    seen = []
    while rebuilding.is_alive():
        seen.append(table(database))
    done.set()
    worker.join()
    assert faults == []
    assert all(rows == before for rows in seen)
    assert table(database) == before


def test_a_new_projection_catches_up_alone(database: Stored) -> None:
    """A projection that is behind the others is folded from where it stands, and they are left alone."""
    catch_up(database.log, database.views, ALL[1:])
    assert catch_up(database.log, database.views, ALL) == len(EVENTS)
    together = table(database)
    rebuild(database.log, database.views, ALL)
    assert table(database) == together


def test_two_processes_fold_each_event_once(database_url: str) -> None:
    """Two workers that catch up at the same time on one database leave the views of one."""
    one, other = stored(database_url, EVENTS), stored(database_url, ())
    workers = [Thread(target=catch_up, args=(at.log, at.views, ALL, 1)) for at in (one, other)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    together = table(one)
    rebuild(one.log, one.views, ALL)
    assert table(one) == together
    one.engine.dispose()
    other.engine.dispose()


class Stuck(MemoryViews):
    """A store whose checkpoint nobody moves."""

    def save(self, projection: str, rows: object, **place: object) -> None:
        """Refuse."""
        raise Conflict(f"{projection} {len(str(rows))} {place}")


def test_a_store_that_always_refuses_is_reported(database: Stored) -> None:
    """Catching up does not turn in circles where a Conflict comes and nobody has moved the checkpoint."""
    with pytest.raises(Conflict):
        catch_up(database.log, Stuck(), ALL)
