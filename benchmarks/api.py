"""What a page of the JSON API costs in a long story, beside what it costs in a short one.

    python benchmarks/api.py [--developments 100,1000,5000] [--repeats 15] [--only sqlite|postgresql]

The stories are those of `benchmarks/page.py`. In turn on each, through the site itself, medians in milliseconds of the
first page of each list (50 items), of a page in the middle of the timeline and of the log, of the report on the story,
and of the explanation of an early development. The ratio is to the shortest story.
"""

import argparse
import json

from databases import durable
from page import medians, tell
from starlette.types import ASGIApp

from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.entrypoints.web.api import ROOT
from tracker.entrypoints.web.api.about_stories import QUESTIONS
from tracker.entrypoints.web.once import get
from tracker.entrypoints.web.serving import serving


def addresses(app: App, site: ASGIApp, name: str, count: int) -> dict[str, str]:
    """Return what is measured in a story, by the name of the question."""
    rows = [row["position"] for row in app.views.scan("timeline", name)]
    named = {"story": name, "claim": "S0", "entry": f"{name}-e{count}", "position": rows[10]}
    found = {one.name: f"{ROOT}{one.path.format(**named)}" for one in QUESTIONS}
    return {
        **found,
        "timeline, middle": following(site, found["getTimeline"], count // 100),
        "listEvents": f"{ROOT}/events?story={name}",
        "events, middle": f"{ROOT}/events?story={name}&after={rows[len(rows) // 2]}",
        "one of few": f"{found['listDevelopments']}?kind=update&limit=1",
        "of one claim": f"{found['listDevelopments']}?claim=S0",
    }


def following(site: ASGIApp, address: str, pages: int) -> str:
    """Return the address of a list some pages on."""
    asked = address
    for _ in range(pages):
        _, body = get(site, asked)
        asked = f"{address}?cursor={json.loads(body)['next']}"
    return asked


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
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
    main()
