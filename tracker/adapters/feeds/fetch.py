"""Feeds over HTTP: what is asked for, and which answers are none."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from tracker.errors import FetchError
from tracker.ports.feeds import PLAIN, FeedOptions, Fetched
from tracker.ports.http import Answer, HttpClient

MAX_RETRY_AFTER = 86_400.0
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


class HttpFetcher:
    """The Fetcher of the program, on the one HTTP client."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, options: FeedOptions = PLAIN
    ) -> Fetched:
        """See Fetcher.fetch. `etag` and `last_modified` are sent back as the server wrote them."""
        headers = {"accept": _ACCEPT}
        if etag:
            headers["if-none-match"] = etag
        if last_modified:
            headers["if-modified-since"] = last_modified
        answer = self._client.get(url, headers=headers)
        if answer.status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            raise FetchError(_line(answer.status), status=answer.status, retry_after=retry_after(answer))
        body = b"" if answer.status == HTTPStatus.NOT_MODIFIED else answer.body
        return Fetched(url=answer.url, status=answer.status, headers=answer.headers, body=body, hops=answer.hops)


def retry_after(answer: Answer) -> float | None:
    """Return the seconds that the server asks us to wait, at most a day; None when it names none that make sense.

    A date counts from the server's own `Date`, so that its clock and ours need not agree.
    """
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:20]), MAX_RETRY_AFTER)
    until, since = _date(said), _date_header(answer.headers)
    if until is None or since is None or until <= since:
        return None
    return min((until - since).total_seconds(), MAX_RETRY_AFTER)


def _date_header(headers: Mapping[str, str]) -> datetime | None:
    return _date(headers.get("date", ""))


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return found if found.tzinfo else None


def _line(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"
