"""Bundle: make messages of the notices that have waited long enough; see `tracker.application.bundling`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tracker.application.bundling import Waiting, decide
from tracker.application.corrected import corrections
from tracker.application.retry import retried
from tracker.domain.correction import History, corrects
from tracker.domain.events import story_stream
from tracker.domain.routing import Subscriptions
from tracker.domain.schedule import ALONE, has_zone
from tracker.domain.subscription_events import SubscriptionAdded, Timing
from tracker.ports.log import CORRECTION, EventLog
from tracker.ports.outbox import Made, Outbox, Owed

BATCH = 200
"""Subscriptions whose messages are made in one transaction."""


class Bundler:
    """Makes messages of what waits, in one process. Safe beside others: of two who decide on the same, one begins anew.

    It remembers whose wishes it has seen: once they change, all that waits is looked at again, due or not.
    """

    def __init__(self, outbox: Outbox, log: EventLog, audience: Callable[[], Subscriptions]) -> None:
        self._outbox = outbox
        self._log = log
        self._audience = audience
        self._heeded = -1

    def is_due(self, now: datetime) -> bool:
        """Tell whether `bundle` has anything to decide; nothing waiting costs one question. Raises StoreError."""
        first = self._outbox.next_due()
        return first is not None and (first <= now or self._audience().version != self._heeded)

    def bundle(self, now: datetime, *, flush: bool = False, stopping: Callable[[], bool] = lambda: False) -> int:
        """Make messages of what waited until now or longer; return how many.

        `flush`: groups wait no longer. `stopping` is asked between batches: what is left is found again.
        Raises StoreError, Conflict where others were first again and again.
        """
        if not self.is_due(now) and not flush:
            return 0
        subscribed = self._audience()
        changed = subscribed.version != self._heeded
        names = self._outbox.waiters(None if changed or flush else now)
        made = 0
        for start in range(0, len(names), BATCH):
            if stopping():
                return made
            made += self._make(names[start : start + BATCH], subscribed, now, flush=flush)
        self._heeded = subscribed.version
        return made

    @retried
    def _make(self, names: Sequence[str], subscribed: Subscriptions, now: datetime, *, flush: bool) -> int:
        waits: dict[str, list[Owed]] = defaultdict(list)
        for one in self._outbox.waiting_for(names):
            waits[one.subscription].append(one)
        if not waits:
            return 0
        timings = {name: subscribed.current[name].timing for name in waits if name in subscribed.current}
        earlier = self._earlier(waits, timings, now)
        upto = self._log.head()  # after what waits was read: a message is written as of an event of it or a later one
        every = [one for some in waits.values() for one in some]
        desk = _Desk(self._outbox, self._log, subscribed, upto, every)
        plans = [
            decide(desk.waiting(timings.get(name), some, earlier.get(name, ())), now, upto, flush=flush)
            for name, some in waits.items()
        ]
        self._outbox.carry_out(plans, now)
        return sum(len(plan.bundles) for plan in plans)

    def _earlier(
        self, waits: dict[str, list[Owed]], timings: dict[str, Timing], now: datetime
    ) -> dict[str, list[Made]]:
        """Return by subscription the messages made since the first of what waits came, or that still hold groups up."""
        longest = max((timing.group_interval for timing in timings.values()), default=0.0)
        first = min(min(one.created_at, one.due_at) for some in waits.values() for one in some)
        earlier: dict[str, list[Made]] = defaultdict(list)
        for made in self._outbox.made(waits, min(first, now - timedelta(seconds=longest))):
            earlier[made.subscription].append(made)
        return earlier


class _Desk:
    """What decides on the notices of one batch; a story is read whole where something was corrected while they waited.

    Whether or not a notice of that waits beside them: what corrects something urgent is told before they are.
    """

    def __init__(
        self, outbox: Outbox, log: EventLog, subscribed: Subscriptions, upto: int, waits: Iterable[Owed]
    ) -> None:
        self._outbox = outbox
        self._log = log
        self._subscribed = subscribed
        self._upto = upto
        self._stories: dict[str, History] = {}
        self._ways: dict[str, Mapping[int, frozenset[str]]] = {}
        self._correcting: dict[str, set[int]] = defaultdict(set)
        first: dict[str, int] = {}
        for one in waits:
            if one.kind == CORRECTION:
                self._correcting[one.story].add(one.position)
            first[one.story] = min(one.position, first.get(one.story, one.position))
        self._corrected = {story for story, position in first.items() if self._is_corrected(story, position)}

    def waiting(self, timing: Timing | None, notices: Sequence[Owed], earlier: Collection[Made]) -> Waiting:
        """Return what waits for one subscription, and what decides on it."""
        last: dict[str, datetime] = {}
        for made in earlier:
            if made.kind not in ALONE:
                last[made.story] = max(made.at, last.get(made.story, made.at))
        digests = frozenset(made.period_end for made in earlier if made.period_end)
        needless, elsewhere = frozenset(self._needless(notices)), frozenset(self._elsewhere(notices))
        return Waiting(timing, tuple(notices), needless, elsewhere, last, digests)

    def _needless(self, notices: Sequence[Owed]) -> Iterator[int]:
        for story in sorted(self._corrected.intersection(one.story for one in notices)):
            told = self._outbox.told(notices[0].subscription, (story,))
            waits = {one.position for one in notices if one.story == story}
            yield from self._history(story).needless(waits, {one.position for one in told})

    def _elsewhere(self, notices: Sequence[Owed]) -> Iterator[int]:
        """Yield the corrections of what was told another way than the subscription goes by now."""
        name = notices[0].subscription
        if name in self._subscribed.former and name in self._subscribed.current:
            found = [one for one in notices if one.kind == CORRECTION]
            yield from (one.position for one in found if name in self._moved(one.story)[one.position])

    def _moved(self, story: str) -> Mapping[int, frozenset[str]]:
        """Return by position who was told another way of what corrections of a story correct that wait."""
        if story not in self._ways:
            found, history = dict[int, frozenset[str]](), History(())
            for one in self._log.read(stream=story_stream(story), upto=max(self._correcting[story])):
                if one.position in self._correcting[story]:
                    told = corrections(self._outbox, history, one.event, self._subscribed)
                    found[one.position] = frozenset(who.subscription.subscription for who in told if who.moved)
                history.take(one)
            self._ways[story] = found
        return self._ways[story]

    def _is_corrected(self, story: str, position: int) -> bool:
        found = self._log.read(after=position - 1, upto=self._upto, stream=story_stream(story))
        return any(corrects(one.event) for one in found)

    def _history(self, story: str) -> History:
        if story not in self._stories:
            self._stories[story] = History(self._log.read(stream=story_stream(story), upto=self._upto))
        return self._stories[story]


def without_zone(subscribed: Subscriptions) -> tuple[SubscriptionAdded, ...]:
    """Return the subscriptions whose time zone this machine does not know: their hours are taken as UTC."""
    return tuple(one for one in subscribed.current.values() if not has_zone(one.timing.zone))
