"""What a page of the JSON API costs in a long story, beside what it costs in a short one.

    python benchmarks/api.py [--developments 100,1000,5000] [--repeats 15] [--only sqlite|postgresql]

The stories are those of `benchmarks/page.py`. In turn on each, through the site itself, medians in milliseconds of the
first page of each list (50 items), of a page in the middle of the timeline and of the log, of the report on the story,
and of the explanation of an early development. The ratio is to the shortest story.
"""

import json

from page import compare
from starlette.types import ASGIApp

from tracker.bootstrap import App
from tracker.entrypoints.web.api import ROOT
from tracker.entrypoints.web.api.about_stories import QUESTIONS
from tracker.entrypoints.web.once import get


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


if __name__ == "__main__":
    compare(__doc__, addresses)
