"""The hash chain: what each event of a stream commits to."""

import hashlib
from typing import Any

import msgspec

from tracker.adapters.sql.columns import microseconds

ROOT = ""
"""What the first event of a stream follows."""

_HEADER = ("position", "stream", "version", "id", "type", "schema", "actor", "causation")
_encoder = msgspec.json.Encoder(order="sorted")


def link(previous: str, row: dict[str, Any]) -> str:
    """Return the SHA-256, in hex, of the previous event's hash and this row's canonical JSON.

    The JSON holds every column but the hash, sorted by name, times as microseconds and `data` as the object it is:
    the very bytes of an exported line, so that anybody can check the chain without this program.
    """
    published = row["published_at"]
    document = {name: row[name] for name in _HEADER} | {
        "published_at": None if published is None else microseconds(published),
        "recorded_at": microseconds(row["recorded_at"]),
        "data": msgspec.Raw(row["data"].encode()),
    }
    return hashlib.sha256(previous.encode() + _encoder.encode(document)).hexdigest()
