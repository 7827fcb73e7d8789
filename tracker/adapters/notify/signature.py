"""The signature of the Standard Webhooks specification, symmetric scheme v1."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime

from tracker.errors import ConfigError

_PREFIX = "whsec_"
_SHORTEST = 24
_LONGEST = 4096


def signed_headers(secret: str, *, identity: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the three headers: id, time of this try in seconds since 1970, and one signature per key.

    The signed bytes are `id.timestamp.body`. Raises ConfigError for a secret that cannot be used.
    """
    timestamp = str(int(at.timestamp()))
    signed = b".".join((identity.encode(), timestamp.encode(), body))
    signatures = " ".join(f"v1,{_sign(key, signed)}" for key in keys(secret))
    return {"webhook-id": identity, "webhook-timestamp": timestamp, "webhook-signature": signatures}


def keys(secret: str) -> tuple[bytes, ...]:
    """Return the keys that a secret holds: several, parted by blanks, while one takes over from another.

    A key is `whsec_` and base64, or any text of 24 bytes and more. Raises ConfigError for anything else; its message
    tells nothing of the secret.
    """
    found = tuple(_key(word) for word in secret.split())
    if not found:
        raise ConfigError("the webhook secret is empty")
    return found


def _key(word: str) -> bytes:
    key = word.encode()
    if word.startswith("whsk_"):
        raise ConfigError("a webhook secret whsk_... is of the asymmetric kind, which is not supported: use whsec_...")
    if word.startswith(_PREFIX):
        try:
            key = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            raise ConfigError("what follows whsec_ in the webhook secret is not base64") from None
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise ConfigError(f"a webhook secret has at least {_SHORTEST} bytes; this one has {len(key)}")
    return key


def _sign(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
