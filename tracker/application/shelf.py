"""Stories and subscriptions kept folded: each look reads only what the log gained since the last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from tracker.application.audience import Audience
from tracker.domain.events import Recorded, StoryClosed, StoryOpened, StoryReopened, story_stream
from tracker.domain.routing import Subscriptions
from tracker.domain.story import Story, evolve
from tracker.judging.calibration import UNCALIBRATED, Calibration, fold_calibration
from tracker.ports.log import EventLog


@dataclass(frozen=True, slots=True)
class _Seen:
    """The log up to a position: by id whether a story is followed, in the order they were opened; the calibration.

    `grown`: the position of the newest event of each stream.
    """

    position: int = 0
    followed: Mapping[str, bool] = field(default_factory=dict)
    taught: Calibration = UNCALIBRATED
    grown: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Shelf:
    """Folded stories of one process; a cache only, empty at the start and never stale after `story`.

    Threads may share it: what belongs together is replaced together, and who comes late reads a little again.
    """

    log: EventLog
    _stories: dict[str, tuple[int, Story]] = field(default_factory=dict)
    _seen: _Seen = field(default_factory=_Seen)
    _audience: Audience = field(init=False)

    def __post_init__(self) -> None:
        self._audience = Audience(self.log)

    def story(self, story_id: str) -> Story | None:
        """Return a story as of now, None when it was never opened."""
        position, held = self._stories.get(story_id, (0, None))
        # Who has read the whole log sees by what it gained since, for all stories alike, whether this one has moved.
        if held is not None and self._seen.position and not self.moved([held]):
            return held
        fresh = tuple(self.log.read(after=position, stream=story_stream(story_id)))
        story = evolve(held, fresh)
        if story is not None and fresh:
            self._stories[story_id] = (fresh[-1].position, story)
        return story

    def lately(self, story_id: str) -> Story | None:
        """Return a story as of the last look at the log, by whomever, or as of now: for many stories in one look."""
        _, held = self._stories.get(story_id, (0, None))
        seen = self._seen
        return held if held and seen.position and self._is_level(held, seen.grown) else self.story(story_id)

    def moved(self, stories: Iterable[Story]) -> frozenset[str]:
        """Return the ids of the stories, as they were handed out, that the log has carried on since."""
        grown = self._look().grown
        return frozenset(story.id for story in stories if not self._is_level(story, grown))

    def _is_level(self, story: Story, grown: Mapping[str, int]) -> bool:
        position, held = self._stories.get(story.id, (0, None))
        return held is story and grown.get(story_stream(story.id), 0) <= position

    def followed(self) -> tuple[str, ...]:
        """Return the ids of the stories that are followed, in the order they were opened."""
        return tuple(story for story, open_ in self._look().followed.items() if open_)

    def calibration(self) -> Calibration:
        """Return what the judge was taught, as of now."""
        return self._look().taught

    def subscriptions(self) -> Subscriptions:
        """Return who is told of what, as of now."""
        return self._audience.now()

    def _look(self) -> _Seen:
        seen = self._seen
        gained = iter(self.log.read(after=seen.position))
        if (first := next(gained, None)) is not None:
            self._seen = seen = _further(seen, chain([first], gained))
        return seen


def _further(seen: _Seen, gained: Iterable[Recorded]) -> _Seen:
    position, followed, taught, grown = seen.position, dict(seen.followed), seen.taught, dict(seen.grown)
    for recorded in gained:
        position = grown[recorded.stream] = recorded.position
        taught = fold_calibration([recorded], taught)
        match recorded.event:
            case StoryOpened(story=story) | StoryReopened(story=story):
                followed[story] = True
            case StoryClosed(story=story):
                followed[story] = False
            case _:
                pass
    return _Seen(position, followed, taught, grown)
