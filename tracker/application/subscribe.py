"""Commands on subscriptions: tell somebody, tell them no longer."""

from tracker.domain.events import ALERTS, NewEvent, SubscriptionAdded, SubscriptionRemoved
from tracker.domain.ids import content_id
from tracker.domain.routing import fold_subscriptions
from tracker.errors import NotFound
from tracker.ports.log import EventLog


def subscription_id(channel: str, target: str, story: str | None) -> str:
    """Return the id of a subscription: the same channel, target and story are the same one."""
    return content_id("s", (channel, target, story or ""))[:14]


def subscribe(log: EventLog, subscription: SubscriptionAdded, actor: str) -> bool:
    """Record a subscription; False when it is there already."""
    history = tuple(log.read(stream=ALERTS))
    if subscription.subscription in fold_subscriptions(recorded.event for recorded in history):
        return False
    version = history[-1].version if history else 0
    identity = content_id("subscription", (subscription.subscription, "added", str(version)))
    log.append(ALERTS, version, (NewEvent(identity, subscription, actor),))
    return True


def unsubscribe(log: EventLog, identity: str, actor: str) -> SubscriptionAdded:
    """Record that somebody is told no longer; return the subscription that ended. Raises NotFound."""
    history = tuple(log.read(stream=ALERTS))
    held = fold_subscriptions(recorded.event for recorded in history)
    if identity not in held:
        raise NotFound(f"no subscription {identity}; `tracker subscription list` shows them")
    version = history[-1].version
    event = NewEvent(
        content_id("subscription", (identity, "removed", str(version))), SubscriptionRemoved(identity), actor
    )
    log.append(ALERTS, version, (event,))
    return held[identity]
