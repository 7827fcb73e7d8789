"""The hash chain: what each event commits to.

    digest  SHA-256, in hex, of the salt's characters followed by the bytes of `data`
    hash    SHA-256, in hex, of the hash of the event before, followed by the header as canonical JSON

The header holds every column but `data`, `salt` and `hash`, times in microseconds since 1970; canonical JSON has its
keys sorted by name, no blanks, and escapes what it must and nothing else; all of it is UTF-8. The first event follows
the empty text. So anybody proves an exported log without this program:

    previous = ""
    for row in rows:                                    # by position
        header = {k: v for k, v in row.items() if k not in ("data", "salt", "hash")}
        document = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert row["digest"] == hashlib.sha256((row["salt"] + row["data"]).encode()).hexdigest()
        previous = hashlib.sha256((previous + document).encode()).hexdigest()
        assert row["hash"] == previous

One chain runs through the whole log, so the hash of an event commits to every event up to it. The data enters by its
digest alone: an erased text takes its salt with it, so that nobody can guess at it, and the chain holds all the same.
Of what was left in its place, a later event `entry.erased` holds the SHA-256, in hex.
"""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from tracker.adapters.sql.codec import canonical

ROOT = ""
"""What the first event follows."""

HEADER = (
    "position", "stream", "version", "id", "type", "schema", "actor", "causation", "published_at", "recorded_at",
    "digest",
)  # fmt: skip


def new_salt() -> str:
    """Return 16 random bytes in hex."""
    return secrets.token_hex(16)


def digest_of(salt: str, data: str) -> str:
    """Return the digest that stands for an event's data."""
    return hashlib.sha256((salt + data).encode()).hexdigest()


def link(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of an event that follows the one of hash `previous`. The row's times are microseconds."""
    return hashlib.sha256((previous + canonical({name: row[name] for name in HEADER})).encode()).hexdigest()
