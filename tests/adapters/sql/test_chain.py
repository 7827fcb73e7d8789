"""The chain by hand: with SHA-256, JSON and the documented formula, and nothing of ours."""

import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.adapters.sql.made import Clock, later, renamed, texts
from tracker.adapters.sql.chain import digest_of, link
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.domain.events import NewEvent, StoryRenamed

OUTSIDE = ("data", "salt", "hash")


def digest_by_hand(row: dict[str, Any]) -> str:
    """Return the digest of an event by the formula."""
    return hashlib.sha256((row["salt"] + row["data"]).encode("utf-8")).hexdigest()


def hash_by_hand(previous: str, row: dict[str, Any]) -> str:
    """Return the hash of an event by the formula."""
    header = {name: value for name, value in row.items() if name not in OUTSIDE}
    document = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((previous + document).encode("utf-8")).hexdigest()


def test_by_hand(engine: Engine) -> None:
    """From the rows as JSON, anybody gets the digests, the hashes and the head that the log bears."""
    clock = Clock()
    log = SqlEventLog(engine, clock)
    for number in range(9):
        clock.now = later(seconds=number, microseconds=number)
        title = f"Titel «{number}» \t\x01 😀"
        log.append(f"s{number % 2}", number // 2, [NewEvent(f"e{number}", StoryRenamed("s", title), 'Ä\n"x"', None)])
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT * FROM event ORDER BY position")).mappings()
        exported = [json.dumps(dict(row)) for row in rows]
    previous = ""
    for line in exported:
        row = json.loads(line)
        assert digest_by_hand(row) == row["digest"]
        previous = hash_by_hand(previous, row)
        assert previous == row["hash"]
    assert previous == log.seal(9)


@given(st.fixed_dictionaries(dict.fromkeys(("stream", "id", "actor"), texts)), texts)
def test_the_formula_for_any_header(some: dict[str, Any], data: str) -> None:
    """Whatever characters a header holds, its hash is that of the formula, and so is the digest of any data."""
    header: dict[str, Any] = {
        **some, "position": 2**53 + 1, "version": 1, "type": "t", "schema": 1, "causation": None, "published_at": None,
        "recorded_at": -1, "digest": "d",
    }  # fmt: skip
    assert link("previous", header) == hash_by_hand("previous", header)
    assert digest_of("salt", data) == digest_by_hand({"salt": "salt", "data": data})


def test_the_next_hash_depends_on_all_before() -> None:
    """Equal headers behind different histories have different hashes."""
    row = {"position": 1, "stream": "s", "version": 1, "id": "i", "type": "t", "schema": 1, "actor": "a",
           "causation": None, "published_at": None, "recorded_at": 0, "digest": "d"}  # fmt: skip
    assert link("", row) != link("a", row)


def test_equal_texts_have_different_digests(engine: Engine) -> None:
    """Two events of equal data have different salts, so that nobody can tell from a digest what an erased text was."""
    log = SqlEventLog(engine, Clock())
    log.append("a", 0, [renamed("1"), renamed("2")])
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT data, salt, digest FROM event")).all()
    assert rows[0].data == rows[1].data
    assert rows[0].salt != rows[1].salt
    assert rows[0].digest != rows[1].digest
