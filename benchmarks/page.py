"""What the pages of a long story cost, beside what they cost in a short one.

    python benchmarks/page.py [--developments 100,1000,5000] [--repeats 15] [--only sqlite|postgresql]

Each story has one claim, and each event of it is a development of that claim: an update of its figure (60 %), a
corroboration (30 %) or a denial (10 %), from 60 sources in turn; every entry is in the archive. Then, in turn on each
story, through the site itself, medians in milliseconds of:

    story           the page of the story
    story, older    its key events that are in the middle
    of one kind     its key events that are updates
    with words      its key events that hold two words
    one document    the newest 50 developments, from the JSON API
    claim           the newest page of the claim, with its chart
    claim, older    the page of its history that is in the middle
    development     the newest development
    early one       the tenth development
    entry           the entry behind the newest development

The ratio is to the shortest story.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter

from databases import durable
from starlette.types import ASGIApp

from tracker.adapters.sql.event_log import SqlEventLog
from tracker.application.project import catch_up
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import Entry, refer
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    Finding,
    NewEvent,
    StoryOpened,
    story_stream,
)
from tracker.domain.quantity import quantities
from tracker.entrypoints.web.api import ROOT
from tracker.entrypoints.web.once import get
from tracker.entrypoints.web.serving import serving
from tracker.projections import ALL

BEGIN = datetime(2024, 6, 1, tzinfo=UTC)
PACE = timedelta(minutes=30)
Addresses = Callable[[App, ASGIApp, str, int], dict[str, str]]
"""What is measured in a story of a name and a length, by a word for it."""
CLAIMS, SOURCES, BATCH = 1, 60, 20


def claim(nth: int, people: int) -> Claim:
    """Return a claim that so many people were hurt."""
    text = f"{people} people were hurt on the bridge."
    return Claim(f"S{nth}", text, "the fire brigade", Status.FACT, quantities(text))


def entry(name: str, nth: int) -> Entry:
    """Return the entry of a development."""
    seen = BEGIN + nth * PACE
    words = f"{nth} people are now known to be hurt, the fire brigade said."
    source = f"The Courier {nth % SOURCES}"
    return Entry(
        f"{name}-e{nth}", f"Bridge: {nth} hurt", words, seen, f"https://news.example/{nth}", source, seen, "en"
    )


def told(name: str, nth: int) -> NewEvent:
    """Return the nth development."""
    article, about = entry(name, nth), claim(nth % CLAIMS, nth)
    ref = refer(article, article.publisher or "")
    kind = Relation.UPDATES if nth % 10 < 6 else Relation.CORROBORATES if nth % 10 < 9 else Relation.DENIES
    finding = Finding(
        about.id, kind, "quantity", f"{nth - 1} people", f"{nth} people", 0.9, article.summary, "quantity moved", True,
        article.id,
    )  # fmt: skip
    events = {Relation.CORROBORATES: ClaimCorroborated, Relation.DENIES: ClaimDenied}
    event = ClaimUpdated(ref, finding, about) if kind is Relation.UPDATES else events[kind](ref, finding)
    return NewEvent(f"{name}-{nth}", event, "judge 1", article.id, article.published)


def tell(app: App, name: str, count: int) -> None:
    """Append a story with so many developments, keep their entries, and bring the views level."""
    at = [BEGIN]
    log = SqlEventLog(app.engine, lambda: at[0])
    opened = StoryOpened(name, "The bridge is closed", "en", None, None, BEGIN)
    tracked = [ClaimTracked(claim(nth, 0), "seed") for nth in range(CLAIMS)]
    first = [NewEvent(f"{name}-open-{nth}", event, "person") for nth, event in enumerate((opened, *tracked))]
    version = len(log.append(story_stream(name), 0, first))
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        at[0] = BEGIN + numbers[-1] * PACE
        version += len(log.append(story_stream(name), version, [told(name, nth) for nth in numbers]))
        entries = [entry(name, nth) for nth in numbers]
        app.archive.keep("f", entries, baseline=[False] * len(entries), seen=at[0])
    catch_up(log, app.views, ALL)


def addresses(app: App, _site: ASGIApp, name: str, count: int) -> dict[str, str]:
    """Return the pages that are measured, by their names."""
    rows = [row["position"] for row in app.views.scan("timeline", name)][CLAIMS:]
    base = f"/story/{name}"
    moved = f"{base}/claim/S{count % CLAIMS}"
    return {
        "story": base,
        "story, older": f"{base}?before={rows[len(rows) // 2]}",
        "of one kind": f"{base}?kind=update",
        "with words": f"{base}?q=known+hurt",
        "one document": f"{ROOT}/stories/{name}/developments?limit=50",
        "claim": moved,
        "claim, older": f"{moved}?before={rows[len(rows) * 3 // 4]}",
        "development": f"{base}/development/{rows[-1]}",
        "early one": f"{base}/development/{rows[9]}",
        "entry": f"{base}/entry/{name}-e{count}",
    }


def milliseconds(site: ASGIApp, address: str) -> float:
    """Return how long a page takes; it must be there."""
    begin = perf_counter()
    status, _ = get(site, address)
    assert status == 200, f"{address}: {status}"
    return (perf_counter() - begin) * 1000


def medians(site: ASGIApp, pages: Sequence[dict[str, str]], repeats: int) -> dict[str, list[float]]:
    """Return the median of each page in each story; the stories take turns."""
    found = {}
    for page in pages[0]:
        taken: list[list[float]] = [[] for _ in pages]
        for _ in range(repeats):
            for nth, story in enumerate(pages):
                taken[nth].append(milliseconds(site, story[page]))
        found[page] = [statistics.median(times) for times in taken]
    return found


def compare(described: str | None, addresses: Addresses) -> None:
    """Build stories of several lengths, measure what `addresses` names in each, print."""
    parser = argparse.ArgumentParser(description=described, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--developments", default="100,1000,5000")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.developments.split(",")]
    for kind in [asked.only] if asked.only else ["sqlite", "postgresql"]:
        with durable(kind) as url:
            app = App(Settings(database=Database(url=url)))
            for size in sizes:
                tell(app, f"of-{size}", size)
            site = serving(app)
            pages = [addresses(app, site, f"of-{size}", size) for size in sizes]
            print(f"{kind + ', ms':<20}" + "".join(f"{size:>10}" for size in sizes) + f"{'ratio':>8}")
            for page, found in medians(site, pages, asked.repeats).items():
                print(f"{page:<20}" + "".join(f"{one:>10.1f}" for one in found) + f"{found[-1] / found[0]:>8.2f}")
            app.close()


if __name__ == "__main__":
    compare(__doc__, addresses)
