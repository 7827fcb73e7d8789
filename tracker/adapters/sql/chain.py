"""The hash chain: what each event of a stream commits to."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

ROOT = ""
"""What the first event of a stream follows."""

_HEADER = (
    "position", "stream", "version", "id", "type", "schema", "actor", "causation", "published_at", "recorded_at",
)  # fmt: skip
_encoder = msgspec.json.Encoder(order="sorted")


def link(previous: str, row: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of the previous event's hash and this row's canonical JSON.

    The row's times are microseconds since 1970. The JSON holds every column but the hash, sorted by name, and `data`
    as the object it is, so that anybody can check an exported chain without this program.
    """
    document = {name: row[name] for name in _HEADER} | {"data": msgspec.Raw(row["data"].encode())}
    return hashlib.sha256(previous.encode() + _encoder.encode(document)).hexdigest()
