"""What Prometheus is told: exactly these names, and of each feed and channel no more than a bounded number of lines."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from tests.adapters.sql.made import NOON, entry, later
from tests.made.alerts import recorded, updated
from tracker.application.cycle import Gathered
from tracker.application.judge_entries import Judged
from tracker.application.results import Result, summed
from tracker.application.second_opinion import Asked
from tracker.application.settle import Polled
from tracker.entrypoints.metrics import Metrics
from tracker.judging.verdict import Verdict
from tracker.ports.feeds import FeedState
from tracker.ports.outbox import Delivery
from tracker.ports.vitals import Vitals

FEED = FeedState("f-1", "https://me:sesame@a.example/feed", None, None, added_at=NOON, due_at=NOON)
OWED = Delivery("d", "s", "story", 1, "pending", 1, NOON, NOON)
VITALS = Vitals(
    head=10, reached={"ledger": 8}, feeds=2, due=1, failing=1, pending=3, oldest=later(seconds=-90), dead=2,
    last_read={"f-1": NOON},
)  # fmt: skip
VERDICT = Verdict(entry(), "Le Quotidien", True, 1.0, None, "e1", (), (), {}, "", False, ())
NAMES = {
    "tracker_polls",
    "tracker_poll_duration_seconds",
    "tracker_feed_last_success_timestamp_seconds",
    "tracker_developments",
    "tracker_opinions",
    "tracker_deliveries",
    "tracker_delivery_latency_seconds",
    "tracker_outbox_pending",
    "tracker_outbox_oldest_seconds",
    "tracker_dead_letters",
    "tracker_projection_lag_events",
}


def told(metrics: Metrics, vitals: Vitals | None = None) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return each value by its name and the values of its labels, as a reader of the format understands it."""
    families = list(text_string_to_metric_families(metrics.text(vitals, NOON).decode()))
    assert {family.name for family in families} <= NAMES
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_what_happened_is_counted() -> None:
    """Polls by outcome and duration, developments by kind; a repeat is none, and who was not asked took no time."""
    metrics = Metrics()
    polled = (Polled(FEED, "new", seconds=0.2), Polled(FEED, "failed", error="no", seconds=40), Polled(FEED, "waiting"))
    judged = Judged(VERDICT, tuple(recorded(updated(), updated(news=False))), ())
    metrics.gathered(Gathered(polled=polled, judged=(judged,)))
    found = told(metrics)
    assert [found["tracker_polls_total", (one,)] for one in ("new", "failed", "unchanged", "waiting")] == [1, 1, 0, 1]
    assert found["tracker_poll_duration_seconds_count", ()] == 2
    assert found["tracker_poll_duration_seconds_bucket", ("0.25",)] == 1
    assert found["tracker_developments_total", ("updated",)] == 1
    assert sum(value for (name, _), value in found.items() if name == "tracker_developments_total") == 1


def test_second_opinions_are_counted_by_how_the_question_ended() -> None:
    """Each question is counted under what came of it, answered or not."""
    metrics = Metrics()
    asked = (Asked("agrees"), Asked("failed", "answered 500"), Asked("failed", "answered 500"))
    metrics.gathered(Gathered(judged=(Judged(VERDICT, (), (), asked=asked),)))
    found = told(metrics)
    assert [found["tracker_opinions_total", (one,)] for one in ("agrees", "failed")] == [1, 2]


def test_tries_and_what_was_given_up_are_counted_apart() -> None:
    """Each try has its channel, end and reason; how long a delivery took is in buckets far past a minute."""
    metrics = Metrics()
    results = [
        Result("email", "delivered", "2xx", timedelta(seconds=70), OWED, ""),
        Result("webhook", "failed", "5xx", None, OWED, ""),
        Result("webhook", "failed", "5xx", None, OWED, ""),
        Result("webhook", "dead", "4xx", None, OWED, ""),
        Result(None, "dead", "not sent", None, OWED, ""),
    ]
    metrics.told(summed(results))
    found = told(metrics)
    assert found["tracker_deliveries_total", ("email", "delivered", "2xx")] == 1
    assert found["tracker_deliveries_total", ("webhook", "failed", "5xx")] == 2
    assert found["tracker_deliveries_total", ("webhook", "dead", "4xx")] == 1
    assert found["tracker_deliveries_total", ("none", "dead", "not sent")] == 1
    took = "tracker_delivery_latency_seconds_bucket"
    assert (found[took, ("email", "60.0")], found[took, ("email", "120.0")]) == (0, 1)


def test_how_things_stand_is_told_where_it_is_known() -> None:
    """What the database says stands beside the counts, a feed by its id; without an answer only the counts do."""
    metrics = Metrics()
    found = told(metrics, VITALS)
    assert found["tracker_outbox_pending", ()] == 3
    assert found["tracker_outbox_oldest_seconds", ()] == 90
    assert found["tracker_dead_letters", ()] == 2
    assert found["tracker_projection_lag_events", ("ledger",)] == 2
    assert found["tracker_feed_last_success_timestamp_seconds", ("f-1",)] == NOON.timestamp()
    assert "sesame" not in metrics.text(VITALS, NOON).decode()
    assert ("tracker_outbox_pending", ()) not in told(metrics)
    assert {name for name, _ in told(metrics)} >= {"tracker_polls_total"}
