"""Stories kept folded: each look reads only what the log gained since the last."""

from dataclasses import dataclass, field

from tracker.domain.events import ALERTS, StoryOpened, story_stream
from tracker.domain.routing import Subscriptions, fold_subscriptions
from tracker.domain.story import Story, evolve
from tracker.ports.log import EventLog


@dataclass(slots=True)
class Shelf:
    """Folded stories of one process; a cache only, empty at the start and never stale after `story`."""

    log: EventLog
    _stories: dict[str, Story] = field(default_factory=dict)
    _read: dict[str, int] = field(default_factory=dict)
    _known: list[str] = field(default_factory=list)
    _scanned: int = 0

    def story(self, story_id: str) -> Story | None:
        """Return a story as of now, None when it was never opened."""
        stream = story_stream(story_id)
        fresh = tuple(self.log.read(after=self._read.get(story_id, 0), stream=stream))
        story = evolve(self._stories.get(story_id), fresh)
        if story is not None:
            self._stories[story_id] = story
            self._read[story_id] = fresh[-1].position if fresh else self._read[story_id]
        return story

    def open_stories(self) -> tuple[Story, ...]:
        """Return the stories that are followed, in the order they were opened."""
        return tuple(story for story in self.all_stories() if not story.closed)

    def all_stories(self) -> tuple[Story, ...]:
        """Return every story, closed ones too, in the order they were opened."""
        for recorded in self.log.read(after=self._scanned):
            self._scanned = recorded.position
            if isinstance(recorded.event, StoryOpened):
                self._known.append(recorded.event.story)
        stories = (self.story(story_id) for story_id in self._known)
        return tuple(story for story in stories if story is not None)

    def subscriptions(self) -> Subscriptions:
        """Return who is told what, as of now."""
        return fold_subscriptions(self.log.read(stream=ALERTS))
