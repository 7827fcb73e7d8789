"""The ways to the outside: the HTTP client, the channels over which people are told, the links in what they get."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from tracker.bootstrap.store import Store
from tracker.config import secret

if TYPE_CHECKING:
    from tracker.adapters.http.client import GuardedClient
    from tracker.adapters.notify.mail import MailNotifier
    from tracker.application.second_opinion import SecondOpinion
    from tracker.application.unsubscribe import Links
    from tracker.ports.notify import Notifier


class Channels(Store):
    """A store with ways out of it, made on first use."""

    @cached_property
    def http(self) -> "GuardedClient":
        """The one HTTP client."""
        from tracker.adapters.http.client import GuardedClient

        worker = self.settings.worker
        return GuardedClient(
            allow=frozenset(worker.allow_private), timeout=worker.fetch_timeout, user_agent=worker.user_agent
        )

    @cached_property
    def notifiers(self) -> "Mapping[str, Notifier]":
        """The channels by name; mail is there only where a server is configured. Raises ConfigError."""
        from tracker.adapters.notify.chat import ChatNotifier
        from tracker.adapters.notify.webhook import WebhookNotifier

        timeout = self.settings.webhook.timeout
        channels: dict[str, Notifier] = {
            "webhook": WebhookNotifier(self.http, clock=self.clock, secret=secret, timeout=timeout),
            "chat": ChatNotifier(self.http, clock=self.clock, secret=secret, timeout=timeout),
        }
        if self.settings.mail.host is not None:
            channels["email"] = self.mail
        return channels

    @cached_property
    def mail(self) -> "MailNotifier":
        """The mail channel. Raises ConfigError."""
        from tracker.adapters.notify.mail import MailNotifier, MailServer

        link = self.links.link if self.links else None
        return MailNotifier(MailServer(**asdict(self.settings.mail)), clock=self.clock, secret=secret, link=link)

    @cached_property
    def opinion(self) -> "SecondOpinion | None":
        """What asks for a second opinion on unsure findings; None where nobody is to be asked."""
        wanted = self.settings.opinion
        if wanted.url is None or wanted.model is None:
            return None
        from tracker.adapters.opinion.chat import ChatAdviser
        from tracker.adapters.sql.opinions import SqlBudget
        from tracker.application.second_opinion import SecondOpinion

        adviser = ChatAdviser(
            self.http, wanted.url, wanted.model, key=wanted.key, secret=secret, timeout=wanted.timeout
        )  # fmt: skip
        return SecondOpinion(
            adviser, SqlBudget(self.engine), self.clock,
            calls=wanted.calls, longest=wanted.longest, settles=wanted.settles,
        )  # fmt: skip

    @cached_property
    def links(self) -> "Links | None":
        """What makes and takes the links that end subscriptions; None without a public address. Raises ConfigError."""
        from tracker.application.unsubscribe import Links

        web = self.settings.web
        return Links(web.public_url, secret(web.key or "").encode()) if web.public_url else None

    def close(self) -> None:
        """Give back connections."""
        for part in self._made("http", "mail"):
            part.close()
        super().close()

    def _made(self, *names: str) -> Iterator[Any]:
        return (self.__dict__[name] for name in names if name in self.__dict__)
