"""What was made of stories as they stand now: made anew when a story has changed, for so many stories at a time."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from tracker.domain.story import Story

Made = TypeVar("Made")


class Latest(Generic[Made]):
    """Remembers what `make` made of each of the `size` stories asked for last; a story is immutable, so it holds."""

    def __init__(self, make: Callable[[Story], Made], size: int) -> None:
        self._make = make
        self._size = size
        self._made: OrderedDict[str, tuple[Story, Made]] = OrderedDict()

    def of(self, story: Story) -> Made:
        """Return what is made of a story, the same as making it now."""
        held = self._made.pop(story.id, None)
        made = held if held and held[0] is story else (story, self._make(story))
        self._made[story.id] = made
        if len(self._made) > self._size:
            self._made.popitem(last=False)
        return made[1]
