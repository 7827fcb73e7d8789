"""Many processes at one database: order, exclusion and sudden death."""

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from tests.adapters.sql.made import Clock, renamed
from tests.adapters.sql.writers import insert_at_random, processes, write_at_random, write_until_killed
from tests.conftest import execute
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.tables import delivery, event
from tracker.ports.log import Batch, Notice

WRITERS = 8
APPENDS = 12
OPEN_SECONDS = 0.003
KILLS = 30


Seen = tuple[int, str]
"""A position, and the id of the event there."""


def follow(writers: Sequence[BaseProcess], after: Callable[[int], Iterable[Seen]]) -> list[Seen]:
    """Return what a reader sees that asks, as long as writers write, for what comes after the last that it saw."""
    for writer in writers:
        writer.start()
    seen: list[Seen] = []
    over = False
    while not over:
        over = not any(writer.is_alive() for writer in writers)
        seen += after(seen[-1][0] if seen else 0)
    assert [writer.exitcode for writer in writers] == [0] * len(writers)
    return seen


def test_a_tailing_reader_misses_nothing(database_url: str, engine: Engine) -> None:
    """With eight writers that collide, linger and roll back, a reader that follows sees every event, in order, once."""
    context, log = processes(), SqlEventLog(engine, Clock())
    writers = [
        context.Process(target=write_at_random, args=(database_url, number, APPENDS, OPEN_SECONDS))
        for number in range(WRITERS)
    ]
    seen = follow(writers, lambda last: [(one.position, one.id) for one in log.read(after=last)])
    with reading(engine) as connection:
        rows = connection.execute(select(event.c.position, event.c.id).order_by(event.c.position)).all()
    assert seen == [(row.position, row.id) for row in rows]
    assert [position for position, _ in seen] == list(range(1, len(seen) + 1))
    assert len(seen) > WRITERS * APPENDS
    audit = SqlAuditor(engine).verify()
    assert (audit.faults, audit.events) == ((), len(seen))


def test_a_naive_reader_misses_some(empty_postgresql_url: str) -> None:
    """The same writers and the same reader lose rows of a table that numbers its rows: the proof above can fail."""
    execute(empty_postgresql_url, "CREATE TABLE naive (id bigserial PRIMARY KEY, name text NOT NULL)")
    context, engine = processes(), open_engine(empty_postgresql_url)
    writers = [
        context.Process(target=insert_at_random, args=(empty_postgresql_url, number, 2 * APPENDS, OPEN_SECONDS))
        for number in range(WRITERS)
    ]

    def after(last: int) -> list[Seen]:
        with reading(engine) as connection:
            rows = connection.execute(text("SELECT id, name FROM naive WHERE id > :last ORDER BY id"), {"last": last})
            return [(row.id, row.name) for row in rows]

    seen = follow(writers, after)
    stored = after(0)
    assert set(seen) < set(stored)
    assert len(stored) > WRITERS * APPENDS
    engine.dispose()


def test_killed_writers_lose_nothing_they_acknowledged(sqlite_url: str, tmp_path: Path) -> None:
    """After thirty kill -9 all that was acknowledged is stored, the log verifies, every event has its outbox row."""
    context, chance = processes(), random.Random(1)
    acknowledged = tmp_path / "acknowledged"
    killed = 0
    while killed < KILLS:
        pair = [
            context.Process(target=write_until_killed, args=(sqlite_url, f"w{killed + nth}", str(acknowledged)))
            for nth in range(2)
        ]
        for writer in pair:
            writer.start()
        time.sleep(chance.uniform(0.05, 0.25))
        for writer in pair:
            assert writer.pid is not None
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
            assert writer.exitcode == -signal.SIGKILL
            killed += 1
    engine = open_engine(sqlite_url)
    audit = SqlAuditor(engine).verify()
    with reading(engine) as connection:
        stored = {row.id: row.position for row in connection.execute(select(event.c.id, event.c.position))}
    assert audit.faults == ()
    assert audit.events == len(stored) > KILLS
    assert set(acknowledged.read_text().split()) <= stored.keys()
    assert _deliveries(engine) == stored
    engine.dispose()


@pytest.mark.parametrize(
    ("last_words", "notices"), [(b"COMMIT", [Notice("mail", "2", "s")]), (b"json_populate_recordset", [])]
)
def test_a_lost_answer_to_a_commit(
    postgresql_url: str, tmp_path: Path, last_words: bytes, notices: list[Notice]
) -> None:
    """When the line breaks after a commit and before its answer, the append is repeated and changes nothing.

    An append with an outbox row ends in a COMMIT; one without is a single statement that commits by itself.
    """
    proxy = Proxy(postgresql_url.partition("host=")[2], tmp_path)
    engine = open_engine(postgresql_url.partition("host=")[0] + f"host={tmp_path}")
    log = SqlEventLog(engine, Clock())
    log.append("a", 0, [renamed("1")])
    proxy.last_words = last_words
    batches = [Batch("a", 1, [renamed("2")]), Batch("b", 0, [renamed("3")])]
    answer = log.append_together(batches, notices)
    assert proxy.dropped == 1
    assert [(one.position, one.version) for one in answer] == [(2, 2), (3, 1)]
    assert tuple(log.read(after=1)) == answer
    assert len(_deliveries(engine)) == len(notices)
    assert SqlAuditor(engine).verify().faults == ()
    engine.dispose()
    proxy.close()


def test_a_connection_lost_before_the_commit(postgresql_url: str) -> None:
    """When the server drops the connection before the commit took place, the append is repeated and takes place."""
    execute(
        postgresql_url,
        "CREATE SEQUENCE once",
        "CREATE FUNCTION drop_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('once') = 1 THEN"
        " PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER drop_once AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION drop_once()",
    )
    engine = open_engine(postgresql_url)
    log = SqlEventLog(engine, Clock())
    assert [one.position for one in log.append("a", 0, [renamed("1")])] == [1]
    assert SqlAuditor(engine).verify().faults == ()
    engine.dispose()


def _deliveries(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        rows = connection.execute(select(delivery.c.event_id, delivery.c.position)).all()
    return {row.event_id: row.position for row in rows}


class Proxy:
    """Stands before a PostgreSQL socket; cuts the line before the answer to what holds certain words."""

    def __init__(self, server: str, folder: Path) -> None:
        self.last_words = b""
        self.dropped = 0
        self._cut = False
        self._server = f"{server}/.s.PGSQL.5432"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"{folder}/.s.PGSQL.5432")
        self._listener.listen()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        """Carry questions and answers in turn, which is how this driver speaks."""
        with client, server:
            threading.Thread(target=self._back, args=(client, server), daemon=True).start()
            while data := client.recv(65536):
                self._cut = bool(self.last_words) and self.last_words in data
                self.last_words = b"" if self._cut else self.last_words
                server.sendall(data)

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        while True:
            try:
                data = server.recv(65536)
                if not data:
                    return
                if self._cut:
                    self.dropped += 1
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(data)
            except OSError:
                return
