"""How deliveries ended, for whoever counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.domain.subscription_events import Channel
from tracker.ports.outbox import Delivery, Tried


@dataclass(frozen=True, slots=True)
class Result:
    """How a try ended.

    `end`: "delivered", "failed" (due again later), "dead" or "interrupted". `reason`: the class of the code that was
    answered, such as "2xx", "429" for too many requests, "no answer", or "not sent" where it did not come to that;
    `detail` tells it in words.
    `latency`: of what was delivered, since it was owed or what held it ended. `channel`: None where nobody is told any
    more.
    """

    channel: Channel | None
    end: str
    reason: str
    latency: timedelta | None
    delivery: Delivery
    detail: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a round ended, in deliveries: sent, failed and due again later, given up for good; and each try."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    results: tuple[Result, ...] = field(default=(), compare=False)


NOTHING = Delivered()


def result(channel: Channel | None, tried: Tried) -> Result:
    """Return how a try ended, in the words of those who count."""
    delivered = tried.attempt.outcome == "delivered"
    latency = tried.ended_at - tried.delivery.created_at if delivered else None
    return Result(channel, _end(tried), _reason(tried), latency, tried.delivery, tried.attempt.detail)


def summed(results: Sequence[Result]) -> Delivered:
    """Return how a round ended."""
    ends = Counter(one.end for one in results)
    return Delivered(ends["delivered"], ends["failed"], ends["dead"], tuple(results))


def _end(tried: Tried) -> str:
    if tried.attempt.outcome in {"delivered", "interrupted"}:
        return tried.attempt.outcome
    return "failed" if tried.attempt.retry_at else "dead"


def _reason(tried: Tried) -> str:
    code = tried.attempt.code
    if code is None:
        return "no answer" if tried.endpoint else "not sent"
    return "429" if code == 429 else f"{code // 100}xx"  # noqa: PLR2004 - the one that says: slow down
