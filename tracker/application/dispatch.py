"""One pass over the outbox: what is due is claimed and handed to its lane, what has ended is settled.

Only one thread claims and settles: the lanes send, and the database sees one who writes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from tracker.application.endpoints import record_turns
from tracker.application.lane import UNSETTLED, Ended, Lane, Staff
from tracker.application.quiet import let_sleep
from tracker.application.results import Delivered, result, summed
from tracker.domain.endpoint import Endpoint, endpoint_id, reaches
from tracker.domain.retry import next_try
from tracker.domain.routing import Subscriptions
from tracker.domain.subscription_events import Channel, EndpointDisabled, SubscriptionAdded
from tracker.ports.log import EventLog
from tracker.ports.outbox import Attempt, Delivery, Outbox, Tried
from tracker.rendering import alert_endpoint

LEASE = timedelta(minutes=2)
"""Longer than one send may take, so that no other worker sends what is being sent."""
NO_WAY = ""
"""The way to those who are told no longer: what they were owed is only closed."""
LANES = 32
"""Ways over which one process sends at once. No more than half of them are failing ones."""

_LONGEST_SEND = timedelta(seconds=95)
_BATCH = 128
"""Deliveries claimed at once."""
_LOW = 64
"""A lane that holds no more may be handed others."""
_LOOK = 1.0
"""Seconds after which the outbox is looked at again while sends are under way."""
_GATHER = 0.02
"""Seconds that an answer waits at most for others with which it is settled."""
_ENOUGH = UNSETTLED * 3 // 4
"""Answers from which on they are settled: a lane goes on into the rest of its room while their commit is written."""
_REST = timedelta(seconds=30)
"""How long a way that gave no answer is left alone while others are busy."""
_GONE = 410
_BURDENED = frozenset({429, 502, 504})
_SLOW = timedelta(seconds=5)
"""Who did not answer for so long had too much to do, and was not absent."""


def way_of(subscription: SubscriptionAdded | None) -> str:
    """Return the way to a subscription, `NO_WAY` where there is none any more."""
    if subscription is None:
        return NO_WAY
    return subscription.channel if subscription.channel == "email" else subscription.target


class Dispatch:
    """A pass over the outbox, or over what goes one `way`; at most `limit` deliveries are tried."""

    def __init__(
        self, outbox: Outbox, log: EventLog, subscribed: Callable[[], Subscriptions], staff: Staff,
        *, way: str | None, limit: int | None,
    ) -> None:  # fmt: skip
        self._outbox = outbox
        self._log = log
        self._staff = staff
        self._way = way
        self._left = limit
        self._subscribed = subscribed
        self._aside = Lane(NO_WAY, staff)
        self._lanes: dict[str, Lane] = {}
        self._current: Mapping[str, SubscriptionAdded] = {}
        self._spared: tuple[Lane, ...] = ()
        self._troubled: tuple[Endpoint, ...] = ()
        self._failing: frozenset[str] = frozenset()
        self._look_at = 0.0

    def claim(self) -> bool:
        """Claim what can be tried now and hand it out; tell whether anything is under way. Raises StoreError."""
        while self._may_look():
            count = _BATCH if self._left is None else min(_BATCH, self._left)
            claimed = self._claimed(count)
            self._look_at = 0.0 if len(claimed) == count else monotonic() + _LOOK
            if not claimed:
                break
            self._hand_out(claimed)
        return self._is_busy()

    def settle(self) -> Delivered:
        """Wait for what ends next, and settle it with all that has ended by then. Raises StoreError."""
        news = self._news()
        ended = [one for one in news if isinstance(one, Ended)]
        tries = [_decided(one.tried) for one in ended if one.tried is not None]
        self._put_back([one.delivery for one in ended if one.tried is None])
        self._record(tries)
        for one in ended:
            one.lane.settled()
        for trouble in news:
            if isinstance(trouble, Exception):
                raise trouble
        return summed([result(self._channel(one.delivery), one) for one in tries])

    def _channel(self, delivery: Delivery) -> Channel | None:
        subscription = self._current.get(delivery.subscription)
        return subscription.channel if subscription else None

    def _may_look(self) -> bool:
        if self._staff.stopping() or self._left == 0:
            return False
        room = any(lane.held <= _LOW for lane in self._spared)
        return room or not self._is_busy() or monotonic() >= self._look_at

    def _is_busy(self) -> bool:
        return self._held() > 0

    def _held(self) -> int:
        return self._aside.held + sum(lane.held for lane in self._lanes.values())

    def _claimed(self, count: int) -> tuple[Delivery, ...]:
        self._forget_idle_lanes()
        if sum(lane.held > 0 for lane in self._lanes.values()) >= LANES:
            return ()
        self._troubled = self._outbox.troubled()
        spared = self._spare()
        if spared and all(way_of(one) in spared for one in self._current.values()):
            return ()
        whose = self._whose(spared)
        claimed = self._outbox.claim(self._staff.clock(), count, LEASE, **whose)
        if self._left is not None:
            self._left -= len(claimed)
        return claimed

    def _whose(self, spared: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return to whom what is claimed may be owed, in the fewest names."""
        self._current = current = self._subscribed().current
        wanted = {
            name for name, one in current.items() if self._way in (None, way_of(one)) and way_of(one) not in spared
        }
        rest = current.keys() - wanted
        if self._way in (None, NO_WAY) or len(rest) < len(wanted):
            return {"without": rest}
        return {"among": wanted}

    def _spare(self) -> Collection[str]:
        """Return the ways over which nothing more is begun: they have enough, gave no answer, or hold up too many."""
        self._spared = tuple(lane for lane in self._lanes.values() if lane.held > _LOW)
        self._failing = frozenset(way for one in self._troubled if (way := _way_over(one)))
        closed = {way for way, lane in self._lanes.items() if lane.closed_at is not None}
        return {lane.way for lane in self._spared} | closed | (self._failing if self._is_held_up() else set())

    def _is_held_up(self) -> bool:
        """Tell whether as many lanes are in use over failing ways as may be."""
        return sum(lane.held > 0 for way, lane in self._lanes.items() if way in self._failing) >= LANES // 2

    def _forget_idle_lanes(self) -> None:
        now = self._staff.clock()
        for way, lane in tuple(self._lanes.items()):
            rested = lane.closed_at is None or now - lane.closed_at >= _REST
            if rested and not lane.held:
                del self._lanes[way]

    def _hand_out(self, claimed: Sequence[Delivery]) -> None:
        current, start_by = self._current, self._staff.clock() + LEASE - _LONGEST_SEND
        batches: dict[str, list[Delivery]] = {}
        awake = let_sleep(self._outbox, current, claimed, self._staff.clock())
        self._recount(len(claimed) - len(awake))
        for one in awake:
            subscription = current.get(one.subscription)
            refusal = self._refusal(subscription)
            if refusal:
                self._refuse(one, refusal)
            else:
                batches.setdefault(way_of(subscription), []).append(one)
        left: list[Delivery] = []
        for way in tuple(batches):
            if way in self._failing and self._is_held_up():
                left += batches.pop(way)
                continue
            lane = self._lanes.setdefault(way, Lane(way, self._staff))
            lane.held += len(batches[way])
        self._put_back(left)
        self._staff.writer.expect([one for batch in batches.values() for one in batch])
        for way, batch in batches.items():
            self._lanes[way].take(batch, start_by)

    def _put_back(self, deliveries: Sequence[Delivery]) -> None:
        self._outbox.put_back(deliveries)
        self._recount(len(deliveries))

    def _recount(self, untried: int) -> None:
        if self._left is not None:
            self._left += untried

    def _refusal(self, subscription: SubscriptionAdded | None) -> str | None:
        """Return why nothing is sent to a subscription, None where it is."""
        if subscription is None:
            return "subscription removed"
        for one in self._troubled:
            if one.state == "disabled" and reaches(one, subscription):
                return f"not sent: the {alert_endpoint.way(one.channel, one.target)} is disabled ({one.last_error})"
        return None

    def _refuse(self, delivery: Delivery, why: str) -> None:
        now = self._staff.clock()
        self._aside.held += 1
        tried = Tried(delivery, Attempt("permanent", why), now, now)
        self._staff.ended.put(Ended(self._aside, delivery, tried))

    def _news(self) -> list[Ended | Exception]:
        if self._staff.ended.wait(1, _LOOK):
            self._staff.ended.wait(min(_ENOUGH, self._held()), _GATHER)
        return self._staff.ended.take()

    def _record(self, tries: Sequence[Tried]) -> None:
        unwell = self._outbox.settle(tries)
        gone = {endpoint_id(*one.endpoint) for one in tries if one.endpoint and one.attempt.code == _GONE}
        for event in record_turns(self._outbox, self._log, self._staff.clock, unwell, gone=gone):
            if isinstance(event, EndpointDisabled) and event.target in self._lanes:
                self._lanes[event.target].closed_at = self._staff.clock()


def _way_over(endpoint: Endpoint) -> str | None:
    """Return the way that an endpoint holds up while it fails; one mail address holds up no other."""
    if endpoint.channel != "email":
        return endpoint.target
    return "email" if endpoint.is_server else None


def _decided(tried: Tried) -> Tried:
    """Return a try with what it means for the delivery: when it is due again."""
    attempt = tried.attempt
    if attempt.outcome != "transient":
        return tried
    slow = attempt.code is None and tried.ended_at - tried.started_at >= _SLOW
    burdened = slow or attempt.code in _BURDENED
    one = tried.delivery
    due = next_try(one.id, one.attempts, tried.ended_at, attempt.retry_at, burdened=burdened)
    return replace(tried, attempt=replace(attempt, retry_at=due))
