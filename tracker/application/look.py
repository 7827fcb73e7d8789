"""How far each reader has got in each story, for "what is new since I last looked".

The place is kept beside the views, under a name of its own that no projection has: rebuilding the views leaves it
alone, and it travels with the database instead of with a machine. Nothing else looks at it: alerts never wait for a
reader, and a reader never silences an alert.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from tracker.application.news import Look
from tracker.errors import Conflict
from tracker.ports.views import ViewWriter
from tracker.projections.projection import Key, Row
from tracker.projections.rows import stamp

LOOKS = "looks"
_TRIES = 5


def last_look(views: ViewWriter, story_id: str, reader: str) -> Look | None:
    """Return how far a reader had got when they last looked, None when they never did."""
    row = views.load(LOOKS, [(story_id, reader)]).get((story_id, reader))
    return Look(row["position"], datetime.fromisoformat(row["at"])) if row else None


def looked(views: ViewWriter, story_id: str, reader: str, look: Look) -> None:
    """Remember how far a reader has got. Raises Conflict when others keep getting in between."""
    rows = {(story_id, reader): {"position": look.position, "at": stamp(look.at)}}
    for _ in range(_TRIES - 1):
        with suppress(Conflict):
            return _keep(views, rows)
    return _keep(views, rows)


def _keep(views: ViewWriter, rows: Mapping[Key, Row]) -> None:
    turn = views.checkpoint(LOOKS)
    views.save(LOOKS, rows, after=turn, position=turn + 1)
