"""What a publisher does to an entry after the story took it in: it edits it, takes it away, or puts it back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tracker.application.correct import tell
from tracker.application.newsroom import Newsroom
from tracker.application.retry import retried
from tracker.domain.entry import Entry, EntryRef, refer
from tracker.domain.events import EntryRemoved, EntryRestored, EntryRevised, NewEvent, Recorded, story_stream
from tracker.domain.ids import content_id
from tracker.domain.revision import revision
from tracker.domain.story import Story
from tracker.judging.verdict import Verdict
from tracker.ports.archive import Archive, Removal

WORKER = "worker"


def revised(archive: Archive, story: Story, verdict: Verdict) -> tuple[NewEvent, ...]:
    """Return that a publisher edited what the story quotes of an entry, or its headline, where that is so."""
    entry = verdict.entry
    known = story.entries.get(entry.id)
    before = _before(archive, entry) if known else None
    change = revision(known.quotes, before, entry) if known and before else None
    if change is None:
        return ()
    event = EntryRevised(refer(entry, verdict.source), change.old, change.new)
    return (_new(story, event, event.entry, entry.published),)


def restored(story: Story, verdict: Verdict) -> tuple[NewEvent, ...]:
    """Return that an entry is back which was told to be taken away, whatever it says now, where that is so."""
    known = story.entries.get(verdict.entry.id)
    if known is None or not known.removed:
        return ()
    event = EntryRestored(refer(verdict.entry, verdict.source), tuple(dict.fromkeys(claim for claim, _ in known.links)))
    return (_new(story, event, event.entry, verdict.entry.seen),)


def removed(archive: Archive, story: Story, verdict: Verdict) -> tuple[NewEvent, ...]:
    """Return that an entry was taken away before the story came to judge it, where that is so."""
    removal = archive.removal(verdict.entry.id) if verdict.relevant else None
    if removal is None:
        return ()
    claims = (*(finding.claim for finding in verdict.findings), *verdict.repeats)
    return (_removal(story, refer(verdict.entry, verdict.source), removal, claims),)


def record_removals(room: Newsroom, story_id: str) -> tuple[Recorded, ...]:
    """Record that entries on which a story relies were taken away since, each once, with the notices owed."""
    found = room.archive.withdrawn(story_id)
    return tuple(recorded for removal in found for recorded in _record_removal(room, story_id, removal))


@retried
def _record_removal(room: Newsroom, story_id: str, removal: Removal) -> tuple[Recorded, ...]:
    story = room.shelf.story(story_id)
    known = story.entries.get(removal.entry) if story else None
    recorded: tuple[Recorded, ...] = ()
    if story and known and not known.removed:
        events = (_removal(story, known.ref, removal, (claim for claim, _ in known.links)),)
        notices = tell(room, story, events, room.shelf.subscriptions(), silent=False)
        recorded = room.log.append(story_stream(story_id), story.version, events, notices)
    room.archive.told(story_id, removal.entry)
    return recorded


def _before(archive: Archive, entry: Entry) -> Entry | None:
    """Return what the version before this one said, with the text of the last one that had one; None for the first."""
    versions = archive.versions(entry.id)
    nth = next((nth for nth, one in enumerate(versions) if one.version == entry.version), len(versions))
    earlier = versions[:nth]
    text = next((one.text for one in reversed(earlier) if one.text), "")
    return replace(earlier[-1], text=text) if earlier else None


def _removal(story: Story, ref: EntryRef, removal: Removal, claims: Iterable[str | None]) -> NewEvent:
    event = EntryRemoved(ref, removal.reason, tuple(dict.fromkeys(filter(None, claims))))
    return _new(story, event, ref, removal.at)


def _new(
    story: Story, event: EntryRevised | EntryRemoved | EntryRestored, ref: EntryRef, at: datetime | None
) -> NewEvent:
    """Return an event that may happen again: its id tells the version of the story as well."""
    parts = (story_stream(story.id), type(event).__name__, ref.id, ref.version, str(story.version))
    return NewEvent(content_id("ev", parts), event, WORKER, causation=ref.id, published_at=at)
