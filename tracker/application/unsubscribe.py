"""End a subscription by the link in a mail: who holds the mail may do so, and nobody else."""

import hmac
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass

from tracker.application.subscribe import unsubscribe
from tracker.domain.subscription_events import ALERTS, SubscriptionAdded
from tracker.errors import ConfigError, NotFound
from tracker.ports.log import EventLog

ACTOR = "reader"
_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class Links:
    """The links that end subscriptions: `public_url` is where readers reach us, `key` what signs.

    A link is good for the subscription as it was when the mail was written: one of the same id that goes to somebody
    else now is not ended by it.
    """

    public_url: str
    key: bytes

    def __post_init__(self) -> None:
        """Raise ConfigError for a key that could be guessed."""
        if len(self.key) < _SHORTEST:
            raise ConfigError(f"web.key has at least {_SHORTEST} bytes; this one has {len(self.key)}")

    def link(self, subscription: SubscriptionAdded) -> str:
        """Return the address of the page that ends a subscription."""
        token = _token(self.key, subscription)
        return f"{self.public_url.rstrip('/')}/unsubscribe/{subscription.subscription}/{token}"

    def subscription(self, log: EventLog, identity: str, token: str) -> SubscriptionAdded:
        """Return the subscription that a link ends, or ended once. Raises NotFound for a link that we never gave."""
        latest = _latest(log, identity)
        expected = _token(self.key, latest) if latest else ""
        if latest is None or not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), expected.encode()):
            raise NotFound("no such link")
        return latest

    def end(self, log: EventLog, identity: str, token: str) -> SubscriptionAdded:
        """Record that the reader wants to be told no longer, once, however often it is asked. Raises NotFound."""
        subscription = self.subscription(log, identity, token)
        with suppress(NotFound):  # it ended already
            unsubscribe(log, subscription.subscription, ACTOR)
        return subscription


def _latest(log: EventLog, identity: str) -> SubscriptionAdded | None:
    """Return a subscription as it was added last, whether it goes on or not."""
    found = None
    for recorded in log.read(stream=ALERTS):
        if isinstance(recorded.event, SubscriptionAdded) and recorded.event.subscription == identity:
            found = recorded.event
    return found


def _token(key: bytes, subscription: SubscriptionAdded) -> str:
    signed = f"unsubscribe\n{subscription.subscription}\n{subscription.channel}\n{subscription.target}"
    digest = hmac.digest(key, signed.encode("utf-8", "surrogatepass"), "sha256")
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")
