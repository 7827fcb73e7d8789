"""How feeds and deliveries fare at present, those in trouble first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.application.diagnosis import PATIENCE, whereabouts
from tracker.domain.endpoint import Endpoint
from tracker.ports.feeds import FeedQueue, FeedState
from tracker.ports.outbox import Delivery, Outbox, Sought, Tally
from tracker.ports.views import ViewReader
from tracker.projections.rows import HEAD
from tracker.rendering.alert_source_words import remedy
from tracker.rendering.sources import Condition, condition, trouble_words

SHOWN = 100
"""Of how many feeds, deliveries and endpoints each is told; of more only the number."""


@dataclass(frozen=True, slots=True)
class FeedFare:
    """How a feed fares. `trouble`: what is wrong, "" where nothing is; `kind` is that without what its host answered.

    `since`: when the trouble was noticed, where it was; `next_at`: when it is asked next; `late`: that was long ago.
    """

    id: str
    name: str
    url: str
    story: str | None
    condition: Condition
    trouble: str
    kind: str
    failures: int
    since: datetime | None
    read_at: datetime | None
    next_at: datetime
    late: bool
    remedy: str

    @property
    def well(self) -> bool:
        """Whether nothing needs to be done about it."""
        return self.condition == "ok" and not self.late


@dataclass(frozen=True, slots=True)
class EndpointFare:
    """How a way to somebody fares; `whereabouts` names it without what may be a key in it."""

    endpoint: Endpoint
    whereabouts: str


@dataclass(frozen=True, slots=True)
class Faring:
    """How everything fares: of each list at most `SHOWN`, with how many there are in all.

    `given_up` and `failed` deliveries are newest first; `troubled` endpoints are failing or disabled.
    """

    feeds: tuple[FeedFare, ...]
    followed: int
    unwell: int
    tally: Tally
    given_up: tuple[Delivery, ...]
    failed: tuple[Delivery, ...]
    troubled: tuple[EndpointFare, ...]
    unreached: int


def faring(feeds: FeedQueue, views: ViewReader, outbox: Outbox, now: datetime) -> Faring:
    """Return how feeds and deliveries fare."""
    states = feeds.all()
    resting = feeds.resting({state.host for state in states}, now)
    fares = sorted((_fare(state, resting, now) for state in states), key=_rank)
    troubled = outbox.troubled()
    return Faring(
        feeds=_dated(views, fares[:SHOWN]),
        followed=len(fares),
        unwell=sum(not fare.well for fare in fares),
        tally=outbox.tally(),
        given_up=outbox.search(Sought("dead"), SHOWN),
        failed=tuple(one for one in outbox.search(Sought("pending"), SHOWN) if one.last_error is not None),
        troubled=tuple(EndpointFare(one, whereabouts(one)) for one in troubled[:SHOWN]),
        unreached=len(troubled),
    )


def _rank(fare: FeedFare) -> tuple[bool, str, str]:
    return fare.well, fare.name.casefold(), fare.id


def _fare(state: FeedState, resting: Mapping[str, datetime], now: datetime) -> FeedFare:
    fares = condition(state)
    return FeedFare(
        id=state.id,
        name=state.name or state.host or state.id,
        url=state.url,
        story=state.story,
        condition=fares,
        trouble=trouble_words(state),
        kind=trouble_words(replace(state, last_error=None)),
        failures=state.failures,
        since=None,
        read_at=state.last_ok_at,
        next_at=max(state.due_at, resting.get(state.host, state.due_at)),
        late=state.due_at < now - PATIENCE and state.host not in resting,
        remedy=remedy(fares, state.trouble, state.id),
    )


def _dated(views: ViewReader, fares: Sequence[FeedFare]) -> tuple[FeedFare, ...]:
    """Return feeds with the moments at which their troubles were noticed."""
    rows = views.load("health", [(fare.id, HEAD) for fare in fares])
    noticed = {feed: row["since"] for (feed, _), row in rows.items() if row["state"] != "ok"}
    return tuple(
        replace(fare, since=datetime.fromisoformat(noticed[fare.id]))
        if fare.condition != "ok" and fare.id in noticed
        else fare
        for fare in fares
    )
