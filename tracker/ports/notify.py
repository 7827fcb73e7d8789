"""How somebody is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.outbox import Attempt


@dataclass(frozen=True, slots=True)
class Message:
    """One alert, ready in every form. `id` is stable over retries, `thread` is one per story, and one per source.

    `payload` is the webhook's JSON document; `timestamp` inside it is the moment of the development. `answers` are the
    ids of the messages that this one corrects.
    """

    id: str
    thread: str
    subject: str
    text: str
    html: str
    payload: Mapping[str, Any]
    answers: tuple[str, ...] = ()


class Notifier(Protocol):
    """One channel."""

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        """Try once, within a bounded time; never raises for what the other side does."""
