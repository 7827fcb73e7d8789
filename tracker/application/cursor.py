"""What a poll makes of a source's state, and what of that is worth an event. Pure: moments are handed in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import urlsplit

from tracker.domain.events import Event
from tracker.domain.feed_events import (
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedSilent,
)
from tracker.domain.pace import Pace, first_gap, is_silence, next_gap, spread, within_a_day
from tracker.errors import Trouble
from tracker.ports.feeds import Criterion, Document, FeedState, Fetched

FAILING_AFTER = 3
"""Failures in a row before a source is called failing: one blip is not news."""
MOVES = 3
MOVING = timedelta(days=7)
"""How often in a row, and for how long, permanent redirects must lead to an address before it is the source's."""
OUTAGE = timedelta(days=1)
"""How long we may reach nobody before each source counts as failing: by then it is no trifle, ours or not."""

_HOUR = timedelta(hours=1)
_NOT_MODIFIED = 304
_PERMANENT = {301, 308}
_CRITERIA = get_args(Criterion)


def after_success(state: FeedState, answer: Fetched, digest: str | None, now: datetime, pace: Pace) -> FeedState:
    """Return a source after a good answer that showed nothing new, or whose document was taken by `after_document`.

    Validators are kept as the server wrote them, also where nothing has changed: it may know us by the newest only.
    """
    held = (state.etag, state.last_modified) if answer.status == _NOT_MODIFIED else (None, None)
    etag, last_modified = answer.headers.get("etag", held[0]), answer.headers.get("last-modified", held[1])
    asked = max(within_a_day(answer.fresh_for), within_a_day(state.ttl))
    idle = _idle(state, now)
    interval = pace.interval(state.gap, idle, asked, blind=not (etag or last_modified or asked))
    moved_to, moves, moved_since = _led(state, answer, now)
    return replace(
        state,
        etag=etag,
        last_modified=last_modified,
        body_hash=digest or state.body_hash,
        imported=True,
        failures=0,
        gone=False,
        trouble=None,
        last_error=None,
        checked_at=now,
        last_ok_at=now,
        silent=state.silent or _is_silent(state, now),
        moved_to=moved_to,
        moves=moves,
        moved_since=moved_since,
        interval=interval,
        due_at=now + spread(interval, pace.most, state.id, now),
    )


def after_document(state: FeedState, document: Document, fresh: int, now: datetime) -> FeedState:
    """Return a source whose document has changed and brought `fresh` entries."""
    state = replace(state, document_at=now, ttl=document.ttl, criterion=document.criterion)
    dates = [one.published for one in document.entries if one.published and not one.date_suspect]
    if state.last_new_at is None and document.entries:
        newest = max((one for one in dates if one <= now), default=now)
        return replace(state, gap=first_gap(dates, now), last_new_at=newest, brought=fresh)
    if not fresh:
        return state
    gap = first_gap(dates, now) if state.gap is None else None
    return replace(
        state,
        gap=gap or next_gap(state.gap, fresh, _idle(state, now)),
        last_new_at=now,
        brought=state.brought + fresh,
        silent=False,
    )


def after_failure(
    state: FeedState, trouble: Trouble, reason: str, now: datetime, pace: Pace, *, asked: float | None = None
) -> FeedState:
    """Return a source after a failure; `asked`: for how long the server wants to be left alone."""
    failures = state.failures + 1
    pause = pace.pause(trouble, failures, state.interval, within_a_day(asked))
    gone = trouble == "gone"
    return replace(
        state,
        failures=failures,
        gone=gone or state.gone,
        trouble=trouble,
        last_error=reason,
        checked_at=now,
        due_at=now + spread(pause, pause if gone else pace.most, state.id, now),
    )


def may_be_ours(state: FeedState, now: datetime) -> bool:
    """Tell whether a source that cannot be reached may be out of reach by our own fault.

    One that is called failing says nothing of our network. An outage that lasts longer than `OUTAGE` is told, whoever
    is to blame.
    """
    return state.failures < FAILING_AFTER and now - max(state.last_ok_at or state.added_at, state.added_at) < OUTAGE


def after_outage(state: FeedState, reason: str, now: datetime, pace: Pace) -> FeedState:
    """Return a source that could not be reached because we reach nobody: nothing is counted, and it is tried soon."""
    tried = after_failure(state, "unreachable", reason, now, Pace(pace.least, pace.least))
    return replace(tried, failures=state.failures)


def target_of(state: FeedState, answer: Fetched) -> str | None:
    """Return the address to which a source has moved, if by this answer it has.

    A source that is asked with a login, a cookie or headers of its own stays where its owner has seen it, except that
    the connection may become an encrypted one: what is secret is not for another server.
    """
    if _is_upgrade(state.url, answer) and state.moved_to == answer.url:
        return answer.url
    private = state.options.login or state.options.cookie or state.options.headers
    if private or state.moved_to is None or state.moved_since is None or state.last_ok_at is None:
        return None
    ripe = state.moves >= MOVES and state.last_ok_at - state.moved_since >= MOVING
    return state.moved_to if ripe else None


def moved(state: FeedState, target: str) -> FeedState:
    """Return a source that is asked at another address from now on; it keeps its id and what is known of it."""
    return replace(state, url=target, moved_to=None, moves=0, moved_since=None)


def told_by(before: FeedState, after: FeedState) -> Iterator[Event]:
    """Yield what a poll has changed that is worth an event."""
    if after.gone and not before.gone:
        yield FeedGone(after.id)
    elif before.failures < FAILING_AFTER <= after.failures and not after.gone:
        yield FeedFailing(after.id, after.failures, after.last_error or "", after.trouble, after.last_ok_at)
    answers = (before.gone or before.failures >= FAILING_AFTER) and after.trouble is None
    if not after.silent and (answers or before.silent):
        yield FeedRecovered(after.id)
    if after.silent and (answers or not before.silent) and after.last_new_at and after.gap:
        yield FeedSilent(after.id, after.last_new_at, after.gap)
    if before.criterion and after.criterion and _weakness(after.criterion) > _weakness(before.criterion):
        reason = f"by {before.criterion} its entries are not told apart any more"
        yield FeedRekeyed(after.id, before.criterion, after.criterion, reason)
    if after.url != before.url:
        yield FeedMoved(after.id, before.url, after.url)


def _led(state: FeedState, answer: Fetched, now: datetime) -> tuple[str | None, int, datetime | None]:
    """Return where permanent redirects lead, how often in a row, and since when; any other answer begins anew."""
    if not answer.hops or not _PERMANENT.issuperset(answer.hops) or answer.url == state.url:
        return None, 0, None
    if answer.url == state.moved_to:
        # However often somebody asks by hand, it counts once an hour.
        hours = int((now - (state.moved_since or now)) / _HOUR)
        return answer.url, max(state.moves, min(state.moves + 1, 1 + hours)), state.moved_since
    return answer.url, 1, now


def _is_upgrade(url: str, answer: Fetched) -> bool:
    return urlsplit(url)._replace(scheme="https").geturl() == answer.url and url != answer.url


def _is_silent(state: FeedState, now: datetime) -> bool:
    """What was silent before anybody followed it is silent only when it has been so under our eyes."""
    since = max(state.last_new_at or now, state.added_at)
    return is_silence(state.gap, (now - since).total_seconds(), state.brought)


def _idle(state: FeedState, now: datetime) -> float:
    return max(0.0, (now - (state.last_new_at or state.added_at)).total_seconds())


def _weakness(criterion: Criterion) -> int:
    return _CRITERIA.index(criterion)
