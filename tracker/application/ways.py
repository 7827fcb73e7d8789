"""The way that messages went, where a subscription goes another way by now."""

from collections.abc import Sequence
from datetime import datetime

from tracker.domain.routing import Subscriptions
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.log import CORRECTION
from tracker.ports.outbox import Outbox, Owed


def way_taken(
    outbox: Outbox, subscribed: Subscriptions, identity: str, told: Sequence[Owed]
) -> SubscriptionAdded | None:
    """Return a subscription with the way by which it was told last, None where that was removed since.

    What is not sent yet goes the present way, and so does what corrects it. A correction went where what it corrects
    had gone: it tells the way only where nothing else of what was `told` does. Raises StoreError.
    """
    sent = {one.delivery for one in told if one.delivery and one.kind != CORRECTION}
    sent = sent or {one.delivery for one in told if one.delivery}
    tried = [at for message in sent if (at := _last_tried(outbox, message))]
    return subscribed.way_at(identity, max(tried)) if tried else subscribed.current[identity]


def _last_tried(outbox: Outbox, message: str) -> datetime | None:
    """Return when a message that came to an end was sent, or was tried the last time."""
    (one,) = outbox.beginning(message, 1)
    if one.state == "pending" or one.delivered_at is not None:
        return one.delivered_at
    tries = outbox.attempts(message)
    return tries[-1].ended_at if tries else None
