"""What waits for a person, over all stories: the newest first, and no more read than is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge

from tracker.application.report import change_of, claim_view
from tracker.domain.events import finding_of
from tracker.errors import NotFound
from tracker.ports.log import EventLog
from tracker.ports.views import ViewReader
from tracker.projections.developments import COUNTS, Developments, doubts_of
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal, story_of
from tracker.rendering.view import Change, ClaimView

FURTHEST = 2_000
"""Rows looked through for one stretch of the queue: most of those that are old are settled."""
_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Case:
    """A finding, as it stands now, with the title of its story and its claim, None where there is none yet."""

    story: str
    title: str
    told: Change
    claim: ClaimView | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A stretch of the queue; `older`: the position before which more may wait, None at its end; `total` in all."""

    cases: tuple[Case, ...]
    older: int | None
    total: int


def queue(views: ViewReader, *, before: int | None = None, most: int = 20) -> Queue:
    """Return the newest findings that wait for a person, of positions less than `before`, at most so many.

    Fewer come, with `older`, where `FURTHEST` rows were looked through.
    """
    titles = {story: head["title"] for story in views.partitions("stories") for head in views.scan("stories", story)}
    counts = views.load(Developments.name, [(story, COUNTS) for story in titles])
    waiting = {story: number for (story, _), row in counts.items() if (number := row["doubts"])}
    found, older = _stretch(views, waiting, before, most)
    return Queue(tuple(_cases(views, titles, found)), older, sum(waiting.values()))


def case(log: EventLog, views: ViewReader, position: int) -> Case:
    """Return the finding at a position, settled or not. Raises NotFound."""
    recorded = next(iter(log.read(after=position - 1, upto=position)), None)
    story = story_of(recorded) if recorded and finding_of(recorded.event) else None
    if story is None:
        raise NotFound(f"no finding at position {position}")
    rows = views.load("timeline", [(story, ordinal(position))]).values()
    (title,) = (head["title"] for head in views.scan("stories", story))
    return next(_cases(views, {story: title}, [(story, row) for row in rows]))


def _stretch(
    views: ViewReader, waiting: Mapping[str, int], before: int | None, most: int
) -> tuple[list[tuple[str, Row]], int | None]:
    """Return the stories and rows found, and the position before which there may be more."""
    found: list[tuple[str, Row]] = []
    last, left = before, sum(waiting.values())
    rows = merge(*(_backwards(views, story, before) for story in waiting), key=lambda one: -one[1]["position"])
    for looked, (story, row) in enumerate(rows):
        if not left or len(found) == most or looked == FURTHEST:
            return found, last if left else None
        last = row["position"]
        if row["needs_review"]:
            found.append((story, row))
            left -= 1
    return found, None


def _backwards(views: ViewReader, story: str, before: int | None) -> Iterator[tuple[str, Row]]:
    end = None if before is None else ordinal(before)
    while rows := list(views.scan(Developments.name, doubts_of(story), before=end, last=_CHUNK)):
        yield from ((story, row) for row in reversed(rows))
        end = ordinal(rows[0]["position"])


def _cases(views: ViewReader, titles: Mapping[str, str], found: Iterable[tuple[str, Row]]) -> Iterator[Case]:
    rows = list(found)
    claims = views.load("ledger", {(story, row["claim"]) for story, row in rows if row["claim"]})
    for story, row in rows:
        held = claims.get((story, row["claim"]))
        yield Case(story, titles[story], change_of(row), claim_view(held) if held else None)
