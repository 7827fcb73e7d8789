"""When a failed delivery is tried again: the table of the Standard Webhooks specification, with jitter."""

from datetime import datetime, timedelta

from tracker.domain.ids import content_id

TABLE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The wait before each attempt; the last one ends about 76 hours after the first."""

_JITTER = 0.2
_RESPITE = timedelta(seconds=60)


def next_try(
    delivery: str, attempts: int, now: datetime, wish: datetime | None = None, *, burdened: bool = False
) -> datetime | None:
    """Return when a delivery that has been tried `attempts` times is due again, None at the end of the table.

    The wait lies within 20 % of the table's, spread by a hash of delivery and attempt, so that what failed together
    is not tried together. `burdened`: the receiver has too much to do, and gets a minute at the least. `wish` is the
    moment it asked for (Retry-After); it is honoured between once and twice that wait.
    """
    if attempts >= len(TABLE):
        return None
    spread = _spread(delivery, attempts)
    wait = TABLE[attempts] * (1 + _JITTER * spread)
    if burdened:
        wait = max(wait, _RESPITE * (1 + _JITTER * (1 + spread) / 2))
    if wish is not None:
        wait = min(max(wish - now, wait), 2 * wait)
    return now + wait


def _spread(delivery: str, attempts: int) -> float:
    """Return a number in [-1, 1] that is the same for the same delivery and attempt."""
    digest = content_id("try", (delivery, str(attempts)))
    return int(digest[-8:], 16) / 0xFFFFFFFF * 2 - 1
