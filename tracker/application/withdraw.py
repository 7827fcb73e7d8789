"""Withdraw: a person says that a claim is followed no longer; whoever was told of it is told that as well."""

from tracker.application.audience import Audience
from tracker.application.correct import Desk, tell
from tracker.application.near import no_claim, no_story
from tracker.application.retry import retried
from tracker.domain.claims import Standing
from tracker.domain.events import ClaimWithdrawn, NewEvent, story_stream
from tracker.domain.ids import content_id
from tracker.domain.story import fold
from tracker.errors import UsageError


@retried
def withdraw(desk: Desk, story_id: str, claim: str, *, reason: str, actor: str) -> bool:
    """Record that a claim is followed no longer, and why; False where it was withdrawn before, and nothing is recorded.

    What is said of it later is not looked for any more; what was said stays in the log and in every report. Raises
    NotFound for a story or a claim that is not there, UsageError for a reason without words.
    """
    if not reason.strip():
        raise UsageError("a claim is withdrawn for a reason; it is told to whoever was told of the claim")
    stream = story_stream(story_id)
    story = fold(desk.log.read(stream=stream))
    if story is None:
        raise no_story(desk.log, story_id)
    if claim not in story.claims:
        raise no_claim(story_id, claim, story.claims)
    if story.claims[claim].standing is Standing.WITHDRAWN:
        return False
    identity = content_id("withdraw", (stream, str(story.version), claim))
    new = NewEvent(identity, ClaimWithdrawn(claim, " ".join(reason.split())), actor)
    notices = tell(desk, story, (new,), Audience(desk.log).now(), silent=False)
    desk.log.append(stream, story.version, (new,), notices)
    return True
