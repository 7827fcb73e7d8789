"""Judge: every pending entry against its story; what follows is appended in one transaction with the notices owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tracker.application.changes import removed, restored, revised
from tracker.application.correct import tell
from tracker.application.newsroom import Newsroom
from tracker.application.second_opinion import Asked
from tracker.domain.entry import Entry
from tracker.domain.events import NewEvent, Recorded, story_stream
from tracker.domain.story import Story
from tracker.errors import Conflict, TrackerError
from tracker.judging.decide import decide
from tracker.judging.verdict import Verdict
from tracker.ports.archive import FAULT, Judgement, Pending
from tracker.ports.log import Notice
from tracker.rendering.plain import line

BATCH = 50
"""Entries of one story that are judged before it is another story's turn: a few seconds."""
PATIENCE = timedelta(minutes=1)
"""How long a turn of one story may wait for second opinions; what is left is judged in the next."""
ATTEMPTS = 10
"""Tries at an append that another writer keeps overtaking; each try folds and judges again."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry's verdict, the events that follow from it, and who is owed an alert. `fault`: why it has no verdict.

    `asked`: how questions for a second opinion ended; the verdict is the judge's alone.
    """

    verdict: Verdict
    recorded: tuple[Recorded, ...]
    notices: tuple[Notice, ...]
    fault: str | None = None
    asked: tuple[Asked, ...] = ()


def judge_pending(room: Newsroom) -> Iterator[Judged]:
    """Judge whatever the archive holds unjudged for each open story; yields each entry as it is recorded."""
    judging = True
    while judging:
        judging = False
        for judged in judge_turn(room):
            judging = True
            yield judged


def judge_turn(room: Newsroom) -> Iterator[Judged]:
    """Judge at most `BATCH` pending entries of each open story, oldest first; yields each as it is recorded.

    Oldest first even where the older ones are a baseline: what they say is known when the news are judged.
    """
    for story_id in room.shelf.followed():
        yield from judge_story(room, story_id)


def judge_story(room: Newsroom, story_id: str) -> Iterator[Judged]:
    """Judge at most `BATCH` pending entries of one story; none of a story that is closed or was never opened."""
    story = room.shelf.story(story_id)
    if story is None or story.closed:
        return
    pending = room.archive.pending(story_id, BATCH)
    room = room.taught() if pending else room
    begun = room.clock()
    for item in pending:
        if room.stopping():
            return
        judged = judge_one(room, story_id, item)
        if judged is not None:
            yield judged
        if judged and judged.asked and room.clock() - begun > PATIENCE:
            return


def judge_one(room: Newsroom, story_id: str, item: Pending) -> Judged | None:
    """Judge one entry and record what follows; None when another judge of the story recorded it meanwhile.

    Raises Conflict after `ATTEMPTS` lost races. A version that the story already knows (a crash came between append
    and judgement) is judged to be itself: nothing is recorded twice. An entry over which the judge itself fails is
    put aside as irrelevant, with the reason, so that it does not hold back those behind it.
    """
    for attempt in range(ATTEMPTS):
        story = room.shelf.story(story_id)
        assert story is not None, "only open stories have pending entries"
        if attempt and story.knows(item.entry.id, item.entry.version):
            return None
        try:
            judged = _record(room, story, item)
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        except (TrackerError, MemoryError):
            raise  # the database, a missing model, a full machine: no fault of this entry
        except Exception as error:  # noqa: BLE001 - one entry must not hold back its story for ever
            judged = _aside(item.entry, line(f"{FAULT}: {error!r}", 300))
        room.archive.judged(_judgement(room, story, judged.verdict))
        return judged
    raise AssertionError("unreachable: the last attempt returns or raises")


def _record(room: Newsroom, story: Story, item: Pending) -> Judged:
    verdict = room.judge.judge(item.entry, story)
    if story.knows(item.entry.id, item.entry.version):
        return Judged(verdict, (), ())
    changes = (*restored(story, verdict), *revised(room.archive, story, verdict))
    events = (*changes, *decide(verdict, story, room.judge.version), *removed(room.archive, story, verdict))
    asked: tuple[Asked, ...] = ()
    if room.opinion and not item.baseline:  # what nobody is told of is not worth a question
        events, asked = room.opinion.on(events, story)
    notices = _notices(room, story, item, events)
    recorded = room.log.append(story_stream(story.id), story.version, events, notices) if events else ()
    return Judged(verdict, recorded, notices, asked=asked)


def _aside(entry: Entry, fault: str) -> Judged:
    verdict = Verdict(
        entry=entry,
        source=entry.publisher or "unknown",
        relevant=False,
        score=0.0,
        duplicate_of=None,
        happening=entry.id,
        findings=(),
        claims=(),
        current={},
        reason=fault,
        needs_review=False,
        stages=(),
    )
    return Judged(verdict, (), (), fault)


def _notices(room: Newsroom, story: Story, item: Pending, events: tuple[NewEvent, ...]) -> tuple[Notice, ...]:
    silent = item.baseline or item.entry.seen < story.opened_at
    return tell(room, story, events, room.shelf.subscriptions(), silent=silent)


def _judgement(room: Newsroom, story: Story, verdict: Verdict) -> Judgement:
    return Judgement(
        story=story.id,
        entry=verdict.entry.id,
        version=verdict.entry.version,
        relevant=verdict.relevant,
        score=verdict.score,
        reason=verdict.reason,
        judge=room.judge.version,
        judged_at=room.clock(),
    )
