"""Stories and subscriptions kept folded: each look reads only what the log gained since the last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tracker.application.audience import Audience
from tracker.domain.events import StoryClosed, StoryOpened, StoryReopened, story_stream
from tracker.domain.routing import Subscriptions
from tracker.domain.story import Story, evolve
from tracker.judging.calibration import UNCALIBRATED, Calibration, fold_calibration
from tracker.ports.log import EventLog


@dataclass(slots=True)
class Shelf:
    """Folded stories of one process; a cache only, empty at the start and never stale after `story`.

    Threads may share it: what belongs together is replaced together, and who comes late reads a little again.
    """

    log: EventLog
    _stories: dict[str, tuple[int, Story]] = field(default_factory=dict)
    _known: tuple[int, Mapping[str, bool], Calibration] = (0, MappingProxyType({}), UNCALIBRATED)
    """How far the log was read; by id whether a story is followed, in the order they were opened; the calibration."""
    _audience: Audience = field(init=False)

    def __post_init__(self) -> None:
        self._audience = Audience(self.log)

    def story(self, story_id: str) -> Story | None:
        """Return a story as of now, None when it was never opened."""
        position, held = self._stories.get(story_id, (0, None))
        fresh = tuple(self.log.read(after=position, stream=story_stream(story_id)))
        story = evolve(held, fresh)
        if story is not None and fresh:
            self._stories[story_id] = (fresh[-1].position, story)
        return story

    def followed(self) -> tuple[str, ...]:
        """Return the ids of the stories that are followed, in the order they were opened."""
        return tuple(story for story, open_ in self._look()[0].items() if open_)

    def calibration(self) -> Calibration:
        """Return what the judge was taught, as of now."""
        return self._look()[1]

    def subscriptions(self) -> Subscriptions:
        """Return who is told of what, as of now."""
        return self._audience.now()

    def _look(self) -> tuple[Mapping[str, bool], Calibration]:
        position, known, taught = self._known
        followed = dict(known)
        for recorded in self.log.read(after=position):
            position = recorded.position
            taught = fold_calibration([recorded], taught)
            match recorded.event:
                case StoryOpened(story=story) | StoryReopened(story=story):
                    followed[story] = True
                case StoryClosed(story=story):
                    followed[story] = False
                case _:
                    pass
        self._known = (position, followed, taught)
        return followed, taught
