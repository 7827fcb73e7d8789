"""Everything behind one recorded event."""

from tracker.application.claim_history import stood
from tracker.application.report import change_of
from tracker.domain.events import ClaimTracked, ClaimWithdrawn, Recorded, finding_of
from tracker.domain.feed_events import (
    FeedAdded,
    FeedEvent,
    FeedMoved,
)
from tracker.errors import NotFound
from tracker.ports.log import EventLog
from tracker.ports.views import ViewReader
from tracker.projections.rows import ordinal, story_of
from tracker.rendering.view import Explanation


def explain(log: EventLog, views: ViewReader, position: int) -> Explanation:
    """Return the event at a position, what the timeline now says of it, and its claim before and after.

    Raises NotFound when the log has no such position.
    """
    recorded = next(iter(log.read(after=position - 1, upto=position)), None)
    if recorded is None:
        raise NotFound(f"no event at position {position}; the log ends at {log.head()}")
    story, claim = story_of(recorded), _claim_of(recorded)
    if story is None:
        return Explanation(recorded, None, None, _source_of(log, recorded))
    row = views.load("timeline", [(story, ordinal(position))]).get((story, ordinal(position)))
    told = change_of(row) if row else None
    if claim is None:
        return Explanation(recorded, told, None)
    return Explanation(recorded, told, stood(views, story, claim, position))


def _source_of(log: EventLog, recorded: Recorded) -> str | None:
    """Return name and address of the source of an event as they were then, None where it is of none."""
    if not isinstance(recorded.event, FeedEvent):
        return None
    name, url = None, None
    for earlier in log.read(stream=recorded.stream, upto=recorded.position):
        match earlier.event:
            case FeedAdded():
                name, url = earlier.event.name, earlier.event.url
            case FeedMoved() if earlier.position < recorded.position:
                url = earlier.event.new
    return ", ".join(filter(None, (name, url))) or None


def _claim_of(recorded: Recorded) -> str | None:
    event, finding = recorded.event, finding_of(recorded.event)
    if isinstance(event, ClaimTracked):
        return event.claim.id
    if isinstance(event, ClaimWithdrawn):
        return event.claim
    return finding.claim if finding else None
