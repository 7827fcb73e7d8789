"""Views as they stood: of what we had seen by a moment, and of what had been said by one.

The two times are two filters, alone and together: "what did we believe on Tuesday about Monday" is as of Tuesday,
valid at Monday. Nothing is stored for it: the story's events are folded anew, by the folds of the live views.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker.application.report import head_of
from tracker.domain.events import feed_stream, story_stream
from tracker.domain.valid_time import valid_by, valid_times
from tracker.errors import NotFound
from tracker.ports.log import EventLog
from tracker.ports.views import ViewReader
from tracker.projections import ALL
from tracker.projections.folding import Batch
from tracker.projections.memory import MemoryViews
from tracker.projections.projection import Projection
from tracker.projections.rows import HEAD
from tracker.projections.stories import Stories, reached
from tracker.rendering.plain import moment


def views_at(
    log: EventLog, live: ViewReader, story: str, *, as_of: datetime | None = None, valid_at: datetime | None = None
) -> ViewReader:
    """Return the views of a story with only what we had seen by `as_of` and what had been said by `valid_at`.

    None is no limit; the live views where neither is asked for. A moment that has not come yet is no limit either.
    Raises NotFound for a story that there is not, and for a moment before it.
    """
    if as_of is None and valid_at is None:
        return live
    head_of(live, story)
    _refuse_before_opening(log, story, as_of, valid_at)
    position = log.head() if as_of is None else log.position_at(as_of)
    return views_upto(log, ALL, story, position, live.partitions("health"), valid_at=valid_at)


def views_upto(
    log: EventLog,
    projections: Sequence[Projection],
    story: str,
    position: int,
    feeds: Iterable[str] = (),
    *,
    valid_at: datetime | None = None,
) -> ViewReader:
    """Return the views of one story, and of the feeds named, as they stood at a position of the log.

    `valid_at`: of the story's events only those that had been said by then; see `tracker.domain.valid_time`.
    """
    seen = tuple(log.read(stream=story_stream(story), upto=position))
    counted = seen if valid_at is None else tuple(valid_by(seen, valid_at))
    events = [*counted, *(recorded for feed in feeds for recorded in log.read(stream=feed_stream(feed), upto=position))]
    views = MemoryViews()
    for projection in projections:
        rows = Batch(projection, events).fold({})
        if projection.name == Stories.name and counted:
            # How far the log was read, whether or not what came last counts: the hash vouches for all of it.
            rows[story, HEAD] = {**rows[story, HEAD], **reached(seen[-1])}
        views.save(projection.name, rows, after=0, position=position)
    return views


def _refuse_before_opening(log: EventLog, story: str, as_of: datetime | None, valid_at: datetime | None) -> None:
    ((said, opened),) = valid_times(log.read(stream=story_stream(story), limit=1))
    if as_of and as_of < opened.recorded_at:
        raise NotFound(f"story {story} was opened at {moment(opened.recorded_at)}, after the moment you ask for")
    if valid_at and valid_at < said:
        raise NotFound(f"story {story} begins with what was said by {moment(said)}, after the moment you ask for")
