"""How a story stands, as a document."""

from collections.abc import Sequence
from typing import Annotated, TypedDict

from msgspec import Meta

from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.documents.changes import Development, development
from tracker.rendering.documents.claims import ClaimStatus, claim_status
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Count, Position, Time, Version, one_of
from tracker.rendering.view import Freshness, LastEntry, SourceView, StatusView, Tally, Trouble


class StoryHead(TypedDict):
    """Which story this is."""

    id: str
    title: str
    opened_at: Time
    closed: bool


class TroubleRow(TypedDict):
    """A feed with which something is wrong, and why in words."""

    id: str
    name: str
    state: Annotated[str, one_of(("failing", "gone", "silent"), "What is wrong.")]
    error: str
    since: Time | None


class FreshnessRow(TypedDict):
    """How well the feeds of the story have been read.

    `failing` cannot be read, `silent` bring nothing any more. `unread`: none was read within the last day. `recent`
    were read within the last hour; null in a look back.
    """

    feeds: Count
    failing: Count
    last_poll: Time | None
    silent: Count
    unread: bool
    recent: Count | None
    troubles: list[TroubleRow]


class TallyRow(TypedDict):
    """What became new, in numbers: of claims, and of corrections."""

    new: Count
    updated: Count
    confirmed: Count
    contested: Count
    resolved: Count
    corrected: Count


class VoiceRow(TypedDict):
    """Somebody who is quoted, and the ids of the claims that are put down to them."""

    name: str
    says: list[str]
    denies: list[str]


class LatestEntry(TypedDict):
    """The newest entry of a source."""

    id: str
    title: str
    url: str | None
    published: Time | None
    seen: Time


class SourceRow(TypedDict):
    """Who stands behind words: entries of the story, findings in them, edits noticed since.

    `outlets` are those in which its words were read.
    """

    name: str
    entries: Count
    findings: Count
    developments: Count
    edits: Count
    first_seen: Time
    last_seen: Time
    outlets: list[str]
    latest: LatestEntry | None


class Status(TypedDict):
    """How a story stands.

    `as_of`: what is told was known by then; `valid_at`: and had been said by then. `position` and `head` are of the
    newest event of the story that was known; its hash commits to every event of the log up to it. `news` are the
    developments since `since`, or of the last day. `counts` are of everything; of `developments` and of `pending`,
    which wait for a person, the latest are listed, all of them where the report was asked for whole.
    """

    schema_version: Version
    story: StoryHead
    as_of: Time
    valid_at: Time | None
    position: Position
    head: str
    since: Time | None
    looked: Annotated[bool, Meta(description="Whether `since` is where the reader last looked.")]
    freshness: FreshnessRow
    counts: dict[str, Count]
    tally: TallyRow
    news: list[Development]
    claims: list[ClaimStatus]
    developments: list[Development]
    pending: list[Development]
    voices: list[VoiceRow]
    sources: list[SourceRow]


class Overview(TypedDict):
    """How several stories stand."""

    schema_version: Version
    stories: list[Status]


class Sources(TypedDict):
    """The sources of a story."""

    schema_version: Version
    story: str
    sources: list[SourceRow]


def status(view: StatusView, *, whole: bool = True) -> Status:
    """Return how a story stands; `whole`: the report was asked for so, and the history of each claim is in it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": {"id": view.id, "title": view.title, "opened_at": stamp(view.opened_at), "closed": view.closed},
        "as_of": stamp(view.as_of),
        "valid_at": stamp_or_none(view.valid_at),
        "position": view.head.position,
        "head": view.head.hash,
        "since": stamp_or_none(view.since),
        "looked": view.looked,
        "freshness": _freshness(view.freshness),
        "counts": dict(view.counts),
        "tally": _tally(view.tally),
        "news": [development(told) for told in view.news],
        "claims": [claim_status(claim, whole=whole) for claim in view.claims],
        "developments": [development(told) for told in view.developments],
        "pending": [development(told) for told in view.pending],
        "voices": [
            {"name": voice.name, "says": list(voice.says), "denies": list(voice.denies)} for voice in view.voices
        ],
        "sources": [_source(source) for source in view.sources],
    }


def overview(views: Sequence[StatusView]) -> Overview:
    """Return how several stories stand."""
    return {"schema_version": SCHEMA_VERSION, "stories": [status(view) for view in views]}


def sources(story: str, found: Sequence[SourceView]) -> Sources:
    """Return the sources of a story."""
    return {"schema_version": SCHEMA_VERSION, "story": story, "sources": [_source(source) for source in found]}


def _freshness(freshness: Freshness) -> FreshnessRow:
    return {
        "feeds": freshness.feeds,
        "failing": len(freshness.failing),
        "last_poll": stamp_or_none(freshness.last_poll),
        "silent": len(freshness.silent),
        "unread": freshness.unread,
        "recent": freshness.recent,
        "troubles": [_trouble(trouble) for trouble in freshness.troubles],
    }


def _trouble(trouble: Trouble) -> TroubleRow:
    return {
        "id": trouble.id,
        "name": trouble.feed,
        "state": trouble.state,
        "error": trouble.error,
        "since": stamp_or_none(trouble.since),
    }


def _tally(tally: Tally) -> TallyRow:
    return {
        "new": tally.new,
        "updated": tally.updated,
        "confirmed": tally.confirmed,
        "contested": tally.contested,
        "resolved": tally.resolved,
        "corrected": tally.corrected,
    }


def _source(source: SourceView) -> SourceRow:
    return {
        "name": source.name,
        "entries": source.entries,
        "findings": source.findings,
        "developments": source.developments,
        "edits": source.edits,
        "first_seen": stamp(source.first_seen),
        "last_seen": stamp(source.last_seen),
        "outlets": list(source.outlets),
        "latest": _latest(source.latest) if source.latest else None,
    }


def _latest(entry: LastEntry) -> LatestEntry:
    return {
        "id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "published": stamp_or_none(entry.published),
        "seen": stamp(entry.seen),
    }
