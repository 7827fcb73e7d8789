"""How far each reader has got in each story, for "what is new since I last looked".

The place is kept beside the views, under a name of its own that no projection has: rebuilding the views leaves it
alone, and it travels with the database instead of with a machine. Nothing else looks at it: alerts never wait for a
reader, and a reader never silences an alert.
"""

from datetime import datetime

from tracker.application.news import Look
from tracker.application.retry import retried
from tracker.ports.views import ViewWriter
from tracker.projections.rows import stamp

LOOKS = "looks"


def last_look(views: ViewWriter, story_id: str, reader: str) -> Look | None:
    """Return how far a reader had got when they last looked, None when they never did."""
    row = views.load(LOOKS, [(story_id, reader)]).get((story_id, reader))
    return Look(row["position"], datetime.fromisoformat(row["at"])) if row else None


@retried
def looked(views: ViewWriter, story_id: str, reader: str, look: Look) -> None:
    """Remember how far a reader has got. Raises Conflict when others keep getting in between."""
    row = {"position": look.position, "at": stamp(look.at)}
    turn = views.checkpoint(LOOKS)
    views.save(LOOKS, {(story_id, reader): row}, after=turn, position=turn + 1)
