"""Alerts by webhook, as the Standard Webhooks specification asks: signed, 2xx alone is success, no redirects.

Outcomes: 410 and an address that is never talked to are permanent. All else is transient: a redirect, a refusal and a
fault may all be mended at the receiver within the three days of retries, and an unset secret at ours.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tracker.adapters.notify.outcome import detail
from tracker.adapters.notify.signature import signed_headers
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import ConfigError, FetchError
from tracker.ports.clock import Clock
from tracker.ports.http import AddressRefused, Answer, HttpClient
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

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
        now = self._clock()
        body = json.dumps(message.payload, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            secret = self._secret(subscription.secret or "")
            signed = signed_headers(secret, identity=message.id, at=now, body=body)
            headers = {"content-type": "application/json; charset=utf-8", **signed}
            answer = self._http.post(subscription.target, body, headers=headers, timeout=self._timeout)
        except AddressRefused as error:
            return Attempt("permanent", _without_path(error, subscription.target))
        except (FetchError, ConfigError) as error:
            return Attempt("transient", _without_path(error, subscription.target))
        return _outcome(answer, now)


def _outcome(answer: Answer, now: datetime) -> Attempt:
    status = answer.status
    if status in _OK:
        return Attempt("delivered", f"answered {status}", status)
    if status == _GONE:
        return Attempt("permanent", "answered 410: the receiver is gone for good", status)
    if status in _REDIRECT:
        return Attempt("transient", f"answered {status}: redirects are not followed, give the address itself", status)
    said = answer.body[:400].decode("utf-8", "replace")
    retry_at = _retry_at(answer.headers.get("retry-after", ""), now)
    return Attempt("transient", detail(f"answered {status} {said}"), status, retry_at)


def _retry_at(header: str, now: datetime) -> datetime | None:
    """Return the moment that Retry-After names, in seconds or as a date."""
    try:
        if header.isdecimal():
            return now + timedelta(seconds=int(header))
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _without_path(error: Exception, target: str) -> str:
    """Return the error's words without the path and the query of the address: they often hold a key."""
    scheme, _, rest = target.partition("://")
    host, slash, path = rest.partition("/")
    return detail(str(error).replace(target, f"{scheme}://{host}"), slash + path if path else None)
