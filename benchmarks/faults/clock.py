"""Sets the clock back by an hour in the middle of the work, and looks at what follows times.

    python -m benchmarks.faults.clock [--database sqlite|postgresql] [--postgresql-url URL] [--events N] [--back MIN]

The clock is the function that the composition root hands in: here it moves by a minute with each event. Printed is
what holds, and how long what was due before the step has to wait after it; exit code 1 when a law is broken.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.faults.material import NOON, served
from benchmarks.faults.outside import outside
from benchmarks.faults.places import KINDS, arguments, place
from tests.made.alerts import STORY, TEST_SECRET, by_webhook, corroborated, denied, entry, opening, updated
from tracker.application.deliver import LEASE, deliver
from tracker.application.poll import poll
from tracker.application.project import catch_up
from tracker.application.sources import add_feed
from tracker.application.then import views_at
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.domain.events import NewEvent, story_stream
from tracker.domain.subscription_events import ALERTS
from tracker.ports.log import Notice
from tracker.projections import ALL

MINUTE = timedelta(minutes=1)
FEED_INTERVAL = timedelta(minutes=15)
SECRET_VARIABLE = "FAULTS_HOOK_SECRET"
os.environ[SECRET_VARIABLE] = TEST_SECRET


@dataclass
class Clock:
    """A clock that can be set, back as well."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now

    def pass_by(self, time: timedelta) -> None:
        """Let time pass; a negative one sets the clock back."""
        self.now += time


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must hold, and whether it does; `says` gives a figure."""

    law: str
    holds: bool
    says: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What the log held at a moment before the step, as somebody saw it then."""

    moment: datetime
    head: int
    timeline: Sequence[object]


def try_clock(url: str, outside_url: str, count: int, back: timedelta) -> Iterator[Finding]:
    """Yield what holds in an empty database when the clock is set back after half of `count` developments."""
    clock = Clock()
    pace = FEED_INTERVAL.total_seconds()
    worker = Worker(allow_private=("loopback",), feed_interval=pace, longest_interval=pace, host_gap=0)
    with closing(App(Settings(database=Database(url=url), worker=worker), clock)) as app:
        _begin(app, outside_url)
        noted = [_noted(app, clock, number) for number in range(count // 2)]
        app.outbox.claim(clock(), 1, LEASE)  # a worker that dies with a delivery in its hands
        polled = sum(1 for one in poll(app.newsroom()) if one)
        clock.pass_by(-back)
        for number in range(count // 2, count):
            _develop(app, clock, number)
            clock.pass_by(MINUTE)
        yield from _log_laws(app, noted)
        yield from _due_laws(app, clock, count, polled, back)


def _begin(app: App, outside_url: str) -> None:
    reader = by_webhook(f"{outside_url}/hook", secret=f"env:{SECRET_VARIABLE}")
    app.log.append(ALERTS, 0, [NewEvent("reader", reader, "person")])
    app.log.append(story_stream(STORY), 0, opening())
    url = f"{outside_url}/feed-0"
    add_feed(app.log, app.feeds, url=url, name=None, story=None, now=app.clock(), actor="person")


def _develop(app: App, clock: Clock, number: int) -> None:
    made = (updated, corroborated, denied)[number % 3](entry(f"e{number}"))
    new = NewEvent(f"told-{number}", made, "judge", f"e{number}", clock())
    app.log.append(story_stream(STORY), len(opening()) + number, [new], [Notice("s-hook", new.id, STORY)])


def _noted(app: App, clock: Clock, number: int) -> Noted:
    """Record a development and return what a reader sees right after it; then a minute passes."""
    _develop(app, clock, number)
    noted = Noted(clock(), app.log.head(), _timeline(app, clock()))
    clock.pass_by(MINUTE)
    return noted


def _timeline(app: App, moment: datetime) -> Sequence[object]:
    catch_up(app.log, app.views, ALL)
    return list(views_at(app.log, app.views, STORY, as_of=moment).scan("timeline", STORY))


def _log_laws(app: App, noted: Sequence[Noted]) -> Iterator[Finding]:
    events = tuple(app.log.read())
    times = [one.recorded_at for one in events]
    backwards = sum(later < earlier for earlier, later in pairwise(times))
    yield Finding("recorded_at follows position", backwards == 0, f"{len(events)} events, {backwards} steps back")
    yield Finding("the log verifies", not app.auditor.verify().faults)
    moments = [time + jitter for time in times for jitter in (-MINUTE / 2, timedelta(0), MINUTE / 2)]
    wrong = sum(
        app.log.position_at(moment) != max((one.position for one in events if one.recorded_at <= moment), default=0)
        for moment in moments
    )
    yield Finding("position_at finds the last event of a moment", wrong == 0, f"{len(moments)} asked, {wrong} wrong")
    # The last one before the step shares its recorded time with what came after it.
    moved = sum(
        (app.log.position_at(one.moment), _timeline(app, one.moment)) != (one.head, one.timeline) for one in noted[:-1]
    )
    yield Finding("as of a moment before the step: what was seen then", moved == 0, f"{len(noted) - 1} asked")


def _due_laws(app: App, clock: Clock, count: int, polled: int, back: timedelta) -> Iterator[Finding]:
    start, told = clock(), 0
    last_told, last_polled = start, None
    until = start + back + LEASE + FEED_INTERVAL
    while clock() <= until:
        sent = deliver(app.outbox, app.log, app.notifiers, clock).sent
        told, last_told = told + sent, clock() if sent else last_told
        if last_polled is None and any(one for one in poll(app.newsroom())):
            last_polled = clock()
        clock.pass_by(MINUTE)
    yield Finding(
        "all that is owed is delivered", told == count, f"{told} of {count}, after {_minutes(last_told - start)}"
    )
    waited = "never" if last_polled is None else f"after {_minutes(last_polled - start)}"
    yield Finding("the feed is polled again", polled == 1 and last_polled is not None, waited)


def _minutes(time: timedelta) -> str:
    return f"{time / MINUTE:.0f} min"


def main() -> int:
    """Run the command."""
    given = _arguments()
    ok = True
    for kind in [given.database] if given.database else KINDS:
        with ExitStack() as open_:
            folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
            around = open_.enter_context(outside(folder, served()))
            where = open_.enter_context(place(kind, given.postgresql_url if kind == "postgresql" else None))
            for found in try_clock(where.url, around.url, given.events, timedelta(minutes=given.back)):
                print(f"{kind:<12}{'holds' if found.holds else 'BROKEN':<8}{found.law:<52}{found.says}", flush=True)
                ok &= found.holds
    return 0 if ok else 1


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--events", type=int, default=40, help="developments before and after (default: 40)")
    parser.add_argument("--back", type=int, default=60, help="minutes by which the clock is set back (default: 60)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
