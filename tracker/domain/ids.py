"""Identities derived from content: the same thing read twice has the same id."""

import re
import unicodedata
from collections.abc import Iterable


def content_id(prefix: str, parts: Iterable[str]) -> str:
    """Return `prefix-` and 128 bits of SHA-256 over the length-framed parts, in hex.

    Framing by length keeps ("ab", "c") and ("a", "bc") apart.
    """
    import hashlib  # noqa: PLC0415 - who only reads makes no ids

    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return f"{prefix}-{digest.hexdigest()[:32]}"


def slug(title: str, limit: int = 48) -> str:
    """Return a lower-case ASCII identifier for a title; 'story' when nothing of it survives."""
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_.lower())
    out = ""
    for word in words:
        if len(out) + len(word) + 1 > limit:
            break
        out = f"{out}-{word}" if out else word
    return out or "story"
