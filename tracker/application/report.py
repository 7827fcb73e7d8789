"""How a story stands, put together from the views."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from tracker.errors import NotFound
from tracker.ports.feeds import FeedBook
from tracker.ports.views import ViewReader
from tracker.projections.projection import Row
from tracker.projections.timeline import is_development
from tracker.rendering.view import Change, ClaimView, Freshness, Group, SourceView, StatusView, Trouble

DAY = timedelta(days=1)
_GROUPS = {
    "reported": Group.OPEN,
    "corroborated": Group.KNOWN,
    "disputed": Group.DISPUTED,
    "superseded": Group.WITHDRAWN,
    "withdrawn": Group.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How far a reader had got: everything up to `position`, as of `at`."""

    position: int
    at: datetime


def report(
    views: ViewReader,
    feeds: FeedBook | None,
    story_id: str,
    *,
    as_of: datetime | None = None,
    since: datetime | Look | None = None,
) -> StatusView:
    """Return how a story stands in the views.

    `feeds` None: freshness is told from the views alone, as for a look back. `as_of` None: the newest thing we know,
    an event or a poll. Raises NotFound, with the nearest ids, for a story that the views do not hold.
    """
    head = head_of(views, story_id)
    freshness = _freshness(views, feeds, story_id)
    as_of = as_of or max(filter(None, (_time(head["last_seen"]), freshness.last_poll)))
    rows = tuple(views.scan("timeline", story_id))
    standing = [row for row in rows if is_development(row)]
    fresh = _fresh(standing, since or as_of - DAY)
    claims = with_history(claims_of(views, story_id), rows)
    pending = tuple(change_of(row) for row in rows if row["needs_review"])
    sources = _sources(views, story_id, standing)
    return StatusView(
        id=story_id,
        title=head["title"],
        opened_at=_time(head["opened_at"]),
        closed=head["closed"],
        as_of=as_of,
        position=head["position"],
        hash=head["hash"],
        since=since.at if isinstance(since, Look) else since,
        freshness=freshness,
        counts={
            **_filed(claims),
            "developments": len(standing),
            "new": len(fresh),
            "needs_review": len(pending),
            "repeats": sum(row["kind"] == "repeat" for row in rows),
            "entries": sum(source.entries for source in sources),
            "sources": len(sources),
        },
        news=tuple(change_of(row) for row in fresh),
        claims=claims,
        developments=tuple(change_of(row) for row in standing),
        pending=pending,
        sources=sources,
    )


def timeline(views: ViewReader, story_id: str) -> tuple[Change, ...]:
    """Return everything that happened in a story, oldest first. Raises NotFound."""
    head_of(views, story_id)
    return tuple(change_of(row) for row in views.scan("timeline", story_id))


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
    rows = sorted(views.scan("ledger", story_id), key=lambda row: (row["first_seen"], row["id"]))
    return tuple(_claim(row) for row in rows)


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


_CHANGE = tuple(name for name in Change.__slots__ if name not in {"seen", "published"})


def _fresh(rows: Sequence[Row], since: datetime | Look) -> list[Row]:
    """Return the rows that came to stand as they do after a moment; a reader's own look is exact to the event."""
    if isinstance(since, Look):
        return [row for row in rows if row["decided"] > since.position]
    return [row for row in rows if _time(row["decided_at"]) > since]


def _claim(row: Row) -> ClaimView:
    current = row["current"]
    return ClaimView(
        id=row["id"],
        text=row["original"]["text"],
        current=current["text"],
        attributed_to=current["attributed_to"],
        status=current["status"],
        standing=row["standing"],
        group=_GROUPS[row["standing"]],
        sources=tuple(row["sources"]),
        denied_by=tuple(row["denied_by"]),
        first_seen=_time(row["first_seen"]),
        last_seen=_time(row["last_seen"]),
        withdrawn=row["withdrawn"],
    )


def _filed(claims: Sequence[ClaimView]) -> dict[str, int]:
    filed = Counter(claim.group for claim in claims)
    return {"claims": len(claims), **{str(group): filed[group] for group in Group}}


def _sources(views: ViewReader, story_id: str, developments: Iterable[Row]) -> tuple[SourceView, ...]:
    """Return the sources, the most telling first."""
    news = Counter(row["source"] for row in developments if row["entry"])
    found = [
        SourceView(
            row["source"], row["entries"], row["findings"], news[row["source"]], row["edits"],
            _time(row["first_seen"]), _time(row["last_seen"]),
        )
        for row in views.scan("sources", story_id)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda source: (-source.developments, -source.entries, source.name)))


def _freshness(views: ViewReader, feeds: FeedBook | None, story_id: str) -> Freshness:
    if feeds is None:
        return _past_freshness(views, story_id)
    states = feeds.all(story_id)
    failing = [state for state in states if state.gone or state.failures]
    return Freshness(
        feeds=len(states),
        failing=tuple(Trouble(state.name or state.url, state.last_error or "gone") for state in failing),
        last_poll=max((state.last_ok_at for state in states if state.last_ok_at), default=None),
    )


def _past_freshness(views: ViewReader, story_id: str) -> Freshness:
    rows = [row for feed in views.partitions("health") for row in views.scan("health", feed)]
    ours = [row for row in rows if row["state"] != "removed" and row["story"] in {None, story_id}]
    failing = [row for row in ours if row["state"] != "ok"]
    troubles = (Trouble(row["name"] or row["url"] or row["id"], row["error"]) for row in failing)
    return Freshness(len(ours), tuple(troubles), None)


def _near(story_id: str, known: Sequence[str]) -> str:
    near = get_close_matches(story_id, known, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; there is {', '.join(known[:5])}" if known else "; open one with: tracker story open SEED"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
