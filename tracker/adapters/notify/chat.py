"""Alerts to chat and push services, through apprise.

Who is told is a reference, since the address of such a service is a secret. Outcomes are read from what the service
answered: 2xx and its own content alone are success; of refusals, those that the owner can mend (a key, a right, an
unset secret) or time does are transient, and the other 4xx are permanent.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, Literal

from tracker.adapters.notify.outcome import answer, detail, private_parts, wish
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import ConfigError
from tracker.ports.clock import Clock
from tracker.ports.http import AddressRefused, HttpClient
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

if TYPE_CHECKING:
    from tracker.adapters.notify.chat_service import Talk

Outcome = Literal["permanent", "transient"]

_OK = range(200, 300)
_REFUSED = range(400, 500)
_MENDABLE = frozenset((401, 403, 407, 408, 423, 425, 429))


class ChatNotifier:
    """The chat channel; as safe to use from many threads as its client."""

    def __init__(self, http: HttpClient, *, clock: Clock, secret: Callable[[str], str], timeout: float = 20.0) -> None:
        """Take the guarded client, and what resolves the reference to an address; `timeout` in seconds for a try."""
        self._http = http
        self._clock = clock
        self._secret = secret
        self._timeout = timeout

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        """Try once. Never raises for what the other side does."""
        try:
            return self._tried(subscription.target, message)
        except ConfigError as error:
            return Attempt("transient", detail(str(error)), target=subscription.target)

    def _tried(self, reference: str, message: Message) -> Attempt:
        address, apprise = self._secret(reference), _apprise()
        with apprise.Talk(self._http, self._timeout) as talk:
            service = apprise.opened(address)
            content = apprise.told(service, message.subject, message.text)
            private = private_parts(address, *talk.hosts)
            attempt = _outcome(talk, content, self._clock(), private)
            heard = answer(talk.answers[-1].body, *private) if talk.answers else ""
            attempt = replace(attempt, answer=heard or None, target=f"{service.service_name} ({reference})")
            del service  # it may say goodbye, and what comes of that is no part of the outcome
        return attempt


def _apprise() -> ModuleType:
    """Return what speaks to services: a tenth of a second to load, and an extra. Raises ConfigError without it."""
    try:
        from tracker.adapters.notify import chat_service  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError("chat services need: pip install 'story-tracker[chat]'") from error
    return chat_service


def _outcome(talk: "Talk", content: bool, now: datetime, private: tuple[str, ...]) -> Attempt:  # noqa: FBT001
    if talk.failure:
        outcome: Outcome = "permanent" if isinstance(talk.failure, AddressRefused) else "transient"
        return Attempt(outcome, detail(str(talk.failure), *private))
    if not talk.answers:
        return Attempt("transient", "the service was not asked: something is missing in its address")
    said = talk.answers[-1]
    status = said.status
    words = detail(f"answered {status} {said.body[:400].decode('utf-8', 'replace')}", *private)
    if status in _OK:
        return Attempt("delivered", f"answered {status}", status) if content else Attempt("transient", words, status)
    if status in _REFUSED and status not in _MENDABLE:
        return Attempt("permanent", words, status)
    return Attempt("transient", words, status, wish(said, now))
