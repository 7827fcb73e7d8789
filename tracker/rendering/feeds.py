"""The list of sources, for a terminal and for a pipe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.rendering.page import Page
from tracker.rendering.plain import line, minute
from tracker.rendering.sources import Condition, rhythm

_QUIET = 4
"""How many gaps after its last entry a source is asked less often because of its silence."""
_STYLES = {"ok": "confirms", "failing": "denies", "gone": "denies", "silent": "review"}


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A source as it is listed. `interval` between polls and `gap` between entries are in seconds.

    `criterion` is what its entries are told apart by, `moved_to` where redirects have led `moves` times.
    """

    id: str
    url: str
    name: str | None
    story: str | None
    folder: str | None
    read_at: datetime | None
    next_at: datetime
    interval: float | None
    gap: float | None
    condition: Condition
    failures: int
    trouble: str
    criterion: str
    article: bool
    moved_to: str | None
    moves: int
    last_new_at: datetime | None = None


def feed_table(feeds: Sequence[FeedLine], *, width: int, colour: bool) -> str:
    """Return a paragraph for each source: its name, its address, when it is asked, and what there is to say of it."""
    page = Page(width, colour=colour)
    lead = max((len(feed.id) for feed in feeds), default=0) + 2
    indent = " " * lead
    for feed in feeds:
        page.put(_title(feed), lead=feed.id.ljust(lead), lead_style="bold")
        if feed.name:
            page.put(line(feed.url), lead=indent, style="dim")
        page.put(_times(feed), lead=indent)
        page.put(_state(feed), lead=indent, style=_STYLES[feed.condition])
        for remark in _remarks(feed):
            page.put(remark, lead=indent, style="dim")
    return page.text() if feeds else ""


def feed_lines(feeds: Sequence[FeedLine]) -> str:
    """Return a line for each source, its parts separated by two blanks."""
    return "".join(f"{'  '.join(_parts(feed))}\n" for feed in feeds)


def duration(seconds: float) -> str:
    """Return a time in its largest unit that leaves no more than a digit after the point: "15 min", "1.5 h"."""
    for unit, length in (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if seconds >= length:
            return f"{round(seconds / length, 1):g} {unit}"
    return f"{seconds:.3g} s"


def _parts(feed: FeedLine) -> Iterator[str]:
    yield feed.id
    if feed.name:
        yield line(feed.name)
    yield line(feed.url)
    yield _scope(feed)
    yield _times(feed)
    yield _state(feed)
    yield from _remarks(feed)


def _title(feed: FeedLine) -> str:
    return f"{line(feed.name or feed.url)}  {_scope(feed)}"


def _scope(feed: FeedLine) -> str:
    where = f", {line(feed.folder)}" if feed.folder else ""
    return f"[{line(feed.story) or 'all stories'}{where}]"


def _times(feed: FeedLine) -> str:
    read = minute(feed.read_at) if feed.read_at else "never"
    every = f", every {duration(feed.interval)}" if feed.interval else ""
    return f"read {read}, due {minute(feed.next_at)} UTC{every}"


def _state(feed: FeedLine) -> str:
    if feed.condition == "failing":
        return f"failing ({feed.failures}): {feed.trouble}"
    return feed.trouble or ("ok" if feed.read_at else "not read yet")


def _brings(gap: float, read_at: datetime | None, last_new_at: datetime | None) -> str:
    idle = (read_at - last_new_at).total_seconds() if read_at and last_new_at else 0.0
    if last_new_at is None or idle <= _QUIET * gap:
        return f"brings something {rhythm(gap)}"
    return f"used to bring something {rhythm(gap)}, the last {minute(last_new_at)} UTC"


def _remarks(feed: FeedLine) -> Iterator[str]:
    if feed.moved_to:
        yield f"moving to {line(feed.moved_to)} (redirected {feed.moves} times)"
    if feed.criterion != "id":
        yield f"entries told apart by {feed.criterion}"
    if feed.gap:
        yield _brings(feed.gap, feed.read_at, feed.last_new_at)
    if feed.article:
        yield "pages of its entries are read, too"
