"""Prove the way to a subscriber: send a real message now, and believe what comes of it."""

from collections.abc import Mapping

from tracker.application.drafts import trial_message
from tracker.application.endpoints import record_success
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import ConfigError
from tracker.ports.clock import Clock
from tracker.ports.log import EventLog
from tracker.ports.notify import Notifier
from tracker.ports.outbox import Attempt, Outbox


def prove(
    subscription: SubscriptionAdded,
    notifiers: Mapping[str, Notifier],
    outbox: Outbox,
    log: EventLog,
    clock: Clock,
) -> Attempt:
    """Send a test message once, past every queue; return how it ended. A way that had failed and works is well again.

    Raises ConfigError where the channel is not set up, StoreError.
    """
    notifier = notifiers.get(subscription.channel)
    if notifier is None:
        raise ConfigError("no mail server is configured: set mail.host in the config file, or TRACKER_MAIL_HOST")
    attempt = notifier.send(subscription, trial_message(subscription, clock()))
    if attempt.outcome == "delivered":
        record_success(outbox, log, clock, subscription, server=attempt.via)
    return attempt
