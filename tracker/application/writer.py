"""Writes the messages that deliveries owe."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from tracker.application.drafts import Drafts
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import NotFound, StoreError
from tracker.ports.log import EventLog
from tracker.ports.notify import Message, Notifier
from tracker.ports.outbox import Attempt, Delivery, Outbox
from tracker.rendering.plain import line


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with what is needed to send it.

    `about_endpoint`: it tells how another endpoint fares, so nobody is told how it fares itself.
    """

    subscription: SubscriptionAdded
    message: Message
    notifier: Notifier
    about_endpoint: bool = False


Written = Mapping[str, Letter | Attempt]
"""By delivery: the message, or how the try ends where there is nothing to send or nothing to send it with."""


class Writer:
    """Writes messages ahead of the lanes that send them, so that one is written while another's answer is awaited.

    One thread writes, in turn for all lanes, and what was read for one message is at hand for the next. Nothing more is
    written when it is `stopping` or closed.
    """

    def __init__(
        self, outbox: Outbox, log: EventLog, notifiers: Mapping[str, Notifier], stopping: Callable[[], bool]
    ) -> None:
        self._drafts = Drafts(log, outbox)
        self._notifiers = notifiers
        self._stopping = stopping
        self._lock = threading.Lock()
        self._hand = ThreadPoolExecutor(1, "writer")

    def expect(self, deliveries: Sequence[Delivery]) -> None:
        """Read at once what the messages of deliveries need. Raises StoreError."""
        with self._lock:
            self._drafts.expect(deliveries)

    def begin(self, deliveries: Sequence[Delivery]) -> "Future[Written]":
        """Return what will be written, without those that a stop came before; it raises StoreError."""
        return self._hand.submit(self._write_all, deliveries)

    def close(self) -> None:
        """Write nothing more."""
        self._hand.shutdown(wait=False, cancel_futures=True)

    def _write_all(self, deliveries: Sequence[Delivery]) -> Written:
        return {one.id: self._write(one) for one in deliveries if not self._stopping()}

    def _write(self, delivery: Delivery) -> Letter | Attempt:
        try:
            with self._lock:
                subscription, message = self._drafts.draft(delivery, terse=True)
        except StoreError:
            raise
        except NotFound as missing:
            return Attempt("permanent", str(missing))
        except Exception as error:  # noqa: BLE001 - one message that cannot be written must not stop the others
            return Attempt("transient", line(f"cannot be written: {error!r}", 300))
        notifier = self._notifiers.get(subscription.channel)
        if notifier is None:
            return Attempt("transient", f"no {subscription.channel} is configured")
        about_endpoint = str(message.payload.get("type", "")).startswith("endpoint.")
        return Letter(subscription, message, notifier, about_endpoint)
