"""Alerts by webhook, as the Standard Webhooks specification asks: signed, 2xx alone is success, no redirects.

Outcomes: 410, an address that is never talked to and a message that is too long are permanent. All else is transient:
a redirect, a refusal and a fault may all be mended at the receiver within the three days of retries, and an unset
secret at ours.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tracker.adapters.notify.outcome import answer, detail, private_parts, wish
from tracker.adapters.notify.signature import signed_headers
from tracker.domain.ids import content_id
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import ConfigError, FetchError
from tracker.ports.clock import Clock
from tracker.ports.http import AddressRefused, Answer, HttpClient
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

MOST = 20_000
"""Bytes that a body stays under: receivers may refuse what is longer."""

_OK = range(200, 300)
_REDIRECT = range(300, 400)
_GONE = 410


class WebhookNotifier:
    """The webhook channel; as safe to use from many threads as its client."""

    def __init__(self, http: HttpClient, *, clock: Clock, secret: Callable[[str], str], timeout: float = 20.0) -> None:
        """Take the guarded client, and what resolves the reference to a secret; `timeout` in seconds for a try."""
        self._http = http
        self._clock = clock
        self._secret = secret
        self._timeout = timeout

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        """Try once. Never raises for what the other side does."""
        body, (target, private) = _written(message.payload), _told(subscription.target)
        if len(body) >= MOST:
            attempt = Attempt("permanent", f"not sent: of {len(body)} bytes, and a webhook stays under {MOST}")
        else:
            attempt = self._tried(subscription, message.id, body, private)
        return replace(attempt, target=target)

    def _tried(self, subscription: SubscriptionAdded, identity: str, body: bytes, private: tuple[str, ...]) -> Attempt:
        now = self._clock()
        try:
            secret = self._secret(subscription.secret or "")
            signed = signed_headers(secret, identity=identity, at=now, body=body)
            headers = {"content-type": "application/json; charset=utf-8", **signed}
            said = self._http.post(subscription.target, body, headers=headers, timeout=self._timeout)
        except AddressRefused as error:
            return Attempt("permanent", detail(str(error), *private))
        except (FetchError, ConfigError) as error:
            return Attempt("transient", detail(str(error), *private))
        private = (*secret.split(), *private)
        attempt, words = _outcome(said, now, private), answer(said.body, *private)
        return replace(attempt, answer=words) if words else attempt


def _written(payload: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(payload)
    except UnicodeEncodeError:  # half a character, which JSON can write and UTF-8 cannot, must not keep the rest
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _outcome(said: Answer, now: datetime, private: tuple[str, ...]) -> Attempt:
    status = said.status
    if status in _OK:
        return Attempt("delivered", f"answered {status}", status)
    if status == _GONE:
        return Attempt("permanent", "answered 410: the receiver is gone for good", status)
    if status in _REDIRECT:
        return Attempt("transient", f"answered {status}: redirects are not followed, give the address itself", status)
    words = said.body[:400].decode("utf-8", "replace")
    return Attempt("transient", detail(f"answered {status} {words}", *private), status, wish(said, now))


@lru_cache(maxsize=256)
def _told(url: str) -> tuple[str, tuple[str, ...]]:
    """Return how an address is told, since it often holds a key, so that two of one host differ; its private parts."""
    host = _host(url)
    return f"{host} {content_id('w', ('webhook', url))}".strip(), private_parts(url, host, host.partition(":")[0])


def _host(url: str) -> str:
    """Return the host of an address, with its port if it names one."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""
