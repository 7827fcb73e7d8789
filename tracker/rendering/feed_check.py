"""What a check of an address has shown, in words and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tracker.projections.rows import stamp
from tracker.rendering.feeds import duration
from tracker.rendering.page import Page
from tracker.rendering.phrases import count
from tracker.rendering.plain import line, moment, span
from tracker.rendering.sources import rhythm

_LABEL = 12
_NOT_MODIFIED = 304
_PERMANENT = frozenset((301, 308))


@dataclass(frozen=True, slots=True)
class Offered:
    """A feed that a page offers."""

    url: str
    title: str | None


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """An address as it answered. Times are in seconds, sizes in bytes, None where it could not be told.

    `reason` says why it cannot be followed. `hops` are the statuses of the redirects that led to `address`, `wire` is
    the size as it was sent, `conditional` the status of a second request with the validators; `gap` is the time between
    entries, `interval` that between polls which follows; `retry_after` is what a refusal asks for; `article` says what
    the page of an entry gives.
    """

    asked: str
    followable: bool
    reason: str | None = None
    trouble: str | None = None
    address: str | None = None
    hops: tuple[int, ...] = ()
    status: int | None = None
    size: int | None = None
    wire: int | None = None
    compression: str | None = None
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    conditional: int | None = None
    fresh_for: float | None = None
    retry_after: float | None = None
    ttl: float | None = None
    format: str | None = None
    title: str | None = None
    language: str | None = None
    entries: int | None = None
    criterion: str | None = None
    newest: datetime | None = None
    oldest: datetime | None = None
    undated: int = 0
    suspect: int = 0
    gap: float | None = None
    interval: float | None = None
    next_at: datetime | None = None
    complaint: str | None = None
    article: str | None = None
    offers: tuple[Offered, ...] = ()


def check_json(seen: FeedCheck) -> dict[str, Any]:
    """Return a check as JSON-ready values."""
    plain = asdict(seen)
    for name in ("newest", "oldest", "next_at"):
        plain[name] = stamp(plain[name]) if plain[name] else None
    return {"schema_version": 1, **plain}


def check_text(seen: FeedCheck, *, width: int, colour: bool) -> str:
    """Return a check in words, a line or two for each thing that was looked at."""
    page = Page(width, colour=colour)
    page.put("", lead=line(seen.asked), lead_style="bold")
    verdict = "can be followed" if seen.followable else f"cannot be followed: {line(seen.reason)}"
    page.put(verdict, lead="  ", style="confirms" if seen.followable else "denies")
    for label, words in _rows(seen):
        page.put(words, lead=f"  {label}".ljust(_LABEL + 2))
    return page.text()


def _rows(seen: FeedCheck) -> Iterator[tuple[str, str]]:
    if seen.hops or (seen.address and seen.address != seen.asked):
        yield "address", f"{line(seen.address)} ({_redirects(seen.hops)})"
    if seen.size is not None:
        yield "answer", _answer(seen)
    if seen.followable:
        yield "validators", _validators(seen)
        yield "format", _join(seen.format, f"“{line(seen.title)}”" if seen.title else "untitled", seen.language)
        yield "entries", _entries(seen)
    if seen.followable or seen.next_at:
        yield "pace", _pace(seen)
    if seen.article:
        yield "article", line(seen.article)
    if seen.complaint:
        yield "complaint", line(seen.complaint)
    for offer in seen.offers:
        title = f"  {line(offer.title, 60)}" if offer.title else ""
        yield "offers", f"{line(offer.url)}{title}"


def _join(*parts: str | None) -> str:
    return ", ".join(line(part) for part in parts if part)


def _redirects(hops: tuple[int, ...]) -> str:
    if not hops:
        return "written otherwise"
    kind = "for good" if _PERMANENT.issuperset(hops) else "for now"
    return f"redirected {kind}: {', '.join(map(str, hops))}"


def _answer(seen: FeedCheck) -> str:
    sent = f" ({_size(seen.wire)} as {seen.compression})" if seen.wire is not None and seen.compression else ""
    packed = "" if sent or not seen.compression else f" (sent as {seen.compression})"
    return _join(str(seen.status), f"{_size(seen.size or 0)}{sent}{packed}", seen.content_type, seen.charset)


def _size(size: int) -> str:
    for unit, length in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= length:
            return f"{size / length:.3g} {unit}"
    return f"{size} bytes"


def _validators(seen: FeedCheck) -> str:
    held = [f"ETag {line(seen.etag, 60)}"] if seen.etag else []
    held += [f"Last-Modified {line(seen.last_modified, 40)}"] if seen.last_modified else []
    if not held:
        return "none: the whole document is sent each time"
    if seen.conditional == _NOT_MODIFIED:
        return f"{', '.join(held)}; asked again with them it says 304, not modified"
    again = f"it says {seen.conditional} and sends it all" if seen.conditional else "it does not answer"
    return f"{', '.join(held)}; asked again with them {again}"


def _entries(seen: FeedCheck) -> str:
    dates = span(seen.oldest, seen.newest) if seen.oldest and seen.newest else None
    undated = f"{seen.undated} without a date" if seen.undated else None
    suspect = f"{seen.suspect} with a date that cannot be" if seen.suspect else None
    apart = f"told apart by {seen.criterion}" if seen.entries else None
    return _join(count(seen.entries or 0, "entry", "entries"), apart, dates, undated, suspect)


def _pace(seen: FeedCheck) -> str:
    brings = f"brings something {rhythm(seen.gap)}" if seen.gap else None
    asks = max(seen.fresh_for or 0.0, seen.ttl or 0.0, seen.retry_after or 0.0)
    wanted = f"wants to be left alone for {duration(asks)}" if asks else None
    every = f"is asked every {duration(seen.interval)}" if seen.interval else None
    following = "next" if seen.followable else "a worker would ask it again at"
    return _join(brings, wanted, every, f"{following} {moment(seen.next_at)}" if seen.next_at else None)
