"""Nothing is sent in quiet hours that may not be: a retry or a restart at night waits for their end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.domain.schedule import quiet_until
from tracker.domain.subscription_events import SubscriptionAdded, Timing
from tracker.ports.log import CORRECTION
from tracker.ports.outbox import Delivery, Outbox, Owed


def let_sleep(
    outbox: Outbox, current: Mapping[str, SubscriptionAdded], claimed: Sequence[Delivery], now: datetime
) -> tuple[Delivery, ...]:
    """Put back, until their quiet hours end, the deliveries that would disturb somebody now; return the others.

    Raises StoreError.
    """
    night = {one.id: one for one in claimed if _quiet_until(current, one, (), now)}
    if not night:
        return tuple(claimed)
    kinds: dict[str | None, list[str]] = defaultdict(list)
    for notice in outbox.notices(night):
        timing = current[notice.subscription].timing
        kinds[notice.delivery] += timing.urgent if _was_urgent(timing, notice) else (notice.kind,)
    ends = {name: _quiet_until(current, one, kinds[name], now) for name, one in night.items()}
    waits = {name: end for name, end in ends.items() if end}
    outbox.postpone([(night[name], end) for name, end in waits.items()])
    return tuple(one for one in claimed if one.id not in waits)


def _was_urgent(timing: Timing, one: Owed) -> bool:
    """Tell whether a correction was let through at night: what it corrects was urgent, see `correct.notice_of`."""
    return one.kind == CORRECTION and one.held is None and quiet_until(timing, (), one.created_at) is not None


def _quiet_until(
    current: Mapping[str, SubscriptionAdded], delivery: Delivery, kinds: Sequence[str], now: datetime
) -> datetime | None:
    subscription = current.get(delivery.subscription)
    if subscription is None:
        return None
    return quiet_until(subscription.timing, () if delivery.kind == "digest" else kinds, now)
