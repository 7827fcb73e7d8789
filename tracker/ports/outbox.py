"""What is owed: notices, written with the event; the messages in which they travel; how each try at them ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from tracker.domain.endpoint import Endpoint, Fare
from tracker.domain.ids import content_id
from tracker.domain.schedule import Held
from tracker.domain.subscription_events import Channel

State = Literal["pending", "delivered", "dead"]
Outcome = Literal["delivered", "transient", "permanent", "interrupted"]
Parcel = Literal["alert", "group", "catch-up", "digest"]
"""What kind of message: on one entry, on several of a story, on what quiet hours held back, on a period."""


def delivery_id(subscription: str, event_id: str) -> str:
    """Return the id of the message that holds a subscription's notice of an event first; the same for ever."""
    return content_id("d", (subscription, event_id))


@dataclass(frozen=True, slots=True)
class Owed:
    """A notice as the outbox holds it; see `tracker.ports.log.Notice`. `dropped`: why it is never sent."""

    subscription: str
    event_id: str
    story: str
    position: int
    entry: str | None
    kind: str
    created_at: datetime
    due_at: datetime
    held: Held | None = None
    delivery: str | None = None
    dropped: str | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notices of one subscription that are to travel in one message, in order of position.

    `story` is that of all of them, `EVERY_STORY` where they differ. `upto`: the position of the log as of which the
    message is written. `period`: of a digest, from and until.
    """

    kind: Parcel
    story: str
    notices: tuple[Owed, ...]
    upto: int
    period: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Notices that are to wait until a moment, and why."""

    notices: tuple[Owed, ...]
    until: datetime
    why: Held


@dataclass(frozen=True, slots=True)
class Drop:
    """Notices that are never to be sent, and why, in words."""

    notices: tuple[Owed, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of all that waits for one subscription; what is not named goes on waiting as it does."""

    bundles: tuple[Bundle, ...] = ()
    holds: tuple[Hold, ...] = ()
    drops: tuple[Drop, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """That a message was made: on which story, with a first notice of which kind; `period_end` of a digest."""

    subscription: str
    story: str
    kind: str
    at: datetime
    period_end: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one subscription. `id` is stable over retries; `token` fences a late worker out.

    `story` is as in `tracker.ports.log.Notice`, `position` that of its first notice; `upto`, `period`: see `Bundle`.
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
    kind: Parcel = "alert"
    upto: int = 0
    period: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try ended. `retry_at` None with a transient outcome means that the table of retries is at its end.

    An interrupted one has no outcome that is known: it uses up none of the table, and the delivery is due as before.

    `answer` is what the other side said, at most 20 kB; `target` whom it is about: the address, or the mail server
    where that did not come to speak of the message. Both without anything that opens doors. `via`: the mail server that
    did speak of it, whatever it said: a proof that it is there.
    """

    outcome: Outcome
    detail: str
    code: int | None = None
    retry_at: datetime | None = None
    answer: str | None = None
    target: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A try at a delivery. `endpoint`, channel and target, is what it says something of; None: it says nothing.

    `proven`: the endpoint that it shows to be well, however it ended: the mail server that spoke of a mail.
    """

    delivery: Delivery
    attempt: Attempt
    started_at: datetime
    ended_at: datetime
    endpoint: tuple[Channel, str] | None = None
    proven: tuple[Channel, str] | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """A try as the outbox holds it; see `Attempt`. `started_at` is not known of tries of old."""

    started_at: datetime | None
    ended_at: datetime
    outcome: Outcome
    code: int | None
    detail: str
    target: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Sought:
    """Which deliveries: those that meet everything that is asked. `since`: made at a moment or later.

    `story`: those that hold anything of it, a digest on several stories as well.
    """

    state: State | None = None
    story: str | None = None
    subscription: str | None = None
    since: datetime | None = None


ANY = Sought()


@dataclass(frozen=True, slots=True)
class Tally:
    """How much is owed: `notices` wait for their message, `pending` messages are to be sent, `dead` were given up.

    `failed`: those of the pending ones that were tried in vain; `oldest`: when the first of the pending ones was made.
    """

    notices: int
    pending: int
    failed: int
    dead: int
    oldest: datetime | None


class Outbox(Protocol):
    """At least once, never two workers at the same delivery."""

    def next_due(self) -> datetime | None:
        """Return when the first of the notices that wait is due, None when none waits."""

    def waiters(self, until: datetime | None = None) -> tuple[str, ...]:
        """Return the subscriptions with notices that wait; `until`: and are due then or were before."""

    def waiting_for(self, subscriptions: Collection[str]) -> tuple[Owed, ...]:
        """Return all that waits for subscriptions, due or not, in order of position."""

    def told(self, subscription: str, stories: Collection[str]) -> tuple[Owed, ...]:
        """Return what travels or travelled to a subscription about stories, in order of position."""

    def made(self, subscriptions: Collection[str], since: datetime) -> tuple[Made, ...]:
        """Return what messages were made for subscriptions after a moment."""

    def carry_out(self, plans: Sequence[Plan], now: datetime) -> None:
        """Make messages, due at once, hold and drop what waits, all or nothing.

        Raises Conflict where another worker was first at any of it.
        """

    def notices(self, delivery_ids: Collection[str]) -> tuple[Owed, ...]:
        """Return what travels in messages, in order of position."""

    def owed(self, event_ids: Collection[str]) -> tuple[Owed, ...]:
        """Return who is owed these events or was told of them."""

    def claim(
        self,
        now: datetime,
        limit: int,
        lease: timedelta,
        *,
        among: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        """Take due deliveries for the time of the lease; the attempt counts from now on.

        Only what is owed to the subscriptions `among`, where it is given; what is owed to those `without` is left where
        it is, and so is a correction before what it follows was tried to its end. A delivery whose lease has run
        out may have been sent: that try is recorded as interrupted.
        """

    def due(self, now: datetime) -> frozenset[str]:
        """Return the subscriptions to whom something is owed that could be claimed now."""

    def settle(self, tries: Sequence[Tried]) -> tuple[Endpoint, ...]:
        """Record how tries ended, all in one transaction; return the endpoints concerned that are not simply well.

        A try whose lease was lost to another worker is recorded, and changes nothing of its delivery.
        """

    def put_back(self, deliveries: Sequence[Delivery]) -> None:
        """Undo claims: due as before, the attempt not counted; does nothing where the lease was lost."""

    def postpone(self, deliveries: Sequence[tuple[Delivery, datetime]]) -> None:
        """Undo claims, each due again at its moment, the attempt not counted; does nothing where the lease was lost."""

    def release(self, now: datetime) -> int:
        """End every lease and return how many there were: what a worker that died held is due at once.

        Each was perhaps sent, and a try is recorded as interrupted. Only for a caller who knows that no other worker
        runs.
        """

    def troubled(self) -> tuple[Endpoint, ...]:
        """Return the endpoints that are failing or disabled."""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return every endpoint that was ever tried, by channel and target."""

    def mark(self, endpoint_id: str, state: Fare) -> None:
        """Note the state of an endpoint."""

    def heard(self, channel: Channel, target: str, now: datetime) -> tuple[Endpoint, ...]:
        """Note that an endpoint took something; return it where it is not simply well."""

    def give_chance(self, endpoint_ids: Collection[str], now: datetime) -> int:
        """Let disabled endpoints be tried again, as failing since now; return how many of them were disabled."""

    def tally(self) -> Tally:
        """Count what is owed."""

    def search(
        self, sought: Sought = ANY, limit: int = 100, before: tuple[int, str] | None = None
    ) -> tuple[Delivery, ...]:
        """Return the deliveries that are sought, newest first.

        `before`: only those that come after the one of this position and id in that order.
        """

    def beginning(self, start: str, limit: int) -> tuple[Delivery, ...]:
        """Return deliveries whose id begins so, in order of their ids."""

    def waiting(self, sought: Sought, limit: int) -> tuple[Owed, ...]:
        """Return the notices that wait and are in no message yet, newest first; `state` is not looked at."""

    def attempts(self, delivery_id: str) -> tuple[Try, ...]:
        """Return the tries at a delivery, in order."""

    def retry(self, delivery_ids: Collection[str], now: datetime) -> int:
        """Make deliveries due again, with all their tries before them; return how many there are of these ids."""
