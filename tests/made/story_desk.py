"""A database with an open story, on which judge and readers are played, and a clock that is moved by hand."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine

from tests.made.alerts import NOON, STORY, opening
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.eraser import SqlEraser
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.application.correct import tell
from tracker.application.subscribe import subscribe, subscriptions
from tracker.domain.events import Event, NewEvent, Recorded, story_stream
from tracker.domain.story import Story, fold
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.clock import Clock
from tracker.ports.outbox import Owed


class StoryDesk:
    """The story of the instructors, open, in a database that is migrated and empty; `times` holds the present one."""

    def __init__(self, engine: Engine) -> None:
        self.times = [NOON]
        self.log = SqlEventLog(engine, self.clock)
        self.outbox = SqlOutbox(engine)
        self.archive = SqlArchive(engine)
        self.eraser = SqlEraser(engine, self.clock)
        self.log.append(story_stream(STORY), 0, opening())

    @property
    def clock(self) -> Clock:
        return lambda: self.times[0]

    def later(self, **by: float) -> None:
        self.times[0] += timedelta(**by)

    def stream(self, story: str = STORY) -> tuple[Recorded, ...]:
        return tuple(self.log.read(stream=story_stream(story)))

    def story(self, story: str = STORY) -> Story:
        found = fold(self.stream(story))
        assert found is not None
        return found

    def add(self, *wanted: SubscriptionAdded) -> None:
        for one in wanted:
            subscribe(self.log, one, "person")

    def report(self, *events: Event, silent: bool = False, story: str = STORY) -> int:
        """Append what came of one entry, with the notices owed; return the position of the first event."""
        before = self.story(story)
        cause = f"{story}-{before.version}"
        new = [NewEvent(f"{cause}-{nth}", event, "judge", cause) for nth, event in enumerate(events)]
        notices = tell(self, before, new, subscriptions(self.log), silent=silent)
        return self.log.append(story_stream(story), before.version, new, notices)[0].position

    def owed(self) -> Sequence[Owed]:
        return self.outbox.owed([recorded.id for recorded in self.log.read()])
