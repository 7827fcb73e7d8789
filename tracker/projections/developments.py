"""What a report on a story shows first: its developments, its doubts and its numbers, kept so that nobody counts them.

The timeline has a row an event. A report wants the latest few of those that matter, and how many there are in all: the
rows that matter have partitions of their own here, and each event moves the numbers. So a report on a long story costs
what one on a short story does.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tracker.domain.events import Event, FindingReviewed, Recorded
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.rows import ordinal, story_of
from tracker.projections.timeline import is_development, told

COUNTS, BY_SOURCE = "counts", "sources"
"""Keys of the two rows of numbers under a story."""

NOTHING: Row = {"developments": 0, "doubts": 0, "repeats": 0}
"""The numbers of a story in which nothing has happened yet."""

_Changed = Sequence[tuple[Row | None, Row]]
"""Rows of the timeline before an event, None for one that is new, and after it."""


def developments_of(story: str) -> str:
    """Return the partition of a story's developments; no story id has a slash."""
    return f"{story}/developments"


def doubts_of(story: str) -> str:
    """Return the partition of what waits, or has waited, for a person."""
    return f"{story}/doubts"


def others_of(story: str) -> str:
    """Return the partition of findings that nobody doubted and that were no news: a review may make news of them."""
    return f"{story}/others"


class Developments(Projection):
    """Rows of the timeline under (`developments_of(story)`, ordinal) and (`doubts_of(story)`, ordinal), and numbers.

    The first partition holds every row that is or once was a development, and each review of a finding; the second
    every row that waits or has waited for a person; a third, which no report reads, every other finding. What a review
    has settled stays, as it stands now: whoever reads asks each row, see `is_development`. (story, COUNTS) counts
    `developments`, `doubts` that still wait, and `repeats`; (story, BY_SOURCE) counts each source's developments.
    """

    name = "developments"
    folds = 4

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the numbers of the story, and the places of the finding that a review speaks of."""
        story, event = story_of(recorded), recorded.event
        if story is None:
            return ()
        reviewed = _places(story, event.position) if isinstance(event, FindingReviewed) else ()
        return ((story, COUNTS), (story, BY_SOURCE), *reviewed)

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return what an event adds and settles, with the numbers after it."""
        story, event = story_of(recorded), recorded.event
        if story is None:
            return {}
        held = _held(rows, story, event)
        if isinstance(event, FindingReviewed) and not held:
            return {}
        after = told(story, held, recorded)
        changed = [(held.get(key), row) for key, row in after.items()]
        kept = {place: row for row in after.values() for place in _kept(rows, story, row)}
        return {**kept, **_numbers(rows, story, changed)}


def _places(story: str, position: int) -> tuple[Key, Key, Key]:
    key = ordinal(position)
    return (developments_of(story), key), (doubts_of(story), key), (others_of(story), key)


def _held(rows: Mapping[Key, Row], story: str, event: Event) -> dict[Key, Row]:
    """Return the row that a review speaks of, under its key in the timeline."""
    if not isinstance(event, FindingReviewed):
        return {}
    row = next((rows[place] for place in _places(story, event.position) if place in rows), None)
    return {(story, ordinal(event.position)): row} if row else {}


def _kept(rows: Mapping[Key, Row], story: str, row: Row) -> Iterator[Key]:
    """Yield the places of a row: where it was once, it stays."""
    development, doubt, other = _places(story, row["position"])
    told = development in rows or is_development(row) or row["kind"] == "review"
    waits = doubt in rows or row["needs_review"]
    if told:
        yield development
    if waits:
        yield doubt
    if other in rows or (row["relation"] and not (told or waits)):
        yield other


def _numbers(rows: Mapping[Key, Row], story: str, changed: _Changed) -> dict[Key, Row]:
    """Return the rows of numbers that differ afterwards."""
    counts, sources = Counter(rows.get((story, COUNTS), NOTHING)), Counter(rows.get((story, BY_SOURCE), {}))
    for before, after in changed:
        more = is_development(after) - (before is not None and is_development(before))
        counts["developments"] += more
        counts["doubts"] += after["needs_review"] - (before is not None and before["needs_review"])
        counts["repeats"] += before is None and after["type"] == "entry.linked"
        if more and after["entry"]:
            sources[after["source"]] += more
    numbers: dict[Key, Row] = {(story, COUNTS): dict(counts), (story, BY_SOURCE): dict(sources)}
    return {key: row for key, row in numbers.items() if row != rows.get(key, NOTHING if key[1] == COUNTS else {})}
