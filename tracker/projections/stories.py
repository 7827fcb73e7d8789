"""The head of each story: what it is called, and how far its log goes."""

from collections.abc import Mapping
from typing import Any

from tracker.domain.events import Event, Recorded, StoryClosed, StoryOpened, StoryRenamed, StoryReopened
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.rows import HEAD, stamp, stamp_or_none, story_of


class Stories(Projection):
    """One row a story, under (story, HEAD).

    `as_of` is the date of the seed; `position`, `version`, `hash` and `last_seen` are those of the newest event of
    the stream, so the hash vouches for everything that the views of this story rest on.
    """

    name = "stories"
    folds = 1

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the story's row."""
        story = story_of(recorded)
        return ((story, HEAD),) if story else ()

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the story's row after an event. Raises ValueError for one of a story that was not opened before."""
        story = story_of(recorded)
        if not story:
            return {}
        before, changed = rows.get((story, HEAD), {}), _changed(recorded.event, stamp(recorded.recorded_at))
        if not before and not isinstance(recorded.event, StoryOpened):
            raise ValueError(f"stream {recorded.stream} does not begin with story.opened")
        return {(story, HEAD): {**before, **changed, **reached(recorded)}}


def reached(recorded: Recorded) -> dict[str, Any]:
    """Return how far a story's log goes, as the fields of its row that say so."""
    return {
        "position": recorded.position,
        "version": recorded.version,
        "hash": recorded.hash,
        "last_seen": stamp(recorded.recorded_at),
    }


def _changed(event: Event, at: str) -> dict[str, Any]:
    match event:
        case StoryOpened():
            return {
                "id": event.story, "title": event.title, "language": event.language, "opened_at": at,
                "as_of": stamp_or_none(event.as_of), "closed": False, "document": event.document,
                "document_sha256": event.document_sha256,
            }  # fmt: skip
        case StoryClosed():
            return {"closed": True}
        case StoryReopened():
            return {"closed": False}
        case StoryRenamed():
            return {"title": event.title}
        case _:
            return {}
