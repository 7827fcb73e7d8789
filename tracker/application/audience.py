"""Who is told of what, kept folded: each look reads only what the log gained since the last."""

from tracker.domain.routing import NOBODY, Subscriptions, fold_subscriptions
from tracker.domain.subscription_events import ALERTS
from tracker.ports.log import EventLog


class Audience:
    """Subscriptions and mutes of one process: a cache only, empty at the start and never stale after `now`.

    While the log does not grow a look is one question. Threads may share it: position and fold are replaced together.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._known: tuple[int, Subscriptions] = (0, NOBODY)

    def now(self) -> Subscriptions:
        """Return who is told of what, as of now. Raises StoreError."""
        position, known = self._known
        head = self._log.head()
        if head > position:
            fresh = tuple(self._log.read(after=position, upto=head, stream=ALERTS))
            known = fold_subscriptions(fresh, known) if fresh else known
            self._known = (head, known)
        return known


def audience_at(log: EventLog, position: int) -> Subscriptions:
    """Return who was told of what once the log had come to a position. Raises StoreError."""
    return fold_subscriptions(log.read(stream=ALERTS, upto=position))
