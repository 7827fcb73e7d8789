"""Review: a person says what a finding is; projections follow, and nothing recorded is changed."""

from typing import Literal

from tracker.application.retry import retried
from tracker.domain.claims import Relation
from tracker.domain.events import ClaimTracked, Event, FindingReviewed, NewEvent, Recorded, finding_of
from tracker.domain.ids import content_id
from tracker.errors import NotFound, UsageError
from tracker.ports.log import EventLog

Said = Literal["confirmed", "rejected", "relabelled"]


@retried
def review(log: EventLog, position: int, said: Said, actor: str, relation: Relation | None = None) -> Recorded:
    """Record what a person says of the finding at a position; return the event. Saying the same again records nothing.

    Raises NotFound for a position beyond the log, UsageError for an event that is no finding, and for a new claim that
    is to be given another relation: there is no claim yet that it could bear on.
    """
    recorded = next(iter(log.read(after=position - 1, upto=position)), None)
    if recorded is None:
        raise NotFound(f"no event at position {position}; the log ends at {log.head()}")
    finding = finding_of(recorded.event)
    if finding is None:
        raise UsageError(f"the event at position {position} is no finding; `tracker review list` shows what waits")
    if relation is not None and finding.relation is Relation.NEW:
        raise UsageError(f"the finding at position {position} is a new claim: confirm or reject it")
    wanted = FindingReviewed(position, said, relation, _claim_of(recorded.event))
    stream = tuple(log.read(stream=recorded.stream))
    last = next((old for old in reversed(stream) if _is_of(old, position)), None)
    if last is not None and _says(last) == (said, relation):
        return last
    version = stream[-1].version
    identity = content_id("review", (recorded.stream, str(version), repr(wanted)))
    (written,) = log.append(recorded.stream, version, (NewEvent(identity, wanted, actor, causation=recorded.id),))
    return written


def _claim_of(event: Event) -> str:
    """Return the claim that a finding is about: for one that brought a new claim, that claim."""
    if isinstance(event, ClaimTracked):
        return event.claim.id
    finding = finding_of(event)
    return (finding.claim if finding else None) or ""


def _says(recorded: Recorded) -> tuple[Said, Relation | None]:
    assert isinstance(recorded.event, FindingReviewed), "only reviews are looked at"
    return recorded.event.verdict, recorded.event.relation


def _is_of(recorded: Recorded, position: int) -> bool:
    return isinstance(recorded.event, FindingReviewed) and recorded.event.position == position
