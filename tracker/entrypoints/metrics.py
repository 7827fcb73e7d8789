"""What the worker did, counted as it happens, and how things stand when somebody asks: in Prometheus's text format.

Nothing in here grows with the world: a feed is a label by its id, and of feeds there are at most `FEEDS`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tracker.application.cycle import Gathered
from tracker.application.deliver import Delivered
from tracker.domain.routing import kind_of
from tracker.ports.vitals import Vitals

FEEDS = 500
"""Feeds that have a line of their own: those that were read longest ago."""
_POLL = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LATENCY = (1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 14_400, 43_200, 86_400)
"""Seconds: a message that was put off, or was refused at first, comes long after a minute."""


class Metrics:
    """Counts since the process began."""

    def __init__(self) -> None:
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # a second line beside each count, which nobody asked for
        self._registry = CollectorRegistry()
        registry = self._registry
        self._polls = Counter("tracker_polls", "Polls of sources, by how they ended.", ["outcome"], registry=registry)
        self._seconds = Histogram(
            "tracker_poll_duration_seconds", "How long a source took to answer.", buckets=_POLL, registry=registry
        )
        self._developments = Counter(
            "tracker_developments", "Developments recorded, by kind.", ["kind"], registry=registry
        )
        self._deliveries = Counter(
            "tracker_deliveries",
            "Tries at a delivery, by how they ended (dead: given up with it) and why.",
            ["channel", "outcome", "reason"],
            registry=registry,
        )
        self._latency = Histogram(
            "tracker_delivery_latency_seconds",
            "From the moment a message was owed until its receiver took it.",
            ["channel"],
            buckets=_LATENCY,
            registry=registry,
        )
        self._opinions = Counter(
            "tracker_opinions",
            "Questions for a second opinion, by how they ended: it agrees, it differs, or why there is none.",
            ["outcome"],
            registry=registry,
        )
        for outcome in ("new", "unchanged", "failed", "waiting"):
            self._polls.labels(outcome)

    def gathered(self, gathered: Gathered) -> None:
        """Count what polls and judgements brought."""
        for polled in gathered.polled:
            self._polls.labels(polled.outcome).inc()
            if polled.seconds is not None:
                self._seconds.observe(polled.seconds)
        for judged in gathered.judged:
            for asked in judged.asked:
                self._opinions.labels(asked.outcome).inc()
            for kind in filter(None, (kind_of(recorded.event) for recorded in judged.recorded)):
                self._developments.labels(kind).inc()

    def told(self, told: Delivered) -> None:
        """Count how tries ended."""
        for one in told.results:
            channel = one.channel or "none"
            self._deliveries.labels(channel, one.end, one.reason).inc()
            if one.latency is not None:
                self._latency.labels(channel).observe(one.latency.total_seconds())

    def text(self, vitals: Vitals | None, now: datetime) -> bytes:
        """Return the counts, and how things stand where that is known."""
        return generate_latest(self._registry) + (generate_latest(_Standing(vitals, now)) if vitals else b"")


class _Standing(Collector):
    """How things stand, as gauges."""

    def __init__(self, vitals: Vitals, now: datetime) -> None:
        self._vitals = vitals
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        vitals = self._vitals
        oldest = (self._now - vitals.oldest).total_seconds() if vitals.oldest else 0.0
        yield _gauge("outbox_pending", "Messages that are to be sent.", vitals.pending)
        yield _gauge("outbox_oldest_seconds", "For how long the first of them has been owed.", max(0.0, oldest))
        yield _gauge("dead_letters", "Messages that were given up.", vitals.dead)
        yield _labelled(
            "projection_lag_events",
            "Events by which a view is behind the log.",
            "projection",
            ((name, float(vitals.head - position)) for name, position in vitals.reached.items()),
        )
        yield _labelled(
            "feed_last_success_timestamp_seconds",
            f"When a feed was read last; of those that were read longest ago, at most {FEEDS}.",
            "feed",
            ((feed, read_at.timestamp()) for feed, read_at in vitals.last_read.items()),
        )


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tracker_{name}", words, value=value)


def _labelled(name: str, words: str, label: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"tracker_{name}", words, labels=[label])
    for of, value in values:
        family.add_metric([of], value)
    return family
