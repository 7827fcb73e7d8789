"""What `tracker status` costs on a long story, beside what it costs on a short one in the same database.

    python benchmarks/status.py [--events 1000,100000] [--claims 60] [--new 0] [--repeats 15] [--only sqlite|postgresql]

Each story is told at the same pace, 200 events a day, for as long as it takes: entries that repeat what is known (70 %)
findings that corroborate (17 %), update (5 %), deny (3 %) or wait for a person (2 %), reviews of these (1 %), edits
(2 %); `--new` per mille bring a new claim. The stories are appended in batches of 1,000, the newest thousand in
batches of 50, and the views brought level. Then, in turn on each story, medians:

    text, markdown, html    the report in process: catch up (nothing to do), read the views, write the form
    json                    the same; JSON carries every development and the history of each claim, so it grows
    command                 `tracker status STORY` as a process of its own, from its start to its end

The ratio is to the shortest story. Every report reads each claim of its story: with `--new` the claims grow, too.
"""

import argparse
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter

from databases import durable

from tracker.adapters.sql.event_log import SqlEventLog
from tracker.application.project import catch_up
from tracker.application.report import report
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    EntryLinked,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    NewEvent,
    StoryOpened,
    story_stream,
)
from tracker.domain.quantity import Quantity
from tracker.projections import ALL
from tracker.rendering.html import status_html
from tracker.rendering.json_report import status_json
from tracker.rendering.markdown import status_markdown
from tracker.rendering.text import status_text
from tracker.rendering.view import StatusView

BEGIN = datetime(2024, 6, 1, tzinfo=UTC)
PACE = timedelta(days=1) / 200
BATCH, LAST, NEWEST = 1000, 1000, 50
FORMS: dict[str, Callable[[StatusView], str]] = {
    "text": status_text, "markdown": status_markdown, "html": status_html, "json": status_json,
}  # fmt: skip


class Telling:
    """A story being told: `moment` is that of the event last made."""

    def __init__(self, name: str, claims: int, new: int) -> None:
        self.moment = BEGIN
        self._name, self._new = name, new
        self._claims = [self._claim(f"S{nth:03}", nth) for nth in range(claims)]
        self._doubts: list[int] = []
        self._chance = random.Random(7)

    def events(self, count: int, first: int) -> Iterator[NewEvent]:
        """Yield the opening, the claims and so many further events; `first` is the position that the opening gets."""
        yield self._event("open", StoryOpened(self._name, "The bridge is closed", "en", None, None, BEGIN), BEGIN)
        for claim in self._claims:
            yield self._event(claim.id, ClaimTracked(claim, "seed"), BEGIN)
        position = first + len(self._claims)
        for nth in range(count):
            self.moment += PACE
            position += 1
            yield self._event(str(nth), self._told(nth, position), self.moment - timedelta(minutes=10))

    def _event(self, identity: str, event: Event, published: datetime) -> NewEvent:
        return NewEvent(f"{self._name}-{identity}", event, "judge 1", None, published)

    def _told(self, nth: int, position: int) -> Event:
        entry, claim, drawn = self._entry(nth), self._chance.choice(self._claims), self._chance.random()
        if self._chance.random() < self._new / 1000:
            self._claims.append(self._claim(f"N{nth}", nth))
            return ClaimTracked(self._claims[-1], "entry", entry, self._finding(Relation.NEW, None, entry))
        if drawn < 0.70:
            return EntryLinked(entry, 0.8, "the same agency text", None, (claim.id,), entry.id)
        if drawn < 0.72:
            return EntryRevised(entry, "The bridge stays closed.", "The bridge stays closed until summer.")
        if drawn < 0.73 and self._doubts:
            return FindingReviewed(self._doubts.pop(), self._chance.choice(["confirmed", "rejected"]), None)
        if drawn < 0.75:
            self._doubts.append(position)
            return ClaimDenied(entry, self._finding(Relation.DENIES, claim, entry, sure=False))
        if drawn < 0.78:
            return ClaimDenied(entry, self._finding(Relation.DENIES, claim, entry))
        if drawn < 0.83:
            return ClaimUpdated(entry, self._finding(Relation.UPDATES, claim, entry), self._claim(claim.id, nth))
        return ClaimCorroborated(entry, self._finding(Relation.CORROBORATES, claim, entry, news=nth % 4 == 0))

    def _entry(self, nth: int) -> EntryRef:
        source = f"The Courier {self._chance.randrange(60)}"
        return EntryRef(
            f"{self._name}-e{nth}", "v1", "The bridge stays closed, the city says", "Repairs could take weeks.",
            f"https://news.example/{self._name}/{nth}", source, source, self.moment, "en",
        )  # fmt: skip

    def _claim(self, identity: str, value: int) -> Claim:
        people = (Quantity(float(value), float(value), noun="person", text=f"{value} people"),)
        return Claim(identity, f"{value} people were hurt on the bridge.", "the fire brigade", Status.FACT, people)

    def _finding(
        self, relation: Relation, claim: Claim | None, entry: EntryRef, *, news: bool = True, sure: bool = True
    ) -> Finding:
        return Finding(
            claim.id if claim else None, relation, "quantity", "11 people", "14 people", 0.9,
            "Fourteen people are now known to be hurt.", "14 is more than the 11 known before",
            news=news, happening=entry.id, needs_review=not sure,
        )  # fmt: skip


def tell(app: App, name: str, count: int, claims: int, new: int) -> None:
    """Append a story and bring the views level."""
    told = Telling(name, claims, new)
    log = SqlEventLog(app.engine, lambda: told.moment)
    version, batch, left = 0, list[NewEvent](), count + claims + 1
    for event in told.events(count, log.head() + 1):
        batch.append(event)
        left -= 1
        if len(batch) >= (BATCH if left >= LAST else NEWEST) or not left:
            log.append(story_stream(name), version, batch)
            version, batch = version + len(batch), []
    catch_up(log, app.views, ALL, batch=BATCH)


def in_process(app: App, name: str, form: str) -> float:
    """Return the milliseconds that one report takes."""
    begin = perf_counter()
    catch_up(app.log, app.views, ALL)
    FORMS[form](report(app.views, app.feeds, name, whole=form == "json"))
    return (perf_counter() - begin) * 1000


def as_command(url: str, name: str) -> float:
    """Return the milliseconds that the command takes."""
    begin = perf_counter()
    subprocess.run([sys.executable, "-m", "tracker", "--database-url", url, "status", name], check=True, stdout=-3)
    return (perf_counter() - begin) * 1000


def measured(app: App, url: str, names: Sequence[str], repeats: int) -> dict[str, list[float]]:
    """Return the median of each way for each story, in milliseconds; the stories take turns."""
    ways: dict[str, tuple[Callable[[str], float], int]] = {
        form: (lambda name, form=form: in_process(app, name, form), repeats if form != "json" else 3)  # type: ignore[misc]
        for form in FORMS
    }
    ways["command"] = (lambda name: as_command(url, name), max(3, repeats // 3))
    found: dict[str, list[float]] = {}
    for way, (run, times) in ways.items():
        taken: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(times):
            for name in names:
                taken[name].append(run(name))
        found[way] = [statistics.median(taken[name]) for name in names]
    return found


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", default="1000,100000")
    parser.add_argument("--claims", type=int, default=60)
    parser.add_argument("--new", type=int, default=0, help="new claims, per mille of the events")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.events.split(",")]
    names = [f"of-{size}" for size in sizes]
    for kind in [asked.only] if asked.only else ["sqlite", "postgresql"]:
        with durable(kind) as url:
            app = App(Settings(database=Database(url=url)))
            for size, name in zip(sizes, names, strict=True):
                tell(app, name, size, asked.claims, asked.new)
                counts = report(app.views, app.feeds, name).counts
                print(f"{kind}: {name}: {', '.join(f'{number} {what}' for what, number in counts.items())}")
            print(f"\n{'ms, median':<12}" + "".join(f"{name:>12}" for name in names) + f"{'ratio':>8}")
            for way, medians in measured(app, url, names, asked.repeats).items():
                figures = "".join(f"{median:>12.1f}" for median in medians)
                print(f"{way:<12}{figures}{medians[-1] / medians[0]:>8.2f}")
            print()
            app.close()


if __name__ == "__main__":
    main()
