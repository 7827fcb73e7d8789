"""Views that are folded where the events are recorded, on both databases."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from sqlalchemy import Connection, Engine, text

from tests.made import bridge
from tests.made.projections import Counting
from tracker.adapters.sql.engine import writing
from tracker.adapters.sql.event_log import Beside, SqlEventLog
from tracker.adapters.sql.inline_views import InlineViews
from tracker.adapters.sql.read_models import SqlViews
from tracker.adapters.sql.tables import checkpoint
from tracker.application.project import catch_up
from tracker.domain.events import EntryErased, NewEvent, Recorded
from tracker.errors import StoreError
from tracker.projections import ALL, INLINE
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.stories import Stories

EVENTS = bridge.events()


def append(engine: Engine, beside: Beside, events: Sequence[Recorded]) -> SqlEventLog:
    """Append events one by one and return the log."""
    log = SqlEventLog(engine, lambda: now, beside)
    for recorded in events:
        now = recorded.recorded_at
        log.append(recorded.stream, recorded.version - 1, (NewEvent(recorded.id, recorded.event, recorded.actor),))
    return log


def rows(engine: Engine) -> list[tuple[str, ...]]:
    """Return the bytes of every row of every view."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT projection, generation, partition, key, data FROM view"))
        return sorted(tuple(row) for row in found)


def level(engine: Engine, log: SqlEventLog) -> SqlViews:
    """Begin every view at the log's head."""
    views = SqlViews(engine)
    catch_up(log, views, ALL)
    return views


class Failing(Projection):
    """A projection that cannot fold some events."""

    name = "failing"
    folds = 1

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:  # noqa: ARG002
        """Want nothing."""
        return ()

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Fail at one in three."""
        if recorded.position % 3 == 0:
            raise ValueError(f"three divides {recorded.position}, {len(rows)}")
        return {("p", str(recorded.position)): {}}


class Unstorable(Failing):
    """A projection whose rows no database takes."""

    name = "unstorable"

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return half a character."""
        return {("p", str(len(rows))): {"text": "\udce4", "position": recorded.position}}


def test_an_append_brings_its_views_along(engine: Engine) -> None:
    """Views that stand at the head stand at it after every append, with the rows that catching up would make."""
    log = append(engine, InlineViews(engine, INLINE), EVENTS[:1])
    views = level(engine, log)
    for recorded in EVENTS[1:]:
        append(engine, InlineViews(engine, INLINE), [recorded])
        assert {views.checkpoint(projection.name) for projection in INLINE} == {recorded.position}
        assert views.checkpoint("timeline") == 1
    assert catch_up(log, views, ALL) == len(EVENTS) - 1
    inline = rows(engine)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM view"))
        connection.execute(text("DELETE FROM checkpoint"))
    catch_up(log, views, ALL)
    assert rows(engine) == inline


def test_a_view_that_is_behind_is_left_behind(engine: Engine) -> None:
    """An append folds nothing into a view that lacks earlier events; once level, the view follows."""
    log = append(engine, InlineViews(engine, INLINE), EVENTS[:5])
    views = SqlViews(engine)
    assert [views.checkpoint(projection.name) for projection in INLINE] == [0, 0, 0]
    assert rows(engine) == []
    level(engine, log)
    append(engine, InlineViews(engine, INLINE), EVENTS[5:6])
    assert [views.checkpoint(projection.name) for projection in INLINE] == [6, 6, 6]


def test_what_cannot_be_folded_here_is_recorded_all_the_same(engine: Engine) -> None:
    """A projection that fails leaves the append and the other views whole; catching up makes a dead letter of it."""
    projections = (Failing(), Stories())
    beside = InlineViews(engine, projections)
    log = append(engine, beside, EVENTS[:1])
    views = SqlViews(engine)
    catch_up(log, views, projections)
    append(engine, beside, EVENTS[1:4])
    assert log.head() == views.checkpoint("stories") == 4
    assert (views.checkpoint("failing"), views.dead_letters("failing")) == (2, ())
    catch_up(log, views, projections)
    assert [letter.position for letter in views.dead_letters("failing")] == [3]
    assert views.partitions("failing") == ("p",)


def test_what_cannot_be_stored_refuses_no_append(engine: Engine) -> None:
    """Rows that the database does not take are undone with their checkpoint, and the events are recorded."""
    views = SqlViews(engine)
    log = append(engine, lambda _connection, _recorded: None, EVENTS[:1])
    catch_up(log, views, (Stories(),))
    views.save("unstorable", {}, after=0, position=1)
    append(engine, InlineViews(engine, (Stories(), Unstorable())), EVENTS[1:2])
    assert log.head() == 2
    assert views.checkpoint("unstorable") == 1
    catch_up(log, views, (Stories(),))
    with pytest.raises(StoreError, match="half a character"):
        catch_up(log, views, (Unstorable(),))


def test_rows_of_another_version_are_left_alone(engine: Engine) -> None:
    """An append folds nothing into rows that another version of a projection has made, older or newer."""
    log = append(engine, lambda _connection, _recorded: None, EVENTS[:1])
    views = SqlViews(engine)
    catch_up(log, views, (Counting(folds=2),))
    for folds, reached in ((1, 1), (3, 2), (2, 4)):
        append(engine, InlineViews(engine, (Counting(folds=folds),)), EVENTS[log.head() : log.head() + 1])
        assert views.checkpoint("counting") == reached
        catch_up(log, views, (Counting(folds=2),))


def test_a_database_that_refuses_the_views_refuses_no_append(engine: Engine) -> None:
    """Where the views cannot be read or written, events are recorded all the same."""
    log = append(engine, InlineViews(engine, INLINE), EVENTS[:2])
    level(engine, log)
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE view"))
    append(engine, InlineViews(engine, INLINE), EVENTS[2:5])
    assert log.head() == 5
    assert SqlViews(engine).checkpoint("stories") == 2


def test_an_erasure_is_left_to_a_rebuild(engine: Engine) -> None:
    """Rows that may hold what was erased are not folded on."""
    log = append(engine, InlineViews(engine, INLINE), EVENTS)
    views = level(engine, log)
    erased = Recorded(
        len(EVENTS) + 1, bridge.STREAM, EVENTS[-2].version + 1, "erased", EntryErased("e9", "a court", ()), "Ada",
        None, None, EVENTS[-1].recorded_at, "",
    )  # fmt: skip
    append(engine, InlineViews(engine, INLINE), [erased])
    assert {views.checkpoint(projection.name) for projection in INLINE} == {len(EVENTS)}
    catch_up(log, views, INLINE)
    assert [made.begun for made in views.generations("ledger")] == [len(EVENTS) + 1]


@pytest.fixture
def held(postgresql_url: str) -> Iterator[Connection]:
    """Return a connection of another process to a PostgreSQL database."""
    from tracker.adapters.sql.engine import open_engine  # noqa: PLC0415

    other = open_engine(postgresql_url)
    with writing(other) as connection:
        yield connection
    other.dispose()


def test_an_append_waits_for_no_projector(postgresql_url: str, held: Connection) -> None:
    """While another process holds a view's checkpoint, an append goes on without it; the other views follow."""
    from tracker.adapters.sql.engine import open_engine  # noqa: PLC0415

    engine = open_engine(postgresql_url)
    views = level(engine, append(engine, InlineViews(engine, INLINE), EVENTS[:3]))
    held.execute(checkpoint.select().where(checkpoint.c.projection == "ledger").with_for_update())
    append(engine, InlineViews(engine, INLINE), EVENTS[3:4])
    assert [views.checkpoint(name) for name in ("stories", "ledger", "health")] == [4, 3, 4]
    engine.dispose()
