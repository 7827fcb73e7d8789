"""What every connection of a SQLite file is told."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.errors import StoreError


def test_rules_of_a_connection(sqlite_url: str) -> None:
    """A commit is on the disk when it returns, readers and a writer do not meet, locks are waited for, keys hold."""
    engine = open_engine(sqlite_url)
    with reading(engine) as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "wal_autocheckpoint")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000, "foreign_keys": 1, "wal_autocheckpoint": 1000,
    }  # fmt: skip
    engine.dispose()


def test_foreign_keys_hold(sqlite_url: str) -> None:
    """A row that points nowhere is refused."""
    engine = open_engine(sqlite_url)
    with pytest.raises(StoreError) as refused, writing(engine) as connection:
        connection.execute(
            text("INSERT INTO attempt (delivery, ended_at, outcome, detail) VALUES ('none', 0, 'delivered', '')")
        )
    assert isinstance(refused.value.__cause__, IntegrityError)
    engine.dispose()


def test_a_writer_has_the_lock_from_its_start(sqlite_url: str) -> None:
    """A transaction that writes takes SQLite's own lock as it begins, before it has read anything."""
    engine, other = open_engine(sqlite_url), open_engine(sqlite_url)
    with writing(engine), reading(other) as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout = 0")
        driver.rollback()
        with pytest.raises(Exception, match="locked"):
            driver.execute("BEGIN IMMEDIATE")
        driver.execute("BEGIN")
    engine.dispose()
    other.dispose()
