"""Replay: recorded items through the daemon's own cycle, with the clock at each item's time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tracker.application.judge_entries import Judged, judge_pending
from tracker.application.newsroom import Newsroom
from tracker.application.project import catch_up
from tracker.application.stories import open_story
from tracker.application.subscribe import subscribe
from tracker.application.verdicts import verdict_document
from tracker.domain.entry import Entry, whole
from tracker.domain.ids import content_id
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import UsageError
from tracker.ports.seeds import Seed
from tracker.projections import ALL

FEED = "replay"
READER = SubscriptionAdded("replay", "email", "reader@localhost", None)
"""An immediate subscriber with default settings: `alert` says whether this one would be told."""


_First = dict[tuple[str | None, str], dict[str, Any]]


@dataclass(slots=True)
class SimulatedClock:
    """A clock that stands still until it is set, and never goes back."""

    moment: datetime

    def __call__(self) -> datetime:
        """Return the simulated moment."""
        return self.moment

    def advance(self, to: datetime) -> None:
        """Set the clock, but never back."""
        self.moment = max(self.moment, to)


def read_items(lines: Iterable[str], origin: str) -> Iterator[tuple[str, Entry]]:
    """Yield (item id, entry) for each line of a recorded stream.

    Raises UsageError that names the line when it is no JSON object with an id, a title and a time.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            yield item["id"], _entry(item)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{origin}, line {number}: not an item: {error!r}") from error


def _entry(item: Mapping[str, Any]) -> Entry:
    published = datetime.fromisoformat(item["published"])
    published = published.astimezone(UTC) if published.tzinfo else published.replace(tzinfo=UTC)
    return Entry(
        id=content_id("e", (item["id"],)),
        title=whole(item["title"]),
        summary=whole(item.get("summary") or ""),
        seen=published,
        url=item.get("url"),
        publisher=item.get("publisher"),
        published=published,
        language=item.get("lang"),
        feed=FEED,
    )


def replay(
    room: Newsroom, seed: Seed, items: Iterable[tuple[str, Entry]], clock: SimulatedClock
) -> Iterator[dict[str, Any]]:
    """Open the story and yield the verdict on each item in turn. `room` must be on a fresh database.

    Nobody is asked for a second opinion: a replay gives the same for ever, and costs nothing.
    """
    room = replace(room, opinion=None)
    clock.advance(seed.as_of or clock.moment)
    open_story(room.log, seed, "replay")
    subscribe(room.log, READER, "replay")
    names: dict[str, str] = {}
    first: _First = {}
    for item, entry in items:
        clock.advance(entry.seen)
        entry = replace(entry, seen=clock())  # noqa: PLW2901 - an item dated back is seen now all the same
        names.setdefault(entry.id, item)
        yield _verdict(room, item, entry, names, first)
    catch_up(room.log, room.writer, ALL)


def _verdict(room: Newsroom, item: str, entry: Entry, names: Mapping[str, str], first: _First) -> dict[str, Any]:
    room.archive.keep(FEED, (entry,), baseline=(False,), seen=room.clock())
    judged = tuple(judge_pending(room))
    if judged:
        document = _document(judged[-1], item, names)
        first.setdefault((entry.url, entry.title), document)
        return document
    # The archive holds it already: the same item, or the same article under another id. Nothing new is said of it.
    earlier = first.get((entry.url, entry.title), {})
    return {
        "item": item,
        "relevant": earlier.get("relevant", False),
        "score": earlier.get("score", 0.0),
        "duplicate_of": earlier.get("item"),
        "alert": False,
        "needs_review": False,
        "findings": [],
    }


def _document(judged: Judged, item: str, names: Mapping[str, str]) -> dict[str, Any]:
    return verdict_document(
        judged.verdict, item=item, names=names, recorded=judged.recorded, alert=bool(judged.notices)
    )


def start_of(seed: Seed) -> datetime:
    """Return the moment at which a replay's clock begins: the seed's, or the beginning of the calendar."""
    return seed.as_of or datetime(1970, 1, 1, tzinfo=UTC)
