"""Look at an address as a worker would, and write nothing: what is there, and what would follow from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tracker.application.cursor import after_document, after_failure, after_success
from tracker.application.discover import Scout, first_answer, in_words
from tracker.application.pages import options_for
from tracker.domain.pace import Pace
from tracker.errors import FeedError, FetchError
from tracker.ports.feeds import Document, FeedState, Fetched
from tracker.ports.pages import Page
from tracker.rendering.feed_check import FeedCheck, Offered

_LONGEST_HEADER = 200


def check_feed(scout: Scout, states: Sequence[FeedState], pace: Pace) -> FeedCheck:
    """Return what a source shows, asked in its own way; once more if it names validators, to see what they are worth.

    `states`: the source that is followed, what is known of its pace counts; or those that a person may mean, of which
    the first that answers is looked at.
    """
    url, answer = first_answer(scout, tuple(state.url for state in states), states[0].options)
    state = next(state for state in states if state.url == url)
    if isinstance(answer, FeedError):
        return _failed(state, answer, scout.clock(), pace)
    seen = _answered(scout, state.url, answer)
    try:
        document = scout.parser.parse(
            answer, feed=state.id, name=state.name, seen=scout.clock(), criterion=state.criterion
        )
    except FeedError as error:
        offers = tuple(Offered(offer.url, offer.title) for offer in scout.sites.offers(answer) or ())
        return replace(seen, followable=False, reason=str(error), trouble=error.trouble, offers=offers)
    seen = _as_document(seen, document, scout.form(answer.body))
    now, fresh = scout.clock(), 0 if state.imported else len(document.entries)
    after = after_success(after_document(state, document, fresh, now), answer, None, now, pace)
    return replace(
        seen,
        conditional=_again(scout, state, answer),
        gap=after.gap,
        interval=after.interval,
        next_at=after.due_at,
        article=_article(scout, state, document),
    )


def _failed(state: FeedState, error: FeedError, now: datetime, pace: Pace) -> FeedCheck:
    status, asked = (error.status, error.retry_after) if isinstance(error, FetchError) else (None, None)
    return FeedCheck(
        state.url,
        followable=False,
        reason=in_words(error),
        trouble=error.trouble,
        status=status,
        retry_after=asked,
        next_at=after_failure(state, error.trouble, str(error), now, pace, asked=asked).due_at,
    )


def _answered(scout: Scout, asked: str, answer: Fetched) -> FeedCheck:
    headers = {name: value[:_LONGEST_HEADER] for name, value in answer.headers.items()}
    length, packed = headers.get("content-length", ""), headers.get("content-encoding")
    return FeedCheck(
        asked,
        followable=True,
        address=answer.url,
        hops=answer.hops,
        status=answer.status,
        size=len(answer.body),
        wire=int(length) if packed and length.isascii() and length.isdigit() else None,
        compression=packed,
        content_type=headers.get("content-type", "").partition(";")[0].strip() or None,
        charset=scout.letters(answer),
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        fresh_for=answer.fresh_for,
    )


def _as_document(seen: FeedCheck, document: Document, form: str) -> FeedCheck:
    dates = [entry.published for entry in document.entries if entry.published and not entry.date_suspect]
    return replace(
        seen,
        format=form,
        title=document.title,
        language=document.language,
        entries=len(document.entries),
        criterion=document.criterion,
        newest=max(dates, default=None),
        oldest=min(dates, default=None),
        undated=sum(entry.published is None and not entry.date_suspect for entry in document.entries),
        suspect=sum(entry.date_suspect for entry in document.entries),
        ttl=document.ttl,
        complaint=document.complaint,
    )


def _again(scout: Scout, state: FeedState, answer: Fetched) -> int | None:
    etag, last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    if not etag and not last_modified:
        return None
    scout.pause()
    try:
        return scout.fetcher.fetch(state.url, etag=etag, last_modified=last_modified, options=state.options).status
    except FetchError as error:
        return error.status
    except FeedError:
        return None


def _article(scout: Scout, state: FeedState, document: Document) -> str | None:
    """Return what reading the page of the newest entry gives, in words; None where pages are not read."""
    newest = next((entry for entry in reversed(document.entries) if entry.url), None)
    if not state.options.article or newest is None or newest.url is None:
        return None
    scout.pause()
    page = Page(newest.id, state.id, newest.url, scout.clock(), None)
    try:
        text = scout.article(page, options_for(page, state)).text or ""
    except FeedError as error:
        return f"the page of the newest entry is of no use: {error}"
    held = max(len(newest.text), len(newest.summary))
    return f"the page of the newest entry has {len(text)} characters of text, the feed {held}"
