"""Feeds over HTTP: what is asked for, and which answers are none."""

import base64
from collections.abc import Callable
from http import HTTPStatus

from tracker.adapters.feeds.waits import fresh_for, retry_after
from tracker.adapters.feeds.wall import wall
from tracker.errors import ConfigError, FetchError, Trouble
from tracker.ports.feeds import PLAIN, FeedOptions, Fetched, Visit
from tracker.ports.http import Answer, HttpClient

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_VALIDATORS = {"etag": "if-none-match", "last-modified": "if-modified-since"}
_LONGEST_VALIDATOR = 8_192
# How an exchange is carried is the client's to say; a wrong word here would have it hang or misread the answer.
_CLIENT_OWNED = frozenset(
    ("accept-encoding", "connection", "content-length", "expect", "host", "range", "te", "transfer-encoding", "upgrade")
)


class HttpFetcher:
    """The Fetcher of the program, on the one HTTP client. `accept`: the formats that it asks for."""

    def __init__(self, client: HttpClient, secret: Callable[[str], str], accept: str = _ACCEPT) -> None:
        """Take what resolves the reference to a secret; it is asked anew at each fetch, and raises ConfigError."""
        self._client = client
        self._secret = secret
        self._accept = accept

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        options: FeedOptions = PLAIN,
        visit: Visit | None = None,
    ) -> Fetched:
        """See Fetcher.fetch. `etag` and `last_modified` are sent back as the server wrote them."""
        asked = _conditions(etag, last_modified)
        headers = {"accept": self._accept} | self._personal(options) | asked
        proxy = self._perhaps(options.proxy) if options.proxy else None
        answer = self._client.get(url, headers=headers, proxy=proxy, visit=visit)
        if answer.status == HTTPStatus.NOT_MODIFIED and asked:
            return _fetched(answer, b"")
        named = wall(answer)
        if answer.status != HTTPStatus.OK or named:
            raise _refusal(answer, named)
        return _fetched(answer, answer.body)

    def _personal(self, options: FeedOptions) -> dict[str, str]:
        """Return the header fields that are this source's own. Raises FetchError, never with a value in it."""
        fields = {name.lower(): self._perhaps(value) for name, value in options.headers}
        owned = sorted(_CLIENT_OWNED & fields.keys())
        if owned:
            raise FetchError(f"the header {owned[0]} cannot be set for a source", trouble="unasked")
        if options.user_agent:
            fields["user-agent"] = options.user_agent
        if options.login:
            fields["authorization"] = _basic(self._resolved(options.login), options.login)
        if options.cookie:
            fields["cookie"] = self._resolved(options.cookie)
        return fields

    def _perhaps(self, value: str) -> str:
        return self._resolved(value) if value.startswith(("env:", "file:")) else value

    def _resolved(self, reference: str) -> str:
        try:
            return self._secret(reference)
        except ConfigError as error:
            raise FetchError(str(error), trouble="unasked") from error


def _basic(login: str, reference: str) -> str:
    if ":" not in login:
        raise FetchError(f"the login {reference} is not user:password", trouble="unasked")
    return "Basic " + base64.b64encode(login.encode()).decode()


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    said = {"etag": etag, "last-modified": last_modified}
    return {_VALIDATORS[name]: value for name, value in said.items() if value and _is_validator(value)}


def _fetched(answer: Answer, body: bytes) -> Fetched:
    """Return the answer without validators that could not be sent back: they must not reach the database."""
    headers = {name: value for name, value in answer.headers.items() if name not in _VALIDATORS or _is_validator(value)}
    return Fetched(answer.url, answer.status, headers, body, answer.hops, fresh_for(answer.headers))


def _is_validator(value: str) -> bool:
    sendable = all(char >= " " and char != "\x7f" and char <= "\xff" for char in value)
    return 0 < len(value) <= _LONGEST_VALIDATOR and sendable


def _refusal(answer: Answer, named: str | None) -> FetchError:
    line, wait = _line(answer.status), retry_after(answer.headers)
    trouble = "wall" if named else _trouble(answer.status, wait)
    said = f"{line}, a bot wall ({named})" if named else line
    return FetchError(said, status=answer.status, retry_after=wait, trouble=trouble)


def _trouble(status: int, wait: float | None) -> Trouble:
    if status == HTTPStatus.GONE:
        return "gone"
    asks_for_less = status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and wait)
    return "rate limited" if asks_for_less else "refused"


def _line(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"
