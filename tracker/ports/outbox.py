"""Deliveries that are owed: written with the event, claimed under a lease, settled with an outcome."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

State = Literal["pending", "delivered", "dead"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event owed to one subscription. `id` is stable over retries; `token` fences a late worker out.

    `story` is as in `tracker.ports.log.Notice`.
    """

    id: str
    subscription: str
    story: str
    position: int
    state: State
    attempts: int
    due_at: datetime
    created_at: datetime
    last_error: str | None = None
    delivered_at: datetime | None = None
    token: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try ended. `retry_at` None with a transient outcome means that the table of retries is at its end."""

    outcome: Literal["delivered", "transient", "permanent"]
    detail: str
    code: int | None = None
    retry_at: datetime | None = None


class Outbox(Protocol):
    """At least once, never two workers at the same delivery."""

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, without: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        """Take due deliveries for the time of the lease; the attempt counts from now on.

        What is owed to the subscriptions `without` is left where it is.
        """

    def due(self, now: datetime) -> frozenset[str]:
        """Return the subscriptions to whom something is owed that could be claimed now."""

    def settle(self, delivery: Delivery, attempt: Attempt, now: datetime) -> None:
        """Record how it ended; does nothing when the lease was lost to another worker."""

    def put_back(self, delivery: Delivery) -> None:
        """Undo a claim: due as before, the attempt not counted; does nothing when the lease was lost."""

    def release(self) -> int:
        """End every lease and return how many there were: what a worker that died held is due at once.

        Only for a caller who knows that no other worker runs.
        """

    def deliveries(self, state: State | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return deliveries, newest first."""

    def retry(self, delivery_id: str, now: datetime) -> bool:
        """Make a delivery due again; False when there is none of that id."""
