"""Every form of a report on the story of the bridge, as it is kept in tests/data/bridge.

`python -m tests.made.golden` writes the files anew; read the difference before you commit it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from tests.made import bridge
from tests.made.views import views_of
from tracker.application.compare import compare
from tracker.application.news import Look
from tracker.application.report import claims_of, report, timeline
from tracker.domain.events import Recorded
from tracker.projections.rows import stamp
from tracker.rendering.event_text import event_line, why_text
from tracker.rendering.html import status_html
from tracker.rendering.json_report import overview_json, status_json
from tracker.rendering.markdown import status_markdown
from tracker.rendering.text import diff_text, overview_text, status_text, timeline_text
from tracker.rendering.view import ClaimDiff, Explanation

FOLDER = Path(__file__).parent.parent / "data" / "bridge"
EVENTS = bridge.events()
VIEWS = views_of(EVENTS)
STATUS = report(VIEWS, None, bridge.STORY)
LOOKED = report(VIEWS, None, bridge.STORY, since=Look(12, bridge.OPENED), whole=True)
QUIET = report(views_of(EVENTS[:7]), None, bridge.STORY, whole=True)
HEAD = STATUS.head
CHANGES = timeline(VIEWS, bridge.STORY)
DIFFS = compare(views_of(EVENTS[:8]), VIEWS, bridge.STORY)
UPDATE = next(told for told in CHANGES if told.kind == "update")


def described(recorded: Recorded) -> dict[str, object]:
    """Return an event as JSON-ready values; names of types are shortened to those of the classes."""
    return {
        "position": recorded.position,
        "stream": recorded.stream,
        "version": recorded.version,
        "id": recorded.id,
        "type": type(recorded.event).__name__,
        "recorded_at": stamp(recorded.recorded_at),
        "actor": recorded.actor,
        "causation": recorded.causation,
        "data": msgspec.to_builtins(recorded.event),
        "hash": recorded.hash,
    }


def why(position: int) -> str:
    """Return the explanation of an event of the story."""
    recorded = EVENTS[position - 1]
    told = next((told for told in CHANGES if told.position == position), None)
    before, after = (
        {claim.id: claim for claim in claims_of(views_of(EVENTS[:end]), bridge.STORY)}
        for end in (position - 1, position)
    )
    claim = ClaimDiff(told.claim, before.get(told.claim), after.get(told.claim)) if told and told.claim else None
    return why_text(Explanation(recorded, told, claim), described(recorded))


FORMS: Mapping[str, Callable[[], str]] = {
    "status.txt": lambda: status_text(STATUS),
    "status-narrow.txt": lambda: status_text(STATUS, width=50),
    "status-colour.txt": lambda: status_text(STATUS, colour=True),
    "status-since.txt": lambda: status_text(LOOKED),
    "status-quiet.txt": lambda: status_text(QUIET),
    "status.md": lambda: status_markdown(STATUS),
    "status-quiet.md": lambda: status_markdown(QUIET),
    "status.json": lambda: status_json(LOOKED),
    "status.html": lambda: status_html(STATUS),
    "overview.txt": lambda: overview_text([STATUS, QUIET]),
    "overview.json": lambda: overview_json([QUIET, QUIET]),
    "timeline.txt": lambda: timeline_text(CHANGES, HEAD),
    "diff.txt": lambda: diff_text(DIFFS, HEAD),
    "why-update.txt": lambda: why(UPDATE.position),
    "why-doubt.txt": lambda: why(14),
    "why-review.txt": lambda: why(19),
    "why-new.txt": lambda: why(13),
    "why-feed.txt": lambda: why(20),
    "log.txt": lambda: "".join(f"{event_line(described(recorded))}\n" for recorded in EVENTS),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, form in FORMS.items():
        (FOLDER / name).write_text(form(), encoding="utf-8")
