"""A chat or push service as apprise knows it, spoken to over our own HTTP client.

apprise would open its connections itself: into any network, through whatever proxy the environment names, along
redirects, for as long as the other side drips, and with what it answered lost in a log. Its services reach the web by
one name, the `requests` of their module, and are handed another one here.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import partial
from time import monotonic
from types import ModuleType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType, OverflowMode
from requests.adapters import BaseAdapter

from tracker.errors import ConfigError, FetchError
from tracker.ports.http import Answer, HttpClient

_VERBS = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "request"))
_OTHER_WAYS = ("socket", "SocketTransport", "smtplib", "subprocess")
_TOO_MANY_REQUESTS = 429
_BETWEEN = 40
"""Characters that a service may set around title and text."""
_CALL = re.compile(r"(?<!\w)@(?=[\w&!])|<(?=!)")
_ANGLES = str.maketrans("<>", "‹›")

# Its services log addresses with the keys in them. What matters of a try is in the answers.
logging.getLogger("apprise").addFilter(lambda _record: False)


def opened(address: str) -> NotifyBase:
    """Return the service behind an address. Raises ConfigError, which tells nothing of the address.

    It tries once and at once, and sends one message to one recipient.
    """
    if len(address.split()) != 1:
        raise ConfigError("the secret holds more than one word: it is the address of one chat service")
    service = Apprise.instantiate(address, asset=_asset())
    if service is None:
        raise ConfigError("the secret is no address of a chat service that apprise knows")
    modules = tuple(_modules_of(service))
    if not any(hasattr(module, "requests") for module in modules) or any(
        hasattr(module, way) for module in modules for way in _OTHER_WAYS
    ):
        raise ConfigError(f"{service.service_name} is not spoken to over HTTP, and such services are not supported")
    service.retry = 0  # it counts each retry as another recipient
    if len(service) > 1:
        raise ConfigError(f"the address names {len(service)} recipients: one subscription is for one of them")
    for module in modules:
        if hasattr(module, "requests"):
            vars(module)["requests"] = _WEB
    service.overflow_mode = OverflowMode.TRUNCATE
    # It would sleep for as long as the service asks; when to try again is decided elsewhere.
    service.throttle = _at_once  # type: ignore[method-assign]
    return service


def told(service: NotifyBase, title: str, text: str) -> bool:
    """Send a text; tell whether the service was content. Only within a Talk.

    What is too long is cut. Nobody's telephone rings because a headline holds @everyone, and where the service takes
    nothing but markup, a text holds none.
    """
    marked_up = service.resolve_format(NotifyFormat.TEXT) != NotifyFormat.TEXT
    title, text = _harmless(title, marked_up=marked_up), _harmless(text, marked_up=marked_up)
    title = _cut(title, service.title_maxlen or service.body_maxlen // 4)
    text = _cut(text, service.body_maxlen - len(title) - _BETWEEN)
    return bool(service.notify(body=text, title=title, notify_type=NotifyType.INFO, body_format=NotifyFormat.TEXT))


class Talk(BaseAdapter):
    """The requests of one send, made within the block of a `with`, in `seconds`, and what was answered to each.

    `failure` is why one of them had no answer; after that, and after the service asked for a pause, it is asked no
    more. `hosts` are those that were asked.
    """

    def __init__(self, http: HttpClient, seconds: float) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        self.failure: FetchError | None = None
        self.hosts: set[str] = set()
        self._http = http
        self._seconds = seconds
        self._until = monotonic() + seconds

    def __enter__(self) -> Self:
        self._outer = _TALK.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        _TALK.reset(self._outer)

    def ask(self, verb: str, *args: Any, **options: Any) -> requests.Response:
        """Do what the function of that name of `requests` does, without redirects, proxies and stored passwords."""
        with requests.Session() as session:
            session.trust_env = False
            session.headers.clear()
            session.mount("https://", self)
            session.mount("http://", self)
            answered: requests.Response = getattr(session, verb)(*args, **{**options, "allow_redirects": False})
            return answered

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        """See BaseAdapter.send. Raises requests.ConnectionError where no answer came."""
        if self.failure or (self.answers and self.answers[-1].status == _TOO_MANY_REQUESTS):
            raise requests.ConnectionError("not asked")
        try:
            answer = self._answer(request)
        except FetchError as error:
            late = monotonic() >= self._until
            self.failure = FetchError(f"no complete answer within {self._seconds:g} s") if late else error
            raise requests.ConnectionError("no answer") from error
        self.answers.append(answer)
        return _response(request, answer)

    def _answer(self, request: requests.PreparedRequest) -> Answer:
        left = max(self._until - monotonic(), 0.001)
        method, url = request.method or "GET", request.url or ""
        self.hosts.add(urlsplit(url).hostname or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body
        assert body is None or isinstance(body, bytes), "nothing is attached to an alert"
        return self._http.ask(method, url, body, headers=_latin(request.headers), timeout=left)

    def close(self) -> None:
        """See BaseAdapter.close: the connections are the client's."""


class _Web:
    """What a service takes for the module `requests`."""

    def __getattr__(self, name: str) -> Any:
        return partial(_ask, name) if name in _VERBS else getattr(requests, name)


def _ask(verb: str, *args: Any, **options: Any) -> requests.Response:
    talk = _TALK.get()
    if talk is None:
        raise requests.ConnectionError("asked outside of a send")
    return talk.ask(verb, *args, **options)


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response.url = answer.url
    response.request = request
    response._content = answer.body  # noqa: SLF001 - the one way to hand over a body that was read
    response._content_consumed = True  # noqa: SLF001
    return response


def _latin(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    """Return header fields as they are written: each byte is a character."""
    raw = {name: value.encode() if isinstance(value, str) else value for name, value in headers.items()}
    return {name: value.decode("latin-1") for name, value in raw.items()}


def _modules_of(service: NotifyBase) -> Iterator[ModuleType]:
    """Yield the modules that a service is made of: those of its class, of what it derives from, and beside them."""
    tops = {".".join(kind.__module__.split(".")[:3]) for kind in type(service).__mro__}
    for name, module in tuple(sys.modules.items()):
        top = ".".join(name.split(".")[:3])
        if top in tops and top.startswith("apprise.plugins.") and top != "apprise.plugins.base":
            yield module


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="tracker", app_desc="tracker", app_url="", image_url_mask="", async_mode=False, http_redirects=False
    )


def _at_once(*_args: Any, **_options: Any) -> None:
    pass


def _harmless(text: str, *, marked_up: bool) -> str:
    """Return a text in which no @name and no <!group> calls anybody, and which holds no tags where they would count."""
    text = _CALL.sub(lambda found: f"{found[0]}\u200b", text)
    return text.translate(_ANGLES) if marked_up else text


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


_WEB = _Web()
_TALK: ContextVar[Talk | None] = ContextVar("talk", default=None)
