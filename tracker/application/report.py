"""How a story stands, put together from the views."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.application.freshness import freshness_now, freshness_then
from tracker.application.grounds import grounded, grounds, voices
from tracker.application.news import Look, developments, doubts, news, tally
from tracker.application.wording import worded
from tracker.errors import NotFound
from tracker.ports.feeds import FeedReader
from tracker.ports.views import ViewReader
from tracker.projections.developments import BY_SOURCE, COUNTS, NOTHING, Developments, doubts_of
from tracker.projections.ledger import current_in
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal
from tracker.projections.sources import Sources, entries_of
from tracker.rendering.near import near
from tracker.rendering.view import (
    LATEST,
    Change,
    ClaimView,
    Group,
    Head,
    LastEntry,
    SourceView,
    StatusView,
    said_last,
)

DAY = timedelta(days=1)
_GROUPS = {
    "reported": Group.OPEN,
    "corroborated": Group.KNOWN,
    "disputed": Group.DISPUTED,
    "superseded": Group.WITHDRAWN,
    "withdrawn": Group.WITHDRAWN,
}


def report(
    views: ViewReader,
    feeds: FeedReader | None,
    story_id: str,
    *,
    as_of: datetime | None = None,
    valid_at: datetime | None = None,
    since: datetime | Look | None = None,
    whole: bool = False,
    now: datetime | None = None,
) -> StatusView:
    """Return how a story stands in the views.

    For a look back, hand in the views of `tracker.application.then.views_at` with the moments that it was asked for:
    `as_of` None is the newest thing we know, an event or a poll; `valid_at` None is no limit. `since` is a time of
    seeing, whatever the others are. `feeds` None: freshness is told from the views alone, as for a look back;
    `now`: it is also told which feeds were read lately. The latest `LATEST` developments and doubts are listed, and all
    of the news; grounds are given for the `LATEST` claims of each group and the last entry of so many sources; `whole`:
    of all of them, with the history of each claim, which takes as long as the story is.
    Raises NotFound, with the nearest ids, for a story that the views do not hold.
    """
    row = head_of(views, story_id)
    freshness = freshness_then(views, story_id) if feeds is None else freshness_now(feeds, story_id, now)
    as_of = as_of or max(filter(None, (_time(row["last_seen"]), freshness.last_poll)))
    numbers, by_source = _numbers(views, story_id)
    mark = since or as_of - DAY
    fresh = news(views, story_id, mark)
    rows = _claim_rows(views, story_id)
    claims = _grounded(views, story_id, rows, whole=whole)
    sources = _sources(views, story_id, by_source, whole=whole)
    listed = numbers if whole else {name: min(LATEST, number) for name, number in numbers.items()}
    return StatusView(
        id=story_id,
        title=row["title"],
        opened_at=_time(row["opened_at"]),
        closed=row["closed"],
        as_of=as_of,
        valid_at=valid_at,
        head=_head(row),
        since=since.at if isinstance(since, Look) else since,
        looked=isinstance(since, Look) and since.position > 0,
        freshness=freshness,
        counts={**_filed(claims), **_counted(numbers, len(fresh), sources)},
        tally=tally(fresh, rows, mark),
        news=_news(views, story_id, fresh),
        claims=with_history(claims, views.scan("timeline", story_id)) if whole else claims,
        developments=_changes(developments(views, story_id, listed["developments"])),
        pending=_changes(doubts(views, story_id, listed["doubts"])),
        voices=voices(claims),
        sources=sources,
    )


def _counted(numbers: Row, fresh: int, sources: Sequence[SourceView]) -> dict[str, int]:
    return {
        "developments": numbers["developments"],
        "new": fresh,
        "needs_review": numbers["doubts"],
        "repeats": numbers["repeats"],
        "entries": sum(source.entries for source in sources),
        "sources": len(sources),
    }


def _news(views: ViewReader, story_id: str, fresh: Sequence[Row]) -> tuple[Change, ...]:
    """Return what is new, that which is listed with its claim as it read then."""
    told = _changes(fresh)
    return (*told[:-LATEST], *worded(views, story_id, told[-LATEST:]))


def timeline(views: ViewReader, story_id: str) -> tuple[Change, ...]:
    """Return everything that happened in a story, oldest first. Raises NotFound."""
    head_of(views, story_id)
    return _changes(views.scan("timeline", story_id))


def waiting(views: ViewReader, story_id: str) -> tuple[Change, ...]:
    """Return what of a story waits for a person, oldest first."""
    return tuple(
        change for change in _changes(views.scan(Developments.name, doubts_of(story_id))) if change.needs_review
    )


def newest(views: ViewReader, story_id: str) -> Head | None:
    """Return the newest event of a story that the views rest on, None where they do not hold the story."""
    row = next(iter(views.scan("stories", story_id)), None)
    return _head(row) if row else None


def head_of(views: ViewReader, story_id: str) -> Row:
    """Return the head row of a story. Raises NotFound with the ids that come nearest."""
    head = next(iter(views.scan("stories", story_id)), None)
    if head is None:
        raise NotFound(f"no story {story_id}{_near(story_id, views.partitions('stories'))}")
    return head


def heads(views: ViewReader) -> tuple[Row, ...]:
    """Return the head row of every story, in order of id."""
    return tuple(head for story in views.partitions("stories") for head in views.scan("stories", story))


def claims_of(views: ViewReader, story_id: str) -> tuple[ClaimView, ...]:
    """Return a story's claims without their history, in the order in which they were first tracked."""
    return tuple(map(claim_view, _claim_rows(views, story_id)))


def _claim_rows(views: ViewReader, story_id: str) -> list[Row]:
    return sorted(views.scan("ledger", story_id), key=lambda row: (row["first_seen"], row["id"]))


def _grounded(views: ViewReader, story_id: str, rows: Sequence[Row], *, whole: bool) -> tuple[ClaimView, ...]:
    """Return the claims, with what they rest on where they are listed."""
    claims = tuple(map(claim_view, rows))
    groups = [[claim for claim in claims if claim.group is group] for group in Group]
    listed = {claim.id for group in groups for claim in (group if whole else said_last(group))}
    by_id = {row["id"]: row for row in rows if row["id"] in listed}
    told = changes_at(views, story_id, grounds(by_id.values()))
    return tuple(grounded(claim, by_id[claim.id], told) if claim.id in listed else claim for claim in claims)


def changes_at(views: ViewReader, story_id: str, positions: Iterable[int]) -> dict[int, Change]:
    """Return what the timeline tells of events, by their position."""
    found = views.load("timeline", {(story_id, ordinal(position)) for position in positions})
    return {row["position"]: change_of(row) for row in found.values()}


def claim_view(row: Row) -> ClaimView:
    """Return a row of the ledger as a value, without the history of the claim."""
    current, original = current_in(row), row["original"]
    return ClaimView(
        id=row["id"],
        text=original["text"],
        current=current.text,
        attributed_to=current.attributed_to,
        status=str(current.status),
        standing=row["standing"],
        group=_GROUPS[row["standing"]],
        sources=tuple(row["sources"]),
        denied_by=tuple(row["denied_by"]),
        first_seen=_time(row["first_seen"]),
        last_seen=_time(row["last_seen"]),
        since=_time(row["turned"]["at"]),
        withdrawn=row["withdrawn"],
        dates=current.dates,
        quantities=current.quantities,
        removed=tuple(row["removed"]),
        moved=current.text != original["text"] and current.attributed_to == original["attributed_to"],
    )


def with_history(claims: Iterable[ClaimView], rows: Iterable[Row]) -> tuple[ClaimView, ...]:
    """Return the claims, each with the findings of it."""
    by_claim: dict[str, list[Change]] = {}
    for row in rows:
        if row["claim"] is not None:
            by_claim.setdefault(row["claim"], []).append(change_of(row))
    return tuple(replace(claim, history=tuple(by_claim.get(claim.id, ()))) for claim in claims)


def change_of(row: Row) -> Change:
    """Return a row of the timeline as a value."""
    plain = {name: row[name] for name in _CHANGE}
    return Change(**plain, seen=_time(row["seen"]), published=_time(row["published"]) if row["published"] else None)


_CHANGE = tuple(name for name in Change.__slots__ if name not in {"seen", "published", "claim_then"})


def _changes(rows: Iterable[Row]) -> tuple[Change, ...]:
    return tuple(map(change_of, rows))


def _head(row: Row) -> Head:
    return Head(row["position"], row["hash"])


def _numbers(views: ViewReader, story_id: str) -> tuple[Row, Row]:
    """Return how much has happened in a story, and the developments that each source brought."""
    counts, by_source = (story_id, COUNTS), (story_id, BY_SOURCE)
    rows = views.load(Developments.name, (counts, by_source))
    return rows.get(counts, NOTHING), rows.get(by_source, {})


def _filed(claims: Sequence[ClaimView]) -> dict[str, int]:
    filed = Counter(claim.group for claim in claims)
    return {"claims": len(claims), **{str(group): filed[group] for group in Group}}


def _sources(views: ViewReader, story_id: str, developed: Mapping[str, int], *, whole: bool) -> tuple[SourceView, ...]:
    """Return the sources, the most telling first, each that is listed with its last entry."""
    rows = sorted(
        views.scan(Sources.name, story_id),
        key=lambda row: (-developed.get(row["source"], 0), -row["entries"], row["source"]),
    )
    listed = rows if whole else rows[:LATEST]
    latest = views.load(Sources.name, {(entries_of(story_id), row["latest"]) for row in listed})
    return tuple(
        source_view(row, developed.get(row["source"], 0), latest.get((entries_of(story_id), row["latest"])))
        for row in rows
    )


def source_view(row: Row, developments: int, latest: Row | None) -> SourceView:
    """Return a source as a value, given how many developments it brought and the row of its last entry."""
    return SourceView(
        name=row["source"],
        entries=row["entries"],
        findings=row["findings"],
        developments=developments,
        edits=row["edits"],
        first_seen=_time(row["first_seen"]),
        last_seen=_time(row["last_seen"]),
        outlets=tuple(row["publishers"]),
        latest=_entry(latest) if latest else None,
    )


def _entry(row: Row) -> LastEntry:
    published = _time(row["published"]) if row["published"] else None
    return LastEntry(row["id"], row["title"], row["url"], published, _time(row["seen"]))


def _near(story_id: str, known: Sequence[str]) -> str:
    return near(
        story_id, known, f"there is {', '.join(known[:5])}" if known else "open one with: tracker story open SEED"
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
