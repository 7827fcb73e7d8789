"""Judge: every pending entry against its story; what follows is appended in one transaction with the notices owed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
RUN = 1_000
"""Verdicts that let an entry into no story and are recorded together: about 20 ms of work that a crash may repeat."""
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
    followed = room.shelf.followed()
    fresh = room.archive.fresh(followed, BATCH)
    room = room.taught()
    rejected = Rejected(room)
    for story_id in followed:
        # What nearly level stories have to judge was looked up for all of them; the others are asked one by one.
        found = fresh.get(story_id)
        pending = room.archive.pending(story_id, BATCH) if found is None else found
        story = room.shelf.lately(story_id) if pending else None
        if story:
            yield from _judge_story(room, story, pending, rejected)
    yield from rejected.record()


def judge_story(room: Newsroom, story_id: str) -> Iterator[Judged]:
    """Judge at most `BATCH` pending entries of one story; none of a story that is closed or was never opened."""
    story = room.shelf.story(story_id)
    pending = room.archive.pending(story_id, BATCH) if story else ()
    if story and pending:
        rejected = Rejected(room)
        yield from _judge_story(room.taught(), story, pending, rejected)
        yield from rejected.record()


def _judge_story(room: Newsroom, story: Story, pending: Sequence[Pending], rejected: "Rejected") -> Iterator[Judged]:
    if story.closed:
        return
    begun = room.clock()
    for item in pending:
        if room.stopping():
            return
        looked = _looked(room, story, item)
        if not looked.verdict.relevant and item.entry.id not in story.entries:
            yield from rejected.add(story, looked)
            continue
        yield from rejected.record()
        if not room.archive.awaiting(item.entry.id, (story.id,)):
            continue  # it was judged by another or erased since it was looked up
        judged = _settle(room, story, item, looked)
        if judged is not None:
            yield judged
        if judged and judged.asked and room.clock() - begun > PATIENCE:
            return
        story = _folded(room, story.id)


@dataclass(slots=True)
class Rejected:
    """Verdicts that let an entry into no story, recorded together: a transaction for each costs more than to judge.

    Nothing follows from them, so whatever is lost with the process is judged again without a trace.
    """

    room: Newsroom
    _held: list[tuple[Story, Judged]] = field(default_factory=list)

    def add(self, story: Story, judged: Judged) -> tuple[Judged, ...]:
        """Hold a verdict on a story as it was folded; return what was recorded, when there was enough of it."""
        self._held.append((story, judged))
        return self.record() if len(self._held) >= RUN else ()

    def record(self) -> tuple[Judged, ...]:
        """Record what is held and return it; what is on a story that was carried on meanwhile stays pending."""
        held, self._held = self._held, []
        if not held:
            return ()
        moved = self.room.shelf.moved({story.id: story for story, _ in held}.values())
        level = [(story, judged) for story, judged in held if story.id not in moved]
        by, now = self.room.judge.version, self.room.clock()
        self.room.archive.judged(*(_judgement(story.id, judged.verdict, by, now) for story, judged in level))
        return tuple(judged for _, judged in level)


def judge_one(room: Newsroom, story_id: str, item: Pending) -> Judged | None:
    """Judge one entry and record what follows; None when another judge of the story recorded it meanwhile.

    Raises Conflict after `ATTEMPTS` lost races. A version that the story already knows (a crash came between append
    and judgement) is judged to be itself: nothing is recorded twice. An entry over which the judge itself fails is
    put aside as irrelevant, with the reason, so that it does not hold back those behind it.
    """
    story = _folded(room, story_id)
    return _settle(room, story, item, _looked(room, story, item))


def _folded(room: Newsroom, story_id: str) -> Story:
    story = room.shelf.story(story_id)
    assert story is not None, "only open stories have pending entries"
    return story


def _looked(room: Newsroom, story: Story, item: Pending) -> Judged:
    """Return the verdict on an entry; nothing is recorded."""
    try:
        return Judged(room.judge.judge(item.entry, story), (), ())
    except (TrackerError, MemoryError):
        raise  # the database, a missing model, a full machine: no fault of this entry
    except Exception as error:  # noqa: BLE001 - one entry must not hold back its story for ever
        return _aside(item.entry, error)


def _settle(room: Newsroom, story: Story, item: Pending, looked: Judged) -> Judged | None:
    """Record what follows from a verdict on a story; on the story as it is now, if it was carried on meanwhile."""
    for attempt in range(ATTEMPTS):
        if attempt:
            story = _folded(room, story.id)
            if story.knows(item.entry.id, item.entry.version):
                return None
            looked = _looked(room, story, item)
        try:
            judged = looked if looked.fault else _record(room, story, item, looked.verdict)
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        except (TrackerError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - as above
            judged = _aside(item.entry, error)
        room.archive.judged(_judgement(story.id, judged.verdict, room.judge.version, room.clock()))
        return judged
    raise AssertionError("unreachable: the last attempt returns or raises")


def _record(room: Newsroom, story: Story, item: Pending, verdict: Verdict) -> Judged:
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


def _aside(entry: Entry, error: Exception) -> Judged:
    fault = line(f"{FAULT}: {error!r}", 300)
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


def _judgement(story: str, verdict: Verdict, by: str, now: datetime) -> Judgement:
    return Judgement(
        story=story,
        entry=verdict.entry.id,
        version=verdict.entry.version,
        relevant=verdict.relevant,
        score=verdict.score,
        reason=verdict.reason,
        judge=by,
        judged_at=now,
    )
