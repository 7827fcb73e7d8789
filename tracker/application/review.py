"""Review: a person says what a finding is; projections and alerts follow, and nothing recorded is changed."""

from typing import Literal

from tracker.application.audience import Audience
from tracker.application.correct import Desk, tell
from tracker.application.retry import retried
from tracker.domain.actors import shown
from tracker.domain.claims import Relation
from tracker.domain.events import Event, FindingReviewed, NewEvent, Recorded, claim_of, entry_of, finding_of
from tracker.domain.ids import content_id
from tracker.domain.story import Story, fold
from tracker.errors import NotFound, Overtaken, UsageError
from tracker.ports.log import Notice

Said = Literal["confirmed", "rejected", "relabelled"]


@retried
def review(
    desk: Desk, position: int, said: Said, actor: str, relation: Relation | None = None, *, seen: int | None = None
) -> Recorded:
    """Record what a person says of the finding at a position; return the event. Saying the same again records nothing.

    In the same transaction it is owed to whoever was told of the finding as something else, and to whoever wants what
    it is now, if they were not told of it yet. `seen`: the log up to where they who say it had looked, so that nobody
    overrules what they do not know of; None: all of it.

    Raises NotFound for a position beyond the log, UsageError for an event that is no finding, and for a new claim that
    is to be given another relation: there is no claim yet that it could bear on; Overtaken where somebody has said
    otherwise after `seen`.
    """
    recorded = next(iter(desk.log.read(after=position - 1, upto=position)), None)
    if recorded is None:
        raise NotFound(f"no event at position {position}; the log ends at {desk.log.head()}")
    finding = finding_of(recorded.event)
    if finding is None:
        raise UsageError(f"the event at position {position} is no finding; `tracker review list` shows what waits")
    if relation is not None and finding.relation is Relation.NEW:
        raise UsageError(f"the finding at position {position} is a new claim: confirm or reject it")
    wanted = FindingReviewed(position, said, relation, claim_of(recorded.event) or "")
    stream = tuple(desk.log.read(stream=recorded.stream))
    last = next((old for old in reversed(stream) if _is_of(old, position)), None)
    if last is not None and _says(last) == (said, relation):
        return last
    if last is not None and seen is not None and last.position > seen:
        raise Overtaken(f"meanwhile {shown(last.actor)} said that the finding at position {position} is {_said(last)}")
    version = stream[-1].version
    identity = content_id("review", (recorded.stream, str(version), repr(wanted)))
    new = NewEvent(identity, wanted, actor, causation=recorded.id)
    (written,) = desk.log.append(recorded.stream, version, (new,), _notices(desk, stream, recorded, new))
    return written


def _notices(desk: Desk, stream: tuple[Recorded, ...], finding: Recorded, new: NewEvent) -> tuple[Notice, ...]:
    story = fold(stream)
    assert story is not None, "a story with a finding"
    return tell(desk, story, (new,), Audience(desk.log).now(), silent=_is_old(desk, story, finding.event))


def _is_old(desk: Desk, story: Story, event: Event) -> bool:
    """Tell whether the entry of a finding was there before anybody asked: to settle it now is no news."""
    entry = entry_of(event)
    assert entry is not None, "a finding is of an entry"
    return desk.archive.was_there(story.id, entry.id, entry.version, story.opened_at)


def _says(recorded: Recorded) -> tuple[Said, Relation | None]:
    assert isinstance(recorded.event, FindingReviewed), "only reviews are looked at"
    return recorded.event.verdict, recorded.event.relation


def _said(recorded: Recorded) -> str:
    said, relation = _says(recorded)
    return f"{said} as {relation}" if relation else said


def _is_of(recorded: Recorded, position: int) -> bool:
    return isinstance(recorded.event, FindingReviewed) and recorded.event.position == position
